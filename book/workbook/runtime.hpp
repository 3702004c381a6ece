#pragma once
// A column of a table: something that runs a command more or less apart from the rest. The stages, peers that
// are installed, and some that prove the rows: `bare` (no container at all), `closed` (everything shut) and
// `naive` (a runtime that makes every classic mistake: tests/attacks/naive.c).

#include <filesystem>
#include <string>
#include <vector>

#include "book/workbook/matrix_declaration.hpp"
#include "book/workbook/matrix_world.hpp"
#include "book/workbook/subprocess.hpp"

namespace dockwright::workbook::matrix {

struct Runtime {
  enum class Kind {
    bare,        ///< The command itself.
    closed,      ///< The command in namespaces, below limits and a filter of ours; `runtime_closed.cpp`.
    stage,       ///< `PROGRAM run [OPTIONS] [--rootfs DIR] -- COMMAND`
    naive,       ///< As a stage.
    bubblewrap,  ///< bwrap
    oci,         ///< crun, runc: a bundle with a config.json
    podman,      ///< `podman run --rootfs`
    docker,      ///< `docker run`, where a daemon answers
  };
  std::string name{};  ///< Heading of the column, also in matrix.yaml: `stage02`, `crun`.
  Kind kind = Kind::bare;
  std::filesystem::path program{};
  int stage =
      0;  ///< Which stage it is; for another program with the same grammar, which one it is taken for.
  std::vector<std::string> always{};  ///< Options of `run` that it gets each time, such as `--privileged`.

  [[nodiscard]] bool is_peer() const noexcept { return kind >= Kind::bubblewrap; }
};

/// The first stage that can put a root together of layers.
inline constexpr int kLayersSince = 8;

/// The stages 1…`count` in `bin`. A stage that was not built is an error, not a missing column.
[[nodiscard]] std::vector<Runtime> stage_runtimes(const std::filesystem::path& bin, int count);

/// `bwrap`, `crun`, `runc`, `podman` and `docker`, as far as they are installed.
[[nodiscard]] std::vector<Runtime> installed_peers();

/// `NAME=PATH`: any program with the grammar of a stage. @throws std::runtime_error
[[nodiscard]] Runtime named_runtime(const std::string& name_and_path, int stage);

/// The command line that runs the program with `arguments` in this runtime, options of `run` before.
[[nodiscard]] std::vector<std::string> command_line(const Runtime& runtime, const World& world,
                                                    const std::vector<std::string>& options,
                                                    const std::vector<std::string>& arguments,
                                                    const Start& start = {});

/// What must happen in the child before it becomes that command.
[[nodiscard]] std::function<void()> preparation(const Runtime& runtime);

/// How a command is run whose answer counts: prepared for this runtime, with a small environment, its output
/// and errors apart, and for ten seconds at most.
[[nodiscard]] RunOptions for_measuring(const Runtime& runtime);

/// Whether the command still runs that was started last.
[[nodiscard]] bool command_runs(const Runtime& runtime, const World& world);

/// Takes away what a peer leaves behind when it is killed: its control groups, a container.
void clean_up_after(const Runtime& runtime, const World& world);

/// Enters namespaces, drops every power and loads a filter: the surroundings of `closed`.
void close_everything();

}  // namespace dockwright::workbook::matrix
