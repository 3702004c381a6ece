#pragma once
// `--output`: where what was built goes. Without one it is an image of
// the store. `-o DIR` is short for `type=local,dest=DIR`, and `-o -`
// for `type=tar,dest=-`.
//
//     image    an image of the store        oci      an OCI layout
//     local    its files, in a directory    docker   as `docker load`
//     tar      its files, as an archive              reads it

#include <optional>
#include <string>
#include <vector>

#include "chapters/08-layers/compression.hpp"

namespace dockwright {

struct BuildOutput {
  enum class Type {
    image,
    local,
    tar,
    oci,
    docker,
    cache_only,  ///< Nothing: the steps are in the cache.
  };
  Type type = Type::image;
  std::string destination{};  ///< A path; `-`: standard output.
  bool archive = true;        ///< oci, docker: one file (`tar=true`).
  std::vector<std::string> names{};  ///< Beside those of `-t`.
  std::optional<Compression> compression{};
  bool operator==(const BuildOutput&) const = default;
};

/// Reads one `--output`. @throws Failure in BuildKit's words
[[nodiscard]] BuildOutput parse_output(const std::string& text);

/// All of them; none: an image. @throws Failure also where two want
/// standard output
[[nodiscard]] std::vector<BuildOutput> parse_outputs(
    const std::vector<std::string>& texts);

/// Whether the image is to have its names in the store.
[[nodiscard]] bool keeps_image(const std::vector<BuildOutput>& outputs);

}  // namespace dockwright
