#pragma once
// What there is to give away: the images of the store that have a name,
// and of these all that their documents lead to. Nothing else of the
// store is seen from outside: not an image without a name, not a blob
// whose digest somebody happens to know from elsewhere.

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chapters/09-images/store.hpp"

namespace dockwright::serve {

/// A repository's key: `docker.io/library/flask`
[[nodiscard]] std::string key_of(const Reference& repository);

/// What came in a moment ago and that no image names yet: the blobs of
/// a push, until its manifest comes. Threads share it.
class Arrivals {
 public:
  void add(const Reference& repository, const Digest& digest);
  [[nodiscard]] bool has(const Reference& repository,
                         const Digest& digest) const;

 private:
  using Clock = std::chrono::steady_clock;
  mutable std::mutex mutex_{};
  std::map<std::pair<std::string, Digest>, Clock::time_point> when_{};
};

/// A blob, ready to be sent.
struct OpenBlob {
  UniqueFd file{};
  std::uint64_t size = 0;
};

/// The store as a registry. Threads share it; each request looks
/// through a Store of its own, for a Store that is open holds back who
/// wants to tidy up.
class Holdings {
 public:
  explicit Holdings(const Arrivals& arrivals) : arrivals_{arrivals} {}

  /// The names of all repositories, sorted, as a user writes them. One
  /// whose registry has a port is not among them: no path can say it.
  [[nodiscard]] static std::vector<std::string> repositories(
      const Store& store);
  /// A repository's tags, sorted; nothing when there is none.
  [[nodiscard]] static std::optional<std::vector<std::string>> tags(
      const Store& store, const Reference& repository);

  /// The manifest or index with this tag or digest.
  [[nodiscard]] std::optional<Descriptor> manifest(
      const Store& store, const Reference& repository,
      const std::string& reference) const;
  /// The blob, if it belongs to an image of this repository.
  [[nodiscard]] std::optional<OpenBlob> blob(
      const Store& store, const Reference& repository,
      const Digest& digest) const;

 private:
  /// Which index.json it was: another one is another file.
  struct Edition {
    std::uint64_t inode = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    bool operator==(const Edition&) const = default;
  };
  [[nodiscard]] static Edition edition_of(const Store& store);
  [[nodiscard]] bool belongs(const Store& store,
                             const Reference& repository,
                             const Digest& digest) const;

  const Arrivals& arrivals_;
  mutable std::mutex mutex_{};
  mutable Edition edition_{};
  mutable std::map<std::string, std::set<Digest>> contents_{};
};

}  // namespace dockwright::serve
