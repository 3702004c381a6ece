// Watching a directory: inotify tells of every file that was closed after writing or moved into place
// (editors do either). Several changes within a moment are one: an editor writes more than one file.
#include "book/workbook/watch.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <stdexcept>
#include <string_view>

#include "common/check.hpp"
#include "common/unique_fd.hpp"

namespace dockwright::workbook {

namespace {

constexpr int kMomentMs = 150;

/// A C++ file: not the state file, which the check itself writes, and not an editor's own.
bool is_interesting(std::string_view name) {
  const auto ends = [&](std::string_view end) {
    return name.size() > end.size() && name.substr(name.size() - end.size()) == end;
  };
  return !name.empty() && name.front() != '.' && (ends(".cpp") || ends(".hpp"));
}

/// Reads what has happened. @returns whether a source file was among it
bool has_change(const UniqueFd& changes) {
  alignas(inotify_event) char buffer[8192];
  bool interesting = false;
  for (;;) {
    const auto size = ::read(changes.get(), buffer, sizeof buffer);
    if (size <= 0) return interesting;
    for (const char* at = buffer; at < buffer + size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      if (event->len > 0 && is_interesting(event->name)) interesting = true;
      at += sizeof(inotify_event) + event->len;
    }
  }
}

void watch_directories(const UniqueFd& changes, const std::filesystem::path& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    if (entry.is_directory() && entry.path().filename() != "attic")
      check(::inotify_add_watch(changes.get(), entry.path().c_str(), IN_CLOSE_WRITE | IN_MOVED_TO),
            "watch {}", entry.path().string());
}

/// Ctrl-C and SIGTERM as something to wait for. Children get the signals as ever: the sandbox unblocks them.
class EndSignals {
 public:
  EndSignals() {
    ::sigemptyset(&signals_);
    ::sigaddset(&signals_, SIGINT);
    ::sigaddset(&signals_, SIGTERM);
    check(::sigprocmask(SIG_BLOCK, &signals_, &before_), "wait for signals");
    fd_.reset(check(::signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK), "wait for signals"));
  }
  ~EndSignals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_.get(); }

 private:
  sigset_t signals_{};
  sigset_t before_{};
  UniqueFd fd_;
};

}  // namespace

int watch(const std::filesystem::path& directory, const std::function<void()>& again) {
  if (!std::filesystem::is_directory(directory))
    throw std::runtime_error("no chapter is started yet: type `workbook start 1`");
  const EndSignals end;
  const UniqueFd changes{check(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK), "watch the reader's files")};
  watch_directories(changes, directory);
  again();
  for (;;) {
    pollfd ready[2] = {{changes.get(), POLLIN, 0}, {end.get(), POLLIN, 0}};
    retry([&] { return ::poll(ready, 2, -1); });
    if (ready[1].revents != 0) return 0;
    if (!has_change(changes)) continue;
    ::usleep(kMomentMs * 1000);
    has_change(changes);
    watch_directories(changes, directory);
    again();
  }
}

}  // namespace dockwright::workbook
