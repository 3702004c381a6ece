#include "chapters/09-images/change.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "common/check.hpp"
#include "common/nearest.hpp"

namespace dockwright {

namespace {

using Words = std::vector<std::string>;

[[noreturn]] void refuse(const std::string& line,
                         std::string_view why) {
  throw Failure{fmt::format("--change '{}': {}", line, why)};
}

std::string without_border(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return std::string{
      text.substr(first, text.find_last_not_of(kBlank) + 1 - first)};
}

/// `a "b c" d\ e` are three words, as a shell has it.
class Splitter {
 public:
  Splitter(const std::string& line, std::string_view rest)
      : line_{line}, rest_{rest} {}

  Words operator()() {
    for (const char c : rest_) take(c);
    if (quote_ != '\0') refuse(line_, "a quote has no end");
    end_word();
    return std::move(words_);
  }

 private:
  void take(char c) {
    const bool literal = quote_ == '\'';
    if (escaped_) {
      word_ += c;
      escaped_ = false;
    } else if (c == '\\' && !literal) {
      escaped_ = begun_ = true;
    } else if (c == quote_) {
      quote_ = '\0';
    } else if (quote_ == '\0' && (c == '"' || c == '\'')) {
      quote_ = c;
      begun_ = true;
    } else if (quote_ == '\0' && (c == ' ' || c == '\t')) {
      end_word();
    } else {
      word_ += c;
      begun_ = true;
    }
  }
  void end_word() {
    if (begun_) words_.push_back(std::exchange(word_, {}));
    begun_ = false;
  }

  const std::string& line_;
  std::string_view rest_;
  Words words_{};
  std::string word_{};
  bool begun_ = false;
  bool escaped_ = false;
  char quote_ = '\0';
};

/// `["a", "b"]`; nothing for anything else.
std::optional<Words> exec_form(std::string_view rest) {
  if (!rest.starts_with('[')) return std::nullopt;
  const auto list = nlohmann::json::parse(rest, nullptr, false);
  if (!list.is_array()) return std::nullopt;
  Words words;
  for (const auto& item : list) {
    if (!item.is_string()) return std::nullopt;
    words.push_back(item.get<std::string>());
  }
  return words;
}

/// A command: its words, or a line for the shell.
Words command_of(const std::string& rest) {
  if (const auto words = exec_form(rest)) return *words;
  return {"/bin/sh", "-c", rest};
}

/// `A=1 B=2`, or the old form `A 1 and more`.
std::vector<std::pair<std::string, std::string>> pairs_of(
    const std::string& line, const std::string& rest) {
  const Words words = Splitter{line, rest}();
  if (words.empty() || words.front().find('=') == std::string::npos) {
    const std::size_t space = rest.find_first_of(" \t");
    if (space == std::string::npos)
      refuse(line, "NAME=VALUE is expected");
    return {
        {rest.substr(0, space), without_border(rest.substr(space))}};
  }
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0)
      refuse(line, "NAME=VALUE is expected");
    pairs.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return pairs;
}

unsigned long port_of(const std::string& word,
                      const std::string& text) {
  const bool number =
      !text.empty() && text.size() <= 5 &&
      text.find_first_not_of("0123456789") == std::string::npos;
  const unsigned long value = number ? std::stoul(text) : 0;
  if (value == 0 || value > 65535)
    throw Failure{
        fmt::format("{}: a port is a number from 1 to 65535", word)};
  return value;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// In the words of the option.
void expose(RunConfig& config, const std::string& line,
            const std::string& word) {
  try {
    expose_port(config, word);
  } catch (const Failure& failure) {
    refuse(line, failure.what());
  }
}

void set_variable(RunConfig& config, const std::string& name,
                  const std::string& value) {
  const std::string entry = fmt::format("{}={}", name, value);
  const auto same =
      std::find_if(config.env.begin(), config.env.end(),
                   [&](const std::string& old) {
                     return old.starts_with(name + "=") || old == name;
                   });
  if (same == config.env.end())
    config.env.push_back(entry);
  else
    *same = entry;
}

using Apply = void (*)(RunConfig&, const std::string& line,
                       const std::string& rest);

struct Instruction {
  std::string_view name;
  Apply apply;
};

constexpr std::array
    kInstructions =
        std::
            to_array<Instruction>(
                {
                    {"CMD",
                     [](RunConfig& config, const std::string&,
                        const std::string& rest) {
                       config.cmd = command_of(rest);
                     }},
                    {"ENTRYPOINT",
                     [](RunConfig& config, const std::string&,
                        const std::string& rest) {
                       config.entrypoint = command_of(rest);
                     }},
                    {"ENV",
                     [](RunConfig& config, const std::string& line,
                        const std::string& rest) {
                       for (const auto& [name, value] :
                            pairs_of(line, rest))
                         set_variable(config, name, value);
                     }},
                    {"EXPOSE",
                     [](RunConfig& config, const std::string& line,
                        const std::string& rest) {
                       for (const std::string& word :
                            Splitter{line, rest}())
                         expose(config, line, word);
                     }},
                    {"LABEL",
                     [](RunConfig& config, const std::string& line,
                        const std::string& rest) {
                       for (const auto& [name, value] :
                            pairs_of(line, rest))
                         config.labels[name] = value;
                     }},
                    {"STOPSIGNAL",
                     [](RunConfig& config, const std::string&,
                        const std::string& rest) {
                       config.stop_signal = rest;
                     }},
                    {"USER", [](RunConfig& config, const std::string&,
                                const std::string&
                                    rest) { config.user = rest; }},
                    {"VOLUME",
                     [](RunConfig& config, const std::string& line,
                        const std::string& rest) {
                       for (const std::string& path :
                            exec_form(rest).value_or(
                                Splitter{line, rest}())) {
                         if (!path.starts_with('/'))
                           refuse(line, "a volume is an absolute path");
                         config.volumes.insert(path);
                       }
                     }},
                    {"WORKDIR",
                     [](RunConfig& config, const std::string&,
                        const std::string& rest) {
                       change_directory(config, rest);
                     }},
                });

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string known_names() {
  std::string names;
  for (const Instruction& known : kInstructions)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", known.name);
  return names;
}

}  // namespace

void expose_port(RunConfig& config, const std::string& word) {
  const std::size_t slash = std::min(word.find('/'), word.size());
  const std::string protocol =
      slash < word.size() ? lower(word.substr(slash + 1)) : "tcp";
  const std::size_t dash = std::min(word.find('-'), slash);
  if (protocol != "tcp" && protocol != "udp" && protocol != "sctp")
    throw Failure{
        fmt::format("{}: a port is for tcp, udp or sctp", word)};
  const unsigned long first = port_of(word, word.substr(0, dash));
  const unsigned long last =
      dash < slash
          ? port_of(word, word.substr(dash + 1, slash - dash - 1))
          : first;
  if (last < first)
    throw Failure{fmt::format(
        "{}: a range of ports begins with the lower one", word)};
  for (unsigned long number = first; number <= last; ++number)
    config.exposed_ports.insert(fmt::format("{}/{}", number, protocol));
}

void change_directory(RunConfig& config, const std::string& path) {
  const std::filesystem::path before =
      config.working_dir.empty() ? "/" : config.working_dir;
  // Where `path` is absolute, it alone.
  std::string there = (before / path).lexically_normal().native();
  while (there.size() > 1 && there.ends_with('/')) there.pop_back();
  config.working_dir = there;
}

void apply_change(RunConfig& config, const std::string& line) {
  const std::string whole = without_border(line);
  const std::size_t space =
      std::min(whole.find_first_of(" \t"), whole.size());
  const std::string name = upper(whole.substr(0, space));
  const std::string rest = without_border(whole.substr(space));
  for (const Instruction& known : kInstructions)
    if (known.name == name) {
      if (rest.empty()) refuse(line, fmt::format("{} of what?", name));
      return known.apply(config, line, rest);
    }
  refuse(line, fmt::format("one of {} is expected", known_names()));
}

}  // namespace dockwright
