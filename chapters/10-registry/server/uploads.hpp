#pragma once
// Blobs on their way in. A push brings a blob in one request or in
// many, and between two of them the connection may break, the client
// end, or nobody ever come again. So an upload has an ID and a time
// after which it is forgotten. Its bytes are in the store's tmp/, where
// the next command finds and removes them when we are killed.
//
// A Store stays open as long as an upload is under way and for a minute
// after: its lock keeps others from sweeping away what came in and has
// no name yet, for the manifest that names it is a push's last request.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "chapters/09-images/store.hpp"

namespace dockwright::serve {

struct UploadLimits {
  std::uint64_t blob_bytes = 16ULL << 30U;
  std::size_t pending = 64;        ///< Uploads at a time.
  std::chrono::seconds idle{600};  ///< Then one is forgotten.
  std::chrono::seconds lock_kept{60};
};

/// One blob on its way in.
class IncomingBlob {
 public:
  IncomingBlob(std::shared_ptr<Store> store, std::string repository);
  /// @throws SystemCallError, as when the disk is full
  void write(std::string_view bytes);
  /// Publishes it, if these bytes have this digest. @throws Refusal
  void commit(const Digest& digest);
  [[nodiscard]] std::uint64_t size() const noexcept {
    return writer_.size();
  }
  [[nodiscard]] const std::string& repository() const noexcept {
    return repository_;
  }

 private:
  std::shared_ptr<Store> store_;  // before the writer, which uses it
  std::string repository_;
  BlobWriter writer_;
  Hasher hasher_{};
};

class Uploads;

/// An upload while a request works on it: nobody else can meanwhile.
class Borrowed {
 public:
  Borrowed(Uploads& uploads, std::string id, IncomingBlob& blob)
      : uploads_{&uploads}, id_{std::move(id)}, blob_{&blob} {}
  Borrowed(Borrowed&& other) noexcept;
  Borrowed& operator=(Borrowed&&) = delete;
  ~Borrowed();
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] IncomingBlob& blob() const noexcept { return *blob_; }
  /// It is over, in whichever way: forgotten when the request ends.
  void finish() noexcept { finished_ = true; }

 private:
  Uploads* uploads_;
  std::string id_;
  IncomingBlob* blob_;
  bool finished_ = false;
};

/// All uploads. Threads share it.
class Uploads {
 public:
  Uploads(StoreOptions store, const UploadLimits& limits)
      : store_options_{std::move(store)}, limits_{limits} {}

  /// @throws Refusal when there are too many
  [[nodiscard]] Borrowed begin(const std::string& repository);
  /// @throws Refusal when it is unknown, or somebody works on it
  [[nodiscard]] Borrowed borrow(const std::string& id,
                                const std::string& repository);
  /// The store, open until no push needs it.
  [[nodiscard]] std::shared_ptr<Store> store();
  /// Forgets what nobody came back to.
  void sweep();
  [[nodiscard]] const UploadLimits& limits() const noexcept {
    return limits_;
  }

 private:
  friend class Borrowed;
  using Clock = std::chrono::steady_clock;
  struct Pending {
    IncomingBlob blob;
    Clock::time_point touched{};
    bool busy = false;
  };
  void give_back(const std::string& id, bool finished) noexcept;
  [[nodiscard]] std::shared_ptr<Store> open_store();

  StoreOptions store_options_;
  UploadLimits limits_;
  std::mutex mutex_{};
  std::shared_ptr<Store> kept_{};
  Clock::time_point used_{};
  std::map<std::string, Pending> pending_{};
};

}  // namespace dockwright::serve
