#include "common/explain.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>

#include "common/check.hpp"
#include "common/pipe.hpp"
#include "common/process.hpp"
#include "common/sys.hpp"
#include "common/sys_mount.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

/// What a child narrates: the narrator is one per process, so each test has its own.
template <typename Body>
std::string narration(Body&& body) {
  Pipe pipe = make_pipe();
  Process child = spawn({}, [&] {
    explain::enable(pipe.write_end.get());
    body();
  });
  pipe.write_end.reset();
  std::string text;
  std::array<char, 4096> bytes{};
  for (;;) {
    const auto size = ::read(pipe.read_end.get(), bytes.data(), bytes.size());
    if (size <= 0) break;
    text.append(bytes.data(), static_cast<std::size_t>(size));
  }
  CHECK(child.wait() == 0);
  return text;
}

}  // namespace

TEST_CASE("nothing is narrated unless it was asked for", "[explain]") {
  bool described = false;
  narrate("chdir", [&] {
    described = true;
    return explain::Call{"chdir(\"/\")"};
  });
  CHECK_FALSE(described);
}

TEST_CASE("a call is told with its number, reason, shell command and section", "[explain]") {
  CHECK(narration([] {
          because("a test must stand somewhere");
          sys::chdir("/");
        }) ==
        "---- the stage itself, on the host\n"
        "[ 1] chdir(\"/\")\n"
        "     why    a test must stand somewhere\n"
        "     shell  cd /\n"
        "     book   Chapter 1: A process is all there is (book/01-process.md#ch01-exec)\n");
}

TEST_CASE("a reason is told once", "[explain]") {
  const std::string text = narration([] {
    because("only once");
    sys::chdir("/");
    sys::chdir("/");
  });
  CHECK(text.find("only once") == text.rfind("only once"));
}

TEST_CASE("numbers run on from parent to child, and the speaker is named", "[explain]") {
  const std::string text = narration([] {
    sys::chdir("/");
    spawn({.speaker = "the child"}, [] { sys::chdir("/"); }).wait();
    sys::chdir("/");
  });
  CHECK(contains(text, "[ 2] clone3("));
  CHECK(contains(text, "---- the child\n[ "));
  CHECK(contains(text, "[ 5] chdir"));
}

TEST_CASE("words are quoted where a shell needs it", "[explain]") {
  CHECK(explain::shell_word("plain-word_1.txt") == "plain-word_1.txt");
  CHECK(explain::shell_word("two words") == "'two words'");
  CHECK(explain::shell_word("it's") == "'it'\\''s'");
  CHECK(explain::shell_word("") == "''");
}

TEST_CASE("a place that is only described is told as something to type", "[explain]") {
  CHECK(explain::shell_place("/proc") == "/proc");
  CHECK(explain::shell_place("/two words") == "'/two words'");
  CHECK(explain::shell_place("the root file system") == "ROOTFS");
  CHECK(explain::shell_place("the new root") == "NEW_ROOT");
  CHECK(explain::shell_place("the copy of /etc") == "…");
}

TEST_CASE("the shell is told every option of a file system", "[explain][needs-root]") {
  NEEDS_ROOT();
  const std::string text = narration([] {
    ignore(
        sys::make_filesystem(
            {.type = "tmpfs", .options = {{"mode", "755"}, {"size", "64k"}}, .attributes = MOUNT_ATTR_NOSUID})
            .get(),
        "attached nowhere");
  });
  CHECK(contains(text, "shell  mount -t tmpfs -o nosuid,mode=755,size=64k tmpfs …"));
}
