// `layer diff DIR [-o FILE]`.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "chapters/05-cgroups/quantities.hpp"
#include "chapters/08-layers/commands.hpp"
#include "chapters/08-layers/compression.hpp"
#include "chapters/08-layers/layer_diff.hpp"
#include "chapters/08-layers/own_numbers.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

struct Asked {
  std::vector<std::string> places{};
  std::string output{};
  std::string compression = "none";
};

/// A file that appears under its name when it is whole, or never.
class WholeFile {
 public:
  explicit WholeFile(const std::string& path)
      : path_{path}, beside_{path + ".XXXXXX"} {
    file_ = UniqueFd{check_call("make archive",
                                ::mkostemp(beside_.data(), O_CLOEXEC),
                                "make a file beside {}", path)};
    const mode_t mask = ::umask(0);
    ::umask(mask);
    check(::fchmod(file_.get(), 0666 & ~mask), "set the mode of {}",
          path);
  }
  WholeFile(WholeFile&&) = delete;
  ~WholeFile() {
    if (!beside_.empty())
      ignore(::unlink(beside_.c_str()), "what failed has been told");
  }
  [[nodiscard]] const UniqueFd& file() const noexcept { return file_; }
  void publish() {
    check_call("make archive", ::rename(beside_.c_str(), path_.c_str()),
               "give {} its name", path_);
    beside_.clear();
  }

 private:
  std::string path_;
  std::string beside_;
  UniqueFd file_{};
};

/// What `--upper DIR` wrote is in DIR/diff; both names will do.
UniqueFd open_upper_of(const std::string& path) {
  UniqueFd place{check_call(
      "open layer",
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      "open {}", path)};
  UniqueFd diff{
      ::openat(place.get(), "diff",
               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  const bool has_work =
      ::faccessat(place.get(), "work/work", F_OK, 0) == 0;
  return diff && has_work ? std::move(diff) : std::move(place);
}

/// SOURCE_DATE_EPOCH, as reproducible builds have it.
std::optional<std::int64_t> latest_time() {
  const char* const text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr) return {};
  const std::string_view digits = text;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(
      digits.data(), digits.data() + digits.size(), seconds);
  if (error != std::errc{} || end != digits.data() + digits.size())
    throw Failure{fmt::format(
        "SOURCE_DATE_EPOCH={}: a number of seconds is expected",
        digits)};
  return seconds;
}

WrittenLayer write(const UniqueFd& upper, const UniqueFd& to,
                   Compression compression, Whiteouts whiteouts) {
  FileSink file{to};
  const auto packed = compressed(file, compression);
  const WrittenLayer layer = write_layer(
      upper, *packed,
      {.whiteouts = whiteouts, .latest_time = latest_time()});
  packed->finish();
  return layer;
}

int diff(const Asked& asked) {
  if (asked.places.size() != 1)
    throw Failure{
        "layer diff takes one word: the directory that --upper named"};
  const auto compression = compression_named(asked.compression);
  if (!compression)
    throw Failure{
        fmt::format("--compression {}: it is none, gzip or zstd",
                    asked.compression)};
  if (asked.output.empty() && ::isatty(STDOUT_FILENO) == 1)
    throw Failure{
        "an archive is nothing for a terminal: name a file with -o"};
  const FileRights rights = become_owner_of_files();
  const UniqueFd upper = open_upper_of(asked.places[0]);
  if (asked.output.empty()) {
    const UniqueFd standard{
        check(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3),
              "write the archive")};
    static_cast<void>(
        write(upper, standard, *compression, rights.whiteouts));
    return 0;
  }
  WholeFile output{asked.output};
  const WrittenLayer layer =
      write(upper, output.file(), *compression, rights.whiteouts);
  output.publish();
  fmt::print("diff ID  {}\nentries  {}\nsize     {}\n",
             layer.diff_id.str(), layer.entries,
             human_size(layer.bytes));
  return 0;
}

}  // namespace

cli::Command layer_diff_command() {
  return {.name = "layer diff",
          .about = "Pack what a container changed as a layer",
          .chapter = 8,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto asked = std::make_shared<Asked>();
            options.words(asked->places, "DIR",
                          "What --upper DIR wrote");
            options.value("-o,--output", asked->output, "FILE",
                          "Where the archive goes (default: standard "
                          "output)");
            options.value("--compression", asked->compression,
                          "none|gzip|zstd",
                          "How it is packed (default: not at all)");
            return [asked] { return diff(*asked); };
          }};
}

}  // namespace dockwright
