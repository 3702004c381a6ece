// `workbook teach`: for an instructor with a room.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>

#include "book/workbook/commands.hpp"
#include "book/workbook/exercise.hpp"
#include "book/workbook/paper.hpp"
#include "book/workbook/schedule.hpp"
#include "book/workbook/slides.hpp"
#include "book/workbook/text.hpp"
#include "common/causes.hpp"

namespace dockwright::workbook {

namespace {

struct Length {
  const char* name;
  int minutes;
};

constexpr Length kLengths[] = {{"90-minutes", 90}, {"half-day", 210}, {"day", 390}, {"two-days", 780}};

std::vector<Lesson> lessons_of(const Project& project) {
  std::vector<Lesson> lessons;
  for (const auto& chapter : project.chapters()) {
    if (!has_exercises(chapter)) continue;
    const auto sheet = load_exercises(chapter);
    Lesson lesson{.chapter = sheet.chapter,
                  .title = sheet.title,
                  .minutes = sheet.minutes,
                  .needs = sheet.needs,
                  .exercises = {}};
    for (const auto& exercise : sheet.exercises)
      lesson.exercises.push_back(exercise.id + " " + exercise.title);
    lessons.push_back(std::move(lesson));
  }
  if (lessons.empty()) throw std::runtime_error("no chapter has exercises yet: there is nothing to teach");
  return lessons;
}

std::string what(const Slot& slot) {
  switch (slot.depth) {
    case Depth::full:
      return "explain, and all exercises";
    case Depth::core:
      return "explain, and exercise " +
             (slot.lesson.exercises.empty() ? std::string{"none"} : slot.lesson.exercises.front());
    case Depth::shown:
      return "show it; exercises for home";
    case Depth::left:
      break;
  }
  return "for home";
}

void print_schedule(const Paper& paper, const std::vector<Lesson>& lessons, const Length& length) {
  fmt::print("{}\n", paper.bold(fmt::format("{} ({} minutes)", length.name, length.minutes)));
  for (const auto& slot : plan(lessons, length.minutes)) {
    if (slot.depth == Depth::left) {
      fmt::print("   cut   chapter {} {}\n", slot.lesson.chapter, slot.lesson.title);
      continue;
    }
    fmt::print("  {:2}:{:02}  {:3} min  chapter {} {}: {}\n", slot.start / 60, slot.start % 60, slot.minutes,
               slot.lesson.chapter, slot.lesson.title, what(slot));
    if (slot.pause > 0) fmt::print("         {:3} min  break\n", slot.pause);
  }
  fmt::print("\n");
}

int schedule(const std::string& only) {
  const auto lessons = lessons_of(Project::find());
  const auto paper = Paper::of_stdout();
  for (const auto& length : kLengths)
    if (only.empty() || only == length.name) print_schedule(paper, lessons, length);
  fmt::print("If time runs short, leave out in this order:\n");
  for (auto lesson = lessons.rbegin(); lesson != lessons.rend(); ++lesson)
    for (std::size_t at = lesson->exercises.size(); at-- > 1;)
      fmt::print("  exercise {}\n", lesson->exercises[at]);
  return 0;
}

int checklist() {
  const auto lessons = lessons_of(Project::find());
  std::set<std::string> needs;
  for (const auto& lesson : lessons) needs.insert(lesson.needs.begin(), lesson.needs.end());
  const auto needed = fmt::format("{}", fmt::join(needs, ", "));
  fmt::print(
      "The week before\n"
      "  [ ] every participant has a machine of their own with Debian 12 or newer, or a virtual machine\n"
      "  [ ] on each: chapters/tour --yes runs to its end (it downloads packages: do it where the network "
      "is)\n"
      "  [ ] on each: workbook doctor says that everything needed is there\n"
      "  [ ] the chapters need: {}\n"
      "  [ ] you have run workbook transcripts on the room's kind of machine\n"
      "The day itself\n"
      "  [ ] cmake --build --preset book: the book works without a network; so do slides (workbook teach "
      "slides N)\n"
      "  [ ] two terminals side by side on the projector, the font large\n"
      "  [ ] workbook check works for you; workbook reset has put your own copies back\n"
      "  [ ] workbook teach wrong is printed and at hand\n",
      needed.empty() ? "nothing special" : needed);
  return 0;
}

int wrong() {
  const auto project = Project::find();
  const auto paper = Paper::of_stdout();
  fmt::print("What can go wrong, by chapter, and what to say\n\n");
  for (const auto& chapter : project.chapters()) {
    bool first = true;
    for (const auto& row : causes()) {
      if (row.chapter != chapter.number) continue;
      if (std::exchange(first, false))
        fmt::print("{}\n", paper.bold(fmt::format("Chapter {}", chapter.number)));
      fmt::print("  {}\n{}{}", row.call, paper.paragraph("because " + std::string{row.cause}, "    "),
                 paper.paragraph("do: " + std::string{row.cure}, "    "));
    }
  }
  return 0;
}

int slides(int number, std::string output) {
  const auto project = Project::find();
  for (const auto& entry : std::filesystem::directory_iterator(project.root() / "book")) {
    const auto name = entry.path().filename().string();
    if (!starts_with(name, fmt::format("{:02}-", number)) || entry.path().extension() != ".md") continue;
    if (output.empty()) output = entry.path().stem().string() + "-slides.html";
    write_file(std::filesystem::absolute(output), make_slides(project.root(), read_file(entry.path())));
    fmt::print("{}: open it in a browser; arrow keys move, N shows the speaker's notes.\n", output);
    return 0;
  }
  throw std::runtime_error(fmt::format("chapter {} has no page in book/ yet", number));
}

}  // namespace

void add_teach_command(CLI::App& app, int& status) {
  auto length = std::make_shared<std::string>();
  auto output = std::make_shared<std::string>();
  auto number = std::make_shared<int>(0);
  auto* command =
      app.add_subcommand("teach", "For instructors: schedule, checklist, what can go wrong, slides");
  command->require_subcommand(0, 1);
  command->add_option("--length", *length, "Only this schedule")
      ->check(CLI::IsMember({"90-minutes", "half-day", "day", "two-days"}));
  command->add_subcommand("checklist", "What to prepare")->callback([&status] { status = checklist(); });
  command->add_subcommand("wrong", "What can go wrong, and what to say")->callback([&status] {
    status = wrong();
  });
  auto* slides_command =
      command->add_subcommand("slides", "A chapter's slides as one HTML file, with speaker notes");
  slides_command->add_option("N", *number, "The chapter's number")->required();
  slides_command->add_option("-o,--output", *output, "The file; else 02-chroot-slides.html here");
  slides_command->callback([number, output, &status] { status = slides(*number, *output); });
  command->callback([command, length, &status] {
    if (command->get_subcommands().empty()) status = schedule(*length);
  });
}

}  // namespace dockwright::workbook
