#include "chapters/01-process/options.hpp"

namespace dockwright {
int run(const Spec& spec);
}

int main(int argc, char** argv) {
  using namespace dockwright;
  return cli::main(
      {.number = 1, .options = {{1, process_options}}, .run = run},
      argc, argv);
}
