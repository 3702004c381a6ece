// `layer apply ARCHIVE DIR`.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "chapters/05-cgroups/quantities.hpp"
#include "chapters/08-layers/commands.hpp"
#include "chapters/08-layers/layer_apply.hpp"
#include "chapters/08-layers/listing.hpp"
#include "chapters/08-layers/own_numbers.hpp"
#include "chapters/08-layers/remove_tree.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

struct Asked {
  std::vector<std::string> places{};
  ArchiveLimits limits{};
};

/// The directory that a layer is unpacked into. If that fails, what was
/// made of it goes away again.
class Target {
 public:
  explicit Target(const std::string& path) : path_{path} {
    is_new_ = ::mkdir(path.c_str(), 0755) == 0;
    if (!is_new_ && errno != EEXIST)
      check_call("make layer", -1, "make {}", path);
    directory_ = UniqueFd{check_call(
        "open layer",
        ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
        "open {}", path)};
    if (!sorted_names(directory_, path).empty())
      throw Failure{
          fmt::format("{} is not empty: a layer has a directory to "
                      "itself, whatever lies below it in the end",
                      path)};
    empty_ = true;
    if (is_new_)
      check(::fchmod(directory_.get(), 0755), "open {} to all", path);
  }
  Target(Target&&) = delete;
  ~Target() {
    if (!done_ && empty_) remove_contents();
    if (!done_ && is_new_)
      ignore(::rmdir(path_.c_str()), "what failed has been told");
  }
  [[nodiscard]] const UniqueFd& directory() const { return directory_; }
  void keep() noexcept { done_ = true; }

 private:
  void remove_contents() noexcept {
    try {
      for (const std::string& name : sorted_names(directory_, path_))
        remove_tree(directory_, name);
    } catch (const std::exception&) {
      return;  // what failed first is what counts
    }
  }
  std::string path_;
  UniqueFd directory_{};
  bool is_new_ = false;
  bool empty_ = false;
  bool done_ = false;
};

std::unique_ptr<Source> open_archive(const std::string& path) {
  UniqueFd file{
      path == "-"
          ? check(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3),
                  "read standard input")
          : check_call("open archive",
                       ::open(path.c_str(), O_RDONLY | O_CLOEXEC),
                       "open the archive {}", path)};
  return std::make_unique<FileSource>(std::move(file), path);
}

int apply(const Asked& asked) {
  if (asked.places.size() != 2)
    throw Failure{
        "layer apply takes two words: an archive (- is standard "
        "input), and a directory that is empty or not there yet"};
  const FileRights rights = become_owner_of_files();
  std::unique_ptr<Source> archive = open_archive(asked.places[0]);
  Target target{asked.places[1]};
  const AppliedLayer layer =
      apply_layer(std::move(archive), target.directory(),
                  {.whiteouts = rights.whiteouts,
                   .limits = asked.limits,
                   .owners = rights.all_owners});
  target.keep();
  fmt::print("diff ID  {}\nentries  {}\nsize     {}\n",
             layer.diff_id.str(), layer.entries,
             human_size(layer.content_bytes));
  return 0;
}

}  // namespace

cli::Command layer_apply_command() {
  return {.name = "layer apply",
          .about = "Unpack an archive as a layer",
          .chapter = 8,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto asked = std::make_shared<Asked>();
            options.words(
                asked->places, "ARCHIVE-AND-DIR",
                "A tar archive, plain or packed by gzip or zstd, "
                "and a directory for it");
            options.each(
                "--archive-limit",
                [asked](const std::string& text) {
                  set_archive_limit(asked->limits, text);
                },
                "NAME=VALUE",
                "How much it may ask for: bytes, file_bytes, entries, "
                "header_bytes, path_depth, ratio");
            return [asked] { return apply(*asked); };
          }};
}

}  // namespace dockwright
