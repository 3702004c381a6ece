#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "book/workbook/job.hpp"

/// What the book prints of a terminal: a file that is executed and compared. The format:
///
///     stage: 02
///     needs: root
///     ---
///     $ stage02 run --rootfs rootfs -- ls /
///     bin
///     [..]
///     ? 0
namespace dockwright::workbook {

/// One typed line, what is expected below it, and where that stands in the file.
struct TranscriptStep {
  Step::Where where = Step::Where::shell;
  std::string command;
  std::vector<std::string> output;
  int exit_code = 0;
  bool exit_stated = false;  ///< the file has a `? N` line
  std::size_t line = 0;
};

struct Transcript {
  std::filesystem::path path;
  std::string name;  ///< "02-chroot/hello"
  std::string stage;
  int minutes = 0;
  std::vector<std::string> needs;
  std::vector<std::string> setup, cleanup;  ///< run, not shown
  bool terminal = false;
  int seconds = 10;
  std::vector<std::string> header;  ///< as it stands in the file, without the `---`
  std::vector<TranscriptStep> steps;
};

/// @throws std::runtime_error "FILE:LINE: …"
Transcript parse_transcript(const std::filesystem::path& path, const std::string& name,
                            const std::string& text);

/// The transcript as the text of a file.
std::string print_transcript(const Transcript& transcript);

/// All transcripts of the chapters below `root`, sorted by name.
std::vector<Transcript> load_transcripts(const std::filesystem::path& chapters);

/// How many transcripts the manifest (`chapters/transcripts.count`) says there are; -1 without one.
int counted_transcripts(const std::filesystem::path& chapters);

}  // namespace dockwright::workbook
