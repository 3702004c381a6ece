#include "common/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/causes.hpp"
#include "common/check.hpp"
#include "common/syscalls.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

/// Calls `visit` for `error` and then for each error nested in it, outermost first.
template <typename Visit>
void walk(const std::exception& error, const Visit& visit, int depth = 0) {
  visit(error, depth);
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& inner) {
    walk(inner, visit, depth + 1);
  }
}

Advice table_advice(std::string_view call, int error) {
  const Cause* const row = find_cause(call, error);
  if (row == nullptr) return {};
  return {.cause = std::string{row->cause}, .cure = std::string{row->cure}, .chapter = row->chapter};
}

}  // namespace

std::string describe(const std::exception& error) {
  std::string text;
  Advice advice;
  walk(error, [&](const std::exception& step, int depth) {
    text += fmt::format("{}{:{}}{}", depth == 0 ? "" : "\n", "", 2 * depth, step.what());
    if (!advice.cure.empty()) return;  // who tells the story knows more than the table
    if (const auto* failure = dynamic_cast<const Failure*>(&step)) advice = failure->advice();
    if (const auto* failed = dynamic_cast<const SystemCallError*>(&step))
      advice = table_advice(failed->call(), failed->code().value());
  });
  if (advice.cure.empty()) return text;
  const Chapter& where = chapter(advice.chapter);
  if (!advice.cause.empty()) text += fmt::format("\n  cause: {}", advice.cause);
  text += fmt::format("\n  cure:  {}\n  book:  Chapter {}: {} ({}#", advice.cure, where.number, where.title,
                      where.page);
  text +=
      advice.anchor.empty() ? fmt::format("ch{:02}-fails)", where.number) : fmt::format("{})", advice.anchor);
  return text;
}

std::string fit(std::string_view description, unsigned columns) {
  constexpr unsigned kIndent = 9;  // as wide as "  cause: "
  std::string text;
  while (!description.empty()) {
    const std::size_t size = std::min(description.find('\n'), description.size());
    const std::string_view line = description.substr(0, size);
    description.remove_prefix(std::min(size + 1, description.size()));
    text.append(text.empty() ? 0 : 1, '\n');
    if (!line.starts_with("  cause: ") && !line.starts_with("  cure:  ") && !line.starts_with("  book:  ")) {
      text += line;
      continue;
    }
    text += line.substr(0, kIndent);
    for (const char c : terminal::wrap(line.substr(kIndent), columns > kIndent ? columns - kIndent : 1)) {
      text += c;
      if (c == '\n') text.append(kIndent, ' ');
    }
  }
  return text;
}

int exit_code_of(const std::exception& error) noexcept {
  int code = 125;
  walk(error, [&](const std::exception& step, int) {
    if (const auto* failure = dynamic_cast<const Failure*>(&step)) code = failure->exit_code();
  });
  return code;
}

}  // namespace dockwright
