#pragma once
// Registries as owners: each runs from its construction to its destruction, on a port of its own.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common/process.hpp"
#include "common/unique_fd.hpp"
#include "tests/unit/temporary.hpp"

/// A program that says where it serves, a line `WORD VALUE` for each thing, and serves until its input ends.
class RunningServer {
 public:
  /// @param lines how many lines it says
  RunningServer(const std::vector<std::string>& command, std::size_t lines);
  RunningServer(RunningServer&&) = delete;
  ~RunningServer();
  /// The value that it said behind `word`.
  [[nodiscard]] const std::string& said(const std::string& word) const { return said_.at(word); }
  [[nodiscard]] pid_t pid() const noexcept { return process_.pid(); }

 private:
  struct Started {
    dockwright::Process process;
    dockwright::UniqueFd input;
    dockwright::UniqueFd output;
  };
  explicit RunningServer(Started started, std::size_t lines);
  static Started start(const std::vector<std::string>& command);

  dockwright::UniqueFd input_;
  dockwright::Process process_;
  std::map<std::string, std::string> said_{};
};

/// Debian's docker-registry.
class DebianRegistry {
 public:
  struct Options {
    bool tls = false;
    std::string user{};  ///< Empty: anybody may do all. Else Basic.
    std::string password{};
  };
  DebianRegistry() : DebianRegistry{Options{}} {}
  explicit DebianRegistry(const Options& options);
  /// Whether the program is installed.
  [[nodiscard]] static bool is_there();
  /// `127.0.0.1:PORT`
  [[nodiscard]] const std::string& address() const { return server_.said("registry"); }
  /// With TLS: the authority's certificate, `ca.crt` in a directory of its own.
  [[nodiscard]] std::filesystem::path ca() const { return server_.said("ca"); }
  /// What it has logged, requests among it.
  [[nodiscard]] std::string log() const;

 private:
  RunningServer server_;
};

/// The tests' own registry (lying_main.cpp), and its second host.
class LyingRegistry {
 public:
  /// @param options such as `--lie`, `wrong-digest`
  LyingRegistry(const std::filesystem::path& layout, std::vector<std::string> options = {});
  [[nodiscard]] const std::string& address() const { return server_.said("registry"); }
  [[nodiscard]] const std::string& other_address() const { return server_.said("other"); }
  /// Every request and header so far (seen.hpp).
  [[nodiscard]] std::string seen() const;
  /// How many requests began like this: `registry GET /v2/`.
  [[nodiscard]] std::size_t count(const std::string& beginning) const;

 private:
  TemporaryDirectory directory_{};
  RunningServer server_;
};

/// The digests (`sha256:…`) of an image that was made.
struct LayoutImage {
  std::string manifest{};
  std::string config{};
  std::vector<std::string> layers{};
};

/// Makes an OCI image layout with one small image, `latest`: a config and `layers` layers, each an archive of
/// one file of `bytes` random bytes. It can be pulled, but not run.
LayoutImage make_layout(const std::filesystem::path& directory, std::size_t layers = 2,
                        std::size_t bytes = 100'000);

/// Leaves a test case that needs Debian's docker-registry.
#define NEEDS_DEBIAN_REGISTRY()                                         \
  do {                                                                  \
    if (!DebianRegistry::is_there()) {                                  \
      WARN("skipped: needs docker-registry (package docker-registry)"); \
      return;                                                           \
    }                                                                   \
  } while (false)
