#include "chapters/11-dockerfile/copy/unpack.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "chapters/08-layers/archive_reader.hpp"
#include "chapters/08-layers/compression.hpp"
#include "chapters/08-layers/layer_writer.hpp"
#include "chapters/09-images/user_root.hpp"
#include "chapters/11-dockerfile/copy/tar_header.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

UniqueFd open_file(const FoundFile& file) {
  UniqueFd opened{check_call(
      "openat",
      ::openat(file.directory.get(), file.name.c_str(),
               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC),
      "open {:.200}", file.path)};
  return opened;
}

std::string first_block(Source& source) {
  std::string block;
  while (block.size() < kTarBlock) {
    const std::string_view more = source.next();
    if (more.empty()) break;
    block.append(more.substr(0, kTarBlock - block.size()));
  }
  return block;
}

/// Counts what it passes on.
class Counted : public Source {
 public:
  explicit Counted(std::unique_ptr<Source> from)
      : from_{std::move(from)} {}
  std::string_view next() override {
    const std::string_view block = from_->next();
    bytes_ += block.size();
    return block;
  }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  std::unique_ptr<Source> from_;
  std::uint64_t bytes_ = 0;
};

/// The plain bytes of an archive, as many as the limits allow.
class Limited : public Source {
 public:
  Limited(std::unique_ptr<Source> archive, const ArchiveLimits& limits)
      : limits_{limits} {
    auto packed = std::make_unique<Counted>(std::move(archive));
    packed_ = packed.get();
    plain_ = decompressed(std::move(packed));
  }
  std::string_view next() override {
    const std::string_view block = plain_->next();
    bytes_ += block.size();
    check_unpacked(bytes_, packed_->bytes(), limits_);
    return block;
  }

 private:
  const ArchiveLimits& limits_;
  const Counted* packed_ = nullptr;  ///< Below `plain_`.
  std::unique_ptr<Source> plain_{};
  std::uint64_t bytes_ = 0;
};

/// As an entry of the image: below `destination`.
void move_below(const std::string& destination, ArchiveEntry& entry) {
  static_cast<void>(components_of(entry.name));  // throws if it leaves
  entry.name = destination + "/" + entry.name;
  if (entry.kind != ArchiveEntry::Kind::hard_link) return;
  static_cast<void>(components_of(entry.link));
  entry.link = destination + "/" + entry.link;
}

/// What is packed by what we cannot read, and says in its name that it
/// is an archive. As a mere file it would be in the image, and nobody
/// would notice until something is missing.
void refuse_foreign(const FoundFile& file) {
  FileSource source{open_file(file), file.path};
  const std::string first = first_block(source);
  const bool xz = first.starts_with(
      "\xfd"
      "7zXZ");
  const bool bzip2 = first.starts_with("BZh");
  const bool named = file.name.find(".tar") != std::string::npos ||
                     file.name.ends_with(".txz") ||
                     file.name.ends_with(".tbz2") ||
                     file.name.ends_with(".tbz");
  if (!named || (!xz && !bzip2)) return;
  throw Failure{
      fmt::format("{} is an archive packed by {}, which ADD does not "
                  "unpack here",
                  file.path, xz ? "xz" : "bzip2"),
      Advice{.cause = "tar alone, and tar packed by gzip or zstd, are "
                      "unpacked",
             .cure = fmt::format(
                 "pack it anew: {} -dc {} | gzip > {}.gz; or COPY it",
                 xz ? "xz" : "bzip2", file.name, file.name),
             .chapter = 11,
             .anchor = "ch11-fails"}};
}

}  // namespace

bool is_archive(const FoundFile& file) {
  if (!S_ISREG(file.status.st_mode)) return false;
  refuse_foreign(file);
  try {
    const auto plain = decompressed(
        std::make_unique<FileSource>(open_file(file), file.path));
    return is_tar_header(first_block(*plain));
  } catch (const Failure&) {
    return false;  // it only begins like one
  }
}

void unpack_archive(const FoundFile& file, const UniqueFd& root,
                    const std::string& destination,
                    const CopyRules& rules) {
  const ApplyOptions options{.whiteouts = root_of() == Root::of_machine
                                              ? Whiteouts::trusted
                                              : Whiteouts::user,
                             .owners = root_of() != Root::of_one,
                             .layer = false};
  Limited plain{
      std::make_unique<FileSource>(open_file(file), file.path),
      options.limits};
  ArchiveReader reader{plain, options.limits};
  LayerWriter writer{root, reader, options};
  std::uint64_t entries = 0;
  for (ArchiveEntry entry; reader.next(entry);) {
    check_limit(++entries, &ArchiveLimits::entries, options.limits,
                "the archive has");
    move_below(destination, entry);
    if (rules.owner) {
      entry.user = rules.owner->user;
      entry.group = rules.owner->group;
    }
    writer.write(entry);
  }
  writer.finish();
  while (!plain.next().empty()) continue;
}

}  // namespace dockwright
