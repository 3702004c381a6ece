#pragma once
// A table as declared, the isolation matrix in tests/probes/matrix.yaml or the attack table in
// tests/attacks/attacks.yaml: which rows there are, and what each one is to find in each stage. Measuring is
// `matrix_measure.hpp`'s; whoever only wants to print the declared cells needs nothing else.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "book/workbook/matrix_wording.hpp"

namespace dockwright::workbook::matrix {

/// What a cell says. `unclear` is an answer that the declaration does not know: never as declared. `none`:
/// there is nothing to ask about, and the row says why.
enum class Verdict { green, red, unclear, none };

/// `green`, `red`, `unclear` or `-`, in the words of the table.
[[nodiscard]] std::string_view word(Verdict verdict, const Wording& wording = isolation_wording()) noexcept;

/// How the harness asks: see the heads of matrix.yaml and attacks.yaml.
enum class Method { answer, survivor, hostname, mounts, terminal, changed, race, sockets, started, twice };

/// How the runtime is asked to start the command, in words that every runtime has an option for.
struct Start {
  std::string volume{};   ///< `SOURCE:TARGET` or `SOURCE:TARGET:ro`
  std::string workdir{};  ///< Where the command begins.
  std::string user{};     ///< Whom it runs as.
  std::string entry{};    ///< The program to run instead of ours.
  bool operator==(const Start&) const = default;
};

/// One row of the matrix.
struct Probe {
  std::string id{};                      ///< `breakout`: also in the name of its tests.
  std::string title{};                   ///< The good property: green means that it holds.
  std::string question{};                ///< What the probe asks, as a sentence.
  std::vector<std::string> arguments{};  ///< Arguments of the probe program, with `{sentinel}` and the like.
  Method method = Method::answer;
  Start start{};
  std::vector<std::string> setup{};  ///< What is prepared before: see matrix_setup.hpp.
  std::vector<std::string> each{};   ///< Tried with each of these as `{each}`; one red answer makes it red.
  std::string needs{};               ///< What a kernel may lack; it has it when the row is red in `bare`.
  std::string reason{};              ///< Why there is nothing to ask where `none` is declared.
  std::vector<int> threats{};        ///< Rows of the list of threats.
  std::string cve{};                 ///< The best known case.
  std::map<int, std::vector<std::string>> options{};  ///< Options of `run`, from that stage on.
  std::vector<std::string> green{};                   ///< Answers that count as green.
  std::vector<std::string> red{};                     ///< Answers that count as red.
  int chapter = 0;                                    ///< The chapter that turns it green for good.
  std::vector<Verdict> stages{};                      ///< Declared: `stages[0]` is stage 1.
  std::map<std::string, Verdict> others{};  ///< Declared for `bare`, `closed` and the like, and for peers.

  /// What is declared for a stage (1 is the first) or for `bare`; unclear where nothing is.
  [[nodiscard]] Verdict in_stage(int stage) const noexcept;
  [[nodiscard]] Verdict in_other(const std::string& name) const noexcept;
  /// What an answer of the probe program counts as.
  [[nodiscard]] Verdict judge(std::string_view answer) const noexcept;
  /// The options of `run` that the stage gets for this probe.
  [[nodiscard]] std::vector<std::string> options_of(int stage) const;
};

/// A threat that no row tries, and why.
struct Excuse {
  int threat = 0;
  std::string reason{};
};

/// All rows, in the order in which they are printed.
struct Declaration {
  int stages = 0;  ///< How many stages are declared.
  std::vector<Probe> probes{};
  std::vector<Excuse> excused{};
  const Wording* wording = &isolation_wording();

  /// @throws std::runtime_error that names the probes there are
  [[nodiscard]] const Probe& probe(std::string_view id) const;
  /// Rows that are red in the stage before (for stage 1: without a container) and green in this one.
  [[nodiscard]] std::vector<const Probe*> turned_green(int stage) const;
  /// Rows that are green in the stage before and red in this one: what a step forward broke.
  [[nodiscard]] std::vector<const Probe*> turned_red(int stage) const;
  /// Rows that are red in this stage, those first that the next chapter mends.
  [[nodiscard]] std::vector<const Probe*> still_red(int stage) const;
};

/// Reads a declaration. @throws std::runtime_error with the file, the line and what is wrong with it
[[nodiscard]] Declaration load_declaration(const std::filesystem::path& file,
                                           const Wording& wording = isolation_wording());

/// As `load_declaration`, from text; `name` stands in messages.
[[nodiscard]] Declaration parse_declaration(const std::string& text, const std::string& name,
                                            const Wording& wording = isolation_wording());

}  // namespace dockwright::workbook::matrix
