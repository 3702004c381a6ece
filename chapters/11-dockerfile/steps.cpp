#include "chapters/11-dockerfile/steps.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "chapters/06-users/user.hpp"
#include "chapters/08-layers/layered_root.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "chapters/09-images/user_root.hpp"
#include "chapters/11-dockerfile/mount_points.hpp"
#include "chapters/11-dockerfile/packed_layer.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/open_in_root.hpp"
#include "common/sys.hpp"
#include "common/sys_file.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kExited = "exit ";
/// New files are for all to read, whoever builds.
constexpr mode_t kUmask = 022;
/// Lists of unwanted hosts have a hundred thousand lines.
constexpr std::size_t kLargestHosts = 64U << 20U;
/// What BuildKit calls the machine that a step sees.
constexpr const char* kHostname = "buildkitsandbox";

/// A step's own directory below the build's.
struct Workplace {
  std::string name{};
  std::string path{};
  UniqueFd directory{};
};

Workplace make_workplace(const BuildRoom& room) {
  const std::string name = files::unique_name("step-");
  return {.name = name,
          .path = room.home.path() + '/' + name,
          .directory =
              files::directory_at(room.home.directory(), name, 0700)};
}

UniqueFd upper_of(const Workplace& place) {
  return UniqueFd{check_call(
      "openat",
      ::openat(place.directory.get(), "upper",
               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
      "open what the step wrote")};
}

/// A directory of the store, in the table of mounts that we have now:
/// overlay takes none of another.
Layer open_here(const std::string& path) {
  return {UniqueFd{check_call(
              "open layer",
              ::open(path.c_str(),
                     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
              "open the layer {}", path)},
          path};
}

/// The trees that a step stands on, the lowest first, all unpacked; two
/// at least, for a base from scratch has none.
std::vector<std::string> trees_of(const BuildRoom& room,
                                  const ImageState& state) {
  static_cast<void>(
      files::directory_at(room.home.directory(), "empty", 0755));
  std::vector<std::string> trees = {room.home.path() + "/empty"};
  ArchiveLimits limits;
  for (const std::string& limit : room.archive_limits)
    set_archive_limit(limits, limit);
  for (const std::size_t i : distinct_layers(state.config.diff_ids)) {
    const Digest& id = state.config.diff_ids[i];
    static_cast<void>(
        unpacked_layer(room.store, state.layers[i], id, limits));
    trees.push_back(
        fmt::format("{}/layers/{}/fs", room.store.path(), id.hex()));
  }
  return trees;
}

std::vector<Layer> opened(const std::vector<std::string>& trees) {
  std::vector<Layer> layers;
  for (const std::string& tree : trees)
    layers.push_back(open_here(tree));
  return layers;
}

/// In a step's child: becomes who may change any file, and mounts.
void become_root_with_mounts() {
  become_root_of_user_namespace();
  take_own_mounts({.overlay = true});
}

UniqueFd mounted_to_read(const std::vector<std::string>& paths) {
  std::vector<Layer> trees = opened(paths);
  Overlay overlay;
  for (std::size_t i = trees.size(); i-- > 0;)
    overlay.lower.push_back(std::move(trees[i]));
  return mount_overlay(
      overlay, {.user_xattrs = own_whiteouts() == Whiteouts::user});
}

/// The host's own, for as long as the step lasts.
std::vector<MountSpec> network_files(const RunStep& step,
                                     const Workplace& place) {
  std::vector<MountSpec> mounts;
  const auto add = [&](const std::string& source, const char* target) {
    if (::access(source.c_str(), R_OK) == 0)
      mounts.push_back(
          {.source = source, .target = target, .read_only = true});
  };
  if (step.network == NetworkMode::host)
    add("/etc/resolv.conf", "/etc/resolv.conf");
  std::string hosts = "/etc/hosts";
  if (!step.add_hosts.empty()) {
    std::string text = files::read_all(sys::open(hosts, O_RDONLY),
                                       kLargestHosts, hosts);
    if (!text.ends_with('\n')) text += '\n';
    for (const std::string& line : step.add_hosts) text += line + '\n';
    files::write_all(files::create_at(place.directory, "hosts", 0644),
                     text, "the step's hosts");
    hosts = place.path + "/hosts";
  }
  add(hosts, "/etc/hosts");
  return mounts;
}

MountSpec written_script(const StepScript& script,
                         const Workplace& place) {
  files::write_all(files::create_at(place.directory, "script", 0755),
                   script.text, "the step's script");
  return {.source = place.path + "/script",
          .target = script.path,
          .read_only = true};
}

std::vector<MountPoint> mount_points_of(const Spec& spec) {
  std::vector<MountPoint> points = usual_mount_points();
  for (const MountSpec& mount : spec.mounts) {
    struct stat status {};
    const bool file = mount.type == MountSpec::Type::bind &&
                      ::stat(mount.source.c_str(), &status) == 0 &&
                      !S_ISDIR(status.st_mode);
    points.push_back(
        {mount.target, file ? FileKind::file : FileKind::directory});
  }
  return points;
}

Spec spec_of(const RunStep& step, const ImageState& state,
             const Workplace& place) {
  const RunConfig& config = state.config.config;
  Spec spec{.command = step.command,
            .environment = step.environment,
            .workdir = state.workdir(),
            .hostname = kHostname,
            .network = step.network,
            .mounts = network_files(step, place),
            .user = config.user,
            .user_numbers =
                ::geteuid() == 0 ? UserNumbers::host : UserNumbers::own,
            .privileged = step.privileged,
            .overlay = true,
            .upper = place.path + "/upper",
            .build_step = true};
  spec.environment.insert(spec.environment.end(), config.env.begin(),
                          config.env.end());
  spec.mounts.insert(spec.mounts.end(), step.mounts.begin(),
                     step.mounts.end());
  if (step.script)
    spec.mounts.push_back(written_script(*step.script, place));
  return spec;
}

std::string place_for_mounts(const Workplace& place) {
  static_cast<void>(
      files::directory_at(place.directory, "mounts", 0700));
  return place.path + "/mounts";
}

/// What the layers lack of mount points, in a directory beside them.
void make_points(const BuildRoom& room, const ImageState& state,
                 const Spec& spec, const Workplace& place) {
  because("a place to mount on must be there, and not in the image");
  make_mount_points(
      mounted_to_read(trees_of(room, state)),
      files::directory_at(place.directory, "points", 0755),
      mount_points_of(spec));
}

/// Runs it; afterwards we are who made its files, and pack them.
std::string run_and_pack(const BuildRoom& room, const Spec& spec,
                         const Workplace& place) {
  static_cast<void>(
      files::directory_at(place.directory, "upper", 0700));
  if (const int code = room.run(spec); code != 0)
    return fmt::format("{}{}", kExited, code);
  return to_text(pack_layer(room, upper_of(place)));
}

void set_time(const UniqueFd& directory, const timespec& time) {
  const std::array<timespec, 2> both{time, time};
  check_call("utimensat", ::futimens(directory.get(), both.data()),
             "set the time of a directory");
}

/// Gives the directory to the image's user, as far as it is new. It is
/// as old as what is there: tomorrow the same image comes of it.
bool make_workdir(const UniqueFd& root, const ImageState& state) {
  const std::filesystem::path path = state.workdir();
  if (try_open_in_root(root, path, O_PATH | O_DIRECTORY)) return false;
  const Spec spec{.user = state.config.config.user};
  const User owner = find_user(root, spec, {});
  std::filesystem::path made;
  for (const auto& part : path) {
    made /= part;
    if (try_open_in_root(root, made, O_PATH)) continue;
    constexpr int kLook = O_RDONLY | O_DIRECTORY;
    const UniqueFd above =
        open_in_root(root, made.parent_path(), kLook);
    struct stat before {};
    check_call("fstat", ::fstat(above.get(), &before),
               "look at the directory above {}", made.string());
    const UniqueFd directory =
        make_in_root(root, made, FileKind::directory);
    set_time(open_in_root(root, made, kLook),
             {.tv_sec = state.newest, .tv_nsec = 0});
    set_time(above, before.st_mtim);
    check_call("fchownat",
               ::fchownat(directory.get(), "", owner.user, owner.group,
                          AT_EMPTY_PATH),
               "give {} to its user", made.string());
  }
  return true;
}

/// A step without a container; nothing when `change` says that there
/// was nothing to do.
std::optional<BuiltLayer> changed(
    const BuildRoom& room, const ImageState& state,
    const std::function<bool(const UniqueFd& root)>& change) {
  const Workplace place = make_workplace(room);
  const std::string answer =
      in_child(room.signals, [&]() -> std::string {
        become_root_with_mounts();
        sys::umask(kUmask);
        static_cast<void>(
            files::directory_at(place.directory, "upper", 0700));
        UniqueFd root = layered_root(opened(trees_of(room, state)),
                                     open_here(place.path + "/upper"),
                                     {}, Keep::no);
        if (!change(root)) return {};
        root.reset();
        return to_text(pack_layer(room, upper_of(place)));
      });
  if (answer.empty()) return std::nullopt;
  return layer_from(answer);
}

}  // namespace

UniqueFd root_to_read(const BuildRoom& room, const ImageState& state) {
  return mounted_to_read(trees_of(room, state));
}

//! [run_step]
BuiltLayer run_step(const BuildRoom& room, const ImageState& state,
                    const RunStep& step, const StepOutput& output) {
  const Workplace place = make_workplace(room);
  Spec spec = spec_of(step, state, place);
  spec.layers = trees_of(room, state);
  spec.layers.push_back(place.path + "/points");
  spec.rootfs = spec.layers.front();
  spec.layers.erase(spec.layers.begin());
  const auto points = [&] { make_points(room, state, spec, place); };
  const std::string answer = in_child(
      room.signals,
      [&] {
        sys::umask(kUmask);
        // Without root the container gets a user namespace of its own;
        // what needs one before happens apart.
        const bool root = ::geteuid() == 0;
        if (root) become_root_with_mounts();
        if (step.mount) step.mount(spec, place_for_mounts(place));
        if (root)
          points();
        else
          apart_as_root([&] {
            become_root_with_mounts();
            points();
          });
        return run_and_pack(room, spec, place);
      },
      output);
  if (!answer.starts_with(kExited)) return layer_from(answer);
  throw StepFailed{std::stoi(answer.substr(kExited.size()))};
}
//! [run_step]

BuiltLayer file_step(
    const BuildRoom& room, const ImageState& state,
    const std::function<void(const UniqueFd& root)>& change) {
  return *changed(room, state, [&](const UniqueFd& root) {
    change(root);
    return true;
  });
}

std::optional<BuiltLayer> workdir_step(const BuildRoom& room,
                                       const ImageState& state) {
  return changed(room, state, [&](const UniqueFd& root) {
    return make_workdir(root, state);
  });
}

}  // namespace dockwright
