#include "book/workbook/variant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "book/workbook/workspace.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

/// build/recipes/02, written by CMake: "compile …", "link …", "objects …", "libraries …"; and for a program
/// beside the stage that has modules of its own, "program NAME …": what it is linked with.
struct Recipe {
  std::vector<std::string> compile, link, objects, libraries;
  std::map<std::string, std::vector<std::string>> programs;
};

Recipe read_recipe(const Project& project, const Chapter& chapter) {
  const auto path = project.build() / "recipes" / fmt::format("{:02}", chapter.number);
  if (!fs::exists(path))
    throw std::runtime_error(fmt::format("{} is not there: configure and build first", path.string()));
  Recipe recipe;
  for (const auto& line : split_lines(read_file(path))) {
    auto words = split_words(line);
    if (words.empty()) continue;
    const auto key = words.front();
    words.erase(words.begin());
    if (key == "program") {
      recipe.programs[words.front()].assign(words.begin() + 1, words.end());
      continue;
    }
    (key == "compile"   ? recipe.compile
     : key == "link"    ? recipe.link
     : key == "objects" ? recipe.objects
                        : recipe.libraries) = words;
  }
  return recipe;
}

/// The changed files where an include of "chapters/02-chroot/…" finds them first.
fs::path write_variant(const Chapter& chapter, const Variant& variant, const fs::path& directory) {
  const auto place = directory / "chapters" / chapter.name;
  fs::create_directories(place);
  for (const auto& [name, text] : variant.files) {
    fs::create_directories((place / name).parent_path());
    write_if_changed(place / name, text);
  }
  return place;
}

bool is_header(const std::string& name) { return fs::path{name}.extension() == ".hpp"; }

bool has_main(const std::string& text) {
  return starts_with(text, "int main(") || contains_text(text, "\nint main(");
}

/// The sources to compile: the changed ones, or, when a header changed, all of the program's.
std::vector<fs::path> sources_of(const Chapter& chapter, const Variant& variant, const fs::path& place) {
  const bool all = std::any_of(variant.files.begin(), variant.files.end(),
                               [](const auto& file) { return is_header(file.first); });
  std::vector<fs::path> sources;
  for (const auto& entry : fs::directory_iterator(chapter.directory)) {
    const auto name = entry.path().filename().string();
    const bool changed = variant.files.count(name) > 0;
    if (entry.path().extension() != ".cpp" || (!all && !changed)) continue;
    const bool other_program = has_main(read_file(entry.path())) &&
                               name != (variant.program.empty() ? "main" : variant.program) + ".cpp";
    if (!other_program) sources.push_back(changed ? place / name : entry.path());
  }
  for (const auto& [name, text] : variant.files)
    if (contains_text(name, "/") && !is_header(name)) sources.push_back(place / name);
  return sources;
}

}  // namespace

BuiltVariant build_variant(const Project& project, const Chapter& chapter, const Variant& variant,
                           const fs::path& directory) {
  const auto recipe = read_recipe(project, chapter);
  const auto place = write_variant(chapter, variant, directory);
  BuiltVariant built;
  std::vector<std::string> objects;
  std::vector<std::string> replaced;
  for (const auto& source : sources_of(chapter, variant, place)) {
    const auto object = (directory / (source.stem().string() + ".o")).string();
    auto command = recipe.compile;
    command.insert(command.end(), {"-I", directory.string(), "-I", project.root().string(), "-c",
                                   source.string(), "-o", object});
    const auto compiled = run_program(command);
    if (compiled.exit_code != 0) return {.path = {}, .messages = compiled.out};
    objects.push_back(object);
    replaced.push_back("/" + source.filename().string() + ".o");
  }
  if (variant.program.empty())
    for (const auto& object : recipe.objects)
      if (std::none_of(replaced.begin(), replaced.end(),
                       [&](const auto& end) { return object.ends_with(end); }))
        objects.push_back(object);
  built.path = directory / (variant.program.empty() ? "my-" + chapter.stage() : "my-" + variant.program);
  const auto own = recipe.programs.find(variant.program);
  auto command = own == recipe.programs.end() ? recipe.link : std::vector{recipe.link.front()};
  command.insert(command.end(), objects.begin(), objects.end());
  const auto& libraries = own == recipe.programs.end() ? recipe.libraries : own->second;
  command.insert(command.end(), libraries.begin(), libraries.end());
  command.insert(command.end(), {"-o", built.path.string()});
  // The stage hands over to programs that stand beside it.
  for (const auto& [name, needed] : recipe.programs)
    if (std::error_code ignored; !fs::exists(directory / name))
      fs::create_symlink(project.bin() / name, directory / name, ignored);
  const auto linked = run_program(command);
  if (linked.exit_code != 0) return {.path = {}, .messages = linked.out};
  return built;
}

Variant starter_variant(const Chapter& chapter, const Exercise& exercise) {
  const auto source = chapter.directory / exercise.file;
  return {.files = {{exercise.file, starter_of(read_file(source), {exercise.cut()}, source.string())}},
          .program = exercise.program};
}

Variant whole_starter(const Chapter& chapter, const ExerciseSheet& sheet) {
  const auto files = starter_files(chapter, sheet);
  Variant variant;
  for (const auto& exercise : sheet.exercises)
    if (exercise.program.empty()) variant.files[exercise.file] = files.at(exercise.file);
  return variant;
}

Variant wrong_variant(const Chapter& chapter, const Exercise& exercise, const std::string& code) {
  const auto source = chapter.directory / exercise.file;
  return {.files = {{exercise.file, with_region(read_file(source), exercise.id, code, source.string())}},
          .program = exercise.program};
}

}  // namespace dockwright::workbook
