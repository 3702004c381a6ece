#pragma once
// Where `save` puts what it writes: into an archive as it flows by, or
// into a directory. Either way a file is added once, whoever shares it.

#include <cstdint>
#include <memory>
#include <string>

#include "chapters/08-layers/stream.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

class Destination {
 public:
  Destination() = default;
  Destination(const Destination&) = delete;
  Destination& operator=(const Destination&) = delete;
  virtual ~Destination() = default;
  /// Whether a file of this name was added.
  [[nodiscard]] virtual bool has(const std::string& name) const = 0;
  /// Adds a file of `size` bytes; its directories are made as needed.
  virtual void add(const std::string& name, std::uint64_t size,
                   Source& content) = 0;
  /// Nothing more will come.
  virtual void finish() = 0;
  /// Adds a file that is in memory.
  void add(const std::string& name, const std::string& content);
};

/// A tar archive. @pre `to` outlives the result
[[nodiscard]] std::unique_ptr<Destination> archive_into(Sink& to);

/// A directory, which is made when it is missing.
/// @throws Failure when there is something in it
[[nodiscard]] std::unique_ptr<Destination> directory_at(
    const std::string& path);

/// A file that appears under its name only when it is complete; until
/// then, and after a failure, what was there stays.
class OutputFile {
 public:
  explicit OutputFile(std::string path);
  ~OutputFile();
  OutputFile(OutputFile&&) = delete;
  [[nodiscard]] const UniqueFd& file() const noexcept { return file_; }
  void publish();

 private:
  std::string path_;
  std::string temporary_;
  UniqueFd file_{};
};

}  // namespace dockwright
