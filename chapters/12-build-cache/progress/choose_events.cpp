#include "chapters/12-build-cache/progress/choose_events.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "chapters/11-dockerfile/progress/plain_events.hpp"
#include "chapters/12-build-cache/progress/raw_json_events.hpp"
#include "chapters/12-build-cache/progress/terminal_events.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/nearest.hpp"

namespace dockwright {

namespace {

const std::vector<std::string>& known() {
  static const std::vector<std::string> words{"auto", "plain", "tty",
                                              "rawjson", "quiet"};
  return words;
}

/// Whether lines can be written over. What `--explain` says would be
/// written over, too.
bool can_draw(int fd) {
  const char* const term = std::getenv("TERM");
  return ::isatty(fd) == 1 && term != nullptr &&
         std::string_view{term} != "dumb" && !explain::enabled();
}

}  // namespace

std::unique_ptr<BuildEvents> choose_events(const std::string& progress,
                                           int fd) {
  std::string word = progress;
  if (word.empty())
    if (const char* const told = std::getenv("BUILDKIT_PROGRESS"))
      word = told;
  if (word.empty() || word == "auto")
    word = can_draw(fd) ? "tty" : "plain";
  if (word == "plain") return std::make_unique<PlainEvents>(fd);
  if (word == "rawjson") return std::make_unique<RawJsonEvents>(fd);
  if (word == "quiet") return std::make_unique<NoEvents>();
  if (word != "tty")
    throw Failure{fmt::format(
        "--progress {}: it is auto, plain, tty, rawjson or quiet{}",
        word, did_you_mean(word, known()))};
  if (::isatty(fd) != 1)
    throw Failure{"--progress tty needs a terminal to draw on"};
  return std::make_unique<TerminalEvents>(fd);
}

}  // namespace dockwright
