#pragma once
// From a profile to a program of the kernel's: libseccomp turns rules
// into instructions for a tiny machine (classic BPF), which looks at
// the number and the arguments of each call and answers what to do.

#include <linux/filter.h>

#include <vector>

#include "chapters/07-privileges/compiler/profile.hpp"

namespace dockwright {

/// How a filter finds the rule for a call.
enum class Search {
  list,    ///< Number by number, as libseccomp does if nobody asks.
  tree,    ///< In a tree of numbers, libseccomp's other way.
  ranges,  ///< In a tree of ranges: see shorten.hpp.
};

/// The filter of a profile. Before libseccomp's program stands a short
/// one of our own: a call newer than all that the profile names answers
/// ENOSYS, "there is no such call", so that the C library tries an
/// older one. A call of another machine (32-bit, x32) ends the process.
/// @throws Failure
[[nodiscard]] std::vector<sock_filter> make_filter(
    const Profile& profile, Search search = Search::ranges);

}  // namespace dockwright
