#include "book/workbook/engines.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>

#include "book/workbook/matrix_lab.hpp"
#include "book/workbook/subprocess.hpp"
#include "common/check.hpp"

namespace dockwright::workbook::matrix {

namespace {

constexpr int kPatienceMs = 30'000;

Finished ask_docker(const std::vector<std::string>& words) {
  return run_program(words, {.output = Output::apart, .limit_milliseconds = kPatienceMs});
}

/// `docker`, and whose daemon: the child of a measurement does not see the caller's environment.
std::vector<std::string> docker(const std::filesystem::path& program, const std::vector<std::string>& words) {
  std::vector<std::string> line = {program.string()};
  if (const char* const host = std::getenv("DOCKER_HOST"); host != nullptr && *host != '\0')
    line.insert(line.end(), {"--host", host});
  line.insert(line.end(), words.begin(), words.end());
  return line;
}

void make_image(const std::filesystem::path& program, const World& world) {
  static bool made = false;
  if (made) return;
  const auto archive = world.base() / "image.tar";
  const auto packed = run_program({"tar", "-C", world.rootfs().string(), "-cf", archive.string(), "."});
  if (packed.exit_code != 0)
    throw std::runtime_error(fmt::format("cannot pack the probe for Docker: {}", packed.out));
  const auto taken = ask_docker(docker(program, {"import", archive.string(), laboratory_name()}));
  if (taken.exit_code != 0) throw std::runtime_error(fmt::format("docker import: {}", taken.err));
  made = true;
}

}  // namespace

std::vector<std::string> podman_line(const std::filesystem::path& program, const World& world,
                                     const std::vector<std::string>& options,
                                     const std::vector<std::string>& command) {
  const auto state = world.base() / "podman";
  std::vector<std::string> line = {program.string(),
                                   "--root",
                                   (state / "root").string(),
                                   "--runroot",
                                   (state / "run").string(),
                                   "--tmpdir",
                                   (state / "tmp").string(),
                                   "--cgroup-manager=cgroupfs",
                                   "--events-backend=none",
                                   "--log-level=error",
                                   "run",
                                   "--rm",
                                   "--network=none",
                                   "--cgroups=disabled"};
  line.insert(line.end(), options.begin(), options.end());
  line.insert(line.end(), {"--rootfs", world.rootfs().string()});
  line.insert(line.end(), command.begin(), command.end());
  return line;
}

void hide_state_of_podman() {
  for (const char* const place : {"/run", "/dev/shm", "/var/lib/containers"})
    if (::mount("podman", place, "tmpfs", MS_NOSUID | MS_NODEV, "size=16m") == -1 && errno != ENOENT)
      check(-1, "mount a tmpfs on {}", place);
}

bool docker_answers(const std::filesystem::path& program) {
  return ask_docker(docker(program, {"version", "--format", "{{.Server.Version}}"})).exit_code == 0;
}

std::vector<std::string> docker_line(const std::filesystem::path& program, const World& world,
                                     const std::vector<std::string>& options,
                                     const std::vector<std::string>& command) {
  make_image(program, world);
  std::vector<std::string> words = {"run", "--rm", "--network=none", "--name", laboratory_name()};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(laboratory_name());
  words.insert(words.end(), command.begin(), command.end());
  return docker(program, words);
}

bool docker_container_runs(const std::filesystem::path& program) {
  const auto listed = ask_docker(docker(program, {"ps", "--quiet", "--filter", "name=" + laboratory_name()}));
  return listed.exit_code == 0 && !listed.out.empty();
}

void remove_docker_container(const std::filesystem::path& program) {
  ignore(ask_docker(docker(program, {"rm", "--force", laboratory_name()})).exit_code, "there may be none");
}

void remove_docker_image(const std::filesystem::path& program) {
  remove_docker_container(program);
  ignore(ask_docker(docker(program, {"rmi", "--force", laboratory_name()})).exit_code, "there may be none");
}

}  // namespace dockwright::workbook::matrix
