// From a command to its exit code: a kernel, a root, an accelerator, a machine, a conversation.

#include "book/workbook/lab.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <thread>

#include "book/workbook/lab_acceleration.hpp"
#include "book/workbook/lab_image.hpp"
#include "book/workbook/lab_kernel.hpp"
#include "book/workbook/lab_scratch.hpp"
#include "book/workbook/lab_session.hpp"
#include "book/workbook/lab_share.hpp"
#include "book/workbook/lab_terminal.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

/// KVM has proved itself after so long, or never will.
constexpr auto kKvmLimit = 2s;
/// A translated machine is up after four seconds; on a busy one, its kernel now and then waits for a timer
/// that never comes. Nothing has been run by then, so another one is started.
constexpr std::array kTranslatedLimits = {15s, 30s, 60s};
/// From the kernel's being up to the command's start.
constexpr auto kReadyLimit = 60s;

/// What the root of the machine is made of.
struct Root {
  ShareServer server{};  ///< without a program: the image brings it
  std::string image{};
  unsigned memory_mb = 0;
  std::string scratch{};  ///< the disk for /tmp
};

/// One try to boot, and how long it may take until the first process says hello.
struct Attempt {
  Acceleration acceleration = Acceleration::translated;
  std::chrono::seconds limit{};
};

std::vector<Attempt> attempts(Acceleration first) {
  std::vector<Attempt> all;
  if (first == Acceleration::kvm) all.push_back({.acceleration = first, .limit = kKvmLimit});
  for (const auto limit : kTranslatedLimits)
    all.push_back({.acceleration = Acceleration::translated, .limit = limit});
  return all;
}

fs::path init_program(const Project& project) {
  const auto path = project.bin() / "laboratory_init";
  if (!fs::exists(path))
    throw Failure{fmt::format("{} is not built", path.string()),
                  Advice{.cause = "", .cure = "cmake --build " + project.build().string()}};
  return path;
}

Root make_root(const Project& project, const LabKernel& kernel, const LabOptions& options) {
  Root root;
  root.server = options.own_root ? ShareServer{} : find_share_server(Machine::here());
  if (const auto why_not = cannot_share(root.server); !why_not.empty()) {
    root.server = {};
    if (options.talkative && !options.own_root)
      fmt::print(stderr, "no shared files ({}): a small root is made\n", why_not);
  }
  root.memory_mb = options.memory_mb;
  const auto scratch = find_or_make_scratch(project.build() / "vm-cache");
  root.scratch = scratch.disk;
  if (scratch.disk.empty() && options.talkative)
    fmt::print(stderr, "no disk ({}): /tmp is memory, and has no id-mapped mounts\n", scratch.why_not);
  if (!root.server.program.empty()) {
    root.image = make_small_image(kernel, init_program(project));
  } else {
    root.image = make_whole_image(kernel, init_program(project), project);
    // QEMU holds it, the kernel unpacks it: twice.
    root.memory_mb += static_cast<unsigned>(2 * root.image.size() >> 20);
  }
  return root;
}

std::unique_ptr<LabMachine> boot(const LabKernel& kernel, const Root& root, Acceleration acceleration,
                                 bool talkative) {
  auto share = root.server.program.empty() ? nullptr : std::make_unique<Share>(root.server);
  const bool kvm = acceleration == Acceleration::kvm;
  auto machine = std::make_unique<LabMachine>(
      MachineOptions{.acceleration = acceleration,
                     .processors = std::clamp(std::thread::hardware_concurrency(), 2U, 4U),
                     .memory_mb = root.memory_mb,
                     .kernel = kernel.image().string(),
                     .scratch = root.scratch,
                     .talkative = talkative,
                     .clock_khz = kvm ? 0 : measure_clock_khz()},
      root.image, std::move(share));
  if (talkative) {
    std::string words;
    for (const auto& word : machine->command()) words += (words.empty() ? "" : " ") + shell_quoted(word);
    fmt::print(stderr, "{}\n", words);
  }
  return machine;
}

lab::Request make_request(const Project& project, const LabKernel& kernel, const Root& root,
                          const LabOptions& options) {
  lab::Request request;
  request.command = options.command;
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  request.environment = lab_environment(variables, project.bin().string(), options.as_user);
  request.directory = fs::current_path().string();
  request.project = project.root().string();
  request.shared = !root.server.program.empty();
  if (request.shared)
    request.modules = kernel.directory.string();
  else if (!starts_with(request.directory + "/", request.project + "/"))
    request.directory = request.project;
  request.as_user = options.as_user;
  request.terminal = ::isatty(0) == 1 && ::isatty(1) == 1 && ::isatty(2) == 1;
  if (request.terminal) std::tie(request.rows, request.columns) = lab::decode_window_size(window_size());
  return request;
}

}  // namespace

std::string no_lab(const Machine& machine) {
#ifndef __x86_64__
  return "it needs an x86-64 processor";
#endif
  if (machine.program("qemu-system-x86_64").empty()) return "it needs QEMU (package qemu-system-x86)";
  return "";
}

std::vector<std::string> lab_environment(const std::vector<std::string>& variables, const std::string& bin,
                                         bool as_user) {
  std::vector<std::string> result = {as_user ? "HOME=/home/reader" : "HOME=/root",
                                     as_user ? "USER=reader" : "USER=root",
                                     as_user ? "LOGNAME=reader" : "LOGNAME=root"};
  if (as_user) result.push_back("XDG_RUNTIME_DIR=/run/user/1000");
  std::string path = bin;
  for (const auto& variable : variables) {
    const auto name = variable.substr(0, variable.find('='));
    if (name == "PATH") path += ":" + variable.substr(5);
    const bool is_ours = name == "PATH" || name == "HOME" || name == "USER" || name == "LOGNAME" ||
                         name == "TMPDIR" || name == "MAIL" || name == "SHLVL" || name == "_";
    const bool of_session = starts_with(name, "XDG_") || starts_with(name, "SUDO_") ||
                            starts_with(name, "SSH_") || starts_with(name, "DBUS_") ||
                            starts_with(name, "TMUX");
    if (!is_ours && !of_session) result.push_back(variable);
  }
  if (path == bin) path += ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  result.push_back("PATH=" + path);
  return result;
}

int run_in_lab(const Project& project, const LabOptions& options) {
  if (const auto why_not = no_lab(Machine::here()); !why_not.empty())
    throw Failure{"there is no laboratory here: " + why_not};
  const auto cache = project.build() / "vm-cache";
  const auto kernel = find_or_fetch_kernel(cache);
  const auto root = make_root(project, kernel, options);
  std::unique_ptr<LabMachine> machine;
  std::unique_ptr<LabSession> session;
  for (const auto& attempt : attempts(choose_acceleration(cache))) {
    session.reset();
    machine.reset();
    machine = boot(kernel, root, attempt.acceleration, options.talkative);
    session = std::make_unique<LabSession>(*machine, options.talkative);
    const bool came_up = session->wait_for_hello(attempt.limit);
    if (attempt.acceleration == Acceleration::kvm)
      remember_acceleration(cache, came_up ? Acceleration::kvm : Acceleration::translated);
    if (came_up) break;
  }
  session->start(make_request(project, kernel, root, options), kReadyLimit);
  const RawTerminal raw{::isatty(0) == 1 && ::isatty(1) == 1 && ::isatty(2) == 1};
  return session->carry(std::chrono::seconds{options.seconds});
}

}  // namespace dockwright::workbook
