#pragma once
// What a terminal shows, a shell script and a difference, as coloured HTML. Doxygen 1.9.4 colours none of the
// three, so the filter does it; the page then needs no script.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright::weave {

/// A terminal session: `$ command` lines (also `host$`, `box#` and `>`) and output. `[..]`, `[PID]` and the
/// like, which stand for what differs from run to run, are set apart; `? 137` becomes a remark on the exit
/// code.
std::string console_html(const std::vector<std::string>& lines);

/// Shell commands, with comments and strings set apart.
std::string shell_html(const std::vector<std::string>& lines);

/// A unified difference.
std::string diff_html(const std::vector<std::string>& lines);

/// The HTML of a fenced block of `language`, or nothing when Doxygen shall show it.
std::string fence_html(std::string_view language, const std::vector<std::string>& lines);

/// The body of a transcript: what stands below the `---` that ends its header. @throws std::runtime_error
std::vector<std::string> transcript_body(const std::filesystem::path& file);

/// The file `chapters/02-chroot/transcripts/hello.t` of the name `02-chroot/hello`. The message of the error
/// lists those that there are. @throws std::runtime_error
std::filesystem::path transcript_file(const std::filesystem::path& root, std::string_view name);

}  // namespace dockwright::weave
