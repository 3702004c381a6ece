#include "chapters/11-dockerfile/copy/context.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "chapters/08-layers/layer_apply.hpp"
#include "chapters/09-images/user_root.hpp"
#include "chapters/11-dockerfile/copy/source_tree.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/files.hpp"
#include "common/process.hpp"

namespace dockwright {

Context::Context(Context&& other) noexcept
    : root_{std::move(other.root_)},
      store_{std::exchange(other.store_, nullptr)},
      name_{std::move(other.name_)} {}

Context::~Context() {
  if (store_ == nullptr) return;
  try {
    remove_any_tree(store_->temporary(), name_);
  } catch (const std::exception&) {  // the next command sweeps it away
  }
}

Context Context::directory(const std::string& path) {
  const int fd =
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd == -1 && errno == ENOENT)
    throw Failure{fmt::format(
        "unable to prepare context: path {:?} not found", path)};
  if (fd == -1 && errno == ENOTDIR)
    throw Failure{fmt::format(
        "unable to prepare context: {:?} is no directory", path)};
  return Context{UniqueFd{
      check_call("open context", fd, "open the context {}", path)}};
}

Context Context::temporary(const Store& store) {
  std::string name = files::unique_name("context-");
  Context context{files::directory_at(store.temporary(), name, 0755)};
  context.store_ = &store;
  context.name_ = std::move(name);
  return context;
}

Context Context::empty(const Store& store) { return temporary(store); }

Context Context::archive(const Store& store,
                         std::unique_ptr<Source> bytes,
                         const ArchiveLimits& limits) {
  Context context = temporary(store);
  because("unpacking takes threads, and who starts steps has one");
  Process unpacker = spawn({.speaker = "the unpacker"}, [&] {
    const auto whiteouts = root_of() == Root::of_machine
                               ? Whiteouts::trusted
                               : Whiteouts::user;
    static_cast<void>(apply_layer(std::move(bytes), context.root(),
                                  {.whiteouts = whiteouts,
                                   .limits = limits,
                                   .owners = false,
                                   .layer = false}));
  });
  unpacker.expect_started();  // it starts nothing: this waits for it
  ignore(unpacker.wait(), "it has told all");
  return context;
}

void Context::descend(const std::string& path) {
  if (path.empty()) return;
  const auto found = find_file(tree(), path);
  if (!found || !found->is_directory())
    throw Failure{
        fmt::format("the context has no directory {:?}", path)};
  root_ = UniqueFd{check_call(
      "openat",
      ::openat(found->directory.get(), found->name.c_str(),
               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
      "open the context's directory {:.200}", path)};
}

std::optional<std::string> Context::read(const std::string& path,
                                         std::size_t limit) const {
  const auto found = find_file(tree(), path);
  if (!found) return std::nullopt;
  const UniqueFd file{check_call(
      "openat",
      ::openat(found->directory.get(), found->name.c_str(),
               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC),
      "open {:.200}", path)};
  return files::read_all(file, limit, path);
}

}  // namespace dockwright
