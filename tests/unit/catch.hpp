#pragma once
// One face for Catch2 version 2 (Debian 12, Ubuntu 24.04) and version 3 (Debian 13).
#ifdef DOCKWRIGHT_CATCH_VERSION
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <unistd.h>

#include <string>

/// Leaves a test case that only root can run; CTest then shows it as skipped (SKIP_REGULAR_EXPRESSION), never
/// as passed.
#define NEEDS_ROOT()               \
  do {                             \
    if (::geteuid() != 0) {        \
      WARN("skipped: needs root"); \
      return;                      \
    }                              \
  } while (false)

/// Leaves a test case that a sanitizer's runtime would answer, and not the program: it needs memory and
/// /proc, and a child cannot borrow its parent's memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NEEDS_PLAIN_BUILD()                            \
  do {                                                 \
    WARN("skipped: needs a build without sanitizers"); \
    return;                                            \
  } while (false)
#else
#define NEEDS_PLAIN_BUILD() \
  do {                      \
  } while (false)
#endif

/// `text` has `part` somewhere in it: the matcher is called Contains in version 2 and ContainsSubstring in
/// version 3.
inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
