// `workbook` without a command: where am I, and what do I type next?
#include <fmt/format.h>

#include "book/workbook/agenda.hpp"
#include "book/workbook/commands.hpp"
#include "book/workbook/own_name.hpp"
#include "book/workbook/paper.hpp"

namespace dockwright::workbook {

int show_where_am_i() {
  const auto project = Project::find();
  const auto paper = Paper::of_stdout();
  const auto agenda = agenda_of(project, Progress::load(project.my()));
  fmt::print("{}\nType:  {}\n", paper.paragraph(agenda.where), paper.bold(as_typed(agenda.command)));
  return 0;
}

}  // namespace dockwright::workbook
