#pragma once

#include <memory>
#include <string>
#include <vector>

#include "book/workbook/lab_helper.hpp"
#include "book/workbook/machine.hpp"

/// How the laboratory gets to see this machine's files: virtiofsd serves them, read-only.
///
/// The kernel itself guards that: the server runs in a mount namespace of its own in which every mount is
/// read-only, so that root in the laboratory cannot write even where it mounts the share a second time. An
/// ordinary user gets such a namespace inside a user namespace; then all files of others belong to nobody in
/// the laboratory. There is no socket in any directory: both ends are handed over.
namespace dockwright::workbook {

/// The server of a machine: Debian 12 has one with QEMU, later ones a package of its own.
struct ShareServer {
  std::string program{};  ///< empty: there is none
  bool in_rust = false;   ///< the later one, whose options are spelled differently
};

ShareServer find_share_server(const Machine& machine);

/// Its command line, for an inherited socket that listens.
std::vector<std::string> share_command(const ShareServer& server, int listening);

/// A running server and the socket for QEMU to talk to it.
class Share {
 public:
  explicit Share(const ShareServer& server);
  [[nodiscard]] const UniqueFd& connection() const noexcept { return connection_; }
  /// QEMU has it now: the server must see it closed when QEMU ends.
  void forget_connection() noexcept { connection_.reset(); }
  [[nodiscard]] Helper& server() noexcept { return *server_; }

 private:
  std::unique_ptr<Helper> server_{};
  UniqueFd connection_{};
};

/// Why this process cannot share files by it; empty where it can. An ordinary user needs user namespaces and
/// the later server for it.
std::string cannot_share(const ShareServer& server);

}  // namespace dockwright::workbook
