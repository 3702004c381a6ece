#include "chapters/10-registry/server/deadlines.hpp"

#include <sys/socket.h>

#include "common/check.hpp"

namespace dockwright::http {

Deadlines::Deadlines(const Limits& limits)
    : limits_{limits}, watcher_{[this] { watch(); }} {}

Deadlines::~Deadlines() {
  {
    const std::lock_guard lock{mutex_};
    over_ = true;
  }
  changed_.notify_all();
  watcher_.join();
}

void Deadlines::enter(int fd, Connection::Phase phase) {
  const std::lock_guard lock{mutex_};
  connections_[fd] = {
      .phase = phase, .since = Clock::now(), .bytes = 0};
}

void Deadlines::opened(int fd) { enter(fd, Connection::Phase::head); }
void Deadlines::head_came(int fd) {
  enter(fd, Connection::Phase::body);
}
void Deadlines::answering(int fd) {
  enter(fd, Connection::Phase::answer);
}
void Deadlines::waiting(int fd) { enter(fd, Connection::Phase::head); }

void Deadlines::body_came(int fd, std::size_t bytes) {
  const std::lock_guard lock{mutex_};
  if (const auto found = connections_.find(fd);
      found != connections_.end())
    found->second.bytes += bytes;
}

void Deadlines::closing(int fd) {
  const std::lock_guard lock{mutex_};
  connections_.erase(fd);
}

bool Deadlines::is_late(const Connection& connection,
                        Clock::time_point now) const {
  using Phase = Connection::Phase;
  const auto taken = now - connection.since;
  if (connection.phase == Phase::head) return taken > limits_.head;
  if (connection.phase == Phase::answer || taken < limits_.body_grace)
    return false;
  const auto seconds = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(taken).count());
  return connection.bytes < seconds * limits_.body_bytes_per_second;
}

void Deadlines::watch() {
  std::unique_lock lock{mutex_};
  while (!over_) {
    changed_.wait_for(lock, std::chrono::milliseconds{500});
    const auto now = Clock::now();
    for (const auto& [fd, connection] : connections_)
      if (is_late(connection, now))
        ignore(::shutdown(fd, SHUT_RDWR), "it may be gone by itself");
  }
}

}  // namespace dockwright::http
