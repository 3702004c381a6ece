#include "chapters/12-build-cache/outputs/write_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "chapters/08-layers/layer_diff.hpp"
#include "chapters/08-layers/layered_root.hpp"
#include "chapters/08-layers/overlay.hpp"
#include "chapters/09-images/commands/files.hpp"
#include "chapters/09-images/copy_tree.hpp"
#include "chapters/09-images/destination.hpp"
#include "chapters/09-images/saving.hpp"
#include "chapters/09-images/timestamp.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "chapters/09-images/user_root.hpp"
#include "common/check.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

using Type = BuildOutput::Type;

Image built(const Store& store, const BuiltImage& image) {
  return load_image(store, image.descriptor,
                    Platform::of_this_machine());
}

/// The image's files as a container would see them. In a table of
/// mounts of our own, as root.
UniqueFd merged(const Store& store, const BuiltImage& image) {
  // Opened anew: an overlay is made of what is in our own table.
  const Store again = Store::open({.root = store.path()});
  const Image read = built(again, image);
  std::vector<UniqueFd> trees = unpacked_layers(again, read);
  if (trees.empty()) {
    const UniqueFd nothing = sys::make_filesystem({.type = "tmpfs"});
    return UniqueFd{
        check(::openat(nothing.get(), ".", O_RDONLY | O_CLOEXEC),
              "open an empty directory")};
  }
  if (trees.size() == 1) return std::move(trees.front());
  Overlay overlay;
  for (std::size_t i = trees.size(); i-- > 0;)
    overlay.lower.push_back(
        {std::move(trees[i]), read.config.diff_ids[i].str()});
  return mount_overlay(overlay,
                       {.user_xattrs = root_of() != Root::of_machine});
}

/// The directory that files go to, with those above it.
UniqueFd make_directory(const std::string& path) {
  std::filesystem::path made;
  for (const auto& part : std::filesystem::path{path}) {
    made /= part;
    if (::mkdir(made.c_str(), 0755) == -1 && errno != EEXIST)
      check_call("make output", -1, "make {}", made.native());
  }
  return UniqueFd{check_call(
      "open output",
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      "open {}", path)};
}

void write_files(const Store& store, const BuildOutput& output,
                 const BuiltImage& image) {
  // Threads unpack, and what is made here must not be seen: a child.
  apart_as_root([&] {
    take_own_mounts({.overlay = true});
    const UniqueFd directory = make_directory(output.destination);
    copy_tree_over(merged(store, image), directory);
  });
}

void write_archive(const Store& store, const BuildOutput& output,
                   const BuiltImage& image) {
  apart_as_root([&] {
    take_own_mounts({.overlay = true});
    write_output(output.destination, [&](Sink& to) {
      const UniqueFd root = merged(store, image);
      static_cast<void>(write_layer(
          root, to,
          {.latest_time = source_date_epoch(), .whole_tree = true}));
    });
  });
}

std::vector<Reference> names_of(const BuildOutput& output,
                                const BuiltImage& image) {
  std::vector<Reference> names = image.names;
  for (const std::string& name : output.names)
    names.push_back(Reference::parse(name));
  return names;
}

void write_image(const Store& store, const BuildOutput& output,
                 const BuiltImage& image) {
  const std::vector<ImageToSave> images{
      {image.descriptor, names_of(output, image)}};
  SaveOptions options{.compression = output.compression,
                      .for_docker = output.type == Type::docker};
  if (options.for_docker && !options.compression)
    options.compression = Compression::none;
  if (!output.archive) {
    const auto directory = directory_at(output.destination);
    save_images(store, images, *directory, options);
    return;
  }
  write_output(output.destination, [&](Sink& to) {
    const auto archive = archive_into(to);
    save_images(store, images, *archive, options);
  });
}

std::string step_name(const BuildOutput& output) {
  switch (output.type) {
    case Type::local:
      return "exporting to client directory";
    case Type::tar:
      return "exporting to client tarball";
    case Type::oci:
      return "exporting to oci image format";
    case Type::docker:
      return "exporting to docker image format";
    case Type::image:
    case Type::cache_only:
      break;
  }
  return "";
}

}  // namespace

void write_build_output(const Store& store, const BuildOutput& output,
                        const BuiltImage& image) {
  switch (output.type) {
    case Type::image:
    case Type::cache_only:
      return;
    case Type::local:
      return write_files(store, output, image);
    case Type::tar:
      return write_archive(store, output, image);
    case Type::oci:
    case Type::docker:
      return write_image(store, output, image);
  }
}

StepId write_build_outputs(const Store& store,
                           const std::vector<BuildOutput>& outputs,
                           const BuiltImage& image, BuildEvents& events,
                           StepId step) {
  for (const BuildOutput& output : outputs) {
    const std::string name = step_name(output);
    if (name.empty()) continue;
    events.started(step, name);
    try {
      write_build_output(store, output, image);
    } catch (const std::exception& error) {
      events.failed(step, error.what());
      throw;
    }
    events.finished(step++);
  }
  return step;
}

}  // namespace dockwright
