#include "chapters/07-privileges/compiler/shorten.hpp"

#include <linux/seccomp.h>

#include <cstddef>
#include <map>
#include <optional>
#include <set>

namespace dockwright {

namespace {

using Code = std::vector<sock_filter>;

constexpr std::uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
constexpr std::uint16_t kReturn = BPF_RET | BPF_K;
constexpr std::uint16_t kAlways = BPF_JMP | BPF_JA;
constexpr std::size_t kFurthest = 255;  // a conditional jump's reach

/// Where the instruction at `at` goes on when its condition is `met`.
std::size_t next(const Code& code, std::size_t at, bool met) {
  const sock_filter& here = code[at];
  if (BPF_CLASS(here.code) != BPF_JMP) return at + 1;
  if (here.code == kAlways) return at + 1 + here.k;
  return at + 1 + (met ? here.jt : here.jf);
}

bool holds(const sock_filter& jump, std::uint32_t value) {
  switch (BPF_OP(jump.code)) {
    case BPF_JEQ:
      return value == jump.k;
    case BPF_JGT:
      return value > jump.k;
    case BPF_JGE:
      return value >= jump.k;
    default:
      return (value & jump.k) != 0;
  }
}

/// Where the filter ends up for a call: at the instruction that answers
/// it, or at the first that looks at an argument.
std::size_t outcome(const Code& code, std::uint32_t machine,
                    std::uint32_t number) {
  std::uint32_t value = 0;
  std::size_t at = 0;
  while (code[at].code != kReturn) {
    if (code[at].code == kLoad) {
      if (code[at].k == offsetof(seccomp_data, arch))
        value = machine;
      else if (code[at].k == offsetof(seccomp_data, nr))
        value = number;
      else
        return at;
    }
    at = next(code, at, holds(code[at], value));
  }
  return at;
}

/// All that can be reached from `begin`, as code of its own; nothing if
/// a jump would be too far.
std::optional<Code> cut_out(const Code& code, std::size_t begin) {
  std::set<std::size_t> reached = {begin};
  for (auto at = reached.begin(); at != reached.end(); ++at) {
    if (code[*at].code == kReturn) continue;
    reached.insert(next(code, *at, true));
    reached.insert(next(code, *at, false));
  }
  std::map<std::size_t, std::size_t> place;
  for (const std::size_t at : reached) place.emplace(at, place.size());
  Code result;
  for (const std::size_t at : reached) {
    sock_filter copy = code[at];
    if (BPF_CLASS(copy.code) == BPF_JMP) {
      const std::size_t from = result.size() + 1;
      const std::size_t yes = place[next(code, at, true)] - from;
      const std::size_t no = place[next(code, at, false)] - from;
      if (yes > kFurthest || no > kFurthest) return std::nullopt;
      if (copy.code == kAlways) {
        copy.k = static_cast<std::uint32_t>(yes);
      } else {
        copy.jt = static_cast<std::uint8_t>(yes);
        copy.jf = static_cast<std::uint8_t>(no);
      }
    }
    result.push_back(copy);
  }
  return result;
}

/// From `first` on, up to where the next range begins.
struct Range {
  std::uint32_t first;
  Code code;
};

/// Halves the ranges until one is left.
std::optional<Code> search(const std::vector<Range>& ranges,
                           std::size_t begin, std::size_t end) {
  if (end - begin == 1) return ranges[begin].code;
  const std::size_t middle = (begin + end) / 2;
  const auto below = search(ranges, begin, middle);
  const auto above = search(ranges, middle, end);
  if (!below || !above || below->size() > kFurthest)
    return std::nullopt;
  Code code = {BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, ranges[middle].first,
                        static_cast<std::uint8_t>(below->size()), 0)};
  code.insert(code.end(), below->begin(), below->end());
  code.insert(code.end(), above->begin(), above->end());
  return code;
}

bool same(const Code& a, const Code& b) {
  return a.size() == 1 && b.size() == 1 && a[0].k == b[0].k;
}

}  // namespace

std::vector<sock_filter> shorten(const std::vector<sock_filter>& filter,
                                 std::uint32_t machine,
                                 std::uint32_t newest) {
  constexpr std::uint32_t kX32 = 0x40000000;
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t number = 0; number <= newest + 1; ++number)
    numbers.push_back(number);
  numbers.insert(numbers.end(), {kX32, UINT32_MAX});
  std::vector<Range> ranges;
  for (const std::uint32_t number : numbers) {
    const auto code = cut_out(filter, outcome(filter, machine, number));
    if (!code) return filter;
    if (ranges.empty() || !same(ranges.back().code, *code))
      ranges.push_back({number, *code});
  }
  const auto tree = search(ranges, 0, ranges.size());
  Code shorter = {
      BPF_STMT(kLoad, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, machine, 1, 0),
      BPF_STMT(kReturn, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(kLoad, offsetof(seccomp_data, nr)),
  };
  if (!tree || tree->size() + shorter.size() >= filter.size())
    return filter;
  shorter.insert(shorter.end(), tree->begin(), tree->end());
  return shorter;
}

}  // namespace dockwright
