#pragma once
// Time limits that a patient enemy cannot stretch. A server that only
// closes *silent* connections is held by a client that sends one byte
// every few seconds ("slow loris"): with some hundred connections
// nobody else gets in. So the head of a request has to be there within
// a time, whatever trickles in, and a body has to come at a pace that
// no honest network falls below.
//
// The watch shuts the socket down, which the server's own threads then
// see as a client that has gone: nothing of theirs is touched.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>

namespace dockwright::http {

class Deadlines {
 public:
  struct Limits {
    std::chrono::seconds head{20};
    /// After so long, a body has to have come at this pace on average.
    std::chrono::seconds body_grace{30};
    std::uint64_t body_bytes_per_second = 1024;
  };
  explicit Deadlines(const Limits& limits);
  Deadlines(Deadlines&&) = delete;
  ~Deadlines();

  // What happens on the connection with socket `fd`, as it happens.
  void opened(int fd);
  void head_came(int fd);
  void body_came(int fd, std::size_t bytes);
  void answering(int fd);  ///< No more is expected of the client.
  void waiting(int fd);    ///< For the next request.
  void closing(int fd);    ///< The socket is not ours from here on.

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection {
    enum class Phase { head, body, answer } phase = Phase::head;
    Clock::time_point since{};
    std::uint64_t bytes = 0;
  };
  void enter(int fd, Connection::Phase phase);
  [[nodiscard]] bool is_late(const Connection& connection,
                             Clock::time_point now) const;
  void watch();

  Limits limits_;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  bool over_ = false;
  std::map<int, Connection> connections_{};
  std::thread watcher_{};  // last: it uses the others
};

}  // namespace dockwright::http
