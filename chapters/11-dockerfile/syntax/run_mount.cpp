#include "chapters/11-dockerfile/syntax/run_mount.hpp"

#include <fmt/format.h>

#include <charconv>

#include "chapters/05-cgroups/quantities.hpp"
#include "chapters/11-dockerfile/syntax/comma_list.hpp"
#include "common/check.hpp"
#include "common/nearest.hpp"

namespace dockwright {

namespace {

using Type = RunMount::Type;
using Sharing = RunMount::Sharing;

const std::vector<std::string>& keys() {
  static const std::vector<std::string> known{
      "type",      "from",        "source",   "src",      "target",
      "dst",       "destination", "id",       "readonly", "ro",
      "readwrite", "rw",          "sharing",  "size",     "mode",
      "uid",       "gid",         "required", "env"};
  return known;
}

Type type_named(const std::string& name) {
  if (name == "bind") return Type::bind;
  if (name == "cache") return Type::cache;
  if (name == "tmpfs") return Type::tmpfs;
  if (name == "secret") return Type::secret;
  if (name == "ssh") return Type::ssh;
  static const std::vector<std::string> known{"bind", "cache", "tmpfs",
                                              "secret", "ssh"};
  throw Failure{fmt::format("unsupported mount type \"{}\"{}", name,
                            did_you_mean(name, known))};
}

Sharing sharing_named(const std::string& name) {
  if (name == "shared") return Sharing::shared;
  if (name == "private") return Sharing::exclusive;
  if (name == "locked") return Sharing::locked;
  static const std::vector<std::string> known{"shared", "private",
                                              "locked"};
  throw Failure{fmt::format("unsupported sharing value \"{}\"{}", name,
                            did_you_mean(name, known))};
}

template <typename Number>
Number number_of(const CommaField& field, int base) {
  Number number{};
  const char* const end = field.value.data() + field.value.size();
  const auto read =
      std::from_chars(field.value.data(), end, number, base);
  if (field.value.empty() || read.ec != std::errc{} || read.ptr != end)
    throw Failure{
        fmt::format("invalid value {} for {}", field.value, field.key)};
  return number;
}

/// What was said, beside what it means.
struct Said {
  RunMount mount{};
  std::optional<bool> read_only{};
  std::optional<Sharing> sharing{};
};

void take_path_or_name(Said& said, const CommaField& field) {
  const std::string& key = field.key;
  if (key == "from")
    said.mount.from = field.value;
  else if (key == "source" || key == "src")
    said.mount.source = field.value;
  else if (key == "target" || key == "dst" || key == "destination")
    said.mount.target = field.value;
  else if (key == "id")
    said.mount.id = field.value;
  else
    said.mount.variable = field.value;
}

/// False for a word that is none.
bool take_setting(Said& said, const CommaField& field) {
  const std::string& key = field.key;
  RunMount& mount = said.mount;
  if (key == "type")
    mount.type = type_named(field.value);
  else if (key == "sharing")
    said.sharing = sharing_named(field.value);
  else if (key == "size")
    mount.size_bytes = parse_size("size", field.value);
  else if (key == "mode")
    mount.mode = number_of<mode_t>(field, 8) & 07777U;
  else if (key == "uid")
    mount.user = number_of<std::uint32_t>(field, 10);
  else if (key == "gid")
    mount.group = number_of<std::uint32_t>(field, 10);
  else if (key == "required")
    mount.required = switch_of(field);
  else if (key == "readonly" || key == "ro")
    said.read_only = switch_of(field);
  else if (key == "readwrite" || key == "rw")
    said.read_only = !switch_of(field);
  else
    return false;
  return true;
}

void take(Said& said, const CommaField& field, std::string_view text) {
  const std::string& key = field.key;
  const bool may_stand_alone = key == "readonly" || key == "ro" ||
                               key == "readwrite" || key == "rw" ||
                               key == "required";
  if (!field.given_value && !may_stand_alone)
    throw Failure{fmt::format(
        "invalid field '{}' must be a key=value pair", field.text)};
  if (take_setting(said, field)) return;
  for (const std::string_view path :
       {"from", "source", "src", "target", "dst", "destination", "id",
        "env"})
    if (key == path) return take_path_or_name(said, field);
  throw Failure{fmt::format("unexpected key '{}' in '{}'{}", key, text,
                            did_you_mean(key, keys()))};
}

/// A secret is known by its ID, which may be the end of its place.
void complete_secret(RunMount& mount) {
  if (!mount.from.empty())
    throw Failure{"secret mount should not have a from"};
  if (!mount.source.empty() && !mount.id.empty())
    throw Failure{"both source and id can't be set"};
  if (mount.id.empty()) mount.id = mount.source;
  mount.source.clear();
  if (mount.id.empty() && !mount.target.empty())
    mount.id = mount.target.substr(mount.target.rfind('/') + 1);
  if (mount.id.empty())
    throw Failure{
        "invalid secret mount. one of source, target required"};
  if (mount.target.empty() && !mount.variable)
    mount.target = "/run/secrets/" + mount.id;
}

void complete(Said& said) {
  RunMount& mount = said.mount;
  const bool writable =
      mount.type == Type::cache || mount.type == Type::tmpfs;
  mount.read_only = said.read_only.value_or(!writable);
  if (said.sharing && mount.type != Type::cache)
    throw Failure{"invalid cache sharing set for this mount"};
  mount.sharing = said.sharing.value_or(Sharing::shared);
  if (mount.size_bytes && mount.type != Type::tmpfs)
    throw Failure{"size is for mounts of type tmpfs"};
  if (mount.variable && mount.type != Type::secret)
    throw Failure{"env is for mounts of type secret"};
  if (mount.type == Type::secret) return complete_secret(mount);
  if (mount.type == Type::ssh) {
    if (mount.id.empty()) mount.id = "default";
    return;  // its place depends on how many there are
  }
  if (mount.target.empty())
    throw Failure{"invalid mount: target is required"};
  if (mount.type == Type::tmpfs && !mount.source.empty())
    throw Failure{"tmpfs mount should not have a source"};
  if (mount.type == Type::cache && mount.id.empty())
    mount.id = mount.target;
}

}  // namespace

RunMount parse_run_mount(std::string_view text) {
  Said said;
  for (const CommaField& field : parse_comma_list(text))
    take(said, field, text);
  complete(said);
  return std::move(said.mount);
}

}  // namespace dockwright
