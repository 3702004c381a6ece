#pragma once
// `--ssh default` and `--ssh ID=SOCKET`: a step may ask the caller's
// SSH agent to sign, and never sees a key. The agent answers only to
// its own user and to root, so the step gets a socket that belongs to
// whom the Dockerfile says, and what comes in there is passed on:
//
//     git in the step -- socket of the step --> relay -- agent's socket
//
// The relay lives as long as the step.

#include <map>
#include <string>
#include <vector>

#include "common/process.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

class Agents {
 public:
  Agents() = default;
  /// Reads `--ssh`, each as given. @throws Failure
  explicit Agents(const std::vector<std::string>& given);
  /// The path of the agent's socket; nothing where none was given.
  [[nodiscard]] const std::string* find(const std::string& id) const;

 private:
  std::map<std::string, std::string> sockets_{};
};

/// Whom a relay's socket belongs to.
struct RelaySocket {
  mode_t mode = 0600;
  uid_t user = 0;
  gid_t group = 0;
};

/// Makes the socket `name` in an open directory, and passes on to
/// `agent` what comes there.
[[nodiscard]] Process relay_agent(const UniqueFd& directory,
                                  const std::string& name,
                                  const RelaySocket& socket,
                                  const std::string& agent);

}  // namespace dockwright
