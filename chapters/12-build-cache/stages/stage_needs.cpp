#include "chapters/12-build-cache/stages/stage_needs.hpp"

#include "chapters/11-dockerfile/syntax/comma_list.hpp"

namespace dockwright {

namespace {

/// What `RUN --mount=…,from=NAME` names; its other words may have
/// variables that are not known yet.
std::string source_of_mount(const std::string& mount) {
  for (const CommaField& field : parse_comma_list(mount))
    if (field.key == "from") return field.value;
  return {};
}

std::vector<std::string> sources_of(const Instruction& instruction) {
  std::vector<std::string> sources;
  for (const Flag& flag : instruction.flags) {
    if (instruction.keyword == Keyword::copy && flag.name == "from")
      sources.push_back(flag.value);
    if (instruction.keyword == Keyword::run && flag.name == "mount")
      sources.push_back(source_of_mount(flag.value));
  }
  return sources;
}

}  // namespace

std::vector<StageNeeds> needs_of(const StageTexts& texts,
                                 const Lookup& arguments, char escape,
                                 const IsContext& is_context) {
  std::vector<StageNeeds> all;
  for (const StageText& stage : texts.stages) {
    StageNeeds needs{.name = stage.name,
                     .base = expand(stage.base, arguments, escape)};
    if (is_context(needs.base)) needs.base.clear();
    for (const Instruction& step : stage.steps)
      for (std::string& source : sources_of(step))
        if (!source.empty() && !is_context(source))
          needs.sources.push_back(std::move(source));
    all.push_back(std::move(needs));
  }
  return all;
}

}  // namespace dockwright
