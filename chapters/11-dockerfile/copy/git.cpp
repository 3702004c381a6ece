#include "chapters/11-dockerfile/copy/git.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "chapters/10-registry/hand_over.hpp"
#include "chapters/11-dockerfile/copy/helper_program.hpp"
#include "chapters/11-dockerfile/copy/patterns.hpp"
#include "chapters/11-dockerfile/copy/source_tree.hpp"
#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kDigits = 40;  // of a commit

bool is_commit(std::string_view text) {
  return text.size() == kDigits &&
         text.find_first_not_of("0123456789abcdef") ==
             std::string_view::npos;
}

/// git, told to ask nobody, to run nothing of a repository's, and to
/// fetch from servers only.
class Git {
 public:
  explicit Git(std::string directory)
      : directory_{std::move(directory)} {
    if (find_program("git").empty())
      throw Failure{
          "git is not installed, and a repository is to be fetched",
          Advice{.cure = "sudo apt-get install git",
                 .chapter = 11,
                 .anchor = "ch11-context"}};
    environment_ = own_environment();
    for (const char* setting :
         {"GIT_TERMINAL_PROMPT=0",
          "GIT_ALLOW_PROTOCOL=http:https:git:ssh",
          "GIT_LFS_SKIP_SMUDGE=1", "GIT_OPTIONAL_LOCKS=0"})
      environment_.emplace_back(setting);
  }

  [[nodiscard]] HelperResult attempt(
      const std::vector<std::string>& more) const {
    HelperCall call{.program = "git",
                    .words = {"git", "-C", directory_, "-c",
                              "core.hooksPath=/dev/null", "-c",
                              "core.fsmonitor=false", "-c",
                              "safe.directory=" + directory_},
                    .environment = environment_};
    call.words.insert(call.words.end(), more.begin(), more.end());
    return run_helper_program(call);
  }

  std::string run(const std::vector<std::string>& more) const {
    HelperResult result = attempt(more);
    if (result.code != 0)
      throw Failure{
          fmt::format("git {} failed: {}", more.front(), result.said)};
    return std::move(result.said);
  }

 private:
  std::string directory_;
  std::vector<std::string> environment_{};
};

void check_out(const Git& git, const GitAddress& address) {
  const std::string reference =
      address.reference.empty() ? "HEAD" : address.reference;
  git.run({"init", "--quiet", "--template="});
  // A server of mere files knows no depth, and not every server gives
  // out a commit that nothing points to.
  HelperResult result =
      git.attempt({"fetch", "--quiet", "--no-tags", "--depth=1", "--",
                   address.repository, reference});
  if (result.code != 0)
    result = git.attempt({"fetch", "--quiet", "--no-tags", "--",
                          address.repository, reference});
  if (result.code == 0) {
    git.run({"checkout", "--quiet", "--detach", "FETCH_HEAD"});
    return;
  }
  if (!is_commit(reference))
    throw Failure{fmt::format("failed to fetch {} of {}: {}", reference,
                              address.repository, result.said)};
  git.run({"fetch", "--quiet", "--", address.repository,
           "+refs/heads/*:refs/remotes/origin/*"});
  git.run({"checkout", "--quiet", "--detach", reference});
}

void expect_commit(const Git& git, const std::string& wanted) {
  if (wanted.empty()) return;
  const std::string commit = git.run({"rev-parse", "HEAD"});
  if (!commit.starts_with(wanted))
    throw Failure{fmt::format("expected checksum to match {}, got {}",
                              wanted, commit)};
}

/// Gives all that is walked over one time.
class SetTimes : public TreeVisitor {
 public:
  explicit SetTimes(Seconds time) : times_{{{time, 0}, {time, 0}}} {}
  void enter(const TreeEntry& /*entry*/,
             const UniqueFd& /*opened*/) override {}
  void leave(const TreeEntry& /*entry*/,
             const UniqueFd& opened) override {
    check_call("utimensat", ::futimens(opened.get(), times_.data()),
               "set the times of a checkout");
  }
  void visit(const TreeEntry& entry) override {
    check_call("utimensat",
               ::utimensat(entry.directory.get(), entry.name.c_str(),
                           times_.data(), AT_SYMLINK_NOFOLLOW),
               "set the times of {:.200}", entry.path);
  }

 private:
  std::array<timespec, 2> times_;
};

Seconds commit_time(const Git& git) {
  const std::string text =
      git.run({"show", "--no-patch", "--format=%ct", "HEAD"});
  Seconds time = 0;
  std::from_chars(text.data(), text.data() + text.size(), time);
  return time;
}

}  // namespace

std::optional<GitAddress> parse_git_address(std::string_view text) {
  const std::size_t mark = std::min(text.find('#'), text.size());
  GitAddress address{.repository = std::string{text.substr(0, mark)}};
  const std::string_view where{address.repository};
  const bool is_http =
      where.starts_with("https://") || where.starts_with("http://");
  const bool is_git =
      where.starts_with("git://") || where.starts_with("ssh://") ||
      where.starts_with("git@") || (is_http && where.ends_with(".git"));
  if (!is_git) return std::nullopt;
  if (mark == text.size()) return address;
  const std::string_view fragment = text.substr(mark + 1);
  const std::size_t colon =
      std::min(fragment.find(':'), fragment.size());
  address.reference = fragment.substr(0, colon);
  if (colon < fragment.size())
    address.directory =
        clean_path(fmt::format("/{}", fragment.substr(colon + 1)))
            .substr(1);
  if (address.reference.starts_with('-'))
    throw Failure{
        fmt::format("{:?} is no reference of git", address.reference)};
  return address;
}

Context fetch_git(const Store& store, const GitAddress& address,
                  const GitRules& rules) {
  Context context = Context::temporary(store);
  const Git git{
      fmt::format("/proc/{}/fd/{}", ::getpid(), context.root().get())};
  check_out(git, address);
  expect_commit(git, rules.commit);
  if (git.attempt({"cat-file", "-e", "HEAD:.gitmodules"}).code == 0)
    git.run({"submodule", "--quiet", "update", "--init", "--recursive",
             "--depth=1"});
  const Seconds time = commit_time(git);
  if (!rules.keep_git_dir) files::remove_tree(context.root(), ".git");
  context.descend(address.directory);
  const CopyItem all{.kind = CopyItem::Kind::directory,
                     .tree = context.tree()};
  SetTimes times{time};
  walk(all, PathPatterns{}, times);
  return context;
}

}  // namespace dockwright
