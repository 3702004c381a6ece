#include "book/workbook/own_name.hpp"

#include <cstdlib>

#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

constexpr const char* kVariable = "WORKBOOK_NAME";  // The environment: checks that we start speak as we do.

}  // namespace

void set_own_name(std::string_view name) { ::setenv(kVariable, std::string{name}.c_str(), 1); }

std::string as_typed(std::string_view text) {
  const char* name = std::getenv(kVariable);
  if (name == nullptr || *name == '\0') return std::string{text};
  const std::string command = std::string{name} + " ";
  if (starts_with(text, "workbook ")) return command + std::string{text.substr(9)};
  return replace_all(std::string{text}, "`workbook ", "`" + command);
}

}  // namespace dockwright::workbook
