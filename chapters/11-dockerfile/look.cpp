#include "chapters/11-dockerfile/look.hpp"

#include <unistd.h>

#include "chapters/09-images/print.hpp"
#include "chapters/11-dockerfile/checks/checks.hpp"
#include "chapters/11-dockerfile/syntax/print_ast.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// The variables that an image of the store sets.
std::optional<std::set<std::string>> variables_of(
    const Store& store, const std::string& name) {
  const auto found = store.find(name);
  if (!found) return std::nullopt;
  try {
    const Image image = load_image(store, found->descriptor,
                                   Platform::of_this_machine());
    std::set<std::string> names;
    for (const std::string& entry : image.config.config.env)
      names.insert(entry.substr(0, entry.find('=')));
    return names;
  } catch (const Failure&) {
    return std::nullopt;  // of another platform, or damaged
  }
}

}  // namespace

std::vector<Finding> mistakes_in(const Dockerfile& file,
                                 const BuildSpec& spec,
                                 const Store& store,
                                 const Ignored& ignored) {
  CheckSurroundings surroundings{.variables_of =
                                     [&](const std::string& image) {
                                       return variables_of(store,
                                                           image);
                                     },
                                 .ignored = ignored};
  for (const auto& [name, value] : spec.build_args)
    if (value) surroundings.arguments[name] = *value;
  return find_mistakes(file, surroundings);
}

std::optional<int> only_look(const Dockerfile& file,
                             const BuildSpec& spec,
                             const std::vector<Finding>& mistakes) {
  if (spec.print == "ast") {
    print(show_tree(file));
    return 0;
  }
  if (spec.print == "ast=json") {
    print(tree_json(file));
    return 0;
  }
  if (spec.check) {
    print(show_findings(file, mistakes));
    return mistakes.empty() ? 0 : 1;
  }
  fail_on_findings(file, mistakes);
  return std::nullopt;
}

void remind_of(const std::vector<Finding>& mistakes) {
  const std::string text = summarize_findings(mistakes);
  if (!text.empty())
    ignore(::write(STDERR_FILENO, text.data(), text.size()),
           "it is a remark");
}

}  // namespace dockwright
