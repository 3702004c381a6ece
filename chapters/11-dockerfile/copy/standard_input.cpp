#include "chapters/11-dockerfile/copy/standard_input.hpp"

#include "chapters/08-layers/compression.hpp"
#include "chapters/11-dockerfile/copy/tar_header.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargestDockerfile = 1U << 20U;

/// What was read to look at it, and then the rest.
class Rejoined : public Source {
 public:
  Rejoined(std::string first, std::unique_ptr<Source> rest)
      : first_{std::move(first)}, rest_{std::move(rest)} {}
  std::string_view next() override {
    if (!given_ && !first_.empty()) {
      given_ = true;
      return first_;
    }
    return rest_->next();
  }

 private:
  std::string first_;
  std::unique_ptr<Source> rest_;
  bool given_ = false;
};

std::string read_rest(std::string text, Source& rest) {
  for (;;) {
    const std::string_view more = rest.next();
    if (more.empty()) return text;
    text += more;
    if (text.size() > kLargestDockerfile)
      throw Failure{
          "what came on standard input is no archive, and too large "
          "for "
          "a Dockerfile"};
  }
}

}  // namespace

StandardInput read_standard_input(const Store& store, UniqueFd input,
                                  const ArchiveLimits& limits) {
  auto source =
      std::make_unique<FileSource>(std::move(input), "standard input");
  std::string first;
  while (first.size() < kTarBlock) {
    const std::string_view more = source->next();
    if (more.empty()) break;
    first += more;
  }
  if (detect(first) != Compression::none || is_tar_header(first))
    return {Context::archive(
        store,
        std::make_unique<Rejoined>(std::move(first), std::move(source)),
        limits)};
  return {Context::empty(store), read_rest(std::move(first), *source)};
}

}  // namespace dockwright
