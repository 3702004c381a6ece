#pragma once
// An archive, written from front to back. Owners, modes and times are
// fixed: the same members make the same archive, on any day.

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "chapters/08-layers/stream.hpp"

struct archive;

namespace dockwright {

class TarWriter {
 public:
  explicit TarWriter(Sink& to);
  ~TarWriter();
  TarWriter(TarWriter&&) = delete;

  void directory(const std::string& name);
  /// Begins a file; exactly `size` bytes must follow by `write`.
  void file(const std::string& name, std::uint64_t size);
  void write(std::string_view bytes);
  /// What stands at the end of an archive.
  void finish();

 private:
  struct Callback;
  void checked(long result);

  Sink& to_;
  archive* writer_;
  std::exception_ptr failed_{};
};

}  // namespace dockwright
