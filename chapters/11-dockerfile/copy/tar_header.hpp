#pragma once
// Whether a file is an archive is told by its bytes, not by its name.

#include <cstddef>
#include <string_view>

namespace dockwright {

constexpr std::size_t kTarBlock = 512;

/// Whether `bytes` begin with the header of an entry of tar. Every
/// format of four decades has in it the sum of its own bytes.
[[nodiscard]] bool is_tar_header(std::string_view bytes) noexcept;

}  // namespace dockwright
