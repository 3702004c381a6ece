#include "common/explain.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <utility>

#include "common/check.hpp"
#include "common/syscalls.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

namespace {

/// What all processes of one story share: the next number, and who spoke last.
struct SharedStory {
  std::atomic<int> calls = 0;
  std::atomic<const char*> last_speaker =
      nullptr;  // literals stand at the same address in every child of a clone
};

/// The one piece of global state: a narrator is asked from anywhere, like a debugger's breakpoint.
struct Narrator {
  SharedStory* story = nullptr;
  UniqueFd out;
  std::string_view reason;
  std::string_view speaker = "the stage itself, on the host";
};

Narrator& narrator() {
  static Narrator instance;
  return instance;
}

bool narrating = false;

}  // namespace

void because(std::string_view reason) noexcept {
  if (narrating) [[unlikely]]
    narrator().reason = reason;
}

namespace explain {

void enable(int fd) {
  // Shared with every child that is cloned from here on: one numbering for the whole story.
  void* const page =
      ::mmap(nullptr, sizeof(SharedStory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw SystemCallError{"mmap", errno, "map a page for the narration"};
  Narrator& self = narrator();
  self.story = new (page) SharedStory;
  self.out = UniqueFd{check_call("fcntl", ::fcntl(fd, F_DUPFD_CLOEXEC, 3), "duplicate descriptor {}", fd)};
  narrating = true;
}

bool enabled() noexcept { return narrating; }

std::string_view speaker(std::string_view name) noexcept {
  if (!narrating) return name;
  return std::exchange(narrator().speaker, name);
}

void print(std::string_view name, const Call& call) {
  Narrator& self = narrator();
  std::string text;
  if (self.story->last_speaker.exchange(self.speaker.data()) != self.speaker.data())
    text += fmt::format("---- {}\n", self.speaker);
  text += fmt::format("[{:>2}] {}\n", ++self.story->calls, call.text);
  if (!self.reason.empty()) text += fmt::format("     why    {}\n", self.reason);
  if (!call.shell.empty()) text += fmt::format("     shell  {}\n", call.shell);
  if (const SystemCall* const row = find_system_call(name))
    text += fmt::format("     book   Chapter {}: {} ({}#{})\n", row->chapter, chapter(row->chapter).title,
                        chapter(row->chapter).page, row->anchor);
  self.reason = {};  // said once; the calls below it belong to the same reason
  ignore(::write(self.out.get(), text.data(), text.size()),
         "a story that nobody can hear must not end the run");
}

std::string shell_word(std::string_view word) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view{"_./:=@%+,-"}.find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return std::string{word};
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

std::string shell_place(std::string_view name) {
  constexpr std::string_view kDescribed = "the ";
  if (!name.starts_with(kDescribed)) return shell_word(name);
  if (name == "the root file system") return "ROOTFS";
  if (name.starts_with("the copy of ")) return "…";
  std::string place{name.substr(kDescribed.size())};
  for (char& c : place) c = c == ' ' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return place;
}

}  // namespace explain
}  // namespace dockwright
