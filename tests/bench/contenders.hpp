#pragma once
// Who takes part in a comparison of start-up times: each is a command line that runs the same static `true`.

#include <string>
#include <vector>

namespace dockwright::bench {

struct Contender {
  std::string name;
  std::vector<std::string> command = {};
};

/// Where everything lies: our programs, the scratch directory with `root/` (a root file system that has
/// /true).
struct Places {
  std::string bin;
  std::string scratch;
};

/// Bare, the stages, and of the peers those that are installed here.
std::vector<Contender> contenders(const Places& places);

}  // namespace dockwright::bench
