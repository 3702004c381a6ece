#include "tests/registry/serve_fixture.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include "chapters/09-images/store_check.hpp"
#include "common/check.hpp"
#include "common/cli.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

Served::Served(std::vector<std::string> options) : options_{std::move(options)} { start(); }

Served::~Served() {
  if (process_) end(SIGTERM);
}

void Served::start() {
  std::vector<std::string> words = {DOCKWRIGHT_STAGE, "registry", "serve"};
  words.insert(words.end(), options_.begin(), options_.end());
  if (std::find(words.begin(), words.end(), "--address") == words.end())
    words.insert(words.end(), {"--address", "127.0.0.1:0"});
  const fs::path log_path = directory() / "log";
  fs::remove(log_path);  // what a server said before is not this one's
  process_.emplace(spawn({}, [&] {
    const int log =
        check(::open(log_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600), "log");
    check(::dup2(log, 1), "log");
    check(::dup2(log, 2), "log");
    ::setenv(cli::kRootVariable, store().c_str(), 1);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    check(::execv(arguments.front(), arguments.data()), "run {}", words.front());
  }));
  const std::string mark = "://";
  for (int i = 0; i < 200 && !contains(log(), "Ctrl-C"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{25});
  const std::string text = log();
  const auto at = text.find(mark);
  INFO("it said: " << text);
  REQUIRE(at != std::string::npos);
  const auto colon = text.find(':', at + mark.size());
  port_ = text.substr(colon + 1, text.find(' ', colon) - colon - 1);
}

Result Served::operator()(const std::string& script) const {
  return shell_("R=" + address() + "\n" + script);
}

std::string Served::log() const {
  std::ifstream file{directory() / "log", std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

int Served::end(int signal) {
  process_->signal(signal);
  const int code = process_->wait();
  process_.reset();
  return code;
}

std::string Served::flaws() const {
  const Store opened = Store::open({.root = store().native()});
  std::string text;
  for (const Flaw& flaw : check_store(opened).flaws) text += flaw.where + ": " + flaw.what + '\n';
  return text;
}

std::size_t Served::leftovers() const {
  std::size_t number = 0;
  for (const auto& entry : fs::directory_iterator{store() / "tmp"}) number += entry.exists() ? 1U : 0U;
  return number;
}
