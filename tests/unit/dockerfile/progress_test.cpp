// How a build is told: lines of a log, and the lines of the Dockerfile where it went wrong.

#include <fcntl.h>
#include <unistd.h>

#include "chapters/11-dockerfile/progress/failing_lines.hpp"
#include "chapters/11-dockerfile/progress/output_lines.hpp"
#include "chapters/11-dockerfile/progress/plain_events.hpp"
#include "common/files.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
using Lines = std::vector<std::string>;

namespace {

std::chrono::steady_clock::time_point time_now{};
std::chrono::steady_clock::time_point test_clock() { return time_now; }
void wait(double seconds) {
  time_now +=
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>{seconds});
}

/// What `tell` makes a log of.
template <typename Tell>
std::string log_of(const Tell& tell) {
  const UniqueFd file{::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
  {
    PlainEvents events{file.get(), test_clock};
    tell(events);
  }
  REQUIRE(::lseek(file.get(), 0, SEEK_SET) == 0);
  return files::read_all(file, 1U << 20U, "the log");
}

}  // namespace

TEST_CASE("a step's log has its name, its output with times, and its end", "[build][progress]") {
  CHECK(log_of([](BuildEvents& events) {
          events.planned(2);
          events.started(1, "[1/2] FROM busybox");
          events.cached(1);
          events.started(2, "[2/2] RUN pip3 install");
          wait(0.312);
          events.output(2, "Collecting fl");
          events.output(2, "ask\nhalf");
          wait(0.1);
          events.finished(2);
        }) ==
        "#1 [1/2] FROM busybox\n#1 CACHED\n\n"
        "#2 [2/2] RUN pip3 install\n#2 0.312 Collecting flask\n#2 0.412 half\n#2 DONE 0.4s\n");
}

TEST_CASE("two steps that speak in turns name themselves again", "[build][progress]") {
  CHECK(log_of([](BuildEvents& events) {
          events.started(1, "[a 1/1] RUN one");
          events.started(2, "[b 1/1] RUN two");
          events.output(1, "x\n");
          events.finished(1);
          events.cancelled(2);
        }) ==
        "#1 [a 1/1] RUN one\n#1 ...\n\n#2 [b 1/1] RUN two\n#2 ...\n\n"
        "#1 [a 1/1] RUN one\n#1 0.000 x\n#1 DONE 0.0s\n\n#2 [b 1/1] RUN two\n#2 CANCELED\n");
}

TEST_CASE("what a step said last stands once more below the log when it failed", "[build][progress]") {
  const std::string log = log_of([](BuildEvents& events) {
    events.started(1, "[2/2] RUN false");
    for (int i = 1; i <= 12; ++i) events.output(1, std::to_string(i) + "\n");
    events.failed(1, "exit code: 1");
  });
  const std::string end = "#1 ERROR: exit code: 1\n------\n > [2/2] RUN false:\n0.000 3\n0.000 4\n";
  CHECK(log.find(end) != std::string::npos);
  CHECK(log.substr(log.size() - 16) == "0.000 12\n------\n");
}

TEST_CASE("a step's output cannot steer the terminal", "[build][progress][security]") {
  CHECK(harmless_line("\033]0;mine\007") == "\\x1b]0;mine\\x07");
  CHECK(harmless_line("\033[2J\033[1;31mred\033[0m") == "\\x1b[2Jred");
  CHECK(harmless_line("\033[31") == "\\x1b[31");
  CHECK(harmless_line("10%\r50%\r100%\r") == "100%");
  CHECK(harmless_line("a\tb") == "a       b");
  CHECK(harmless_line("grün \xc2\x9b") == "grün \xc2\\x9b");
  CHECK(on_one_line("RUN a && \\\n    b\n\033[2J") == "RUN a && \\ b \\x1b[2J");
  CHECK(log_of([](BuildEvents& events) {
          events.started(1, "a\033b\nc");
          events.noted(1, "d\033");
          events.failed(1, "e\033");
        }).find('\033') == std::string::npos);
}

TEST_CASE("output in pieces becomes the lines that it is", "[build][progress]") {
  OutputLines lines;
  CHECK(lines.add("a\n\nb").size() == 2);
  CHECK(lines.add("c\n") == Lines{"bc"});
  CHECK(lines.add("").empty());
  CHECK(lines.finish().empty());
  CHECK(lines.add("d").empty());
  CHECK(lines.finish() == Lines{"d"});
  CHECK(lines.add(std::string(16384, 'x')) == Lines{std::string(16384, 'x')});
  for (int i = 0; i < 100; ++i) static_cast<void>(lines.add("y\n"));
  CHECK(lines.last().size() == 20);
}

TEST_CASE("the failing lines of a Dockerfile stand among their neighbours", "[build][progress]") {
  const Lines file{"FROM busybox", "", "RUN false", "RUN a \\", "  b", "CMD c", "USER d"};
  CHECK(show_failing_lines("Dockerfile", file, {3, 3}) ==
        "Dockerfile:3\n--------------------\n   1 |     FROM busybox\n   2 |     \n   3 | >>> RUN false\n"
        "   4 |     RUN a \\\n   5 |       b\n--------------------");
  CHECK(show_failing_lines("Dockerfile", file, {4, 5}) ==
        "Dockerfile:4\n--------------------\n   3 |     RUN false\n   4 | >>> RUN a \\\n   5 | >>>   b\n"
        "   6 |     CMD c\n--------------------");
  CHECK(show_failing_lines("Dockerfile", file, {1, 99}).find("   7 | >>> USER d") != std::string::npos);
  CHECK(show_failing_lines("Dockerfile", file, {0, 0}).empty());
  CHECK(show_failing_lines("Dockerfile", file, {8, 8}).empty());
}
