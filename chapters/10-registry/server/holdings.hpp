#pragma once
// What there is to give away: the images of the store that have a name,
// and of these all that their documents lead to. Nothing else of the
// store is seen from outside: not an image without a name, not a blob
// whose digest somebody happens to know from elsewhere.

#include <atomic>
#include <chrono>
#include <cstdint>
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
///
/// What is pushed to us as `flask` is kept as `localhost:PORT/flask`,
/// and is looked for there first. It never becomes what *this* machine
/// means by `flask`: who may push here must not choose what runs here.
class Holdings {
 public:
  /// `port`: where we listen.
  Holdings(const Arrivals& arrivals,
           const std::atomic<std::uint16_t>& port)
      : arrivals_{arrivals}, port_{port} {}

  /// The name under which a push to `repository` is kept.
  [[nodiscard]] Reference kept_as(const Reference& repository) const;
  /// The names of all repositories, sorted, as a user writes them. One
  /// of another registry with a port is not among them: no path can say
  /// it.
  [[nodiscard]] std::vector<std::string> repositories(
      const Store& store) const;
  /// A repository's tags, sorted; nothing when there is none.
  [[nodiscard]] std::optional<std::vector<std::string>> tags(
      const Store& store, const Reference& repository) const;

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

  [[nodiscard]] std::string own_registry() const;
  [[nodiscard]] bool is_in(const Reference& name,
                           const Reference& repository) const;

  const Arrivals& arrivals_;
  const std::atomic<std::uint16_t>& port_;
  mutable std::mutex mutex_{};
  mutable Edition edition_{};
  mutable std::map<std::string, std::set<Digest>> contents_{};
};

}  // namespace dockwright::serve
