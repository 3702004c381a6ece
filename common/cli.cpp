#include "common/cli.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "common/check.hpp"
#include "common/errors.hpp"
#include "common/explain.hpp"
#include "common/nearest.hpp"
#include "common/sys.hpp"
#include "common/syscalls.hpp"
#include "common/terminal.hpp"

namespace dockwright::cli {

Options::Options(CLI::App& app, int chapter)
    : app_{app}, group_{fmt::format("Since chapter {} ({})", chapter, dockwright::chapter(chapter).title)} {}

void Options::value(const char* names, std::string& target, const char* meta, const char* help) {
  app_.add_option(names, target, help)->type_name(meta)->group(group_);
}

void Options::each(const char* names, std::function<void(const std::string&)> use, const char* meta,
                   const char* help) {
  app_.add_option(
          names,
          [use = std::move(use)](const std::vector<std::string>& values) {
            for (const std::string& value : values) use(value);
            return true;
          },
          help)
      ->type_name(meta)
      ->group(*meta == '\0' ? "" : group_)  // without it is only refused, and not spoken of
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

void Options::flag(const char* names, bool& target, bool to, const char* help) {
  app_.add_flag_function(
          names, [&target, to](std::int64_t given) { target = given > 0 ? to : !to; }, help)
      ->group(group_);
}

void Options::word_or_none(const char* names, std::function<void(const std::string&)> use, const char* meta,
                           const char* help) {
  app_.add_option(
          names,
          [use = std::move(use)](const std::vector<std::string>& values) {
            for (const std::string& value : values) use(value);
            return true;
          },
          help)
      ->type_name(meta)
      ->group(*meta == '\0' ? "" : group_)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->expected(0);
}

void Options::words(std::vector<std::string>& target, const char* meta, const char* help) {
  CLI::Option* const words = app_.add_option("words", target, help)
                                 ->type_name(meta)
                                 ->expected(0, CLI::detail::expected_max_vector_size);
  if (*meta == '\0') words->group("");  // they are refused, and not spoken of
}

namespace {

/// A caller may have closed 0, 1 or 2: the next file opened would take such a number, and be taken for the
/// terminal.
void fill_standard_descriptors() {
  for (int fd = 0; fd <= 2; ++fd)
    if (::fcntl(fd, F_GETFD) == -1)
      // NOLINTNEXTLINE(android-cloexec-open): the container's program needs all three
      ignore(::open("/dev/null", O_RDWR), "takes the lowest free number, which is fd");
}

void print(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto written = retry([&] { return ::write(fd, text.data(), text.size()); });
    if (written <= 0) return;  // nobody reads: there is nobody to tell
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// `error` under the program's name, every line after the first indented; on a terminal, as wide as that is.
void print_error(std::string_view program, std::string_view text) {
  const std::string told = terminal::without_controls(fmt::format("{}: {}", program, text));
  print(STDERR_FILENO,
        ::isatty(STDERR_FILENO) == 1 ? fit(told, terminal::width(STDERR_FILENO)) + '\n' : told + '\n');
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::string examples(const Stage& stage, std::string_view program) {
  const std::string_view rootfs = stage.number >= 2 ? "--rootfs build/rootfs " : "";
  return fmt::format(
      "Examples:\n"
      "  {0} run {1}-- sh -c 'echo hello; exit 7'\n"
      "  {0} run --explain {1}-- true\n\n"
      "Exit code: the command's own; 128 + N when signal N ended it; 125 when {0} itself failed,\n"
      "126 when the command cannot be executed, 127 when it is not there.",
      program, rootfs);
}

/// From which stage on a container is started from an image, and not only from a directory.
constexpr int kFirstWithImages = 9;

std::string_view usage_of_run(int stage) {
  if (stage >= kFirstWithImages) return "(IMAGE | --rootfs DIR) [--] [COMMAND] [ARG...]";
  return stage >= 2 ? "--rootfs DIR [--] COMMAND [ARG...]" : "[--] COMMAND [ARG...]";
}

/// The help of `run`, with the line of usage that CLI11 cannot guess: the command and its arguments come
/// last.
class RunHelp : public CLI::Formatter {
 public:
  RunHelp(int stage, const std::string& program)
      : usage_{fmt::format("Usage: {} run [OPTIONS] {}\n", program, usage_of_run(stage))} {
    column_width(34);
  }
  std::string make_usage(const CLI::App* /*app*/, std::string /*name*/) const override { return usage_; }

 private:
  std::string usage_;
};

/// The help of another command. What its words are called is written as it is: CLI11's names of such words
/// may have no blank and no colon.
class CommandHelp : public CLI::Formatter {
 public:
  std::string make_option_name(const CLI::Option* option, bool is_word) const override {
    return is_word ? option->get_type_name() : CLI::Formatter::make_option_name(option, is_word);
  }
  std::string make_option_usage(const CLI::Option* option) const override { return option->get_type_name(); }
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_positional() ? std::string{} : CLI::Formatter::make_option_opts(option);
  }
};

/// How many of `words` an option takes that stands first among them: itself, and its value if that is a word
/// of its own.
/// @throws Failure when `run` has no such option
std::size_t option_length(const CLI::App& run, int stage, std::span<const std::string> words) {
  const std::string& word = words.front();
  const auto takes_value = [&](const std::string& name) {
    const CLI::Option* const option = run.get_option_no_throw(name);
    if (option == nullptr) throw Failure{unknown_option(stage, name, option_names(run))};
    return option->get_items_expected_max() > 0;
  };
  if (word.starts_with("--")) {
    const std::size_t equals = word.find('=');
    return takes_value(word.substr(0, equals)) && equals == std::string::npos ? 2 : 1;
  }
  for (std::size_t i = 1; i < word.size(); ++i)  // -it is -i -t, and -eA=b is -e A=b
    if (takes_value({'-', word[i]})) return i + 1 == word.size() ? 2 : 1;
  return 1;
}

/// The command line of `run` in two: our options, and from the first word that is none, the command. CLI11
/// knows no such border, and an option of the command must never be taken for one of ours.
struct Words {
  std::vector<std::string> options{};
  std::vector<std::string> command{};
};

Words split(const CLI::App& run, int stage, std::span<const std::string> words) {
  Words result;
  while (!words.empty()) {
    const std::string& word = words.front();
    if (word == "--" || word.size() < 2 || word.front() != '-') break;
    const std::size_t length = std::min(option_length(run, stage, words), words.size());
    result.options.insert(result.options.end(), words.begin(),
                          words.begin() + static_cast<std::ptrdiff_t>(length));
    words = words.subspan(length);
  }
  if (!words.empty() && words.front() == "--") words = words.subspan(1);
  result.command.assign(words.begin(), words.end());
  return result;
}

/// "`run`, `stats`", as a sentence names them.
std::string command_names(const Stage& stage) {
  std::string names = "`run`";
  for (const Command& command : stage.commands) names += fmt::format(", `{}`", command.name);
  return names;
}

std::string unknown_command(const Stage& stage, std::span<const std::string> words) {
  const std::string& word = words.front();
  std::string in_group;
  for (const Command& command : stage.commands)
    if (std::string_view{command.name}.starts_with(word + ' '))
      in_group += fmt::format(", `{}`", command.name);
  if (!in_group.empty()) return fmt::format("{} is followed by another word: {}", word, in_group.substr(2));
  for (const Later& later : later_commands())
    if (later.name == word && later.chapter > stage.number)
      return fmt::format("{} arrives in chapter {} ({})", word, later.chapter, chapter(later.chapter).title);
  std::vector<std::string> known{"run"};
  for (const Command& command : stage.commands) {
    const std::string_view name = command.name;
    known.emplace_back(name.substr(0, name.find(' ')));
  }
  if (const std::string near = did_you_mean(word, known); !near.empty())
    return fmt::format("unknown command: {}{}", word, near);
  return fmt::format("unknown command: {}; this stage has {} (see --help)", word, command_names(stage));
}

/// Prints what CLI11 was asked for. Gives Docker's exit code for a help: 0.
int print_help(const CLI::App& app, const CLI::Success& asked) {
  std::ostringstream text;
  app.exit(asked, text);
  print(STDOUT_FILENO, text.str());
  return 0;
}

/// `run`: its options, its help, and the command that follows them.
class RunCommand {
 public:
  RunCommand(const Stage& stage, const std::string& program)
      : stage_{stage},
        app_{"Run a command in a container, as this stage knows how to make one.", program + " run"} {
    app_.formatter(std::make_shared<RunHelp>(stage.number, program));
    app_.set_help_flag("--help", "Print this help and exit");
    app_.footer(examples(stage, program));
    app_.add_flag("--explain", explain_,
                  "Tell each kernel call as it happens: its flags, why, and how a shell does it");
    for (const ChapterOptions& added : stage.options) {
      Options options{app_, added.chapter};
      added.declare(options, spec_);
    }
  }

  int operator()(std::span<const std::string> arguments) {
    Words words = split(app_, stage_.number, arguments);
    std::reverse(words.options.begin(), words.options.end());  // CLI11 takes words from the back
    try {
      app_.parse(words.options);
    } catch (const CLI::Success& asked) {
      return print_help(app_, asked);
    }
    take_image(words.command);
    if (spec_.image.empty()) check_command(words.command);
    spec_.command = std::move(words.command);
    if (explain_) explain::enable(STDERR_FILENO);
    return stage_.run(spec_);
  }

 private:
  /// Without --rootfs the first word names the image; an image knows a command of its own.
  void take_image(std::vector<std::string>& command) {
    if (stage_.number < kFirstWithImages || !spec_.rootfs.empty() || command.empty()) return;
    if (command.front().empty()) throw Failure{"the image's name is an empty word"};
    spec_.image = std::move(command.front());
    spec_.overlay = true;  // its layers are everybody's, and are only read
    command.erase(command.begin());
    if (!command.empty() && command.front() == "--") command.erase(command.begin());
  }

  void check_command(const std::vector<std::string>& command) const {
    if (stage_.number >= kFirstWithImages && spec_.rootfs.empty())
      throw Failure{"no image given: write its name after the options, as in `run IMAGE`"};
    if (stage_.number >= 2 && spec_.rootfs.empty())
      throw Failure{"--rootfs DIR is needed: the directory that the container takes for its root",
                    Advice{.cure = "make one with `samples/bases/busybox DIR`; the build makes build/rootfs",
                           .chapter = 2,
                           .anchor = "ch02-rootfs"}};
    if (command.empty()) throw Failure{"no command given: write it after the options, as in `run -- sh`"};
    if (command.front().empty()) throw Failure{"the command is an empty word", 127};
  }

  const Stage& stage_;
  Spec spec_;
  bool explain_ = false;
  CLI::App app_;
};

/// A command beside `run`.
int run_command(const Command& command, const std::string& program, std::span<const std::string> words) {
  CLI::App app{command.about, fmt::format("{} {}", program, command.name)};
  app.formatter(std::make_shared<CommandHelp>());
  app.set_help_flag("--help", "Print this help and exit");
  bool explain = false;
  app.add_flag("--explain", explain, "Tell each kernel call as it happens");
  Options options{app, command.chapter};
  const std::function<int()> act = command.declare(options);
  std::vector<std::string> backwards(words.rbegin(), words.rend());  // CLI11 takes words from the back
  try {
    app.parse(backwards);
  } catch (const CLI::Success& asked) {
    return print_help(app, asked);
  }
  if (explain) explain::enable(STDERR_FILENO);
  return act();
}

/// How many of `words` name this command: its name may be two words, such as `image prune`. None: 0.
std::size_t named_by(const Command& command, std::span<const std::string> words) {
  std::string_view name = command.name;
  std::size_t count = 0;
  while (!name.empty()) {
    const std::string_view part = name.substr(0, name.find(' '));
    if (count == words.size() || words[count] != part) return 0;
    name.remove_prefix(std::min(part.size() + 1, name.size()));
    ++count;
  }
  return count;
}

std::size_t command_width(const Stage& stage) {
  std::size_t width = 10;
  for (const Command& command : stage.commands)
    width = std::max(width, std::string_view{command.name}.size());
  return width;
}

std::string command_list(const Stage& stage, std::string_view program) {
  const std::size_t width = command_width(stage);
  std::string list = fmt::format(
      "  {:<{}} Run a command in a container (`{} run --help` shows its options)\n", "run", width, program);
  for (const Command& command : stage.commands)
    list += fmt::format("  {:<{}} {}\n", command.name, width, command.about);
  return list;
}

std::string help(const Stage& stage, const std::string& program) {
  const Chapter& where = chapter(stage.number);
  return fmt::format(
      "Stage {} of Dockwright: {}.\n"
      "Usage: {} COMMAND\n\n"
      "Commands:\n"
      "{}\n"
      "Options:\n"
      "  --help     Print this help and exit\n"
      "  --version  Print the version and exit\n\n"
      "{}\n\n"
      "The chapter: {}\n",
      stage.number, where.title, program, command_list(stage, program), examples(stage, program), where.page);
}

/// `--root DIR` before the command, as Podman has it: where images and containers are kept. It is handed on
/// in the environment, so that a program that we start for a command looks in the same place.
std::span<const std::string> take_root(const Stage& stage, std::span<const std::string> words) {
  if (stage.number < kFirstWithImages || words.empty() || !words.front().starts_with("--root")) return words;
  std::string root;
  std::size_t length = 1;
  if (words.front().starts_with("--root=")) {
    root = words.front().substr(std::string_view{"--root="}.size());
  } else if (words.front() == "--root" && words.size() > 1) {
    root = words[1];
    length = 2;
  }
  if (root.empty()) throw Failure{"--root is followed by a directory: where images and containers are kept"};
  check(::setenv(kRootVariable, root.c_str(), 1), "remember --root {}", root);
  return words.subspan(length);
}

int parse_and_run(const Stage& stage, const std::string& program, std::span<const std::string> all_words) {
  const std::span<const std::string> words = take_root(stage, all_words);
  if (words.empty()) throw Failure{fmt::format("no command given; try `{} run --help`", program)};
  if (words.front() == "--help" || words.front() == "help") {
    print(STDOUT_FILENO, help(stage, program));
    return 0;
  }
  if (words.front() == "--version") {
    print(STDOUT_FILENO, fmt::format("{} (Dockwright {}), chapter {}: {}\n", program, DOCKWRIGHT_VERSION,
                                     stage.number, chapter(stage.number).title));
    return 0;
  }
  if (words.front() == "run") return RunCommand{stage, program}(words.subspan(1));
  for (const Command& command : stage.commands)
    if (const std::size_t length = named_by(command, words); length > 0)
      return command.hand_over != nullptr ? command.hand_over(words)
                                          : run_command(command, program, words.subspan(length));
  throw Failure{unknown_command(stage, words)};
}

}  // namespace

int main(const Stage& stage, int argc, char** argv) {
  const std::string program = fmt::format("stage{:02}", stage.number);
  try {
    fill_standard_descriptors();
    sys::close_from(3);
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    return parse_and_run(stage, program, words);
  } catch (const CLI::ParseError& error) {
    print_error(program, error.what());
    return 125;
  } catch (const std::exception& error) {
    print_error(program, describe(error));
    return exit_code_of(error);
  }
}

}  // namespace dockwright::cli
