#include "chapters/11-dockerfile/syntax/arguments.hpp"
#include "chapters/11-dockerfile/syntax/blanks.hpp"
#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/instruction.hpp"
#include "chapters/11-dockerfile/syntax/keywords.hpp"
#include "chapters/11-dockerfile/syntax/logical_lines.hpp"
#include "chapters/11-dockerfile/syntax/words.hpp"

namespace dockwright {

namespace {

/// Splits `RUN --x=1 text` into keyword, flags and rest.
Instruction split_instruction(std::string_view text) {
  text = trim(text);
  const std::size_t size =
      std::min(text.find_first_of(kBlanks), text.size());
  const std::string word{text.substr(0, size)};
  const auto keyword = find_keyword(word);
  if (!keyword)
    throw Failure{
        fmt::format("unknown instruction: {}{}", word,
                    suggestion(upper_case(word), keyword_names()))};
  Instruction instruction{.keyword = *keyword,
                          .written = word,
                          .original = std::string{text}};
  std::string_view rest = text.substr(size);
  instruction.flags = take_flags(rest);
  instruction.rest = rest;
  return instruction;
}

bool takes_heredocs(const Instruction& instruction) {
  return !instruction.json && (instruction.keyword == Keyword::add ||
                               instruction.keyword == Keyword::copy ||
                               instruction.keyword == Keyword::run);
}

void refuse_trigger(const Instruction& trigger) {
  if (trigger.keyword == Keyword::onbuild)
    throw Failure{
        "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"};
  if (trigger.keyword == Keyword::from ||
      trigger.keyword == Keyword::maintainer)
    throw Failure{fmt::format("{} isn't allowed as an ONBUILD trigger",
                              name_of(trigger.keyword))};
}

/// The heredocs that a line announces, without their bodies.
std::vector<Heredoc> heredocs_in(const Instruction& instruction,
                                 char escape) {
  std::vector<Heredoc> heredocs;
  for (const std::string& word : quoted_words(instruction.rest, escape))
    if (const auto heredoc = heredoc_of(word))
      heredocs.push_back(*heredoc);
  return heredocs;
}

/// Everything but the bodies of heredocs.
Instruction read_line(std::string_view text, char escape) {
  Instruction instruction = split_instruction(text);
  check_flags(instruction);
  if (instruction.keyword == Keyword::onbuild) {
    if (instruction.rest.empty())
      throw Failure{"ONBUILD requires at least one argument"};
    const Instruction trigger = read_line(instruction.rest, escape);
    refuse_trigger(trigger);
    instruction.heredocs = trigger.heredocs;
    return instruction;
  }
  read_arguments(instruction, escape);
  if (takes_heredocs(instruction))
    instruction.heredocs = heredocs_in(instruction, escape);
  return instruction;
}

Instruction read_instruction(const LogicalLine& line,
                             LogicalLines& source, char escape) {
  Instruction instruction = read_line(line.text, escape);
  for (Heredoc& heredoc : instruction.heredocs) {
    auto body = source.body_of(heredoc);
    if (!body)
      throw Failure{fmt::format("unterminated heredoc: no line is {}",
                                heredoc.name)};
    heredoc.body = std::move(*body);
  }
  if (instruction.keyword == Keyword::onbuild)
    for (const Heredoc& heredoc : instruction.heredocs)
      instruction.rest += '\n' + heredoc.body + heredoc.name;
  instruction.lines = {line.lines.first, source.number()};
  instruction.comments = line.comments;
  instruction.empty_continuation = line.empty_continuation;
  return instruction;
}

}  // namespace

//! [parse]
Dockerfile parse_dockerfile(std::string_view text,
                            const std::string& name) {
  Dockerfile file{.name = name};
  LogicalLines source{text, file};
  const auto fail = [&](Lines lines, const std::string& why) {
    throw DockerfileError{name, file.lines, lines, why};
  };
  while (const auto line = source.next()) {
    if (file.instructions.size() == DockerfileLimits::kInstructions)
      fail(line->lines, fmt::format("more than {} instructions",
                                    DockerfileLimits::kInstructions));
    try {
      file.instructions.push_back(
          read_instruction(*line, source, file.directives.escape));
    } catch (const DockerfileError&) {
      throw;
    } catch (const Failure& failure) {
      fail(line->lines, failure.what());
    }
  }
  if (file.instructions.empty())
    fail({source.number(), source.number()},
         "file with no instructions");
  return file;
}
//! [parse]

Instruction parse_instruction(std::string_view text,
                              const std::string& name, char escape) {
  Dockerfile file{.name = name};
  LogicalLines source{text, file};
  file.directives = {.escape = escape};
  const auto line = source.next();
  if (!line) throw Failure{fmt::format("{}: no instruction", name), 1};
  try {
    return read_instruction(*line, source, escape);
  } catch (const DockerfileError&) {
    throw;
  } catch (const Failure& failure) {
    throw DockerfileError{name, file.lines, line->lines,
                          failure.what()};
  }
}

}  // namespace dockwright
