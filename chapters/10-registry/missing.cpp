#include "chapters/10-registry/missing.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "chapters/09-images/store.hpp"
#include "chapters/10-registry/hand_over.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/files.hpp"
#include "common/process.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargestIndex = 64U << 20;

/// Whether the name stands in the store's index. Most often it does,
/// and a look for its letters is quicker than reading JSON: what is
/// found so is found again, by name, a moment later.
bool is_written_down(const std::string& store_root,
                     const Reference& name) {
  const UniqueFd index{::open((store_root + "/index.json").c_str(),
                              O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
  if (!index) return false;
  const std::string text =
      files::read_all(index, kLargestIndex, "index.json");
  return text.find('"' + name.str() + '"') != std::string::npos;
}

bool is_here(const std::string& store_root, const Spec& spec,
             const std::optional<Reference>& name) {
  if (name && is_written_down(store_root, *name)) return true;
  return Store::open({.root = store_root}).find(spec.image).has_value();
}

/// What it prints goes where our errors go: standard output is the
/// container's.
void pull(const Spec& spec) {
  std::vector<std::string> words = {"pull"};
  if (explain::enabled()) words.emplace_back("--explain");
  if (!spec.platform.empty())
    words.insert(words.end(), {"--platform", spec.platform});
  words.push_back(spec.image);
  const std::string client = registry_client();
  const auto all_words = client_words(words);
  const auto environment = own_environment();
  because("another program speaks to registries, and we wait for it");
  Process child = spawn({.speaker = "the client"}, [&] {
    sys::dup2(UniqueFd{::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)},
              STDOUT_FILENO);
    sys::execve(client, all_words, environment);
  });
  child.expect_started();
  if (child.wait() != 0)
    throw Failure{
        fmt::format("the image {} is not to be had", spec.image)};
}

}  // namespace

void fetch_missing(const Spec& spec, const std::string& store_root) {
  if (spec.image.empty()) return;
  const auto name = Reference::try_parse(spec.image);
  if (!name) return;
  //! [ex10.1]
  if (spec.pull == "never") return;
  if (spec.pull == "always") return pull(spec);
  if (is_here(store_root, spec, name)) return;
  //! [ex10.1]
  const std::string told = fmt::format(
      "Unable to find image '{}' locally\n", name->familiar());
  ignore(::write(STDERR_FILENO, told.data(), told.size()),
         "the image is what matters");
  pull(spec);
}

}  // namespace dockwright
