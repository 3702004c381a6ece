#pragma once
// Base64 (RFC 4648): how a name and a password travel in one word. It
// hides nothing.

#include <optional>
#include <string>
#include <string_view>

namespace dockwright {

[[nodiscard]] std::string to_base64(std::string_view bytes);
/// Nothing when `text` is none.
[[nodiscard]] std::optional<std::string> from_base64(
    std::string_view text);

}  // namespace dockwright
