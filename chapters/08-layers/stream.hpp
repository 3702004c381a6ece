#pragma once
// Bytes as they come, and where they go. A layer may be larger than the
// memory of the machine, so nothing here ever holds one: a source is
// asked for its next block, does its part of the work, and asks the
// source below it. What is pulled at one end is read at the other:
//
//     apply_layer <- decompressed <- HashingSource <- FileSource

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/digest.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// Bytes as they come.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;
  /// The next bytes, empty at the end and from then on; they stay valid
  /// until the next call.
  [[nodiscard]] virtual std::string_view next() = 0;
  /// The next bytes, put where the caller wants them, as many as come
  /// at once; 0 at the end. Who can put them there at once saves a
  /// copy. A caller uses this or `next`, and not both.
  /// @pre `room` is not empty
  [[nodiscard]] virtual std::size_t fill(std::span<char> room);

 private:
  std::string_view left_{};  ///< For what there was no room.
};

/// Where bytes go.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;
  virtual void write(std::string_view bytes) = 0;
  /// No more will come. Without it the end may be missing from what was
  /// written; it does not reach on to the sink below.
  virtual void finish() {}
};

/// A file, pipe or socket from where it stands, in blocks of at most
/// 1 MiB. `name` is what messages call it.
class FileSource : public Source {
 public:
  explicit FileSource(UniqueFd file, std::string name = "the archive");
  std::string_view next() override;
  std::size_t fill(std::span<char> room) override;

 private:
  UniqueFd file_;
  std::string name_;
  std::string block_{};
};

/// Bytes that are in memory already.
class MemorySource : public Source {
 public:
  explicit MemorySource(std::string bytes) : bytes_{std::move(bytes)} {}
  std::string_view next() override;

 private:
  std::string bytes_;
  bool given_ = false;
};

/// Writes into an open file from where it stands; who owns the file
/// closes it.
class FileSink : public Sink {
 public:
  /// @pre `file` outlives this object
  explicit FileSink(const UniqueFd& file,
                    std::string name = "the archive");
  void write(std::string_view bytes) override;

 private:
  const UniqueFd& file_;
  std::string name_;
};

/// Collects what is written.
class MemorySink : public Sink {
 public:
  void write(std::string_view bytes) override { bytes_ += bytes; }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_{};
};

/// Passes on what another source gives, and counts and hashes it.
class HashingSource : public Source {
 public:
  explicit HashingSource(std::unique_ptr<Source> from)
      : from_{std::move(from)} {}
  std::string_view next() override;
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  /// Of all that was given so far. To be asked once.
  [[nodiscard]] Digest digest() { return hasher_.finish(); }

 private:
  std::unique_ptr<Source> from_;
  Hasher hasher_{};
  std::uint64_t bytes_ = 0;
};

/// Passes on what is written, and counts and hashes it.
class HashingSink : public Sink {
 public:
  explicit HashingSink(Sink& to) : to_{to} {}
  void write(std::string_view bytes) override;
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  /// Of all that was written so far. To be asked once.
  [[nodiscard]] Digest digest() { return hasher_.finish(); }

 private:
  Sink& to_;
  Hasher hasher_{};
  std::uint64_t bytes_ = 0;
};

/// Everything that is left in `from`, into `to`.
void copy(Source& from, Sink& to);

}  // namespace dockwright
