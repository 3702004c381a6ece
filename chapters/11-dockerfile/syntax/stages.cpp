#include "chapters/11-dockerfile/syntax/stages.hpp"

#include <charconv>

#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/keywords.hpp"

namespace dockwright {

namespace {

std::optional<std::size_t> number_of(std::string_view text) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || stop != end)
    return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::size_t> StageTexts::find(std::string_view name,
                                            std::size_t before) const {
  const std::string wanted = lower_case(name);
  for (std::size_t i = std::min(before, stages.size()); i-- > 0;)
    if (!stages[i].name.empty() && stages[i].name == wanted) return i;
  if (const auto number = number_of(name); number && *number < before)
    return number;
  return std::nullopt;
}

StageTexts split_stages(const Dockerfile& file) {
  StageTexts texts;
  for (const Instruction& instruction : file.instructions) {
    if (instruction.keyword == Keyword::from) {
      const auto& words = instruction.words;
      texts.stages.push_back(
          {.from = instruction,
           .name = words.size() == 3 ? lower_case(words[2]) : "",
           .base = words.front()});
    } else if (!texts.stages.empty()) {
      texts.stages.back().steps.push_back(instruction);
    } else if (instruction.keyword == Keyword::arg) {
      texts.arguments.push_back(instruction);
    } else {
      throw DockerfileError{file.name, file.lines, instruction.lines,
                            "no build stage in current context"};
    }
  }
  if (texts.stages.empty())
    throw DockerfileError{file.name, file.lines,
                          file.instructions.back().lines,
                          "no build stage: FROM is missing"};
  return texts;
}

}  // namespace dockwright
