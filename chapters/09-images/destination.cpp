#include "chapters/09-images/destination.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <set>

#include "chapters/08-layers/archive_writer.hpp"
#include "common/check.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

/// `blobs` and `blobs/sha256` of `blobs/sha256/HEX`.
std::vector<std::string> parents_of(const std::string& name) {
  std::vector<std::string> parents;
  for (std::size_t end = name.find('/'); end != std::string::npos;
       end = name.find('/', end + 1))
    parents.push_back(name.substr(0, end));
  return parents;
}

/// Copies what should be `size` bytes.
void copy_exactly(const std::string& name, std::uint64_t size,
                  Source& content, Sink& to) {
  std::uint64_t copied = 0;
  for (;;) {
    const std::string_view bytes = content.next();
    if (bytes.empty()) break;
    copied += bytes.size();
    if (copied > size) break;
    to.write(bytes);
  }
  if (copied != size)
    throw Failure{
        fmt::format("{}: {} bytes were announced, and {} came", name,
                    size, copied)};
}

/// What both kinds of destination remember.
class Remembering : public Destination {
 public:
  using Destination::add;
  [[nodiscard]] bool has(const std::string& name) const override {
    return names_.contains(name);
  }
  void add(const std::string& name, std::uint64_t size,
           Source& content) override {
    for (const std::string& parent : parents_of(name))
      if (names_.insert(parent).second) make_directory(parent);
    names_.insert(name);
    put(name, size, content);
  }

 private:
  virtual void make_directory(const std::string& name) = 0;
  virtual void put(const std::string& name, std::uint64_t size,
                   Source& content) = 0;

  std::set<std::string> names_{};
};

/// Owners, modes and times are fixed: the same members make the same
/// archive, on any day.
class Archive : public Remembering {
 public:
  explicit Archive(Sink& to) : tar_{to} {}
  void finish() override { tar_.finish(); }

 private:
  struct Member : Sink {
    explicit Member(ArchiveWriter& writer) : tar{writer} {}
    void write(std::string_view bytes) override { tar.write(bytes); }
    ArchiveWriter& tar;
  };

  void make_directory(const std::string& name) override {
    tar_.begin({.kind = ArchiveEntry::Kind::directory,
                .name = name,
                .mode = 0755});
  }
  void put(const std::string& name, std::uint64_t size,
           Source& content) override {
    tar_.begin({.name = name, .mode = 0644, .size = size});
    Member member{tar_};
    copy_exactly(name, size, content, member);
  }

  ArchiveWriter tar_;
};

class Directory : public Remembering {
 public:
  explicit Directory(const std::string& path) {
    if (::mkdir(path.c_str(), 0755) == -1 && errno != EEXIST)
      check(-1, "make the directory {}", path);
    directory_ = sys::open(path, O_RDONLY | O_DIRECTORY);
    refuse_full(path);
  }
  void finish() override {
    check(::syncfs(directory_.get()), "write all of it to the disk");
  }

 private:
  void refuse_full(const std::string& path) const {
    DIR* const list =
        ::fdopendir(check(::fcntl(directory_.get(), F_DUPFD_CLOEXEC, 3),
                          "look into {}", path));
    int entries = 0;
    while (list != nullptr && ::readdir(list) != nullptr) ++entries;
    if (list != nullptr) ::closedir(list);
    if (entries > 2)
      throw Failure{fmt::format(
          "{} is not empty: the images need a directory to themselves",
          path)};
  }

  void make_directory(const std::string& name) override {
    check(::mkdirat(directory_.get(), name.c_str(), 0755),
          "make the directory {}", name);
  }
  void put(const std::string& name, std::uint64_t size,
           Source& content) override {
    const UniqueFd file{
        check(::openat(directory_.get(), name.c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644),
              "make the file {}", name)};
    FileSink sink{file, name};
    copy_exactly(name, size, content, sink);
  }

  UniqueFd directory_{};
};

}  // namespace

void Destination::add(const std::string& name,
                      const std::string& content) {
  MemorySource source{content};
  add(name, content.size(), source);
}

std::unique_ptr<Destination> archive_into(Sink& to) {
  return std::make_unique<Archive>(to);
}

std::unique_ptr<Destination> directory_at(const std::string& path) {
  return std::make_unique<Directory>(path);
}

OutputFile::OutputFile(std::string path)
    : path_{std::move(path)}, temporary_{path_ + ".XXXXXX"} {
  struct stat status {};
  if (::stat(path_.c_str(), &status) == 0 &&
      !S_ISREG(status.st_mode)) {  // /dev/stdout, a named pipe
    temporary_.clear();
    file_ = sys::open(path_, O_WRONLY);
    return;
  }
  file_.reset(check(::mkostemp(temporary_.data(), O_CLOEXEC),
                    "make a file beside {}", path_));
}

OutputFile::~OutputFile() {
  if (!temporary_.empty())
    ignore(::unlink(temporary_.c_str()), "there is nobody to tell");
}

void OutputFile::publish() {
  if (temporary_.empty()) return;
  check(::fchmod(file_.get(), 0644), "let {} be read", path_);
  check(::rename(temporary_.c_str(), path_.c_str()), "publish {}",
        path_);
  temporary_.clear();
}

}  // namespace dockwright
