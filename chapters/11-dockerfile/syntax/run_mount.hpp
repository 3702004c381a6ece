#pragma once
// `RUN --mount=…`: what a step sees and the image does not keep. The
// value is a list of `key=value`, as the Dockerfile reference has it:
//
//     RUN --mount=type=cache,target=/root/.cache,sharing=locked …
//     RUN --mount=type=secret,id=token,env=TOKEN …
//     RUN --mount=from=builder,source=/out,target=/in …

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dockwright {

/// One `--mount`, its words understood; what was not said has its
/// default.
struct RunMount {
  enum class Type { bind, cache, tmpfs, secret, ssh };
  /// What happens to a second step that wants the same cache.
  enum class Sharing {
    shared,     ///< It gets it, too.
    exclusive,  ///< `private`: it gets another one.
    locked,     ///< It waits.
  };
  Type type = Type::bind;
  std::string from{};    ///< A stage, image or context; empty: the
                         ///< context (bind), nothing (cache).
  std::string source{};  ///< A path in `from`; empty: its root.
  std::string
      target{};      ///< As given; a relative one begins in WORKDIR.
  std::string id{};  ///< cache, secret, ssh
  bool read_only = true;
  Sharing sharing = Sharing::shared;
  std::optional<std::uint64_t> size_bytes{};  ///< tmpfs
  std::optional<mode_t> mode{};
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  bool required = false;                  ///< secret, ssh
  std::optional<std::string> variable{};  ///< secret: `env=NAME`
  bool operator==(const RunMount&) const = default;
};

/// Reads the value of one `--mount`, its variables expanded.
/// @throws Failure in BuildKit's words
[[nodiscard]] RunMount parse_run_mount(std::string_view text);

}  // namespace dockwright
