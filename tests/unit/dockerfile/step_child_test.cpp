// A step's child: what it says, what it answers, how it ends.

#include "chapters/11-dockerfile/step_child.hpp"

#include <unistd.h>

#include <chrono>

#include "chapters/09-images/unpacked.hpp"
#include "common/check.hpp"
#include "common/process.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

void say(std::string_view text) { ignore(::write(STDOUT_FILENO, text.data(), text.size()), "the test sees"); }

/// Runs it in a process of its own, which holds signals back as a builder does.
int as_builder(const std::function<int()>& body) {
  Process builder = spawn({}, body);
  builder.expect_started();
  return builder.wait();
}

}  // namespace

TEST_CASE("a step's child answers, and what it prints comes as it is printed", "[dockerfile]") {
  CHECK(as_builder([] {
          const Signals signals;
          std::string heard;
          const std::string answer = in_child(
              signals,
              [] {
                say("one ");
                say("two");
                return std::string{"the answer"};
              },
              [&](std::string_view bytes) { heard += bytes; });
          return answer == "the answer" && heard == "one two" ? 0 : 1;
        }) == 0);
}

TEST_CASE("what goes wrong in a step's child is thrown in the builder", "[dockerfile]") {
  CHECK(as_builder([] {
          const Signals signals;
          try {
            static_cast<void>(in_child(signals, []() -> std::string { throw Failure{"broken", 42}; }));
          } catch (const Failure& failure) {
            return failure.what() == std::string{"broken"} && failure.exit_code() == 42 ? 0 : 1;
          }
          return 2;
        }) == 0);
}

TEST_CASE("a step's child that dies is no answer", "[dockerfile]") {
  CHECK(as_builder([] {
          const Signals signals;
          try {
            static_cast<void>(in_child(signals, []() -> std::string {
              ::kill(::getpid(), SIGKILL);
              return "";
            }));
          } catch (const Failure& failure) {
            return contains(failure.what(), "ended with 137") ? 0 : 1;
          }
          return 2;
        }) == 0);
}

TEST_CASE("a builder that is told to end ends its step, soon", "[dockerfile]") {
  for (const bool stubborn : {false, true}) {
    const auto start = std::chrono::steady_clock::now();
    CHECK(as_builder([&] {
            const Signals signals;
            try {
              static_cast<void>(in_child(signals, [&]() -> std::string {
                if (stubborn) ::signal(SIGTERM, SIG_IGN);
                ::kill(::getppid(), SIGTERM);
                for (;;) ::pause();
              }));
            } catch (const Interrupted& interrupted) {
              return interrupted.signal();
            }
            return 0;
          }) == SIGTERM);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
  }
}

TEST_CASE("of a layer that is there twice the upper one counts", "[dockerfile]") {
  const Digest a = Digest::of("a");
  const Digest b = Digest::of("b");
  using Numbers = std::vector<std::size_t>;
  CHECK(distinct_layers({}) == Numbers{});
  CHECK(distinct_layers({a, b}) == Numbers{0, 1});
  CHECK(distinct_layers({a, b, a}) == Numbers{1, 2});
  CHECK(distinct_layers({a, a, b, b, a}) == Numbers{3, 4});
}
