#include "chapters/09-images/user_root.hpp"

#include <sys/single_threaded.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <sstream>

#include "chapters/06-users/id_maps.hpp"
#include "chapters/06-users/ids.hpp"
#include "chapters/06-users/user_namespace.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/files.hpp"
#include "common/process.hpp"
#include "common/sys.hpp"
#include "common/sys_file.hpp"

namespace dockwright {

Root root_of() {
  if (::geteuid() != 0) return Root::nobody;
  // `0 0 4294967295`: the machine's own namespace has them all.
  std::istringstream map{sys::read_file("/proc/self/uid_map")};
  std::uint64_t users = 0;
  for (std::uint64_t inside = 0, outside = 0, count = 0;
       map >> inside >> outside >> count;)
    users += count;
  if (users >= kNoId) return Root::of_machine;
  return users > 1 ? Root::of_many : Root::of_one;
}

void become_root_of_user_namespace() {
  if (::geteuid() == 0) return;
  Spec spec;
  spec.user_numbers = UserNumbers::own;
  enter_user_namespace(choose_id_maps(spec, find_caller(spec)));
}

void apart_as_root(const std::function<void()>& body) {
  // Who has threads already starts no container.
  if (::geteuid() == 0 && __libc_single_threaded == 0) return body();
  Process child = spawn({.speaker = "a helper"}, [&] {
    become_root_of_user_namespace();
    // After that, for a change of user forgets it.
    sys::set_parent_death_signal(SIGKILL);
    body();
  });
  child.expect_started();  // it starts nothing: this waits for its end
  if (const int code = child.wait(); code != 0)
    throw Failure{fmt::format("the helper ended with {}", code)};
}

void as_root_of_user_namespace(const std::function<void()>& body) {
  if (::geteuid() == 0) return body();
  because("an image's files have many owners, and we are only one");
  apart_as_root(body);
}

void remove_any_tree(const UniqueFd& directory,
                     const std::string& name) {
  try {
    files::remove_tree(directory, name);
  } catch (const SystemCallError& error) {
    const int why = error.code().value();
    if (::geteuid() == 0 || (why != EACCES && why != EPERM)) throw;
    as_root_of_user_namespace(
        [&] { files::remove_tree(directory, name); });
  }
}

}  // namespace dockwright
