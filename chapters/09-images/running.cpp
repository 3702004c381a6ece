#include "chapters/09-images/running.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <nlohmann/json.hpp>

#include "chapters/09-images/user_root.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargestUses = 1U << 20;
constexpr const char* kUses = "uses";

/// Whether its owner lives; if not, it is ours.
bool is_owned(const UniqueFd& directory) {
  const int result = retry(
      [&] { return ::flock(directory.get(), LOCK_EX | LOCK_NB); });
  if (result == -1 && errno == EWOULDBLOCK) return true;
  check_call("flock", result, "lock a container's directory");
  return false;
}

std::string uses_text(const Descriptor& image,
                      const std::vector<Digest>& layers) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Digest& layer : layers) list.push_back(layer.str());
  return write_json({{"image", image.to_json()}, {"layers", list}});
}

InUse parse_uses(const std::string& id, const std::string& text) {
  const JsonDocument document{"containers/" + id + "/uses", text};
  const JsonNode root = document.root();
  InUse uses{.container = id,
             .image = Descriptor::from_json(root.at("image"))};
  for (const JsonNode& layer : root.at("layers").items())
    uses.layers.push_back(digest_from_json(layer));
  return uses;
}

}  // namespace

RunningContainer::RunningContainer(const Store& store)
    : id_{files::random_hex(32)},
      path_{store.path() + "/containers/" + id_},
      parent_{check_call(
          "fcntl",
          ::fcntl(store.containers().get(), F_DUPFD_CLOEXEC, 0),
          "keep the directory of containers")},
      directory_{files::directory_at(parent_, id_, 0700)} {
  // Nobody can be faster: whoever sweeps has the store alone, and we
  // hold it open.
  check_call("flock", ::flock(directory_.get(), LOCK_EX), "lock {}",
             path_);
}

RunningContainer::RunningContainer(const Store& store,
                                   const Descriptor& image,
                                   const std::vector<Digest>& layers)
    : RunningContainer{store} {
  files::write_all(files::create_at(directory_, kUses, 0600),
                   uses_text(image, layers), kUses);
}

RunningContainer::~RunningContainer() {
  if (!directory_ || kept_) return;
  try {
    remove_any_tree(parent_, id_);
  } catch (const std::exception&) {
    // The next command tries again, and says what hinders it.
  }
}

std::vector<InUse> containers_in_use(const Store& store) {
  std::vector<InUse> all;
  for (const std::string& id : files::names_in(store.containers())) {
    const auto directory = files::try_open_at(store.containers(), id,
                                              O_RDONLY | O_DIRECTORY);
    if (!directory || !is_owned(*directory)) continue;
    const auto uses = files::read_at(*directory, kUses, kLargestUses);
    if (uses) all.push_back(parse_uses(id, *uses));
  }
  return all;
}

void sweep_containers(const Store& store) {
  for (const std::string& id : files::names_in(store.containers())) {
    const auto directory = files::try_open_at(store.containers(), id,
                                              O_RDONLY | O_DIRECTORY);
    if (directory && !is_owned(*directory))
      remove_any_tree(store.containers(), id);
  }
}

}  // namespace dockwright
