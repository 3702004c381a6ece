#pragma once

#include <string>
#include <vector>

/// What stands behind `--` on our command line is a command for somebody else, and reaches it to the letter.
/// CLI11 would read `[stage05]` as a list of one, and an option of that command as ours; so it never sees it.
namespace dockwright::workbook {

/// Takes the words behind the first `--` away, it as well; gives back how many words are left. @param argc as
/// in main
int take_command_words(int argc, char** argv);

/// Those words; empty when there was no `--`.
const std::vector<std::string>& command_words() noexcept;

}  // namespace dockwright::workbook
