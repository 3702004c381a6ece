#include "chapters/09-images/store_check.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <map>

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/media_types.hpp"
#include "chapters/09-images/running.hpp"
#include "chapters/09-images/store_index.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr const char* kGetAgain =
    "remove the image (`rmi`) and get it again";
constexpr const char* kBuildAgain =
    "nothing: it is built again when it is needed";
constexpr const char* kUnpackAgain =
    "nothing: it is unpacked again when it is needed";

class Checker {
 public:
  explicit Checker(const Store& store) : store_{store} {}
  StoreReport run();

 private:
  void check_privacy();
  void check_blobs();
  void check_blob(const std::string& name);
  void read_names();
  void check_names();
  void check_document(const Descriptor& document,
                      const std::string& who);
  void check_manifest(const Manifest& manifest,
                      const Descriptor& document);
  void check_there(const Descriptor& blob, const std::string& who,
                   const char* cure = kGetAgain);
  void check_records();
  void check_layers();
  void count_unused();
  void flaw(std::string where, std::string what, std::string cure) {
    report_.flaws.push_back(
        {std::move(where), std::move(what), std::move(cure)});
  }

  const Store& store_;
  std::vector<Descriptor> entries_{};
  KeptRecords records_{};
  StoreReport report_{};
  std::map<Digest, std::uint64_t>
      sound_{};  ///< Blobs, and their sizes.
  std::set<Digest> damaged_{};
  Needed needed_{};
};

void Checker::check_privacy() {
  struct stat status {};
  check_call("fstat", ::fstat(store_.root().get(), &status),
             "look at {}", store_.path());
  if ((status.st_mode & 077U) != 0)
    flaw(store_.path(),
         "others may enter it, and run what is setuid in the images",
         fmt::format("chmod 700 {}", store_.path()));
}

void Checker::check_blob(const std::string& name) {
  const std::string where = "blobs/sha256/" + name;
  const auto digest = Digest::try_parse("sha256:" + name);
  if (!digest) return flaw(where, "no blob is called so", "remove it");
  const auto file =
      files::try_open_at(store_.blobs(), name, O_RDONLY | O_NONBLOCK);
  if (!file) return;  // swept just now
  Hasher hasher;
  std::uint64_t size = 0;
  FileSource bytes{
      UniqueFd{check_call("fcntl",
                          ::fcntl(file->get(), F_DUPFD_CLOEXEC, 0),
                          "read {}", where)},
      where};
  for (auto block = bytes.next(); !block.empty();
       block = bytes.next()) {
    hasher.update(block);
    size += block.size();
  }
  ++report_.blobs;
  report_.blob_bytes += size;
  if (hasher.finish() == *digest) {
    sound_.emplace(*digest, size);
  } else {
    damaged_.insert(*digest);
    flaw(where, "damaged: its bytes have another digest", kGetAgain);
  }
}

void Checker::check_blobs() {
  for (const std::string& name : files::names_in(store_.blobs()))
    check_blob(name);
}

void Checker::check_there(const Descriptor& blob,
                          const std::string& who, const char* cure) {
  needed_.blobs.insert(blob.digest);
  if (damaged_.contains(blob.digest)) return;  // told already
  const auto found = sound_.find(blob.digest);
  if (found == sound_.end())
    return flaw(who, fmt::format("{} is missing", blob.digest.str()),
                cure);
  if (found->second != blob.size)
    flaw(who,
         fmt::format("{} has {} bytes, and not the {} that are said",
                     blob.digest.str(), found->second, blob.size),
         cure);
}

void Checker::check_manifest(const Manifest& manifest,
                             const Descriptor& document) {
  const std::string who = document.digest.str();
  for (const Descriptor& layer : manifest.layers)
    check_there(layer, who);
  check_there(manifest.config, who);
  if (!media::is_config(manifest.config.media_type) ||
      !sound_.contains(manifest.config.digest))
    return;
  const auto config =
      ImageConfig::parse(manifest.config.digest.str(),
                         store_.read_document(manifest.config));
  needed_.layers.insert(config.diff_ids.begin(), config.diff_ids.end());
  if (config.diff_ids.size() != manifest.layers.size())
    flaw(who,
         fmt::format("it has {} layers, and its config names {}",
                     manifest.layers.size(), config.diff_ids.size()),
         kGetAgain);
}

void Checker::check_document(const Descriptor& document,
                             const std::string& who) {
  check_there(document, who);
  if (!sound_.contains(document.digest)) return;
  try {
    const auto read = parse_manifest_or_index(
        document.digest.str(), store_.read_document(document),
        document.media_type);
    if (const auto* const manifest = std::get_if<Manifest>(&read))
      return check_manifest(*manifest, document);
    bool any = false;
    const auto& index = std::get<Index>(read);
    for (const Descriptor& manifest : index.manifests) {
      needed_.blobs.insert(manifest.digest);
      if (!sound_.contains(manifest.digest)) continue;
      any = true;
      check_document(manifest, document.digest.str());
    }
    // The images of other platforms were not fetched, but one was.
    if (!any && !index.manifests.empty())
      flaw(document.digest.str(), "none of its images is there",
           kGetAgain);
  } catch (const Failure& error) {
    flaw(who, error.what(), kGetAgain);
  }
}

void Checker::read_names() {
  try {
    entries_ = read_index(store_).manifests;
  } catch (const Failure& error) {
    flaw("index.json", error.what(),
         "put a copy in its place; the blobs are kept until then");
  }
}

void Checker::check_names() {
  for (const Descriptor& entry : entries_) {
    ++report_.images;
    const auto name = name_of(entry);
    check_document(entry, name ? name->familiar() : entry.digest.str());
  }
}

void Checker::check_records() {
  report_.records = records_.whole.size() + records_.damaged.size();
  for (const std::string& name : records_.damaged)
    flaw(fmt::format("{}/{}", kCacheDirectory, name),
         "no record of a step, or of another one", kBuildAgain);
  for (const Kept& record : records_.whole) {
    needed_.add(record);
    for (const Descriptor& blob : record.blobs)
      check_there(blob,
                  fmt::format("{}/{}", kCacheDirectory, record.name),
                  kBuildAgain);
  }
}

void Checker::check_layers() {
  for (const std::string& name : files::names_in(store_.layers())) {
    const std::string where = "layers/" + name;
    ++report_.layers;
    const auto diff_id = Digest::try_parse("sha256:" + name);
    if (!diff_id) {
      flaw(where, "no layer is called so", "remove it");
      continue;
    }
    if (!find_unpacked(store_, *diff_id))
      flaw(where, "without the mark of a whole layer", kUnpackAgain);
    else if (!files::try_open_at(store_.layers(), name + "/fs",
                                 O_PATH | O_DIRECTORY))
      flaw(where, "it has a mark, and no files", "remove it");
    if (!needed_.layers.contains(*diff_id)) ++report_.unused_layers;
  }
}

void Checker::count_unused() {
  for (const auto& [digest, size] : sound_)
    if (!needed_.blobs.contains(digest)) ++report_.unused_blobs;
  report_.containers = containers_in_use(store_).size();
  report_.leftovers = files::names_in(store_.temporary()).size();
}

StoreReport Checker::run() {
  check_privacy();
  // First: what is named now was there before, and stays while we look.
  read_names();
  records_ = kept_records(store_);
  check_blobs();
  check_names();
  check_records();
  check_layers();
  count_unused();
  return std::move(report_);
}

}  // namespace

StoreReport check_store(const Store& store) {
  return Checker{store}.run();
}

}  // namespace dockwright
