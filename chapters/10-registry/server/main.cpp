#include "chapters/10-registry/server/serve_command.hpp"
#include "common/check.hpp"

int main(int argc, char** argv) {
  using namespace dockwright;
  return cli::main(
      {.number = 10, .commands = {registry_serve_command()}}, argc,
      argv);
}
