#pragma once
// A program that says what it does. With `--explain` every kernel call is narrated as it happens:
//
//     [ 3] sethostname("box")
//          why    renaming the container must not rename the host
//          shell  hostname box
//          book   Chapter 3: Namespaces (book/03-namespaces.md#ch03-uts)
//
// `because` holds the reason; the wrappers in `sys.hpp` narrate; the section comes from the table in
// `syscalls.hpp`. The numbers run on across parent and child, so the story has one order. Switched off it
// costs a test of one flag.

#include <string>
#include <string_view>

namespace dockwright {

/// Says why the calls that follow are made: a comment that the program can speak. `reason` must outlive the
/// next call, as a string literal does.
void because(std::string_view reason) noexcept;

namespace explain {

/// How one kernel call is told: as the manual would write it, and as a shell would do the same (empty where
/// it cannot).
struct Call {
  std::string text;
  std::string shell{};
};

/// Switches the narration on; it goes to a close-on-exec duplicate of `fd`. @throws SystemCallError
void enable(int fd);

/// Whether `--explain` was asked for.
[[nodiscard]] bool enabled() noexcept;

/// Names the process that speaks from here on, such as `the container`. A line says so when the speaker
/// changes. `name` must be a string literal. Returns who spoke until now.
std::string_view speaker(std::string_view name) noexcept;

/// Prints one call in one write(2). `name` is its row in the table of system calls.
void print(std::string_view name, const Call& call);

/// `word` as a shell would need it: quoted where it holds anything but letters, digits and `_./:=@%+,-`.
[[nodiscard]] std::string shell_word(std::string_view word);

/// A place as it would be typed: a path as `shell_word` has it; what we only describe, such as `the new
/// root`, as the manual pages do, NEW_ROOT. A detached copy has no name, so `the copy of …` is a gap to fill.
[[nodiscard]] std::string shell_place(std::string_view name);

}  // namespace explain

/// Narrates one kernel call if somebody listens: `describe` is not even called otherwise.
template <typename Describe>
void narrate(std::string_view name, Describe&& describe) {
  if (explain::enabled()) [[unlikely]]
    explain::print(name, describe());
}

}  // namespace dockwright
