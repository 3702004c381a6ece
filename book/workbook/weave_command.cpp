// `workbook weave` and `workbook bind`: the two halves of making the book, before and after Doxygen.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "book/workbook/commands.hpp"
#include "book/workbook/weave.hpp"
#include "book/workbook/weave_bind.hpp"

namespace dockwright::workbook {

namespace {

// Runs `work`; an error goes to standard error, and the program ends with 1.
int report_errors(const std::function<void()>& work) try {
  work();
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}

struct WeaveOptions {
  std::vector<std::string> pages{};
  bool check = false;
};

void weave_pages(const WeaveOptions& options) {
  for (const auto& page : options.pages) {
    const auto woven = weave::weave_page(weave::find_root(std::filesystem::path{page}.parent_path()), page);
    if (!options.check) fmt::print("{}", woven);
  }
}

}  // namespace

void add_weave_command(CLI::App& app, int& status) {
  auto options = std::make_shared<WeaveOptions>();
  auto* weave = app.add_subcommand(
      "weave", "Print a page of the book with its directives replaced (Doxygen calls this)");
  weave->add_option("PAGE", options->pages, "The page, such as book/02-chroot.md")->required();
  weave->add_flag("--check", options->check, "Print nothing; only say what is wrong");
  weave->callback([options, &status] { status = report_errors([&] { weave_pages(*options); }); });

  auto folder = std::make_shared<std::string>();
  auto* bind =
      app.add_subcommand("bind", "Finish the pages that Doxygen wrote: sidebar, links, search index");
  bind->add_option("DIRECTORY", *folder, "Where the HTML is")->required();
  auto* root = bind->add_option("--project", "The project's top directory (default: the one we are in)");
  bind->callback([folder, root, &status] {
    status = report_errors([&] {
      weave::bind_book(weave::find_root(root->count() > 0 ? root->as<std::string>() : "."), *folder);
    });
  });
}

}  // namespace dockwright::workbook
