#pragma once
// `--chown=USER[:GROUP]`. Names are those of the image: they are looked
// up in its own /etc/passwd and /etc/group by chapter 6's parser. The C
// library would load what the image configures (CVE-2019-14271).

#include <cstdint>
#include <string>

#include "common/unique_fd.hpp"

namespace dockwright {

struct Owner {
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  bool operator==(const Owner&) const = default;
};

/// A name alone brings its group along; a number alone is that of the
/// group, too. @throws Failure in Docker's words
[[nodiscard]] Owner find_owner(const UniqueFd& root,
                               const std::string& text);

}  // namespace dockwright
