#pragma once
// Who takes part in a comparison of start-up times: each is a command line that runs the same static `true`.

#include <string>
#include <vector>

namespace dockwright::bench {

struct Contender {
  std::string name;
  std::vector<std::string> command = {};
};

/// Bare, the stages (from `stage01` on, in order), and of the peers those that are installed here. `scratch`
/// is a directory that holds the stages and `root/`, a root file system that has /true.
std::vector<Contender> contenders(const std::string& scratch, const std::vector<std::string>& stages);

}  // namespace dockwright::bench
