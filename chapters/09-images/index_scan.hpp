#pragma once
// One entry of an index, without reading the others. A store may have
// hundreds of images, and a container is of one of them: to read all
// entries as JSON takes longer than to start it.

#include <cstddef>
#include <optional>
#include <string_view>

namespace dockwright {

/// The object of the list `manifests` that `place` is in, given that
/// it is in an object of that object (its annotations); nothing
/// where it is elsewhere. @pre `text` is JSON
[[nodiscard]] std::optional<std::string_view> entry_around(
    std::string_view text, std::size_t place);

}  // namespace dockwright
