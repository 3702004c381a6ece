#include "chapters/09-images/store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "chapters/09-images/running.hpp"
#include "chapters/09-images/user_root.hpp"
#include "common/check.hpp"
#include "common/cli.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

constexpr int kVersion = 1;
constexpr std::string_view kVersionWords = "dockwright store ";
constexpr std::string_view kLayout =
    R"({"imageLayoutVersion":"1.0.0"})";
constexpr std::string_view kEmptyIndex =
    R"({"schemaVersion":2,)"
    R"("mediaType":"application/vnd.oci.image.index.v1+json",)"
    R"("manifests":[]})";
constexpr mode_t kPrivate = 0700;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

/// The directory and those above it, as far as they are missing.
void make_directories(const std::string& path) {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    const int made = ::mkdir(part.c_str(), kPrivate);
    if (made == -1 && errno != EEXIST && errno != EROFS)
      check_call("mkdir", made, "make {} to keep images in", part);
  }
}

int lock_with(const UniqueFd& lock, int operation, const char* name) {
  narrate("flock", [&] {
    return explain::Call{
        fmt::format("flock({} /* lock */, {})", lock.get(), name)};
  });
  return retry([&] { return ::flock(lock.get(), operation); });
}

/// A directory that has something in it and no lock of ours belongs to
/// somebody else.
UniqueFd open_lock(const UniqueFd& root, const std::string& path) {
  if (auto there = files::try_open_at(root, "lock", O_RDONLY))
    return std::move(*there);
  if (!files::names_in(root).empty())
    throw Failure{
        fmt::format("{} is no store of ours, and not empty", path),
        Advice{.cure = "name another directory with --root; images of "
                       "another OCI layout come in by `load`",
               .chapter = 9,
               .anchor = "ch09-store"}};
  return UniqueFd{check_call(
      "openat",
      ::openat(root.get(), "lock",
               O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600),
      "make the lock of {}", path)};
}

}  // namespace

std::string default_store_root() {
  if (auto root = variable(cli::kRootVariable); !root.empty())
    return root;
  if (::geteuid() == 0) return "/var/lib/dockwright";
  if (auto data = variable("XDG_DATA_HOME"); data.starts_with('/'))
    return data + "/dockwright";
  const std::string home = variable("HOME");
  if (!home.starts_with('/'))
    throw Failure{
        "HOME is not set: where to keep images is not known (--root "
        "says it)"};
  return home + "/.local/share/dockwright";
}

//! [open]
Store Store::open(const StoreOptions& options) {
  Store store;
  store.path_ =
      options.root.empty() ? default_store_root() : options.root;
  store.durability_ = options.durability;
  make_directories(store.path_);
  store.root_ = UniqueFd{check_call(
      "open",
      ::open(store.path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      "open {}, where images are kept", store.path_)};
  store.lock_ = open_lock(store.root_, store.path_);
  if (!files::try_open_at(store.root_, "oci-layout", O_PATH)) {
    check_call("flock", lock_with(store.lock_, LOCK_EX, "LOCK_EX"),
               "lock {}", store.path_);
    store.make_layout();
  }
  store.check_version();
  const UniqueFd algorithms =
      files::directory_at(store.root_, "blobs", kPrivate);
  store.blobs_ = files::directory_at(algorithms, "sha256", kPrivate);
  store.temporary_ = files::directory_at(store.root_, "tmp", kPrivate);
  store.layers_ = files::directory_at(store.root_, "layers", kPrivate);
  store.containers_ =
      files::directory_at(store.root_, "containers", kPrivate);
  store.sweep_leftovers();
  store.share_lock();
  return store;
}
//! [open]

Store::~Store() {
  // Said aloud: a child that has a copy of the descriptor would
  // otherwise hold the lock for us.
  if (lock_)
    ignore(::flock(lock_.get(), LOCK_UN), "it ends with us anyway");
}

/// `oci-layout` comes last: where it stands, all of the rest does.
void Store::make_layout() {
  check_call("fchmod", ::fchmod(root_.get(), kPrivate),
             "keep {} to ourselves", path_);
  const UniqueFd beside = files::directory_at(root_, "tmp", kPrivate);
  const auto make = [&](const std::string& name,
                        std::string_view text) {
    if (!files::try_open_at(root_, name, O_PATH))
      files::replace({beside, root_, name}, text, durability_);
  };
  make("version", fmt::format("{}{}\n", kVersionWords, kVersion));
  make("index.json", kEmptyIndex);
  make("oci-layout", kLayout);
}

void Store::check_version() const {
  const std::string text =
      files::read_at(root_, "version", 4096).value_or("");
  int version = 0;
  if (text.starts_with(kVersionWords))
    std::from_chars(text.data() + kVersionWords.size(),
                    text.data() + text.size(), version);
  if (version == kVersion) return;
  if (version > kVersion)
    throw Failure{
        fmt::format("{} was made by a later version of this program: "
                    "its format is {}, and {} is known here",
                    path_, version, kVersion),
        Advice{
            .cure = "use that version, or another directory (--root)",
            .chapter = 9,
            .anchor = "ch09-store"}};
  throw Failure{
      fmt::format("{}/version: not what a store has there: {:?}", path_,
                  text.substr(0, 40))};
}

/// What a killed program left, if nobody is at work.
void Store::sweep_leftovers() const {
  const bool nothing = files::names_in(temporary_).empty() &&
                       files::names_in(containers_).empty();
  if (nothing || ::faccessat(root_.get(), ".", W_OK, AT_EACCESS) != 0)
    return;
  if (!lock_alone(Wait::no)) return;
  for (const std::string& name : files::names_in(temporary_))
    remove_any_tree(temporary_, name);
  sweep_containers(*this);
}

bool Store::lock_alone(Wait wait) const {
  const bool try_only = wait == Wait::no;
  const int result =
      try_only ? lock_with(lock_, LOCK_EX | LOCK_NB, "LOCK_EX|LOCK_NB")
               : lock_with(lock_, LOCK_EX, "LOCK_EX");
  if (result == -1 && errno == EWOULDBLOCK) {
    share_lock();  // a lock that could not be raised is lost
    return false;
  }
  check_call("flock", result, "lock {} for us alone", path_);
  return true;
}

void Store::share_lock() const {
  check_call("flock", lock_with(lock_, LOCK_SH, "LOCK_SH"),
             "lock {} for reading", path_);
}

}  // namespace dockwright
