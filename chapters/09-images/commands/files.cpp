#include "chapters/09-images/commands/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "chapters/09-images/destination.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

bool is_standard(const std::string& path) {
  return path.empty() || path == "-";
}

}  // namespace

InputFile open_input(const std::string& path) {
  if (is_standard(path))
    return {UniqueFd{check(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3),
                           "read standard input")},
            "standard input"};
  return {
      UniqueFd{check_call("open archive",
                          ::open(path.c_str(), O_RDONLY | O_CLOEXEC),
                          "open {}", path)},
      path};
}

void write_output(const std::string& path,
                  const std::function<void(Sink& to)>& body) {
  if (is_standard(path)) {
    if (::isatty(STDOUT_FILENO) == 1)
      throw Failure{
          "cowardly refusing to save to a terminal. Use the -o flag or "
          "redirect"};
    const UniqueFd out{check(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3),
                             "write to standard output")};
    FileSink sink{out, "standard output"};
    body(sink);
    return;
  }
  OutputFile file{path};
  FileSink sink{file.file(), path};
  body(sink);
  file.publish();
}

}  // namespace dockwright
