// How volumes are written on the command line: Docker's three
// spellings, each a string that becomes a MountSpec once.

#include <filesystem>
#include <vector>

#include "chapters/04-mounts/volumes.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

std::vector<std::string> split(const std::string& text,
                               char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

/// A target is an absolute path in the container, below its root,
/// written plainly.
std::string checked_target(const std::string& text,
                           const std::string& target) {
  if (target.empty())
    throw Failure{
        fmt::format("invalid mount '{}': the target is missing, an "
                    "absolute path in the container",
                    text)};
  if (!target.starts_with('/'))
    throw Failure{fmt::format(
        "invalid mount '{}': the target '{}' must be an absolute path",
        text, target)};
  const std::filesystem::path path{target};
  for (const std::filesystem::path& part : path)
    if (part == "..")
      throw Failure{
          fmt::format("invalid mount '{}': '..' in the target: write "
                      "the path plainly",
                      text)};
  const std::string plain = path.lexically_normal().native();
  if (plain == "/")
    throw Failure{fmt::format(
        "invalid mount '{}': the target cannot be the root itself",
        text)};
  return plain.ends_with('/') ? plain.substr(0, plain.size() - 1)
                              : plain;
}

/// A source is a path on the host; a bare word is a named volume, as
/// with Docker.
std::string checked_source(const std::string& text,
                           const std::string& source) {
  if (source.empty())
    throw Failure{
        fmt::format("invalid mount '{}': the source is empty", text)};
  if (source.find('/') == std::string::npos && source != "." &&
      source != "..")
    throw Failure{
        fmt::format("invalid mount '{0}': '{1}' would be a named "
                    "volume, and these arrive in chapter 13 "
                    "(Lifecycle); a directory here is ./{1}",
                    text, source)};
  return source;
}

void apply_mode(const std::string& text, const std::string& mode,
                MountSpec& mount) {
  for (const std::string& word : split(mode, ',')) {
    if (word == "ro" || word == "readonly")
      mount.read_only = true;
    else if (word != "rw" && word != "rprivate" && word != "private")
      throw Failure{
          fmt::format("invalid mount '{}': unknown mode '{}' (this "
                      "stage knows ro and rw)",
                      text, word)};
  }
}

bool true_or_false(const std::string& text, const std::string& value) {
  if (value.empty() || value == "true" || value == "1") return true;
  if (value == "false" || value == "0") return false;
  throw Failure{
      fmt::format("invalid mount '{}': '{}' is neither true nor false",
                  text, value)};
}

void apply_field(const std::string& text, const std::string& key,
                 const std::string& value, MountSpec& mount) {
  const auto add_option = [&](const char* name) {
    mount.options += fmt::format(
        "{}{}={}", mount.options.empty() ? "" : ",", name, value);
  };
  if (key == "type") {
    if (value == "tmpfs")
      mount.type = MountSpec::Type::tmpfs;
    else if (value == "volume")
      throw Failure{
          "--mount type=volume arrives in chapter 13 (Lifecycle)"};
    else if (value != "bind")
      throw Failure{fmt::format(
          "invalid mount '{}': unknown type '{}' (bind, tmpfs)", text,
          value)};
  } else if (key == "source" || key == "src")
    mount.source = value;
  else if (key == "target" || key == "destination" || key == "dst")
    mount.target = value;
  else if (key == "readonly" || key == "ro")
    mount.read_only = true_or_false(text, value);
  else if (key == "tmpfs-size")
    add_option("size");
  else if (key == "tmpfs-mode")
    add_option("mode");
  else if (key != "bind-propagation" ||
           (value != "rprivate" && value != "private"))
    throw Failure{fmt::format("invalid mount '{}': unknown field '{}'",
                              text, key)};
}

}  // namespace

MountSpec parse_volume(const std::string& text) {
  const std::vector<std::string> parts = split(text, ':');
  if (parts.size() < 2)
    throw Failure{
        fmt::format("invalid volume '{}': it is written "
                    "SOURCE:TARGET[:ro]; anonymous volumes arrive in "
                    "chapter 13 (Lifecycle)",
                    text)};
  if (parts.size() > 3)
    throw Failure{
        fmt::format("invalid volume '{}': too many colons", text)};
  MountSpec mount{.source = checked_source(text, parts[0]),
                  .target = checked_target(text, parts[1])};
  if (parts.size() == 3) apply_mode(text, parts[2], mount);
  return mount;
}

MountSpec parse_mount(const std::string& text) {
  MountSpec mount;
  bool typed = false;
  for (const std::string& field : split(text, ',')) {
    const std::size_t equals = field.find('=');
    const std::string key = field.substr(0, equals);
    typed = typed || key == "type";
    apply_field(
        text, key,
        equals == std::string::npos ? "" : field.substr(equals + 1),
        mount);
  }
  if (!typed)
    throw Failure{
        "--mount without a type means a named volume, and these arrive "
        "in chapter 13 (Lifecycle)"};
  if (mount.type == MountSpec::Type::bind)
    mount.source = checked_source(text, mount.source);
  else if (!mount.source.empty())
    throw Failure{
        fmt::format("invalid mount '{}': a tmpfs has no source", text)};
  mount.target = checked_target(text, mount.target);
  return mount;
}

MountSpec parse_tmpfs(const std::string& text) {
  const std::size_t colon = text.find(':');
  return {.type = MountSpec::Type::tmpfs,
          .target = checked_target(text, text.substr(0, colon)),
          .options =
              colon == std::string::npos ? "" : text.substr(colon + 1)};
}

}  // namespace dockwright
