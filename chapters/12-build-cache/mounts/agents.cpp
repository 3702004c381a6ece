#include "chapters/12-build-cache/mounts/agents.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <list>

#include "chapters/03-namespaces/init.hpp"
#include "chapters/09-images/user_root.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kMostConnections = 64;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    throw Failure{
        fmt::format("the path of a socket is too long: {}", path)};
  path.copy(address.sun_path, path.size());
  return address;
}

UniqueFd new_socket() {
  return UniqueFd{check_call(
      "socket", ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
      "make a socket")};
}

/// One program of the step, and the agent.
struct Connection {
  UniqueFd step{};
  UniqueFd agent{};
};

/// Passes on what one end has to say; false when it has ended.
bool pass(const UniqueFd& from, const UniqueFd& to) {
  std::array<char, 4096> bytes{};
  const ssize_t size = ::read(from.get(), bytes.data(), bytes.size());
  if (size <= 0) return false;
  for (ssize_t sent = 0; sent < size;) {
    const ssize_t more =
        ::send(to.get(), bytes.data() + sent,
               static_cast<std::size_t>(size - sent), MSG_NOSIGNAL);
    if (more <= 0) return false;
    sent += more;
  }
  return true;
}

class Relay {
 public:
  Relay(UniqueFd listening, std::string agent)
      : listening_{std::move(listening)}, agent_{std::move(agent)} {}

  [[noreturn]] void work() {
    for (;;) {
      std::vector<pollfd> polled{{listening_.get(), POLLIN, 0}};
      for (const Connection& one : connections_) {
        polled.push_back({one.step.get(), POLLIN, 0});
        polled.push_back({one.agent.get(), POLLIN, 0});
      }
      if (connections_.size() >= kMostConnections) polled[0].fd = -1;
      if (::poll(polled.data(), polled.size(), -1) == -1) continue;
      serve(polled);
      if (polled[0].revents != 0) accept();
    }
  }

 private:
  void serve(const std::vector<pollfd>& polled) {
    std::size_t at = 1;
    for (auto one = connections_.begin(); one != connections_.end();
         at += 2) {
      const bool goes_on =
          (polled[at].revents == 0 || pass(one->step, one->agent)) &&
          (polled[at + 1].revents == 0 || pass(one->agent, one->step));
      one = goes_on ? std::next(one) : connections_.erase(one);
    }
  }

  void accept() {
    Connection one{UniqueFd{::accept4(listening_.get(), nullptr,
                                      nullptr, SOCK_CLOEXEC)},
                   new_socket()};
    const sockaddr_un address = address_of(agent_);
    if (one.step &&
        ::connect(one.agent.get(),
                  reinterpret_cast<const sockaddr*>(&address),
                  sizeof address) == 0)
      connections_.push_back(std::move(one));
  }

  UniqueFd listening_;
  std::string agent_;
  std::list<Connection> connections_{};
};

/// A name in an open directory as a path, however long its own is.
std::string path_in(const UniqueFd& directory,
                    const std::string& name) {
  return fmt::format("/proc/self/fd/{}/{}", directory.get(), name);
}

}  // namespace

Agents::Agents(const std::vector<std::string>& given) {
  for (const std::string& text : given) {
    const std::size_t equals = text.find('=');
    const std::string id = text.substr(0, equals);
    std::string path =
        equals == std::string::npos ? "" : text.substr(equals + 1);
    if (path.empty())
      if (const char* const own = std::getenv("SSH_AUTH_SOCK"))
        path = own;
    if (path.empty())
      throw Failure{
          "invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is "
          "set"};
    struct stat status {};
    check_call("open agent", ::stat(path.c_str(), &status),
               "look at --ssh {}", text);
    if (!S_ISSOCK(status.st_mode))
      throw Failure{
          fmt::format("--ssh {}: {} is no agent's socket", text, path),
          Advice{.cause = "keys are given to an agent, and the agent "
                          "to the build",
                 .cure =
                     "start one by `eval $(ssh-agent)`, hand it the "
                     "key by `ssh-add FILE`, and say `--ssh default`",
                 .chapter = 12,
                 .anchor = "ch12-secrets"}};
    sockets_[id.empty() ? "default" : id] = path;
  }
}

const std::string* Agents::find(const std::string& id) const {
  const auto found = sockets_.find(id);
  return found == sockets_.end() ? nullptr : &found->second;
}

Process relay_agent(const UniqueFd& directory, const std::string& name,
                    const RelaySocket& socket,
                    const std::string& agent) {
  const std::string path = path_in(directory, name);
  UniqueFd listening = new_socket();
  const sockaddr_un address = address_of(path);
  check_call("bind",
             ::bind(listening.get(),
                    reinterpret_cast<const sockaddr*>(&address),
                    sizeof address),
             "make a socket for the step");
  as_root_of_user_namespace([&] {
    check(::chown(path.c_str(), socket.user, socket.group),
          "give a socket to user {}", socket.user);
    check(::chmod(path.c_str(), socket.mode), "set a socket's mode");
  });
  check(::listen(listening.get(), 16), "listen for the step");
  const UniqueFd step = own_pidfd();
  return spawn({.speaker = "the relay to the agent"}, [&] {
    die_with_parent(step);
    Relay{std::move(listening), agent}.work();
  });
}

}  // namespace dockwright
