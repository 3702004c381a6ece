#pragma once
// The command line that all stages share: `stageNN run [OPTIONS] COMMAND [ARG…]`, Docker's options under
// Docker's names. Each chapter declares its own options; an option that a stage does not know yet says in
// which chapter it arrives.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "common/spec.hpp"

namespace CLI {
class App;
}

namespace dockwright::cli {

/// Declares the options of one chapter. `names` are spelled as `-e,--env`; `meta` is what the help calls the
/// value.
class Options {
 public:
  Options(CLI::App& app, int chapter);
  /// The same command's options, for what another chapter adds.
  [[nodiscard]] Options since(int chapter) const { return {app_, chapter}; }
  /// An option with one value.
  void value(const char* names, std::string& target, const char* meta, const char* help);
  /// An option that may be given several times; `use` is called with each value, in order, and may throw
  /// Failure.
  void each(const char* names, std::function<void(const std::string&)> use, const char* meta,
            const char* help);
  /// A switch that may be given a word: `--pull` gives `use` "true", `--pull=always` the word.
  void word_or_none(const char* names, std::function<void(const std::string&)> use, const char* meta,
                    const char* help);
  /// A switch: sets `target` to `to`; `--name=false` to the opposite.
  void flag(const char* names, bool& target, bool to, const char* help);
  /// Words without a name before them, as many as there are.
  void words(std::vector<std::string>& target, const char* meta, const char* help);

 private:
  CLI::App& app_;
  std::string group_;
};

/// The options that a chapter adds to `run`.
struct ChapterOptions {
  int chapter = 0;
  void (*declare)(Options& options, Spec& spec) = nullptr;
};

/// A command beside `run`, such as `stats` or, in a group, `image prune`. `declare` adds its options and
/// gives back what it does with them. With `hand_over` the words are another program's affair, the command's
/// name among them.
struct Command {
  const char* name = "";
  const char* about = "";
  int chapter = 0;
  std::function<int()> (*declare)(Options& options) = nullptr;
  int (*hand_over)(std::span<const std::string> words) = nullptr;
};

/// The environment variable that says where images and containers are kept; `--root DIR` before a command
/// sets it.
constexpr const char* kRootVariable = "DOCKWRIGHT_ROOT";

/// A stage: its number, its options, its spine, and its commands beside `run`.
struct Stage {
  int number = 0;
  std::vector<ChapterOptions> options{};
  int (*run)(const Spec& spec) = nullptr;
  std::vector<Command> commands{};
};

/// The whole program of a stage: reads the command line, runs the spine, tells errors, and answers Docker's
/// exit code.
int main(const Stage& stage, int argc, char** argv);

/// An option or command of `docker` that arrives in a later chapter.
struct Later {
  std::string_view name;
  int chapter;
};

/// Where every option of `docker run` and every command of `docker` that the workbook builds arrives.
[[nodiscard]] std::span<const Later> later_options() noexcept;
[[nodiscard]] std::span<const Later> later_commands() noexcept;

/// What to say of an option that stage `stage` does not have: "arrives in chapter 5", or the nearest one it
/// has.
[[nodiscard]] std::string unknown_option(int stage, std::string_view option,
                                         std::span<const std::string> known);

}  // namespace dockwright::cli
