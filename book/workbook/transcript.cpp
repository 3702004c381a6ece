#include "book/workbook/transcript.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <regex>
#include <stdexcept>

#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

struct Prompt {
  std::string_view sign;
  Step::Where where;
};

constexpr Prompt kPrompts[] = {
    {"$ ", Step::Where::shell}, {"box# ", Step::Where::box}, {"host$ ", Step::Where::host}};

constexpr std::array<std::string_view, 8> kNeeds = {"root",    "userns",   "uidmap",   "net",
                                                    "cgroup2", "landlock", "loopback", "online"};

/// Where in a file a mistake stands, for its message.
struct Place {
  const fs::path& path;
  std::size_t line;
};

[[noreturn]] void refuse(const Place& place, const std::string& why) {
  throw std::runtime_error(fmt::format("{}:{}: {}", place.path.string(), place.line, why));
}

int number(const Place& place, const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    refuse(place, "'" + text + "' is not a number");
  return value;
}

void read_header(Transcript& transcript, const Place& place, const std::string& line) {
  transcript.header.push_back(line);
  if (trim(line).empty() || line.front() == '#') return;
  const auto colon = line.find(':');
  if (colon == std::string::npos) refuse(place, "a header line is `key: value`; the header ends with `---`");
  const auto key = trim(line.substr(0, colon)), value = trim(line.substr(colon + 1));
  if (key == "stage")
    transcript.stage = value;
  else if (key == "needs")
    transcript.needs = split_words(value);
  else if (key == "minutes")
    transcript.minutes = number(place, value);
  else if (key == "seconds")
    transcript.seconds = number(place, value);
  else if (key == "terminal")
    transcript.terminal = value == "yes";
  else if (key == "setup")
    transcript.setup.push_back(value);
  else if (key == "cleanup")
    transcript.cleanup.push_back(value);
  else
    refuse(place,
           "unknown key '" + key + "'; known are stage, needs, minutes, seconds, terminal, setup, cleanup");
  for (const auto& need : transcript.needs)
    if (std::find(kNeeds.begin(), kNeeds.end(), need) == kNeeds.end())
      refuse(place, fmt::format("unknown need '{}'; known are {}", need, fmt::join(kNeeds, ", ")));
}

std::optional<TranscriptStep> typed_line(const std::string& line, std::size_t number_of_line) {
  for (const auto& prompt : kPrompts) {
    if (!starts_with(line, prompt.sign)) continue;
    TranscriptStep step;
    step.where = prompt.where;
    step.command = line.substr(prompt.sign.size());
    step.line = number_of_line;
    return step;
  }
  return std::nullopt;
}

/// Lines follow that belong to the command: it ends with a backslash, or its `<<'end'` is still open.
bool goes_on(const std::string& command) {
  if (!command.empty() && command.back() == '\\') return true;
  static const std::regex heredoc{R"((^|[^<])<<'?([A-Za-z]+))"};
  auto lines = split_lines(command);
  std::smatch found;
  if (lines.empty() || !std::regex_search(lines.front(), found, heredoc)) return false;
  return std::find(lines.begin() + 1, lines.end(), found[2].str()) == lines.end();
}

void read_body(Transcript& transcript, const Place& place, const std::string& line) {
  if (auto step = typed_line(line, place.line)) {
    if (step->where == Step::Where::box && transcript.steps.empty())
      refuse(place, "a box# line types into the command of a $ line above it, and there is none");
    transcript.steps.push_back(std::move(*step));
    return;
  }
  if (transcript.steps.empty()) refuse(place, "the first line after the header is a command: `$ …`");
  auto& step = transcript.steps.back();
  if (starts_with(line, "> ") && step.output.empty() && goes_on(step.command)) {
    step.command += "\n" + line.substr(2);
  } else if (starts_with(line, "? ")) {
    step.exit_code = number(place, trim(line.substr(2)));
    step.exit_stated = true;
  } else {
    step.output.push_back(line);
  }
}

}  // namespace

Transcript parse_transcript(const fs::path& path, const std::string& name, const std::string& text) {
  Transcript transcript;
  transcript.path = path;
  transcript.name = name;
  bool in_header = true;
  std::size_t line_number = 0;
  for (const auto& line : split_lines(text)) {
    const Place place{path, ++line_number};
    if (in_header && line == "---")
      in_header = false;
    else if (in_header)
      read_header(transcript, place, line);
    else
      read_body(transcript, place, line);
  }
  if (in_header) refuse({path, line_number}, "there is no `---` line to end the header");
  if (transcript.steps.empty()) refuse({path, line_number}, "there is no command in it");
  if (transcript.stage.empty()) refuse({path, 1}, "the header has no `stage:`");
  return transcript;
}

std::string print_transcript(const Transcript& transcript) {
  std::string text = join_lines(transcript.header) + "---\n";
  for (const auto& step : transcript.steps) {
    for (const auto& prompt : kPrompts)
      if (prompt.where == step.where)
        text += fmt::format("{}{}\n", prompt.sign, replace_all(step.command, "\n", "\n> "));
    text += join_lines(step.output);
    if (step.exit_stated || step.exit_code != 0) text += fmt::format("? {}\n", step.exit_code);
  }
  return text;
}

std::vector<Transcript> load_transcripts(const fs::path& chapters) {
  std::vector<Transcript> transcripts;
  for (const auto& chapter : fs::directory_iterator(chapters)) {
    if (!fs::is_directory(chapter.path() / "transcripts")) continue;
    for (const auto& file : fs::directory_iterator(chapter.path() / "transcripts")) {
      if (file.path().extension() != ".t") continue;
      const auto name = chapter.path().filename().string() + "/" + file.path().stem().string();
      transcripts.push_back(parse_transcript(file.path(), name, read_file(file.path())));
    }
  }
  std::sort(transcripts.begin(), transcripts.end(),
            [](const Transcript& a, const Transcript& b) { return a.name < b.name; });
  return transcripts;
}

int counted_transcripts(const fs::path& chapters) {
  const auto path = chapters / "transcripts.count";
  if (!fs::exists(path)) return -1;
  return number({path, 1}, trim(read_file(path)));
}

}  // namespace dockwright::workbook
