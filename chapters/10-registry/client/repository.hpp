#pragma once
// A repository of a registry, as the distribution specification has it:
//
//     GET    /v2/NAME/manifests/TAG-OR-DIGEST
//     GET    /v2/NAME/blobs/DIGEST
//     HEAD   the same, to ask whether it is there
//     POST   /v2/NAME/blobs/uploads/     then PUT or PATCH where it says
//     PUT    /v2/NAME/manifests/TAG-OR-DIGEST
//     GET    /v2/NAME/tags/list
//
// A registry is a stranger. What it sends is held against what was
// asked for: a digest, a size, a media type.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/09-images/descriptor.hpp"
#include "chapters/10-registry/client/session.hpp"

namespace dockwright {

/// A manifest or an index as it came, byte for byte.
struct FetchedDocument {
  Descriptor descriptor;
  std::string text{};
};

/// Takes the bytes of a blob as they come.
class BlobSink {
 public:
  virtual ~BlobSink() = default;
  virtual void write(std::string_view bytes) = 0;
};

class Repository {
 public:
  /// `name`: `library/flask`; `scopes`: what is going to be done there.
  Repository(Connection& connection, std::string name, Scopes scopes)
      : connection_{connection},
        name_{std::move(name)},
        scopes_{std::move(scopes)} {}

  [[nodiscard]] const std::string& name() const noexcept {
    return name_;
  }
  [[nodiscard]] Connection& connection() noexcept {
    return connection_;
  }

  /// What stands under a tag or a digest; nothing if there is none.
  /// `expected`: as another document described it. @throws Failure
  [[nodiscard]] std::optional<FetchedDocument> find_document(
      const std::string& tag_or_digest,
      const std::optional<Descriptor>& expected = std::nullopt);
  /// As above. @throws Failure also if there is none
  [[nodiscard]] FetchedDocument document(
      const std::string& tag_or_digest,
      const std::optional<Descriptor>& expected = std::nullopt);

  /// Gives a blob's bytes to `sink`, in order, each once, though the
  /// connection may break on the way. Whoever takes them checks the
  /// digest. @throws Failure
  void fetch_blob(const Descriptor& blob, BlobSink& sink);
  [[nodiscard]] bool has_blob(const Descriptor& blob);
  [[nodiscard]] bool has_document(const Descriptor& document);

  /// All tags, as many requests as that takes. @throws Failure
  [[nodiscard]] std::vector<std::string> tags();

  /// Stores a document under a tag or its digest. @throws Failure
  void put_document(const std::string& tag_or_digest,
                    const Descriptor& descriptor,
                    const std::string& text);

  /// `/v2/NAME/` and `rest`.
  [[nodiscard]] Url at(const std::string& rest) const {
    return connection_.at("/v2/" + name_ + '/' + rest);
  }
  /// Sends a request in our scopes.
  HttpResponse send(HttpRequest request) {
    return connection_.send(
        {.http = std::move(request), .scopes = scopes_});
  }
  /// As above, once.
  HttpResponse send_once(HttpRequest request) {
    return connection_.send_once(
        {.http = std::move(request), .scopes = scopes_});
  }
  /// The error of an answer that says no, in words for the user.
  [[noreturn]] void refused(const HttpResponse& response,
                            std::string_view what);

 private:
  Connection& connection_;
  std::string name_;
  Scopes scopes_;
};

/// The scope for pulling from a repository, and for pushing to it.
[[nodiscard]] Scopes pull_scope(const std::string& repository);
[[nodiscard]] Scopes push_scope(const std::string& repository);

/// Where the next part of a list is, by its `Link` header.
[[nodiscard]] std::optional<std::string> next_link(
    std::string_view header);

}  // namespace dockwright
