#include "book/workbook/weave_exercises.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "book/workbook/weave_console.hpp"
#include "book/workbook/weave_diff.hpp"
#include "book/workbook/weave_text.hpp"

namespace dockwright::weave {

namespace fs = std::filesystem;

namespace {

std::string text_of(const YAML::Node& node, const char* key) {
  return node[key] ? node[key].as<std::string>() : std::string{};
}

std::vector<std::string> list_of(const YAML::Node& node, const char* key) {
  return node[key] ? node[key].as<std::vector<std::string>>() : std::vector<std::string>{};
}

std::string needed(const YAML::Node& node, const char* key) {
  auto text = text_of(node, key);
  if (text.empty()) throw std::runtime_error{fmt::format("'{}' is missing or empty", key)};
  return text;
}

PageExercise read_exercise(const YAML::Node& node) {
  PageExercise exercise{.id = needed(node, "id"),
                        .title = needed(node, "title"),
                        .file = node["file"] ? text_of(node, "file") : "run.cpp",
                        .task = needed(node, "task"),
                        .needs = list_of(node, "needs"),
                        .hints = list_of(node, "hints"),
                        .learnt = text_of(node, "learnt")};
  const auto program = "my-" + text_of(node, "program");
  for (const auto& check : node["checks"])
    exercise.commands.push_back(replace_all(needed(check, "run"), "$PROGRAM", program));
  return exercise;
}

// `chapters/02-chroot/exercises.yaml` → what the reader types: the stage of her own, and a rootfs beside it.
std::string readers_command(std::string command, int chapter) {
  for (const auto* name : {"$RUNTIME", "${RUNTIME}"})
    command = replace_all(command, name, fmt::format("my-stage{:02}", chapter));
  for (const auto* name : {"$ROOTFS", "${ROOTFS}"}) command = replace_all(command, name, "rootfs");
  for (const auto* name : {"$WORK", "${WORK}"}) command = replace_all(command, name, ".");
  return std::string{trim(command)};
}

// Each hint stands inside the one before it, so that they open one after another, with the keyboard and
// without a script.
std::string hint_boxes(const std::vector<std::string>& hints) {
  std::string page;
  for (std::size_t i = 0; i < hints.size(); ++i)
    page += html_block(fmt::format("<details class=\"hint\"><summary>Hint {} of {}</summary>", i + 1,
                                   hints.size())) +
            "\n" + std::string{trim(hints[i])} + "\n\n";
  std::string close;
  for (std::size_t i = 0; i < hints.size(); ++i) close += "</details>";
  return hints.empty() ? page : page + html_block(close) + "\n";
}

std::string exercise_section(const PageExercise& exercise, const PageExercises& chapter,
                             const std::string& directory) {
  const auto number = exercise.id.substr(exercise.id.find('.') + 1);
  auto page = fmt::format("### Exercise {}: {} {{#ch{:02}-ex{}}}\n\n", exercise.id, exercise.title,
                          chapter.chapter, number);
  page += html_block("<div class=\"box exercise\"><p class=\"box-title\">Exercise</p>") + "\n";
  page += std::string{trim(exercise.task)} + "\n\n";
  page += fmt::format(
      "Your place: the lines marked `TODO({})` in `my/{}/{}`.{}\n\n", exercise.id, directory, exercise.file,
      exercise.needs.empty() ? "" : fmt::format(" Needs {}.", fmt::join(exercise.needs, ", ")));
  std::vector<std::string> lines;
  for (const auto& command : exercise.commands)
    for (const auto* prompt = "$ "; const auto& line : split_lines(readers_command(command, chapter.chapter)))
      lines.push_back(std::exchange(prompt, "> ") + line);
  if (!exercise.commands.empty()) page += "What is checked:\n\n" + html_block(console_html(lines)) + "\n";
  page += html_block(console_html({fmt::format("$ workbook check {}", exercise.id)})) + "\n";
  page += hint_boxes(exercise.hints);
  if (!exercise.learnt.empty())
    page += html_block("<details class=\"learnt\"><summary>Solved? What you have just learnt</summary>") +
            "\n" + exercise.learnt + "\n\n" + html_block("</details>") + "\n";
  return page + html_block("</div>") + "\n";
}

std::string row(std::string_view name, std::string_view value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
}

}  // namespace

PageExercises load_exercises(const fs::path& root, int chapter) {
  const auto file = chapter_directory(root, chapter) / "exercises.yaml";
  try {
    const auto yaml = YAML::Load(read_file(file));
    PageExercises head{.chapter = chapter,
                       .title = needed(yaml, "title"),
                       .minutes = yaml["minutes"].as<int>(),
                       .needs = list_of(yaml, "needs"),
                       .man = list_of(yaml, "man"),
                       .able = list_of(yaml, "able")};
    for (const auto& node : yaml["exercises"]) head.exercises.push_back(read_exercise(node));
    return head;
  } catch (const std::exception& error) {
    throw std::runtime_error{fmt::format("{}: {}", fs::relative(file, root).string(), error.what())};
  }
}

std::size_t code_lines(const fs::path& directory) {
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator{directory}) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    const auto lines = split_lines(read_file(entry.path()));
    count += static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [](const auto& line) {
      return !trim(line).empty() && !trim(line).starts_with("//");
    }));
  }
  return count;
}

std::string glance_box(const fs::path& root, int chapter) {
  const auto head = load_exercises(root, chapter);
  const auto directory = chapter_directory(root, chapter);
  if (head.able.empty())
    throw std::runtime_error{
        fmt::format("chapters/{}/exercises.yaml does not say what the reader will be 'able' to do",
                    directory.filename().string())};
  std::string html = "<dl class=\"glance\">\n";
  html += "<div class=\"able\"><dt>Afterwards you can</dt><dd><ul>\n";
  for (const auto& able : head.able) html += fmt::format("<li>{}</li>\n", inline_html(trim(able)));
  html += "</ul></dd></div>\n";
  if (const auto lines = code_lines(directory); lines > 0) {
    std::string value =
        fmt::format("{} lines in <code>chapters/{}</code>", lines, directory.filename().string());
    for (const auto* name : {"run.cpp", "build.cpp"})
      if (fs::exists(directory / name))
        value +=
            fmt::format("; the spine has {}", spine_lines(split_lines(read_file(directory / name))).size());
    html += row("New code", value);
  }
  html += row("Time", fmt::format("{} minutes", head.minutes));
  html += row("Needs", head.needs.empty() ? "nothing special"
                                          : escape_html(fmt::format("{}", fmt::join(head.needs, ", "))));
  std::vector<std::string> pages;
  for (const auto& page : head.man) pages.push_back(man_link(page));
  if (!pages.empty()) html += row("Manual", fmt::format("{}", fmt::join(pages, ", ")));
  if (!head.exercises.empty()) html += row("Exercises", fmt::format("{}", head.exercises.size()));
  return html_block(html + "</dl>");
}

std::string exercise_list(const fs::path& root, int chapter) {
  const auto head = load_exercises(root, chapter);
  if (head.exercises.empty()) throw std::runtime_error{fmt::format("chapter {} has no exercises", chapter)};
  const auto directory = chapter_directory(root, chapter).filename().string();
  auto page = fmt::format("Your copy is made by `workbook start {}`; it is yours to break.\n\n", chapter);
  for (const auto& exercise : head.exercises) page += exercise_section(exercise, head, directory);
  return page;
}

}  // namespace dockwright::weave
