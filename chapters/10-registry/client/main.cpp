// registry-client: the part of stage 10 that speaks to registries.
//
// It is a program of its own because of its libraries: libcurl and TLS
// take milliseconds to load, and a container starts in less. The stage
// runs it in its own place (exec), so the terminal, the environment and
// the exit code are as if it were one program; errors and helps speak
// in the stage's name, which is our argv[0].

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include "chapters/10-registry/client/commands.hpp"
#include "chapters/10-registry/server/serve_command.hpp"
#include "common/check.hpp"

namespace {

int run(const dockwright::Spec& /*spec*/) {
  throw dockwright::Failure{
      "registry-client runs no containers; the stage does"};
}

/// The number in `stage10`.
int stage_of(std::string_view name) {
  name.remove_prefix(std::min(name.rfind('/') + 1, name.size()));
  const int number =
      name.starts_with("stage") ? std::atoi(name.data() + 5) : 0;
  return number >= 10 && number <= 99 ? number : 10;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace dockwright;
  // A connection that closes is an error to be told, not an end.
  if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) return 125;
  return cli::main(
      {.number = stage_of(argc > 0 ? argv[0] : ""),
       .run = run,
       .commands = {pull_command("pull"), push_command("push"),
                    login_command(), logout_command(), search_command(),
                    manifest_inspect_command(), fetch_command(),
                    pull_command("image pull"),
                    push_command("image push"),
                    registry_serve_command()}},
      argc, argv);
}
