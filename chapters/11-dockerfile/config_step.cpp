#include "chapters/11-dockerfile/config_step.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>

#include "chapters/09-images/change.hpp"
#include "chapters/11-dockerfile/syntax/flags.hpp"
#include "chapters/11-dockerfile/syntax/variables.hpp"
#include "common/check.hpp"
#include "common/flags.hpp"

namespace dockwright {

namespace {

using Words = std::vector<std::string>;

/// One instruction, and what it is done to.
class Changer {
 public:
  Changer(ImageState& state, const Instruction& instruction,
          const BuildArguments& arguments, char escape)
      : state_{state},
        config_{state.config.config},
        instruction_{instruction},
        arguments_{arguments},
        escape_{escape} {}

  bool operator()();

 private:
  void arg();
  void cmd();
  void entrypoint();
  void env();
  void expose();
  void healthcheck();
  void label();
  void maintainer();
  void onbuild();
  void shell();
  void stopsignal();
  void user();
  void volume();

  [[nodiscard]] std::string expanded(std::string_view text) const {
    return expand(text, state_.variables(), escape_);
  }
  [[nodiscard]] std::string expanded_rest() const {
    return expanded(instruction_.rest);
  }
  void note(std::string text) { state_.add_change(std::move(text)); }

  ImageState& state_;
  RunConfig& config_;
  const Instruction& instruction_;
  const BuildArguments& arguments_;
  char escape_;
};

std::string quoted_list(const Words& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + in_quotes(word);
  return '[' + text + ']';
}

void Changer::arg() {
  std::string text = "ARG";
  for (const Pair& pair : instruction_.pairs) {
    std::optional<std::string> fallback;
    if (pair.given_value) fallback = expanded(pair.value);
    const auto value = arguments_.value_of(pair.name, fallback);
    if (value) state_.arguments[pair.name] = *value;
    text += ' ' + pair.name;
    if (value) text += '=' + *value;
  }
  note(text);
}

void Changer::cmd() {
  config_.cmd = command_of(state_, instruction_);
  state_.own_cmd = true;
  note("CMD " + quoted_list(config_.cmd));
}

/// A new program does not want the arguments that the base has for its
/// own.
void Changer::entrypoint() {
  config_.entrypoint = command_of(state_, instruction_);
  if (!state_.own_cmd) config_.cmd.clear();
  note("ENTRYPOINT " + quoted_list(config_.entrypoint));
}

//! [env]
/// All values are those from before the line: `ENV a=1 b=$a`.
void Changer::env() {
  Words values;
  for (const Pair& pair : instruction_.pairs)
    values.push_back(expanded(pair.value));
  std::string text = "ENV";
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string name = expanded(instruction_.pairs[i].name);
    set_variable_in(config_.env, name, values[i]);
    text += ' ' + name + '=' + values[i];
  }
  note(text);
}
//! [env]

void Changer::expose() {
  std::set<std::string> before = std::move(config_.exposed_ports);
  config_.exposed_ports.clear();
  for (const std::string& word : instruction_.words)
    for (const std::string& port :
         expand_words(word, state_.variables(), escape_))
      expose_port(config_, port);
  std::string text;
  for (const std::string& port : config_.exposed_ports)
    text += (text.empty() ? "" : " ") + port + ":{}";
  config_.exposed_ports.merge(before);
  note("EXPOSE map[" + text + ']');
}

void Changer::healthcheck() {
  const HealthFlags flags = health_flags(instruction_);
  const auto nanoseconds = [](const auto& given) {
    return given ? static_cast<std::int64_t>(given->count()) : 0;
  };
  Healthcheck check{.interval = nanoseconds(flags.interval),
                    .timeout = nanoseconds(flags.timeout),
                    .start_period = nanoseconds(flags.start_period),
                    .start_interval = nanoseconds(flags.start_interval),
                    .retries = flags.retries.value_or(0)};
  const Words& words = instruction_.words;
  const bool none = words.empty() || words.front() == "NONE";
  if (none) {
    check.test = {"NONE"};
  } else {
    check.test = {instruction_.json ? "CMD" : "CMD-SHELL"};
    check.test.insert(check.test.end(), words.begin() + 1, words.end());
  }
  config_.healthcheck = check;
  note("HEALTHCHECK " + quoted_list(check.test));
}

void Changer::label() {
  std::string text = "LABEL";
  for (const Pair& pair : instruction_.pairs) {
    const std::string name = expanded(pair.name);
    config_.labels[name] = expanded(pair.value);
    text += ' ' + name + '=' + config_.labels[name];
  }
  note(text);
}

void Changer::maintainer() {
  state_.config.author = instruction_.rest;
  note("MAINTAINER " + instruction_.rest);
}

void Changer::onbuild() {
  config_.on_build.push_back(instruction_.rest);
  note("ONBUILD " + instruction_.rest);
}

void Changer::shell() {
  config_.shell = instruction_.words;
  note(fmt::format("SHELL [{}]", fmt::join(config_.shell, " ")));
}

/// A number, or a name with or without SIG.
bool is_signal(std::string name) {
  if (!name.empty() &&
      name.find_first_not_of("0123456789") == std::string::npos)
    return name.size() <= 2 && std::stoi(name) >= 1 &&
           std::stoi(name) <= SIGRTMAX;
  std::transform(name.begin(), name.end(), name.begin(), ::toupper);
  if (!name.starts_with("SIG")) name = "SIG" + name;
  if (name.starts_with("SIGRTM")) return true;
  for (int number = 1; number < SIGRTMIN; ++number)
    if (flags::signal(number) == name) return true;
  return false;
}

void Changer::stopsignal() {
  const std::string signal = expanded_rest();
  if (!is_signal(signal))
    throw Failure{fmt::format("Invalid signal: {}", signal)};
  config_.stop_signal = signal;
  note("STOPSIGNAL " + signal);
}

void Changer::user() {
  config_.user = expanded_rest();
  note("USER " + config_.user);
}

void Changer::volume() {
  Words places;
  for (const std::string& word : instruction_.words) {
    places.push_back(expanded(word));
    if (places.back().empty())
      throw Failure{"VOLUME specified can not be an empty string"};
    config_.volumes.insert(places.back());
  }
  note(fmt::format("VOLUME [{}]", fmt::join(places, " ")));
}

bool Changer::operator()() {
  switch (instruction_.keyword) {
    case Keyword::arg:
      arg();
      return true;
    case Keyword::cmd:
      cmd();
      return true;
    case Keyword::entrypoint:
      entrypoint();
      return true;
    case Keyword::env:
      env();
      return true;
    case Keyword::expose:
      expose();
      return true;
    case Keyword::healthcheck:
      healthcheck();
      return true;
    case Keyword::label:
      label();
      return true;
    case Keyword::maintainer:
      maintainer();
      return true;
    case Keyword::onbuild:
      onbuild();
      return true;
    case Keyword::shell:
      shell();
      return true;
    case Keyword::stopsignal:
      stopsignal();
      return true;
    case Keyword::user:
      user();
      return true;
    case Keyword::volume:
      volume();
      return true;
    default:
      return false;
  }
}

}  // namespace

bool change_config(ImageState& state, const Instruction& instruction,
                   const BuildArguments& arguments, char escape) {
  return Changer{state, instruction, arguments, escape}();
}

void change_workdir(ImageState& state, const Instruction& instruction,
                    char escape) {
  const std::string path =
      expand(instruction.rest, state.variables(), escape);
  if (path.empty())
    throw Failure{"the path of WORKDIR is empty, with its variables"};
  change_directory(state.config.config, path);
}

std::vector<std::string> command_of(const ImageState& state,
                                    const Instruction& instruction) {
  //! [ex11.4]
  if (instruction.json) return instruction.words;
  Words words = state.shell();
  words.push_back(instruction.rest);
  return words;
  //! [ex11.4]
}

std::string in_quotes(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n')
      quoted += "\\n";
    else if (c == '\t')
      quoted += "\\t";
    else
      quoted += c;
  }
  return quoted + '"';
}

}  // namespace dockwright
