#include "book/workbook/subprocess.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "common/check.hpp"
#include "common/pipe.hpp"

namespace dockwright::workbook {

namespace {

/// The input as a file of its own: no second process or poll is needed to feed a pipe while reading another.
UniqueFd input_file(const std::string& text) {
  if (text.empty()) return UniqueFd{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  UniqueFd file{::memfd_create("input", MFD_CLOEXEC)};
  check(file.get(), "make a file for the input");
  write_all(file, text, "write the input");
  check(::lseek(file.get(), 0, SEEK_SET), "rewind the input");
  return file;
}

struct Plan {
  char** arguments;
  const char* directory;
  int input, output;
  bool errors_apart, show;
};

[[noreturn]] void become(const Plan& plan) noexcept {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(plan.input, STDIN_FILENO);
  if (!plan.show) ::dup2(plan.output, STDOUT_FILENO);
  if (!plan.show && !plan.errors_apart) ::dup2(plan.output, STDERR_FILENO);
  if (*plan.directory != '\0' && ::chdir(plan.directory) == -1) ::_exit(127);
  ::execvp(plan.arguments[0], plan.arguments);
  ::_exit(127);
}

}  // namespace

std::string read_to_end(int fd) {
  std::string text;
  char buffer[65536];
  for (;;) {
    const auto size = retry([&] { return ::read(fd, buffer, sizeof buffer); });
    if (size <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(size));
  }
}

void write_all(const UniqueFd& fd, std::string_view text, const char* attempt) {
  while (!text.empty()) {
    const auto size =
        check(retry([&] { return ::write(fd.get(), text.data(), text.size()); }), "{}", attempt);
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

FinishedProgram run_program(const std::vector<std::string>& command, const RunOptions& options) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  Pipe pipe = make_pipe();
  const UniqueFd input = input_file(options.input);
  const Plan plan{arguments.data(),     options.directory.c_str(), input.get(),
                  pipe.write_end.get(), options.errors_apart,      options.show};
  const pid_t child = check(::fork(), "start a program");
  if (child == 0) become(plan);
  pipe.write_end.reset();
  FinishedProgram finished;
  finished.output = read_to_end(pipe.read_end.get());
  int status = 0;
  while (::waitpid(child, &status, 0) == -1 && errno == EINTR) {
  }
  finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return finished;
}

}  // namespace dockwright::workbook
