#include "chapters/11-dockerfile/run_words.hpp"

#include "chapters/11-dockerfile/config_step.hpp"
#include "chapters/11-dockerfile/syntax/blanks.hpp"
#include "chapters/11-dockerfile/syntax/words.hpp"

namespace dockwright {

namespace {

/// Where a script appears: below /dev, of which nothing stays.
constexpr const char* kScripts = "/dev/pipes/";

/// Whether the line is `<<END` and nothing else.
bool is_heredoc_alone(const Instruction& instruction) {
  return instruction.heredocs.size() == 1 &&
         heredoc_of(trim(instruction.rest)).has_value();
}

/// The line, with what stood below it where the shell looks for it.
std::string with_bodies(const Instruction& instruction) {
  std::string line = instruction.rest;
  for (const Heredoc& heredoc : instruction.heredocs)
    line += '\n' + heredoc.body + heredoc.name;
  return line;
}

std::vector<std::string> shell_line(const ImageState& state,
                                    std::string line) {
  std::vector<std::string> words = state.shell();
  words.push_back(std::move(line));
  return words;
}

}  // namespace

RunStep run_step_of(const ImageState& state,
                    const Instruction& instruction,
                    const BuildArguments& arguments) {
  RunStep step{.environment = arguments.proxies()};
  for (const auto& [name, value] : state.arguments)
    set_variable_in(step.environment, name, value);
  if (instruction.json || instruction.heredocs.empty()) {
    step.command = command_of(state, instruction);
    return step;
  }
  if (!is_heredoc_alone(instruction)) {
    step.command = shell_line(state, with_bodies(instruction));
    return step;
  }
  const Heredoc& heredoc = instruction.heredocs.front();
  if (!heredoc.body.starts_with("#!")) {
    step.command = shell_line(state, heredoc.body);
    return step;
  }
  step.script =
      StepScript{.path = kScripts + heredoc.name, .text = heredoc.body};
  step.command = {step.script->path};
  return step;
}

std::string run_history(const ImageState& state, const RunStep& step) {
  std::string text = "RUN";
  if (!state.arguments.empty())
    text += " |" + std::to_string(state.arguments.size());
  for (const auto& [name, value] : state.arguments)
    text += ' ' + name + '=' + value;
  for (const std::string& word : step.command) text += ' ' + word;
  return text + " # buildkit";
}

}  // namespace dockwright
