#pragma once
// The image that the tests' registry lies about: an OCI image layout, read as it stands.

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace lying {

/// A document and what it is.
struct Document {
  std::string media_type{};
  std::string digest{};  ///< `sha256:…`, of the text as it stands in the layout.
  std::string text{};
};

class Layout {
 public:
  /// @throws Failure when the directory is no layout, or has no image
  explicit Layout(std::filesystem::path directory);

  /// A manifest or index by tag or digest. The first image answers to `latest` when none has that name.
  [[nodiscard]] std::optional<Document> manifest(const std::string& reference) const;
  /// Where a blob lies; nothing when there is none.
  [[nodiscard]] std::optional<std::filesystem::path> blob(const std::string& digest) const;
  [[nodiscard]] const std::map<std::string, Document>& tags() const noexcept { return tags_; }

 private:
  std::filesystem::path directory_;
  std::map<std::string, Document> tags_{};
};

/// All of a file.
[[nodiscard]] std::string slurp(const std::filesystem::path& path);

}  // namespace lying
