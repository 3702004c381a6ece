#include "chapters/11-dockerfile/copy/tar_header.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kSumAt = 148;
constexpr std::size_t kSumSize = 8;

/// Those of the sum itself count as blanks.
unsigned sum_of(std::string_view block) {
  unsigned sum = 0;
  for (std::size_t at = 0; at < kTarBlock; ++at)
    sum += at >= kSumAt && at < kSumAt + kSumSize
               ? ' '
               : static_cast<unsigned char>(block[at]);
  return sum;
}

}  // namespace

bool is_tar_header(std::string_view bytes) noexcept {
  if (bytes.size() < kTarBlock) return false;
  unsigned said = 0;
  bool any = false;
  for (const char digit : bytes.substr(kSumAt, kSumSize)) {
    if (digit >= '0' && digit <= '7') {
      said = said * 8 + static_cast<unsigned>(digit - '0');
      any = true;
    } else if (any) {
      break;
    }
  }
  return any && said == sum_of(bytes);
}

}  // namespace dockwright
