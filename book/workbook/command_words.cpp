#include "book/workbook/command_words.hpp"

#include <string_view>

namespace dockwright::workbook {

namespace {

std::vector<std::string>& words() noexcept {
  static std::vector<std::string> taken;
  return taken;
}

}  // namespace

int take_command_words(int argc, char** argv) {
  for (int at = 1; at < argc; ++at)
    if (std::string_view{argv[at]} == "--") {
      words().assign(argv + at + 1, argv + argc);
      return at;
    }
  return argc;
}

const std::vector<std::string>& command_words() noexcept { return words(); }

}  // namespace dockwright::workbook
