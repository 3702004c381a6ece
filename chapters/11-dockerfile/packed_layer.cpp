#include "chapters/11-dockerfile/packed_layer.hpp"

#include <fcntl.h>

#include <sstream>

#include "chapters/08-layers/layer_diff.hpp"
#include "chapters/09-images/media_types.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "chapters/09-images/user_root.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kLayer = "layer ";

/// Bytes for a blob that somebody else hashes.
class UnhashedSink : public Sink {
 public:
  explicit UnhashedSink(BlobWriter& blob) : blob_{blob} {}
  void write(std::string_view bytes) override {
    blob_.write_unhashed(bytes);
  }

 private:
  BlobWriter& blob_;
};

}  // namespace

Whiteouts own_whiteouts() {
  return root_of() == Root::of_machine ? Whiteouts::trusted
                                       : Whiteouts::user;
}

//! [pack]
BuiltLayer pack_layer(const BuildRoom& room, const UniqueFd& upper) {
  const UniqueFd diff{check_call(
      "openat",
      ::openat(upper.get(), "diff", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      "open what the step wrote")};
  BlobWriter blob = room.store.new_blob();
  UnhashedSink sink{blob};
  const WrittenLayer written = write_layer(
      diff, sink,
      {.whiteouts = own_whiteouts(), .latest_time = room.epoch});
  blob.commit_as(written.diff_id);
  const BuiltLayer layer{
      .blob = {.media_type = std::string{media::kLayer},
               .digest = written.diff_id,
               .size = written.bytes},
      .diff_id = written.diff_id,
      .newest = written.newest};
  if (!written.faithful) return layer;  // unpacked where it is needed
  adopt_unpacked(room.store, {upper, "diff"},
                 {.diff_id = written.diff_id,
                  .blob = written.diff_id,
                  .bytes = written.content_bytes,
                  .entries = written.entries,
                  .rootless = own_whiteouts() == Whiteouts::user});
  return layer;
}
//! [pack]

std::string to_text(const BuiltLayer& layer) {
  return fmt::format("{}{} {} {}", kLayer, layer.diff_id.str(),
                     layer.blob.size, layer.newest);
}

BuiltLayer layer_from(const std::string& text) {
  std::istringstream words{text.substr(kLayer.size())};
  std::string digest;
  BuiltLayer layer{.blob = {.media_type = std::string{media::kLayer},
                            .digest = Digest::of("")},
                   .diff_id = Digest::of("")};
  if (!text.starts_with(kLayer) ||
      !(words >> digest >> layer.blob.size >> layer.newest))
    throw Failure{fmt::format("a step answered '{}'", text)};
  layer.blob.digest = layer.diff_id = Digest::parse(digest);
  return layer;
}

}  // namespace dockwright
