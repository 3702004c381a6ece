#pragma once
// The steps that make layers. Each happens in a child process: it may
// enter a user namespace, mount, and run a container, and when it ends
// nothing of that is left. Its files go to a fresh upper directory, and
// that *becomes* the layer: it is read once, to be packed and hashed,
// and then renamed into the store.
//
//     builder                     child
//       | -- spawn ----------------> |  overlay of the layers so far
//       | <-- what it prints ------- |  RUN: a container in it
//       | <-- the layer's digest --- |  packs upper/diff, renames it
//
// They are called one at a time in a process with one thread; several
// processes may build at once.

#include <functional>
#include <string>
#include <vector>

#include "chapters/01-process/signals.hpp"
#include "chapters/09-images/running.hpp"
#include "chapters/11-dockerfile/build_spec.hpp"
#include "chapters/11-dockerfile/image_state.hpp"
#include "chapters/11-dockerfile/step_child.hpp"

namespace dockwright {

/// Where a build happens.
struct BuildRoom {
  const Store& store;
  /// Below its directory every step has one of its own.
  const RunningContainer& home;
  /// Those that end the build: a step that is interrupted throws.
  const Signals& signals;
  Runner run;
  std::vector<std::string> archive_limits{};  ///< For layers of bases.
  /// No file of a layer is younger (SOURCE_DATE_EPOCH).
  std::optional<Seconds> epoch{};
};

/// A file that is to be executed: a heredoc with an interpreter's line.
struct StepScript {
  std::string path{};  ///< Where the container finds it.
  std::string text{};
};

/// What RUN runs, and in which surroundings; user, directory and ENV
/// are the image's.
struct RunStep {
  std::vector<std::string> command{};
  /// `NAME=value`, before ENV: ARG, proxies.
  std::vector<std::string> environment{};
  /// Also those of `--mount`. A mount point that had to be made is
  /// taken away again.
  std::vector<MountSpec> mounts{};
  NetworkMode network = NetworkMode::host;
  bool privileged = false;  ///< `--security=insecure`
  std::vector<std::string> add_hosts{};
  std::optional<StepScript> script{};
  /// What else is to be mounted (chapter 12). It is called in the
  /// step's process: as root that one has mounts of its own. `place` is
  /// the path of an empty directory. What it makes it must keep itself.
  std::function<void(Spec& spec, const std::string& place)> mount{};
};

/// A command that ended with another code than 0.
class StepFailed : public std::exception {
 public:
  explicit StepFailed(int code) : code_{code} {}
  [[nodiscard]] int code() const noexcept { return code_; }
  [[nodiscard]] const char* what() const noexcept override {
    return "a step has failed";
  }

 private:
  int code_;
};

/// Runs a command in the image. @throws StepFailed Failure; then
/// nothing of the step is in the store
[[nodiscard]] BuiltLayer run_step(const BuildRoom& room,
                                  const ImageState& state,
                                  const RunStep& step,
                                  const StepOutput& output);

/// Changes files of the image from outside: `change` gets its root, an
/// open directory, and works there as its root user. It happens in a
/// child: what it changes in memory is lost.
/// @throws Failure that `change` threw
[[nodiscard]] BuiltLayer file_step(
    const BuildRoom& room, const ImageState& state,
    const std::function<void(const UniqueFd& root)>& change);

/// Makes the working directory, where it is missing.
[[nodiscard]] std::optional<BuiltLayer> workdir_step(
    const BuildRoom& room, const ImageState& state);

/// The layers as one root that can only be read: for a child that has
/// its own mounts (`file_step`'s). To copy from another image or stage.
[[nodiscard]] UniqueFd root_to_read(const BuildRoom& room,
                                    const ImageState& state);

}  // namespace dockwright
