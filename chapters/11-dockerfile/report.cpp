#include "chapters/11-dockerfile/report.hpp"

#include <unistd.h>

#include "chapters/11-dockerfile/follow.hpp"
#include "chapters/11-dockerfile/progress/failing_lines.hpp"
#include "chapters/11-dockerfile/progress/plain_events.hpp"
#include "chapters/11-dockerfile/step_child.hpp"
#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "common/errors.hpp"
#include "common/flags.hpp"
#include "common/syscalls.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

void tell(std::string text) {
  text = terminal::without_controls(text) + '\n';
  ignore(::write(STDERR_FILENO, text.data(), text.size()),
         "the exit code says it, too");
}

void tell_lines(const std::string& lines) {
  if (!lines.empty()) tell(lines);
}

std::string unsolved(std::string_view why) {
  return fmt::format("ERROR: failed to solve: {}", why);
}

}  // namespace

std::unique_ptr<BuildEvents> choose_listener(const BuildSpec& spec) {
  if (spec.quiet || spec.progress == "quiet")
    return std::make_unique<NoEvents>();
  if (spec.progress.empty() || spec.progress == "auto" ||
      spec.progress == "plain")
    return std::make_unique<PlainEvents>(STDERR_FILENO);
  throw Failure{fmt::format("--progress {} arrives in chapter 12 ({})",
                            spec.progress, chapter(12).title)};
}

int report(const Dockerfile& file, const std::function<int()>& body) {
  try {
    return body();
  } catch (const Interrupted& interrupted) {
    tell(
        fmt::format("ERROR: the build was interrupted by {}: nothing "
                    "of it is kept",
                    flags::signal(interrupted.signal())));
    return 128 + interrupted.signal();
  } catch (const DockerfileError& error) {
    tell_lines(error.shown());
    tell(unsolved(error.what()));
  } catch (const BuildFailed& failed) {
    const Lines where = failed.lines();
    tell_lines(show_failing_lines(file.name, file.lines,
                                  {where.first, where.last}));
    tell(unsolved(failed.what()));
  } catch (const std::exception& error) {
    tell(unsolved(describe(error)));
  }
  return 1;
}

void warn_of_unused(const std::vector<std::string>& names) {
  if (names.empty()) return;
  tell(fmt::format(
      "[Warning] One or more build-args [{}] were not consumed",
      fmt::join(names, " ")));
}

}  // namespace dockwright
