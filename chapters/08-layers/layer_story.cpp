#include "chapters/08-layers/layer_story.hpp"

#include <fmt/format.h>

#include "common/explain.hpp"

namespace dockwright {

using explain::Call;
using explain::shell_word;
using Kind = ArchiveEntry::Kind;

bool LayerStory::is_first(std::size_t kind) {
  if (!explain::enabled() || told_.test(kind)) [[likely]]
    return false;
  told_.set(kind);
  return true;
}

void LayerStory::entry(const ArchiveEntry& entry, int directory,
                       std::string_view name) {
  if (!is_first(static_cast<std::size_t>(entry.kind))) return;
  switch (entry.kind) {
    case Kind::file:
      because(
          "a file is always a new one: whatever stood there, a link "
          "above all, is not written through");
      narrate("openat", [&] {
        return Call{
            fmt::format("openat({}, \"{}\", O_WRONLY|O_CREAT|"
                        "O_EXCL|O_NOFOLLOW, {:#o})",
                        directory, name, entry.mode & 0777U)};
      });
      break;
    case Kind::directory:
      narrate("mkdirat", [&] {
        return Call{
            fmt::format("mkdirat({}, \"{}\", 0755)", directory, name),
            fmt::format("mkdir {}", shell_word(name))};
      });
      break;
    case Kind::symlink:
      because("where a link leads does not matter: it is text here");
      narrate("symlinkat", [&] {
        return Call{fmt::format("symlinkat(\"{}\", {}, \"{}\")",
                                entry.link, directory, name),
                    fmt::format("ln -s {} {}", shell_word(entry.link),
                                shell_word(name))};
      });
      break;
    default:
      break;  // rare, and told nowhere in the book
  }
}

void LayerStory::whiteout(int directory, std::string_view name) {
  if (!is_first(one)) return;
  because("overlay hides what lower layers have under this name");
  narrate("mknodat", [&] {
    return Call{fmt::format("mknodat({}, \"{}\", S_IFCHR, makedev(0, "
                            "0))",
                            directory, name),
                fmt::format("mknod {} c 0 0", shell_word(name))};
  });
}

void LayerStory::opaque(int directory) {
  if (!is_first(all)) return;
  because("overlay hides all that lower layers have in this directory");
  const char* const attribute = opaque_attribute(whiteouts_);
  narrate("fsetxattr", [&] {
    return Call{fmt::format("fsetxattr({}, \"{}\", \"y\", 1, 0)",
                            directory, attribute),
                fmt::format("setfattr -n {} -v y DIR", attribute)};
  });
}

}  // namespace dockwright
