#include "tests/bench/unpack_archives.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

#include "chapters/08-layers/compression.hpp"
#include "common/sys.hpp"
#include "tests/unit/layers/archives.hpp"

namespace dockwright::bench {

namespace {

namespace fs = std::filesystem;

UniqueFd create(const std::string& path) {
  return UniqueFd{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
}

/// Words in an order that repeats itself only in part: packs to about a third, as source code does.
class Prose {
 public:
  explicit Prose(unsigned seed) : random_{seed} {
    for (int i = 0; i < 3000; ++i) {
      std::string word;
      for (auto left = 3 + random_() % 9; left > 0; --left) word += static_cast<char>('a' + random_() % 26);
      words_.push_back(word);
    }
  }
  std::string text(std::size_t size) {
    std::string text;
    text.reserve(size + 20);
    while (text.size() < size) {
      // Few words are frequent, many are rare.
      const auto rank = static_cast<double>(random_() % 1'000'000) / 1e6;
      text += words_[static_cast<std::size_t>(std::pow(rank, 3) * 3000)];
      text += random_() % 8 == 0 ? ";\n    " : " ";
    }
    text.resize(size);
    return text;
  }
  std::uint64_t number(std::uint64_t below) { return random_() % below; }

 private:
  std::mt19937_64 random_;
  std::vector<std::string> words_{};
};

/// One archive, packed in two ways at once.
class TwoForms {
 public:
  explicit TwoForms(const MadeLayer& layer)
      : gzip_file_{create(layer.gzip)}, zstd_file_{create(layer.zstd)} {}
  void write(std::string_view bytes) {
    plain_.update(bytes);
    bytes_ += bytes.size();
    gzip_->write(bytes);
    zstd_->write(bytes);
  }
  void finish(MadeLayer& layer) {
    gzip_->finish();
    zstd_->finish();
    layer.diff_id = plain_.finish().str();
    layer.gzip_digest = hashed_.digest().hex();
    layer.gzip_bytes = hashed_.bytes();
    layer.bytes = bytes_;
  }
  [[nodiscard]] std::uint64_t packed() const { return hashed_.bytes(); }

 private:
  UniqueFd gzip_file_, zstd_file_;
  FileSink gzip_sink_{gzip_file_}, zstd_sink_{zstd_file_};
  HashingSink hashed_{gzip_sink_};
  std::unique_ptr<Sink> gzip_{compressed(hashed_, Compression::gzip)};
  std::unique_ptr<Sink> zstd_{compressed(zstd_sink_, Compression::zstd)};
  Hasher plain_{};
  std::uint64_t bytes_ = 0;
};

void put(const std::string& path, const std::string& text) { std::ofstream{path, std::ios::binary} << text; }

/// A document of the image as a blob; gives its descriptor.
std::string document(const std::string& layout, const std::string& type, const std::string& text) {
  const Digest digest = Digest::of(text);
  put(layout + "/blobs/sha256/" + digest.hex(), text);
  return fmt::format(R"({{"mediaType":"{}","digest":"{}","size":{}}})", type, digest.str(), text.size());
}

}  // namespace

MadeLayer make_small_files(const std::string& directory, std::uint64_t megabytes) {
  MadeLayer layer{.gzip = directory + "/layer.tar.gz", .zstd = directory + "/layer.tar.zst"};
  TwoForms out{layer};
  Prose prose{1};
  for (int package = 0; out.packed() < megabytes << 20U; ++package) {
    const std::string top = fmt::format("usr/lib/packages/package-{}", package);
    out.write(blocks_of(dockwright::directory(top + "/")));
    for (int below = 0; below < 4; ++below) {
      const std::string folder = fmt::format("{}/module-{}", top, below);
      out.write(blocks_of(dockwright::directory(folder + "/")));
      for (int i = 0; i < 12; ++i, ++layer.files) {
        const std::uint64_t size = prose.number(400) == 0 ? 512 * 1024 : 1024 + prose.number(11 * 1024);
        out.write(blocks_of(file(fmt::format("{}/source-{}.py", folder, i), prose.text(size))));
      }
    }
  }
  out.write(std::string(1024, '\0'));
  out.finish(layer);
  return layer;
}

std::string make_large_files(const std::string& directory, std::uint64_t megabytes) {
  constexpr std::uint64_t kFile = 64ULL << 20U;
  std::string path = directory + "/large.tar.gz";
  const UniqueFd out_file = create(path);
  FileSink out{out_file};
  const auto packed = compressed(out, Compression::gzip, 1);
  Prose prose{2};
  const std::string piece = prose.text(kFile);
  for (std::uint64_t made = 0, number = 0; made < megabytes << 20U; made += kFile, ++number)
    packed->write(blocks_of(file(fmt::format("large-{}", number), piece)));
  packed->write(std::string(1024, '\0'));
  packed->finish();
  return path;
}

void make_layout(const std::string& directory, const MadeLayer& layer) {
  const std::string layout = directory + "/layout";
  fs::create_directories(layout + "/blobs/sha256");
  fs::create_hard_link(layer.gzip, layout + "/blobs/sha256/" + layer.gzip_digest);
  put(layout + "/oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
  const std::string config = document(layout, "application/vnd.oci.image.config.v1+json",
                                      fmt::format(R"({{"architecture":"amd64","os":"linux","config":{{}},)"
                                                  R"("rootfs":{{"type":"layers","diff_ids":["{}"]}}}})",
                                                  layer.diff_id));
  const std::string type = "application/vnd.oci.image.manifest.v1+json";
  std::string manifest = document(
      layout, type,
      fmt::format(
          R"({{"schemaVersion":2,"mediaType":"{}","config":{},"layers":[)"
          R"({{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:{}","size":{}}}]}})",
          type, config, layer.gzip_digest, layer.gzip_bytes));
  manifest.pop_back();
  put(layout + "/index.json",
      fmt::format(
          R"({{"schemaVersion":2,"manifests":[{},"annotations":{{"org.opencontainers.image.ref.name":"bench"}}}}]}})",
          manifest));
}

}  // namespace dockwright::bench
