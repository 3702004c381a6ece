#pragma once
// What an image is called. Docker's grammar, in which most can be left
// out:
//
//     flask                     docker.io/library/flask:latest
//     alice/flask:2             docker.io/alice/flask:2
//     localhost:5000/flask      localhost:5000/flask:latest
//     flask@sha256:0…           docker.io/library/flask@sha256:0…
//
// The first part is a registry when it has a dot or a port, or is
// `localhost`: nothing else tells `alice/flask` from `alice.org/flask`.
// A name that was parsed is safe in a URL and in a file name.

#include <optional>
#include <string>
#include <string_view>

#include "common/digest.hpp"

namespace dockwright {

/// What stands for a tag that was left out.
enum class DefaultTag {
  latest,  ///< `latest`, unless there is a digest.
  none,    ///< Nothing: all tags of the repository are meant.
};

/// The name of an image, whole: registry, repository, and tag or digest
/// or both.
class Reference {
 public:
  /// @throws Failure that says what is wrong with `text`
  [[nodiscard]] static Reference parse(
      std::string_view text, DefaultTag absent = DefaultTag::latest);
  [[nodiscard]] static std::optional<Reference> try_parse(
      std::string_view text, DefaultTag absent = DefaultTag::latest);

  /// `docker.io`, `localhost:5000`, `[::1]:5000`
  [[nodiscard]] const std::string& registry() const noexcept {
    return registry_;
  }
  /// `library/flask`
  [[nodiscard]] const std::string& repository() const noexcept {
    return repository_;
  }
  [[nodiscard]] const std::optional<std::string>& tag() const noexcept {
    return tag_;
  }
  [[nodiscard]] const std::optional<Digest>& digest() const noexcept {
    return digest_;
  }

  /// All of it: `docker.io/library/flask:latest`
  [[nodiscard]] std::string str() const;
  /// As a person writes it: `flask:latest`
  [[nodiscard]] std::string familiar() const;
  /// As `familiar`, without tag and digest: `flask`
  [[nodiscard]] std::string familiar_name() const;

  /// The same repository under another tag, and without a digest.
  /// @throws Failure when `tag` is none
  [[nodiscard]] Reference with_tag(std::string_view tag) const;
  /// The same repository by digest alone.
  [[nodiscard]] Reference with_digest(Digest digest) const;

  auto operator<=>(const Reference&) const = default;

 private:
  Reference() = default;
  [[nodiscard]] std::string suffix() const;
  std::string registry_{};
  std::string repository_{};
  std::optional<std::string> tag_{};
  std::optional<Digest> digest_{};
};

}  // namespace dockwright
