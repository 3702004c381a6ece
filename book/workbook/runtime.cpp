#include "book/workbook/runtime.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "book/workbook/engines.hpp"
#include "book/workbook/matrix_lab.hpp"
#include "common/check.hpp"

namespace dockwright::workbook::matrix {

namespace fs = std::filesystem;

namespace {

fs::path find_program(const std::string& name) {
  for (const auto* directory :
       {"/usr/local/bin", "/usr/bin", "/usr/sbin", "/usr/local/sbin", "/bin", "/sbin"})
    if (const auto path = fs::path{directory} / name; ::access(path.c_str(), X_OK) == 0) return path;
  return {};
}

/// The identifier of a container of crun or runc: unique on this machine, since its control group bears it.
std::string container_id(const World& world) { return world.fill_in({"{socket}"}).front(); }

struct VolumeWords {
  std::string source{};
  std::string target{};
  bool read_only = false;
};

/// `SOURCE:TARGET[:ro]`, for runtimes that want the parts; they stand in a declaration of ours.
VolumeWords split_volume(const std::string& text) {
  VolumeWords words;
  const auto colon = text.find(':');
  if (colon == std::string::npos) return words;
  words.source = text.substr(0, colon);
  words.target = text.substr(colon + 1);
  words.read_only = words.target.ends_with(":ro");
  if (words.read_only) words.target.resize(words.target.size() - 3);
  return words;
}

/// A bundle as the peer itself proposes it (`crun spec`): only what to run and where is ours.
fs::path make_bundle(const Runtime& runtime, const World& world, const std::vector<std::string>& arguments,
                     const Start& start) {
  const auto bundle = world.base() / ("bundle-" + runtime.name);
  const auto config = bundle / "config.json";
  const auto proposal = bundle / "proposal.json";
  fs::create_directories(bundle);
  if (!fs::exists(proposal)) {
    auto options = for_measuring({});
    options.directory = bundle;
    const auto made = run_program({runtime.program.string(), "spec"}, options);
    if (made.exit_code != 0) throw std::runtime_error(fmt::format("{} spec: {}", runtime.name, made.err));
    fs::rename(config, proposal);
  }
  auto json = nlohmann::json::parse(std::ifstream{proposal});
  json["process"]["args"] = arguments;
  json["process"]["terminal"] = false;
  json["root"]["path"] = world.rootfs().string();
  if (!start.workdir.empty()) json["process"]["cwd"] = start.workdir;
  if (unsigned user = 0, group = 0; std::sscanf(start.user.c_str(), "%u:%u", &user, &group) == 2)
    json["process"]["user"] = {{"uid", user}, {"gid", group}};
  if (const auto volume = split_volume(start.volume); !volume.source.empty())
    json["mounts"].push_back({{"destination", volume.target},
                              {"type", "bind"},
                              {"source", volume.source},
                              {"options", {"rbind", volume.read_only ? "ro" : "rw"}}});
  std::ofstream{config} << json;
  return bundle;
}

std::vector<std::string> in_the_root(const World& world, const std::vector<std::string>& arguments,
                                     const Start& start) {
  std::vector<std::string> command = {start.entry.empty() ? world.program_inside() : start.entry};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

void append(std::vector<std::string>& words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
}

/// In the words of Docker, which are a stage's and Podman's, too.
std::vector<std::string> words_of_docker(const Start& start) {
  std::vector<std::string> words;
  if (!start.volume.empty()) append(words, {"-v", start.volume});
  if (!start.workdir.empty()) append(words, {"-w", start.workdir});
  if (!start.user.empty()) append(words, {"--user", start.user});
  return words;
}

/// A stage before 6 has no users: there the program gives up being root by itself.
Start known_to(const Runtime& runtime, Start start) {
  if (runtime.stage > 0 && runtime.stage < 6) start.user.clear();
  return start;
}

std::vector<std::string> words_of_bubblewrap(const Start& start) {
  std::vector<std::string> words;
  if (const auto volume = split_volume(start.volume); !volume.source.empty())
    append(words, {volume.read_only ? "--ro-bind" : "--bind", volume.source, volume.target});
  if (!start.workdir.empty()) append(words, {"--chdir", start.workdir});
  return words;
}

}  // namespace

std::vector<Runtime> stage_runtimes(const fs::path& bin, int count) {
  std::vector<Runtime> stages;
  for (int number = 1; number <= count; ++number) {
    const auto name = fmt::format("stage{:02}", number);
    if (::access((bin / name).c_str(), X_OK) != 0)
      throw std::runtime_error(fmt::format("{} is not there: build first (cmake --build --preset default)",
                                           (bin / name).string()));
    stages.push_back({.name = name, .kind = Runtime::Kind::stage, .program = bin / name, .stage = number});
  }
  return stages;
}

std::vector<Runtime> installed_peers() {
  std::vector<Runtime> peers;
  const std::array<std::pair<const char*, Runtime::Kind>, 5> known = {{{"bwrap", Runtime::Kind::bubblewrap},
                                                                       {"crun", Runtime::Kind::oci},
                                                                       {"runc", Runtime::Kind::oci},
                                                                       {"podman", Runtime::Kind::podman},
                                                                       {"docker", Runtime::Kind::docker}}};
  for (const auto& [name, kind] : known)
    if (const auto program = find_program(name);
        !program.empty() && (kind != Runtime::Kind::docker || docker_answers(program)))
      peers.push_back({.name = name, .kind = kind, .program = program});
  return peers;
}

Runtime named_runtime(const std::string& name_and_path, int stage) {
  const auto at = name_and_path.find('=');
  if (at == 0 || at == std::string::npos || at + 1 == name_and_path.size())
    throw std::runtime_error(fmt::format("--runtime wants NAME=PATH, and got '{}'", name_and_path));
  const auto program = fs::absolute(name_and_path.substr(at + 1));
  if (::access(program.c_str(), X_OK) != 0)
    throw std::runtime_error(fmt::format("{} cannot be executed", program.string()));
  return {
      .name = name_and_path.substr(0, at), .kind = Runtime::Kind::stage, .program = program, .stage = stage};
}

std::vector<std::string> command_line(const Runtime& runtime, const World& world,
                                      const std::vector<std::string>& options,
                                      const std::vector<std::string>& arguments, const Start& start) {
  std::vector<std::string> line;
  const auto command = in_the_root(world, arguments, start);
  switch (runtime.kind) {
    case Runtime::Kind::bare:
    case Runtime::Kind::closed:
      line = {world.program().string()};
      append(line, arguments);
      return line;
    case Runtime::Kind::stage:
    case Runtime::Kind::naive:
      line = {runtime.program.string(), "run"};
      append(line, options);
      append(line, words_of_docker(known_to(runtime, start)));
      append(line, world.fill_in(runtime.always));
      if (runtime.stage != 1) append(line, {"--rootfs", world.rootfs().string()});
      line.emplace_back("--");
      append(line, runtime.stage != 1 ? command : command_line({}, world, {}, arguments));
      return line;
    case Runtime::Kind::bubblewrap:
      line = {runtime.program.string(),
              "--unshare-all",
              "--bind",
              world.rootfs().string(),
              "/",
              "--proc",
              "/proc",
              "--dev",
              "/dev"};
      append(line, words_of_bubblewrap(start));
      append(line, command);
      return line;
    case Runtime::Kind::oci:
      return {runtime.program.string(),
              "--root",
              (world.base() / "state").string(),
              "run",
              "--bundle",
              make_bundle(runtime, world, command, start).string(),
              container_id(world)};
    case Runtime::Kind::podman:
      return podman_line(runtime.program, world, words_of_docker(start), command);
    case Runtime::Kind::docker:
      return docker_line(runtime.program, world, words_of_docker(start), command);
  }
  return line;
}

std::function<void()> preparation(const Runtime& runtime) {
  if (runtime.kind == Runtime::Kind::closed) return close_everything;
  if (runtime.kind != Runtime::Kind::oci && runtime.kind != Runtime::Kind::podman) return {};
  return [podman = runtime.kind == Runtime::Kind::podman] {
    // crun 1.8 takes the machine for one of cgroup v2 when it sees the almost empty v2 tree beside the
    // others.
    check(::unshare(CLONE_NEWNS), "make a mount namespace");
    if (::umount2("/sys/fs/cgroup/unified", MNT_DETACH) == -1 && errno != EINVAL && errno != ENOENT)
      check(-1, "unmount /sys/fs/cgroup/unified");
    if (podman) hide_state_of_podman();
  };
}

RunOptions for_measuring(const Runtime& runtime) {
  return {.output = Output::apart,
          .environment = std::vector<std::string>{},
          .prepare = preparation(runtime),
          .limit_milliseconds = 10'000};
}

bool command_runs(const Runtime& runtime, const World& world) {
  return runtime.kind == Runtime::Kind::docker ? docker_container_runs(runtime.program)
                                               : runs(world.program().filename().string());
}

void clean_up_after(const Runtime& runtime, const World& world) {
  if (runtime.kind == Runtime::Kind::docker) remove_docker_container(runtime.program);
  if (runtime.kind != Runtime::Kind::oci) return;
  const std::vector<std::string> command = {
      runtime.program.string(), "--root", (world.base() / "state").string(), "delete", "--force",
      container_id(world)};
  ignore(run_program(command, for_measuring(runtime)).exit_code, "it may have left nothing behind");
}

}  // namespace dockwright::workbook::matrix
