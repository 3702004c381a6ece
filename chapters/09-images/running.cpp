#include "chapters/09-images/running.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <sstream>

#include "chapters/09-images/user_root.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargestUses = 1U << 20;
constexpr const char* kUses = "uses";

/// Whether its owner lives; if not, it is ours.
bool is_owned(const UniqueFd& directory) {
  const int result = retry(
      [&] { return ::flock(directory.get(), LOCK_EX | LOCK_NB); });
  if (result == -1 && errno == EWOULDBLOCK) return true;
  check_call("flock", result, "lock a container's directory");
  return false;
}

/// A line for each: `image sha256:…`, `layer sha256:…`.
InUse parse_uses(const std::string& id, const std::string& text) {
  InUse uses{.container = id};
  std::istringstream words{text};
  for (std::string kind, digest; words >> kind >> digest;) {
    if (kind == "image") uses.image = Digest::parse(digest);
    if (kind == "layer") uses.layers.push_back(Digest::parse(digest));
  }
  return uses;
}

}  // namespace

RunningContainer::RunningContainer(const Store& store,
                                   const Digest& image,
                                   const std::vector<Digest>& layers)
    : id_{files::random_hex(32)},
      path_{store.path() + "/containers/" + id_},
      parent_{check_call(
          "fcntl",
          ::fcntl(store.containers().get(), F_DUPFD_CLOEXEC, 0),
          "keep the directory of containers")},
      directory_{files::directory_at(parent_, id_, 0700)} {
  // Nobody can be faster: whoever sweeps has the store alone, and we
  // hold it open.
  check_call("flock", ::flock(directory_.get(), LOCK_EX), "lock {}",
             path_);
  std::string uses = fmt::format("image {}\n", image.str());
  for (const Digest& layer : layers)
    uses += fmt::format("layer {}\n", layer.str());
  files::write_all(files::create_at(directory_, kUses, 0600), uses,
                   kUses);
}

RunningContainer::~RunningContainer() {
  if (!directory_ || kept_) return;
  try {
    remove_any_tree(parent_, id_);
  } catch (const std::exception&) {
    // The next command tries again, and says what hinders it.
  }
}

std::vector<InUse> containers_in_use(const Store& store) {
  std::vector<InUse> all;
  for (const std::string& id : files::names_in(store.containers())) {
    const auto directory = files::try_open_at(store.containers(), id,
                                              O_RDONLY | O_DIRECTORY);
    if (!directory || !is_owned(*directory)) continue;
    const auto uses = files::read_at(*directory, kUses, kLargestUses);
    all.push_back(parse_uses(id, uses.value_or("")));
  }
  return all;
}

void sweep_containers(const Store& store) {
  for (const std::string& id : files::names_in(store.containers())) {
    const auto directory = files::try_open_at(store.containers(), id,
                                              O_RDONLY | O_DIRECTORY);
    if (directory && !is_owned(*directory))
      remove_any_tree(store.containers(), id);
  }
}

}  // namespace dockwright
