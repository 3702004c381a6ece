#include "chapters/05-cgroups/group.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <memory>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys_file.hpp"

namespace dockwright {

namespace {

constexpr int kPatience = 200;  // rounds of 5 ms
constexpr std::size_t kDigits = 12;

/// The number at the front of `text`, or 0.
std::uint64_t leading_number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Whether `new_group_name` makes such names. Nothing else is touched:
/// a group that another program has called `dockwright-…` is its own.
bool is_our_name(std::string_view name) {
  if (!name.starts_with(kGroupPrefix)) return false;
  name.remove_prefix(kGroupPrefix.size());
  return name.size() == kDigits &&
         name.find_first_not_of("0123456789abcdef") ==
             std::string_view::npos;
}

/// One round of kill -9. Version 2 has a file for it, which misses
/// nobody; in version 1 whoever is killed may have forked meanwhile, and
/// the next round finds the child.
void kill_members(const UniqueFd& directory) {
  const UniqueFd all{
      ::openat(directory.get(), "cgroup.kill", O_WRONLY | O_CLOEXEC)};
  if (all) {
    ignore(::write(all.get(), "1", 1), "the next round tries again");
    return;
  }
  const std::string members =
      sys::read_file_at(directory, "cgroup.procs");
  for (std::string_view rest = members; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (const auto pid = static_cast<pid_t>(leading_number(line));
        pid > 0)
      ignore(::kill(pid, SIGKILL), "it may have ended");
  }
}

void make_directory(const std::string& path) {
  narrate("mkdir", [&] {
    return explain::Call{fmt::format("mkdir(\"{}\", 0755)", path),
                         fmt::format("mkdir {}", path)};
  });
  check_call("mkdir cgroup", ::mkdir(path.c_str(), 0755),
             "make the control group {}", path);
}

/// Whether an open directory is still what its path leads to.
bool is_there(const UniqueFd& directory, const std::string& path) {
  struct stat ours {
  }, there{};
  return ::fstat(directory.get(), &ours) == 0 &&
         ::stat(path.c_str(), &there) == 0 &&
         ours.st_ino == there.st_ino;
}

}  // namespace

std::string new_group_name() {
  std::uint64_t number = 0;
  check(::getrandom(&number, sizeof number, 0), "get a random number");
  return fmt::format("{}{:0{}x}", kGroupPrefix, number >> 16, kDigits);
}

//! [group]
Group::Group(const std::string& parent, const std::string& name)
    : path_{fmt::format("{}/{}", parent, name)} {
  make_directory(path_);
  directory_ = UniqueFd{check_call(
      "open", ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      "open the control group {}", path_)};
}

Group::~Group() {
  if (directory_) kill_and_remove(path_);
}
//! [group]

//! [make_locked]
Group Group::make_locked(const std::string& parent) {
  for (;;) {
    Group group;
    group.path_ = fmt::format("{}/{}", parent, new_group_name());
    make_directory(group.path_);
    // Until it is locked another stage may take it for abandoned, and
    // remove it. Then there is nothing to open, or nothing to lock.
    group.directory_ = UniqueFd{::open(
        group.path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (group.directory_ &&
        ::flock(group.directory_.get(), LOCK_EX | LOCK_NB) == 0 &&
        is_there(group.directory_, group.path_))
      return group;
  }
}
//! [make_locked]

void Group::write(const std::string& file,
                  std::string_view value) const {
  sys::write_setting(
      {.directory = directory_, .place = path_, .name = file}, value);
}

std::string Group::read(const std::string& file) const {
  return sys::read_file_at(directory_, file);
}

bool Group::has(const std::string& file) const {
  return ::faccessat(directory_.get(), file.c_str(), F_OK, 0) == 0;
}

std::uint64_t Group::figure(const std::string& file,
                            std::string_view word) const {
  //! [ex5.3]
  const std::string text = read(file);
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.size() > word.size() && line.starts_with(word) &&
        line[word.size()] == ' ')
      return leading_number(line.substr(word.size() + 1));
  }
  return 0;
  //! [ex5.3]
}

Parents::Parents(std::string path, std::string_view names,
                 const std::function<void(const std::string&)>& pass)
    : path_{std::move(path)} {
  pass(path_);
  while (!names.empty()) {
    const std::string name{names.substr(0, names.find('/'))};
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    if (name.empty()) continue;
    path_ += '/' + name;
    if (::access(path_.c_str(), F_OK) == -1) {
      make_directory(path_);
      made_.push_back(path_);
    }
    pass(path_);
  }
}

Parents::~Parents() {
  while (!made_.empty()) {
    ignore(::rmdir(made_.back().c_str()), "others may use it by now");
    made_.pop_back();
  }
}

std::vector<std::string> groups_below(const std::string& parent) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory{
      ::opendir(parent.c_str()), ::closedir};
  if (!directory) return names;
  while (const dirent* const entry = ::readdir(directory.get()))
    if (is_our_name(entry->d_name)) names.emplace_back(entry->d_name);
  std::sort(names.begin(), names.end());
  return names;
}

UniqueFd lock_if_abandoned(const std::string& path) {
  //! [ex5.4]
  UniqueFd directory{
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (directory && ::flock(directory.get(), LOCK_EX | LOCK_NB) == -1)
    directory.reset();
  return directory;
  //! [ex5.4]
}

//! [kill_and_remove]
void kill_and_remove(const std::string& path) {
  for (int round = 0; round < kPatience; ++round) {
    if (::rmdir(path.c_str()) == 0 || errno == ENOENT) return;
    const UniqueFd directory{
        ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (directory) kill_members(directory);
    ::usleep(5000);  // whoever was killed needs a moment to be gone
  }
}
//! [kill_and_remove]

}  // namespace dockwright
