#include "chapters/08-layers/layers.hpp"

#include <fcntl.h>

#include "chapters/02-chroot/rootfs.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

/// A directory that is allowed to be empty: a layer may change nothing.
Layer open_layer(const std::string& path) {
  because("a layer is opened once, and never written to");
  narrate("open", [&] {
    return explain::Call{fmt::format(
        "open(\"{}\", O_RDONLY|O_DIRECTORY|O_CLOEXEC)", path)};
  });
  return {UniqueFd{check_call(
              "open layer",
              ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
              "open the layer {}", path)},
          path};
}

}  // namespace

std::vector<Layer> open_layers(const Spec& spec) {
  std::vector<Layer> layers;
  if (spec.layers.empty())
    layers.push_back({open_rootfs(spec.rootfs), spec.rootfs});
  else
    layers.push_back(open_layer(spec.rootfs));
  for (const std::string& path : spec.layers)
    layers.push_back(open_layer(path));
  return layers;
}

}  // namespace dockwright
