#pragma once
// What a registry can do to a client. Each lie has a name (`lying-registry --lie NAME`) and is a few lines on
// top of an honest answer: it stands in its place, or spoils it.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "chapters/10-registry/server/http_message.hpp"
#include "tests/registry/layout.hpp"

namespace lying {

/// What a request is about.
enum class What { base, manifest, blob, tags, token, upload, redirect, unknown };

/// What all lies know.
struct World {
  const Layout& layout;
  std::string own_url{};         ///< `http://127.0.0.1:PORT`
  std::string other_url{};       ///< Of the second host.
  std::uint64_t from_bytes = 0;  ///< Smaller blobs are served honestly.
};

/// A request that has been understood.
struct Asked {
  const dockwright::http::Request& request;
  const World& world;
  What what = What::unknown;
  std::string name{};       ///< Of the repository.
  std::string reference{};  ///< Tag, digest, or an upload's number.
  unsigned times = 0;       ///< How often the same was asked before.

  [[nodiscard]] bool is_get() const { return request.method == "GET"; }
  [[nodiscard]] bool is_head() const { return request.method == "HEAD"; }
  /// A blob is read that is large enough to be lied about.
  [[nodiscard]] bool reads_blob() const;
  [[nodiscard]] bool reads_manifest() const { return what == What::manifest && (is_get() || is_head()); }
};

struct Lie {
  std::string_view name;
  std::string_view about;
  /// The answer in place of the honest one; nothing to have that.
  std::optional<dockwright::http::Response> (*instead)(const Asked& asked);
  /// Spoils the honest answer.
  void (*spoil)(const Asked& asked, dockwright::http::Response& honest);
};

/// Bytes that are not those which were asked for, or never end.
[[nodiscard]] std::span<const Lie> lies_of_bytes();
/// Documents and headers that contradict themselves or are beyond measure.
[[nodiscard]] std::span<const Lie> lies_of_documents();
/// Ways that lead elsewhere: to files, to other hosts, and the client's password with it.
[[nodiscard]] std::span<const Lie> lies_of_places();

/// A lie by its name. @throws Failure that lists them
[[nodiscard]] const Lie& find_lie(std::string_view name);
/// All of them, one a line.
[[nodiscard]] std::string list_lies();

/// A redirect (307).
[[nodiscard]] dockwright::http::Response redirect(const std::string& to);
/// Replaces a header, or adds it.
void set_header(dockwright::http::Response& response, const std::string& name, const std::string& value);
void remove_header(dockwright::http::Response& response, std::string_view name);

}  // namespace lying
