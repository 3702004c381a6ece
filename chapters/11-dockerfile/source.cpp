#include "chapters/11-dockerfile/source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "chapters/11-dockerfile/copy/git.hpp"
#include "chapters/11-dockerfile/copy/standard_input.hpp"
#include "chapters/11-dockerfile/syntax/logical_lines.hpp"
#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargest = DockerfileLimits::kBytes;
constexpr const char* kUsual = "Dockerfile";

UniqueFd standard_input() {
  return UniqueFd{
      check(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), "read stdin")};
}

std::string read_standard() {
  FileSource source{standard_input(), "standard input"};
  std::string text;
  for (auto part = source.next(); !part.empty(); part = source.next()) {
    text += part;
    if (text.size() > kLargest)
      throw Failure{fmt::format(
          "the Dockerfile on standard input is longer than {} bytes",
          kLargest)};
  }
  return text;
}

[[noreturn]] void no_dockerfile(const std::string& path) {
  throw Failure{
      fmt::format("failed to read dockerfile: open {}: no such file or "
                  "directory",
                  path),
      Advice{.cure = "write one there, or name it with --file",
             .chapter = 11,
             .anchor = "ch11-context"}};
}

/// A file that was named: from where we are, or else in the context.
std::string read_named(const std::string& path,
                       const Context& context) {
  const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file) return files::read_all(file, kLargest, path);
  if (errno != ENOENT) check_call("open", -1, "open {}", path);
  if (auto text = context.read(path, kLargest)) return *text;
  no_dockerfile(path);
}

BuildSource from_standard_input(const BuildSpec& spec,
                                const Store& store) {
  if (spec.file == "-")
    throw Failure{
        "the context and the Dockerfile cannot both be read from "
        "standard input"};
  ArchiveLimits limits;
  for (const std::string& limit : spec.archive_limits)
    set_archive_limit(limits, limit);
  StandardInput found =
      read_standard_input(store, standard_input(), limits);
  if (found.dockerfile)
    return {std::move(found.context), *found.dockerfile, kUsual};
  const std::string path = spec.file.empty() ? kUsual : spec.file;
  auto text = found.context.read(path, kLargest);
  if (!text) no_dockerfile(path);
  return {std::move(found.context), *text, path};
}

Context open_context(const BuildSpec& spec, const Store& store) {
  if (const auto address = parse_git_address(spec.context))
    return fetch_git(store, *address);
  return Context::directory(spec.context);
}

}  // namespace

BuildSource open_source(const BuildSpec& spec, const Store& store) {
  if (spec.context == "-") return from_standard_input(spec, store);
  Context context = open_context(spec, store);
  if (spec.file == "-") {
    std::string text = read_standard();
    return {std::move(context), std::move(text), kUsual};
  }
  if (!spec.file.empty()) {
    std::string text = read_named(spec.file, context);
    return {std::move(context), std::move(text),
            spec.file.substr(spec.file.rfind('/') + 1)};
  }
  auto text = context.read(kUsual, kLargest);
  if (!text) no_dockerfile(kUsual);
  return {std::move(context), *text, kUsual};
}

}  // namespace dockwright
