#include "tests/registry/seen.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "common/check.hpp"

using namespace dockwright;

namespace lying {

Seen::Seen(const std::string& path) {
  if (path.empty()) return;
  file_ = UniqueFd{check(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600),
                         "write {}", path)};
}

void Seen::write(const std::string& text) {
  if (!file_) return;
  const std::lock_guard lock{mutex_};
  check(::write(file_.get(), text.data(), text.size()), "note a request");
}

void Seen::note(std::string_view host, const http::Request& request) {
  const std::string line = fmt::format("{} {} {}", host, request.method, request.target);
  std::string text = line + '\n';
  for (const auto& [name, value] : request.headers) text += fmt::format("{} | {}: {}\n", line, name, value);
  write(text);
}

void Seen::note_end(std::string_view host, const http::Request& request, int status) {
  write(fmt::format("{} {} {} -> {}\n", host, request.method, request.target, status));
}

}  // namespace lying
