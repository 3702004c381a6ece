#include "chapters/11-dockerfile/copy/mode_change.hpp"

#include <algorithm>
#include <array>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr mode_t kAll = 07777;
constexpr mode_t kExecute = 0111;

[[noreturn]] void refuse(std::string_view text) {
  throw Failure{fmt::format(
      "invalid chmod parameter: '{}'. it should be octal string and "
      "between 0 and 07777, or symbolic such as u=rwX,go-w",
      text)};
}

struct Letter {
  char letter;
  mode_t bits;
};
constexpr std::array kWho = std::to_array<Letter>(
    {{'u', 04700}, {'g', 02070}, {'o', 01007}, {'a', kAll}});
constexpr std::array kRights = std::to_array<Letter>({{'r', 0444},
                                                      {'w', 0222},
                                                      {'x', kExecute},
                                                      {'s', 06000},
                                                      {'t', 01000}});
constexpr std::array kOthers =
    std::to_array<Letter>({{'u', 0700}, {'g', 0070}, {'o', 0007}});

template <std::size_t size>
const Letter* find_letter(const std::array<Letter, size>& letters,
                          char letter) {
  const auto* const found = std::find_if(
      letters.begin(), letters.end(),
      [&](const Letter& row) { return row.letter == letter; });
  return found == letters.end() ? nullptr : found;
}

/// `ugo`, taken from the begin of `rest`; nobody means everybody.
mode_t parse_who(std::string_view& rest) {
  mode_t who = 0;
  for (; !rest.empty(); rest.remove_prefix(1)) {
    const Letter* const letter = find_letter(kWho, rest.front());
    if (letter == nullptr) break;
    who |= letter->bits;
  }
  return who == 0 ? kAll : who;
}

/// The rights of one digit, spread over owner, group and others.
mode_t spread(mode_t digit) {
  return digit << 6U | digit << 3U | digit;
}

}  // namespace

ModeChange ModeChange::parse(std::string_view text) {
  ModeChange change;
  if (text.empty()) refuse(text);
  if (text.find_first_not_of("01234567") == std::string_view::npos) {
    mode_t mode = 0;
    for (const char digit : text) {
      mode = mode << 3U | static_cast<mode_t>(digit - '0');
      if (mode > kAll) refuse(text);
    }
    change.octal_ = mode;
    return change;
  }
  for (std::string_view rest = text;;) {
    const mode_t who = parse_who(rest);
    // One `who` may have several operations: u+x-w.
    do {
      change.clauses_.push_back(parse_clause(text, rest));
      change.clauses_.back().who = who;
    } while (!rest.empty() && rest.front() != ',');
    if (rest.empty()) return change;
    rest.remove_prefix(1);
  }
}

/// `+x` and what follows, up to the next operation.
ModeChange::Clause ModeChange::parse_clause(std::string_view text,
                                            std::string_view& rest) {
  Clause clause;
  if (rest.find_first_of("+-=") != 0) refuse(text);
  clause.operation = rest.front();
  for (rest.remove_prefix(1);
       !rest.empty() && rest.find_first_of(",+-=") != 0;
       rest.remove_prefix(1)) {
    if (rest.front() == 'X') {
      clause.execute_if_any = true;
      continue;
    }
    const Letter* const letter = find_letter(kRights, rest.front());
    if (letter != nullptr) {
      clause.bits |= letter->bits;
      continue;
    }
    const Letter* const other = find_letter(kOthers, rest.front());
    if (other == nullptr) refuse(text);
    clause.copied |= other->bits;
  }
  return clause;
}

mode_t ModeChange::apply(const Clause& clause, mode_t mode,
                         bool is_directory) {
  mode_t bits = clause.bits;
  if (clause.execute_if_any && (is_directory || (mode & kExecute) != 0))
    bits |= kExecute;
  if ((clause.copied & 0700U) != 0) bits |= spread(mode >> 6U & 7U);
  if ((clause.copied & 0070U) != 0) bits |= spread(mode >> 3U & 7U);
  if ((clause.copied & 0007U) != 0) bits |= spread(mode & 7U);
  bits &= clause.who;
  if (clause.operation == '+') return mode | bits;
  if (clause.operation == '-') return mode & ~bits;
  return (mode & ~clause.who) | bits;
}

mode_t ModeChange::apply(mode_t mode, bool is_directory) const {
  if (octal_) return *octal_;
  mode &= kAll;
  for (const Clause& clause : clauses_)
    mode = apply(clause, mode, is_directory);
  return mode;
}

}  // namespace dockwright
