#include "chapters/11-dockerfile/copy_words.hpp"

#include <algorithm>

#include "chapters/11-dockerfile/syntax/keywords.hpp"
#include "chapters/11-dockerfile/syntax/variables.hpp"
#include "chapters/11-dockerfile/syntax/words.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// The heredoc that a source stands for, if it is one.
const Heredoc* heredoc_named(const Instruction& instruction,
                             const std::string& word) {
  const auto marker = heredoc_of(word);
  if (!marker) return nullptr;
  for (const Heredoc& heredoc : instruction.heredocs)
    if (heredoc.name == marker->name) return &heredoc;
  return nullptr;
}

}  // namespace

CopyRequest copy_request_of(const ImageState& state,
                            const Instruction& instruction,
                            const CopyFlags& flags, char escape) {
  const bool adds = instruction.keyword == Keyword::add;
  CopyRequest request{
      .instruction = std::string{name_of(instruction.keyword)},
      .owner = flags.chown.value_or(""),
      .parents = flags.parents,
      .link = flags.link,
      .unpack = adds && flags.unpack.value_or(true),
      .excludes = flags.excludes,
      .time = state.epoch.value_or(state.newest)};
  if (flags.chmod) request.mode = ModeChange::parse(*flags.chmod);
  const VariableLookup variables = state.variables();
  for (const std::string& word : instruction.words) {
    if (const Heredoc* const file = heredoc_named(instruction, word))
      request.inline_files.push_back(
          {.name = file->name,
           .body = file->expand ? expand_text(file->body, variables)
                                : file->body});
    else
      request.sources.push_back(expand(word, variables, escape));
  }
  if (request.sources.empty())
    throw Failure{
        fmt::format("{} has no destination", request.instruction)};
  request.destination = std::move(request.sources.back());
  request.sources.pop_back();
  return request;
}

std::string copy_history(const Instruction& instruction,
                         const CopyFlags& flags,
                         const CopyRequest& request) {
  std::string text = request.instruction;
  if (flags.chown) text += " --chown=" + *flags.chown;
  if (flags.chmod) text += " --chmod=" + *flags.chmod;
  if (flags.link) text += " --link";
  if (flags.parents) text += " --parents";
  for (const std::string& source : request.sources)
    text += ' ' + source;
  for (const Heredoc& heredoc : instruction.heredocs)
    text += " <<" + heredoc.name;
  return text + ' ' + request.destination + " # buildkit";
}

}  // namespace dockwright
