#include "chapters/11-dockerfile/copy/copy.hpp"

#include <sys/stat.h>

#include "chapters/11-dockerfile/copy/patterns.hpp"
#include "chapters/11-dockerfile/copy/source_tree.hpp"
#include "chapters/11-dockerfile/copy/target_tree.hpp"
#include "chapters/11-dockerfile/copy/target_writer.hpp"
#include "chapters/11-dockerfile/copy/unpack.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// What is made gets exactly the mode that we say.
class NoUmask {
 public:
  NoUmask() : before_{::umask(0)} {}
  NoUmask(NoUmask&&) = delete;
  ~NoUmask() { ::umask(before_); }

 private:
  mode_t before_;
};

bool means_directory(const std::string& destination) {
  return destination.ends_with('/') || destination.ends_with("/.") ||
         destination.ends_with("/..") || destination == "." ||
         destination == ".." || destination.empty();
}

/// Without a slash at the end; empty: the root.
std::string absolute(const std::string& destination,
                     std::string_view workdir) {
  const std::string path =
      clean_path(destination.starts_with('/')
                     ? destination
                     : fmt::format("/{}/{}", workdir, destination));
  return path == "/" ? "" : path;
}

class Copying {
 public:
  Copying(const CopySelection& selection, const UniqueFd& root,
          std::string_view workdir)
      : request_{selection.request},
        selection_{selection},
        root_{root},
        destination_{absolute(request_.destination, workdir)},
        rules_{rules_here()},
        excludes_{request_.excludes} {
    rules_.mode = request_.mode;
    rules_.replace = request_.link;
    if (!request_.owner.empty())
      rules_.owner = find_owner(root, request_.owner);
    target_.emplace(
        root, rules_.owner.value_or(Owner{}),
        request_.link ? ImageLinks::replace : ImageLinks::follow);
    //! [ex11.3]
    into_directory_ = request_.parents ||
                      means_directory(request_.destination) ||
                      target_->is_directory(destination_);
    //! [ex11.3]
  }

  void run() {
    if (selection_.items.size() > 1 && !into_directory_)
      throw Failure{fmt::format(
          "When using {} with more than one source file, the "
          "destination must be a directory and end with a /",
          request_.instruction)};
    for (const CopyItem& item : selection_.items) copy(item);
    target_->finish();
  }

 private:
  void copy(const CopyItem& item) {
    if (item.kind == CopyItem::Kind::inline_file) {
      const Landing place = landing(item, {request_.time, 0});
      TargetWriter{item, rules_, place.directory, place.name}
          .write_inline(request_.time);
      return;
    }
    const auto found = find_file(item.tree, item.path, LastLink::keep);
    if (!found)
      throw Failure{
          fmt::format("\"/{}\": not found: it went away while it was "
                      "copied",
                      item.path)};
    const timespec time = found->status.st_mtim;
    if (item.unpack && unpack(*found, time)) return;
    if (found->is_directory()) return copy_directory(item, time);
    const Landing place = landing(item, time);
    TargetWriter writer{item, rules_, place.directory, place.name};
    walk(item, excludes_, writer);
  }

  void copy_directory(const CopyItem& item, const timespec& time) {
    std::string path = destination_;
    if (request_.parents) path = with_parents(item, item.landing, time);
    TargetWriter writer{item, rules_, target_->directory(path, time),
                        ""};
    walk(item, excludes_, writer);
  }

  bool unpack(const FoundFile& found, const timespec& time) {
    if (!is_archive(found)) return false;
    target_->directory(destination_, time);
    unpack_archive(found, root_, destination_, rules_);
    return true;
  }

  struct Landing {
    const UniqueFd& directory;
    std::string name;
  };
  /// Where a file goes.
  Landing landing(const CopyItem& item, const timespec& time) {
    std::string place = destination_;
    if (into_directory_) place += "/" + item.landing;
    if (request_.parents) {
      const std::size_t slash = item.landing.rfind('/');
      if (slash != std::string::npos)
        with_parents(item, item.landing.substr(0, slash), time);
    }
    if (!into_directory_) place = target_->real_place(place);
    const std::size_t slash = place.rfind('/');
    return {target_->directory(place.substr(0, slash), time),
            place.substr(slash + 1)};
  }

  /// `--parents`: directories of the source come along with their modes
  /// and owners. Gives the last one's path.
  std::string with_parents(const CopyItem& item,
                           const std::string& below,
                           const timespec& time) {
    std::string path = destination_;
    std::string source = item.base;
    target_->directory(path, time);
    for (std::string_view rest = below; !rest.empty();) {
      const std::size_t end = std::min(rest.find('/'), rest.size());
      path += fmt::format("/{}", rest.substr(0, end));
      source += fmt::format("{}{}", source.empty() ? "" : "/",
                            rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const bool there = target_->is_directory(path);
      const auto found = find_file(item.tree, source);
      const UniqueFd& made = target_->directory(
          path, found ? found->status.st_mtim : time);
      if (!there && found) describe(item, found->status, made);
    }
    return path;
  }

  void describe(const CopyItem& item, const struct stat& status,
                const UniqueFd& made) {
    set_rights(made, owner_of(item, rules_, status),
               mode_of(rules_, status), item.landing);
  }

  const CopyRequest& request_;
  const CopySelection& selection_;
  const UniqueFd& root_;
  std::string destination_;
  CopyRules rules_;
  PathPatterns excludes_;
  std::optional<TargetTree> target_{};
  bool into_directory_ = false;
};

}  // namespace

void copy_selection(const CopySelection& selection,
                    const UniqueFd& root, std::string_view workdir) {
  const NoUmask no_umask;
  Copying{selection, root, workdir}.run();
}

}  // namespace dockwright
