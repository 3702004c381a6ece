#include "chapters/10-registry/server/uploads.hpp"

#include "chapters/10-registry/server/refusal.hpp"

namespace dockwright::serve {

IncomingBlob::IncomingBlob(std::shared_ptr<Store> store,
                           std::string repository)
    : store_{std::move(store)},
      repository_{std::move(repository)},
      writer_{store_->new_blob()} {}

void IncomingBlob::write(std::string_view bytes) {
  hasher_.update(bytes);
  writer_.write_unhashed(bytes);
}

void IncomingBlob::commit(const Digest& digest) {
  const Digest came = hasher_.finish();
  if (came != digest)
    throw Refusal{400, "DIGEST_INVALID",
                  fmt::format("what came is {}; nothing of it is kept",
                              came.str())};
  ignore(writer_.commit_as(digest) == digest, "it is what was given");
}

Borrowed::Borrowed(Borrowed&& other) noexcept
    : uploads_{std::exchange(other.uploads_, nullptr)},
      id_{std::move(other.id_)},
      blob_{other.blob_},
      finished_{other.finished_} {}

Borrowed::~Borrowed() {
  if (uploads_ != nullptr) uploads_->give_back(id_, finished_);
}

std::shared_ptr<Store> Uploads::open_store() {
  used_ = Clock::now();
  if (!kept_)
    kept_ = std::make_shared<Store>(Store::open(store_options_));
  return kept_;
}

std::shared_ptr<Store> Uploads::store() {
  const std::lock_guard lock{mutex_};
  return open_store();
}

Borrowed Uploads::begin(const std::string& repository) {
  const std::lock_guard lock{mutex_};
  if (pending_.size() >= limits_.pending)
    throw Refusal{429,
                  "TOOMANYREQUESTS",
                  fmt::format("{} uploads are under way already",
                              pending_.size()),
                  {{"Retry-After", "5"}}};
  const std::string id = files::random_hex(16);
  const auto [entry, is_new] = pending_.try_emplace(
      id, Pending{.blob = IncomingBlob{open_store(), repository},
                  .touched = Clock::now(),
                  .busy = true});
  return {*this, id, entry->second.blob};
}

Borrowed Uploads::borrow(const std::string& id,
                         const std::string& repository) {
  const std::lock_guard lock{mutex_};
  const auto found = pending_.find(id);
  if (found == pending_.end() ||
      found->second.blob.repository() != repository)
    throw Refusal{404, "BLOB_UPLOAD_UNKNOWN",
                  "there is no such upload; it may have been too slow"};
  if (found->second.busy)
    throw Refusal{409, "BLOB_UPLOAD_INVALID",
                  "another request works on this upload"};
  found->second.busy = true;
  return {*this, id, found->second.blob};
}

void Uploads::give_back(const std::string& id, bool finished) noexcept {
  const std::lock_guard lock{mutex_};
  used_ = Clock::now();
  const auto found = pending_.find(id);
  if (finished) {
    pending_.erase(found);
    return;
  }
  found->second.busy = false;
  found->second.touched = Clock::now();
}

void Uploads::sweep() {
  const std::lock_guard lock{mutex_};
  const auto now = Clock::now();
  std::erase_if(pending_, [&](const auto& entry) {
    return !entry.second.busy &&
           now - entry.second.touched > limits_.idle;
  });
  if (pending_.empty() && now - used_ > limits_.lock_kept)
    kept_.reset();
}

}  // namespace dockwright::serve
