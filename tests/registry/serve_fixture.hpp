#pragma once
// `registry serve` over a store of the test's own.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/process.hpp"
#include "tests/stages/shell.hpp"

/// A store, a registry that serves it, and a shell in whose scripts it is $R.
class Served {
 public:
  explicit Served(std::vector<std::string> options = {});
  Served(Served&&) = delete;
  ~Served();

  Result operator()(const std::string& script) const;
  [[nodiscard]] std::filesystem::path store() const { return shell_.directory() / "store"; }
  [[nodiscard]] std::filesystem::path directory() const { return shell_.directory(); }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + port_; }
  /// All that it has printed.
  [[nodiscard]] std::string log() const;
  [[nodiscard]] const dockwright::Process& process() const { return *process_; }
  /// Ends it by this signal. Gives its exit code.
  int end(int signal);
  void start();
  /// What `system check` says of the store: its flaws, and what lies in tmp/.
  [[nodiscard]] std::string flaws() const;
  [[nodiscard]] std::size_t leftovers() const;

 private:
  Shell shell_{};
  std::vector<std::string> options_;
  std::optional<dockwright::Process> process_{};
  std::string port_{};
};
