#pragma once
// What a Dockerfile says, as it was read: a list of instructions, each
// with where it stands and how it was written. Nothing is expanded and
// nothing is done yet; this is the form that the checks, the printed
// tree and the builder all begin with.
//
//     RUN --mount=type=cache,target=/c <<END sh -e
//     |   |                            |     |
//     |   flags                        rest (flags are not in it)
//     keyword       heredocs: END, and the lines down to END

#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

enum class Keyword {
  add,
  arg,
  cmd,
  copy,
  entrypoint,
  env,
  expose,
  from,
  healthcheck,
  label,
  maintainer,
  onbuild,
  run,
  shell,
  stopsignal,
  user,
  volume,
  workdir
};

/// Lines of the file, counted from 1, both ends among them.
struct Lines {
  int first = 0;
  int last = 0;
  bool operator==(const Lines&) const = default;
};

/// `--link` or `--chown=1:2`.
struct Flag {
  std::string name{};  ///< Without the dashes.
  std::string value{};
  bool given_value = false;  ///< There was an equals sign.
  bool operator==(const Flag&) const = default;
};

/// `A=1` of ENV, LABEL or ARG; quotes and escapes are still in it.
struct Pair {
  std::string name{};
  std::string value{};
  bool given_value = true;  ///< Only ARG's may be absent.
  bool operator==(const Pair&) const = default;
};

/// `<<END`, and the lines up to the one that is END.
struct Heredoc {
  std::string name{};
  bool expand = true;       ///< The name was not in quotes.
  bool strip_tabs = false;  ///< `<<-`: no tabs before a line …
  std::string body{};       ///< … and here they are already gone.
  bool operator==(const Heredoc&) const = default;
};

struct Instruction {
  Keyword keyword = Keyword::run;
  /// The keyword as it was written, such as `run`.
  std::string written{};
  /// The whole text, continuations joined, heredocs not in it.
  std::string original{};
  Lines lines{};
  std::vector<Flag> flags{};
  /// The arguments were a JSON list.
  bool json = false;
  /// The items of that list. Or else: of ADD, COPY, EXPOSE, FROM and
  /// VOLUME the words between blanks; of RUN, CMD, ENTRYPOINT, SHELL,
  /// MAINTAINER, STOPSIGNAL, USER and WORKDIR one word, the `rest`. Of
  /// HEALTHCHECK the first is CMD or NONE, and what follows is one of
  /// these two. Quotes are kept, for `expand` to take away.
  std::vector<std::string> words{};
  /// The text behind the flags. Of ONBUILD, it is the trigger, with
  /// its heredocs: what an image keeps.
  std::string rest{};
  std::vector<Pair> pairs{};  ///< Of ARG, ENV and LABEL.
  bool old_form = false;      ///< `ENV A b c`, without equals signs.
  std::vector<Heredoc> heredocs{};
  /// The comments that stand right above.
  std::vector<std::string> comments{};
  bool empty_continuation = false;  ///< A blank line was in it.
  bool operator==(const Instruction&) const = default;
};

/// The lines at the very top that are comments to others:
/// `# syntax=docker/dockerfile:1`.
struct Directives {
  std::string syntax{};
  std::string check{};
  char escape = '\\';
  bool operator==(const Directives&) const = default;
};

struct Dockerfile {
  std::string name{};                ///< As messages call it.
  std::vector<std::string> lines{};  ///< Without their newlines.
  Directives directives{};
  std::vector<Instruction> instructions{};
};

/// Reads a whole file. What it gives back is well-formed: every
/// instruction and flag is known and has as many arguments as it must.
/// @throws DockerfileError
[[nodiscard]] Dockerfile parse_dockerfile(std::string_view text,
                                          const std::string& name);

/// One instruction alone, such as an image's ONBUILD trigger.
/// @throws DockerfileError
[[nodiscard]] Instruction parse_instruction(std::string_view text,
                                            const std::string& name,
                                            char escape = '\\');

}  // namespace dockwright
