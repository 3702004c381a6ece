#include <sys/stat.h>

#include <chrono>

#include "book/workbook/checker.hpp"
#include "book/workbook/isolation.hpp"
#include "book/workbook/transcripts_run.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/workbook/small_project.hpp"

using namespace dockwright::workbook;

namespace {

using Where = Step::Where;

JobReport run(std::vector<Step> steps, bool terminal = false, int seconds = 10) {
  Job job;
  job.steps = std::move(steps);
  job.terminal = terminal;
  job.seconds = seconds;
  return run_isolated(job);
}

bool is_there(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

}  // namespace

TEST_CASE("one shell runs all lines, and each has its own output and exit code", "[workbook]") {
  const auto report = run({{.text = "x=5; cd /"},
                           {.text = "echo $x $PWD; exit_with() { return $1; }; exit_with 7"},
                           {.text = "echo $?"}});
  REQUIRE(report.results.size() == 3);
  CHECK(report.results[0].output.empty());
  CHECK(report.results[1].output == "5 /\n");
  CHECK(report.results[1].exit_code == 7);
  CHECK(report.results[2].output == "7\n");
}

TEST_CASE("a sandbox leaves neither its directory nor its processes behind", "[workbook]") {
  const auto report = run({{.text = "echo $WORK; setsid sleep 4321 & echo $!"}, {.text = "touch here"}});
  REQUIRE(report.results.size() == 2);
  const auto lines = split_lines(report.results[0].output);
  REQUIRE(lines.size() == 2);
  CHECK_FALSE(is_there(lines[0]));
  CHECK_FALSE(is_there("/proc/" + lines[1]));
}

TEST_CASE("what takes too long is stopped", "[workbook]") {
  const auto start = std::chrono::steady_clock::now();
  const auto report = run({{.text = "sleep 60"}, {.text = "echo never"}}, false, 1);
  REQUIRE(report.results.size() == 1);
  CHECK(report.results[0].timed_out);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{20});
}

TEST_CASE("lines are typed into a shell that a command runs, and the host has a shell of its own",
          "[workbook]") {
  const auto report = run({{.where = Where::shell, .text = "x=1 sh", .stays = true},
                           {.where = Where::box, .text = "echo in $x; false"},
                           {.where = Where::host, .text = "echo out $x"},
                           {.where = Where::box, .text = "exit 4"},
                           {.where = Where::shell, .text = "echo ended with $?"}},
                          true);
  REQUIRE(report.results.size() == 5);
  CHECK(report.results[1].output == "in 1\n");
  CHECK(report.results[1].exit_code == 1);
  CHECK(report.results[2].output == "out\n");
  CHECK(report.results[3].exit_code == 4);
  CHECK(report.results[4].output == "ended with 4\n");
}

TEST_CASE("root's sandbox has mounts and a host name of its own", "[workbook][needs-root]") {
  NEEDS_ROOT();
  const auto report =
      run({{.text = "hostname; hostname broken; mkdir m && mount -t tmpfs none m && echo mounted"}});
  REQUIRE(report.results.size() == 1);
  CHECK(report.results[0].output == "host\nmounted\n");
  const auto after = run({{.text = "hostname"}});
  CHECK(after.results[0].output == "host\n");
}

TEST_CASE("a sandbox has its own store of images, and on request a network with nobody else in it",
          "[workbook][needs-root]") {
  NEEDS_ROOT();
  Job job;
  job.steps = {
      {.text = "test $DOCKWRIGHT_ROOT = $WORK/store && test $DOCKER_CONFIG = $WORK/.docker; echo $?"},
      {.text = "sed 1,2d /proc/net/dev | cut -d : -f 1"},
      {.text = "(exec 3<> /dev/tcp/127.0.0.1/1) 2>&1"}};
  job.loopback = true;
  const auto report = run_isolated(job);
  REQUIRE(report.results.size() == 3);
  CHECK(report.results[0].output == "0\n");
  CHECK(split_words(report.results[1].output) == std::vector<std::string>{"lo"});
  CHECK(contains(report.results[2].output, "Connection refused"));  // and not: unreachable
}

TEST_CASE("a job and its report survive the way to root and back", "[workbook]") {
  Job job;
  job.steps = {{.where = Where::box, .text = "a\nb,:", .stays = true}};
  job.environment = {{"K", "v=1"}};
  job.rootfs = "/r";
  job.loopback = true;
  job.seconds = 3;
  const auto copy = decode_job(encode(job));
  CHECK(copy.steps[0].text == "a\nb,:");
  CHECK(copy.steps[0].stays);
  CHECK(copy.environment == job.environment);
  CHECK(copy.loopback);
  CHECK(copy.seconds == 3);
  CHECK(small::message_of([] { decode_report("5:ab"); }) == "the sandbox's report ends too early");
}

TEST_CASE("a check tells a right program from a wrong one, and says what it saw", "[workbook]") {
  const small::SmallProject small;
  small.write_program("right", "echo inside\n");
  small.write_program("wrong", "echo outside\n");
  const auto sheet = load_exercises(small.project().chapter(2));
  const auto& exercise = sheet.exercises[0];
  CHECK(run_check(small.project(), exercise, exercise.checks[0], {small.path() / "right", {}}).passed());
  const auto outcome = run_check(small.project(), exercise, exercise.checks[0], {small.path() / "wrong", {}});
  CHECK_FALSE(outcome.passed());
  REQUIRE(find_rule(exercise, outcome) != nullptr);
  CHECK(find_rule(exercise, outcome)->say == "You are still outside.");
}

TEST_CASE("a transcript that prints something else is different, with its line", "[workbook]") {
  const small::SmallProject small;
  const auto transcript = parse_transcript("t.t", "02/t", "stage: 02\n---\n$ echo a\na\n$ echo b\nc\n? 1\n");
  const auto outcome = run_transcript(transcript, small.project());
  REQUIRE(outcome.failures.size() == 1);
  CHECK(outcome.failures[0].line == 5);
  CHECK(outcome.failures[0].exit_code == 0);
  CHECK(contains(print_transcript(outcome.blessed), "$ echo b\nb\n? 0\n"));
}
