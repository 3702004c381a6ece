#include "tests/browser/devtools.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

namespace dockwright::browser {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr int kPatienceMs = 60'000;

// The page was left for another while it was asked.
struct PageLeft : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Chromium has one code (-32000) for many things; its words tell them apart.
bool says_page_left(const std::string& error) {
  for (const auto* words : {"navigated or closed", "context was destroyed", "Cannot find context"})
    if (error.find(words) != std::string::npos) return true;
  return false;
}

struct PipeEnds {
  int read = -1;
  int write = -1;
};

// Both ends above 9: the child moves one of each pair to 3 and 4, and must not step on the other.
PipeEnds make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"cannot create a pipe"};
  PipeEnds high{::fcntl(ends[0], F_DUPFD_CLOEXEC, 10), ::fcntl(ends[1], F_DUPFD_CLOEXEC, 10)};
  ::close(ends[0]);
  ::close(ends[1]);
  return high;
}

pid_t start(const fs::path& chromium, const fs::path& profile, const PipeEnds& to, const PipeEnds& from) {
  std::vector<std::string> arguments = {chromium.string(),
                                        "--headless",
                                        "--no-sandbox",
                                        "--disable-gpu",
                                        "--disable-quic",
                                        "--no-first-run",
                                        "--disable-background-networking",
                                        "--disable-component-update",
                                        "--disable-sync",
                                        "--disable-dev-shm-usage",
                                        "--hide-scrollbars",
                                        "--remote-debugging-pipe",
                                        "--user-data-dir=" + profile.string(),
                                        "about:blank"};
  std::vector<char*> pointers;
  for (auto& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  // Killed at the end, Chromium leaves its sockets in the temporary directory: let that be one that we
  // remove.
  std::string temporary = "TMPDIR=" + profile.string();
  std::vector<char*> environment = {temporary.data()};
  for (char** entry = ::environ; *entry != nullptr; ++entry)
    if (!std::string_view{*entry}.starts_with("TMPDIR=")) environment.push_back(*entry);
  environment.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, to.read, 3);
  ::posix_spawn_file_actions_adddup2(&actions, from.write, 4);
  ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP);  // so that all of its processes can be ended
  pid_t pid = -1;
  const int error =
      ::posix_spawn(&pid, chromium.c_str(), &actions, &attributes, pointers.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) throw std::runtime_error{fmt::format("cannot start {}", chromium.string())};
  return pid;
}

std::vector<unsigned char> decode_base64(std::string_view text) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<unsigned char> bytes;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) break;
    buffer = (buffer << 6U | static_cast<unsigned>(value)) & 0xFFFFFFU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<unsigned char>(buffer >> static_cast<unsigned>(bits)));
  }
  return bytes;
}

}  // namespace

struct Page::State {
  int to = -1;
  int from = -1;
  pid_t pid = -1;
  fs::path profile{};
  std::string session{};
  std::string received{};
  int last = 0;
  int loads = 0;
  std::vector<std::string> errors{};

  json receive() {
    while (true) {
      if (const auto end = received.find('\0'); end != std::string::npos) {
        auto message = json::parse(received.substr(0, end));
        received.erase(0, end + 1);
        note(message);
        return message;
      }
      pollfd ready{from, POLLIN, 0};
      if (::poll(&ready, 1, kPatienceMs) != 1) throw std::runtime_error{"the browser does not answer"};
      std::array<char, 65536> buffer{};
      const auto size = ::read(from, buffer.data(), buffer.size());
      if (size <= 0) throw std::runtime_error{"the browser has ended"};
      received.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }

  void note(const json& message) {
    const auto method = message.value("method", "");
    const auto parameters = message.value("params", json::object());
    if (method == "Page.loadEventFired") ++loads;
    if (method == "Runtime.exceptionThrown") errors.push_back(parameters["exceptionDetails"].dump());
    if (method == "Runtime.consoleAPICalled" && parameters.value("type", "") == "error")
      errors.push_back(parameters["args"].dump());
    if (method == "Log.entryAdded" && parameters["entry"].value("level", "") == "error")
      errors.push_back(parameters["entry"].dump());
  }

  json call(const std::string& method, const json& parameters = json::object()) {
    json message = {{"id", ++last}, {"method", method}, {"params", parameters}};
    if (!session.empty()) message["sessionId"] = session;
    const auto text = message.dump();
    const auto size = text.size() + 1;
    for (std::size_t sent = 0; sent < size;) {
      const auto count = ::write(to, text.c_str() + sent, size - sent);
      if (count <= 0) throw std::runtime_error{"the browser does not listen"};
      sent += static_cast<std::size_t>(count);
    }
    while (true) {
      const auto answer = receive();
      if (answer.value("id", 0) != last) continue;
      if (answer.contains("error")) {
        const auto error = fmt::format("{}: {}", method, answer["error"].dump());
        if (says_page_left(error)) throw PageLeft{error};
        throw std::runtime_error{error};
      }
      return answer["result"];
    }
  }
};

fs::path find_chromium() {
  for (const auto* path : {"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"})
    if (fs::exists(path)) return path;
  return {};
}

Page::Page(const fs::path& chromium) : state_{std::make_unique<State>()} {
  auto name = (fs::temp_directory_path() / "dockwright-browser-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot make a temporary directory"};
  state_->profile = name;
  const auto to = make_pipe();
  const auto from = make_pipe();
  state_->pid = start(chromium, name, to, from);
  ::close(to.read);
  ::close(from.write);
  state_->to = to.write;
  state_->from = from.read;
  const auto target = state_->call("Target.createTarget", {{"url", "about:blank"}});
  state_->session = state_->call("Target.attachToTarget",
                                 {{"targetId", target["targetId"]}, {"flatten", true}})["sessionId"];
  for (const auto* domain : {"Page", "Runtime", "Log"}) state_->call(fmt::format("{}.enable", domain));
}

Page::~Page() {
  ::kill(-state_->pid, SIGKILL);
  ::waitpid(state_->pid, nullptr, 0);
  ::close(state_->to);
  ::close(state_->from);
  std::error_code error;
  for (int attempt = 0; attempt < 20 && fs::exists(state_->profile); ++attempt) {
    fs::remove_all(state_->profile, error);  // its helpers may still be dying
    if (fs::exists(state_->profile)) std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

void Page::look(int width, int height, bool dark) {
  state_->call("Emulation.setDeviceMetricsOverride",
               {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", width < 600}});
  const json feature = {{"name", "prefers-color-scheme"}, {"value", dark ? "dark" : "light"}};
  state_->call("Emulation.setEmulatedMedia", {{"features", json::array({feature})}});
}

void Page::open(const std::string& url) {
  const int before = state_->loads;
  state_->call("Page.navigate", {{"url", url}});
  while (state_->loads == before) state_->receive();
}

std::string Page::evaluate(const std::string& expression) {
  const auto answer =
      state_->call("Runtime.evaluate", {{"expression", "(async () => String(await (" + expression + ")))()"},
                                        {"awaitPromise", true},
                                        {"returnByValue", true}});
  if (answer.contains("exceptionDetails")) throw std::runtime_error{answer["exceptionDetails"].dump()};
  return answer["result"].value("value", "");
}

void Page::press(const std::string& key) {
  json event = {{"type", "keyDown"}, {"key", key}, {"code", key}};
  if (key.size() == 1) event["text"] = key;
  if (key == "Enter") event["text"] = "\r", event["windowsVirtualKeyCode"] = 13;
  if (key == "ArrowDown") event["windowsVirtualKeyCode"] = 40;
  state_->call("Input.dispatchKeyEvent", event);
  event["type"] = "keyUp";
  event.erase("text");
  state_->call("Input.dispatchKeyEvent", event);
}

void Page::type(const std::string& text) { state_->call("Input.insertText", {{"text", text}}); }

void Page::click(const std::string& selector) {
  try {
    evaluate(fmt::format("document.querySelector({}).click()", json(selector).dump()));
  } catch (const PageLeft&) {
    // a link was followed before the answer was sent
  }
}

bool Page::until(const std::string& expression) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    try {
      if (evaluate(expression) == "true") return true;
    } catch (const PageLeft&) {
      // the next page is on its way: not true yet
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  return false;
}

std::vector<std::string> Page::take_errors() {
  evaluate("0");  // whatever was on its way has arrived before this answer
  return std::exchange(state_->errors, {});
}

void Page::screenshot(const fs::path& file) {
  const auto answer =
      state_->call("Page.captureScreenshot", {{"format", "png"}, {"captureBeyondViewport", false}});
  const auto bytes = decode_base64(answer["data"].get<std::string>());
  std::ofstream{file, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                              static_cast<std::streamsize>(bytes.size()));
}

}  // namespace dockwright::browser
