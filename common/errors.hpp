#pragma once
// How an error is told. Each layer adds what it was doing (`std::throw_with_nested`), the kernel's reason
// stands at the bottom of the staircase, and below it the likely cause and the cure from the table of causes:
//
//     cannot run the container
//       change the root to build/rootfs: Operation not permitted
//       cause: changing the root needs the capability CAP_SYS_CHROOT, which only root has
//       cure:  run it with sudo (chapter 6 removes the need)
//       book:  Chapter 2: chroot (book/02-chroot.md#ch02-fails)

#include <exception>
#include <string>
#include <string_view>

namespace dockwright {

/// The staircase of `error` and its nested errors, with cause and cure; several lines, no newline at the end.
[[nodiscard]] std::string describe(const std::exception& error);

/// A description for a terminal of `columns`: what stands behind `cause:`, `cure:` and `book:` is broken into
/// lines, each begun below the first word. The staircase itself stays as it is.
[[nodiscard]] std::string fit(std::string_view description, unsigned columns);

/// Docker's exit code for `error`: that of the innermost Failure, else 125.
[[nodiscard]] int exit_code_of(const std::exception& error) noexcept;

}  // namespace dockwright
