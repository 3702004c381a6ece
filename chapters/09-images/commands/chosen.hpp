#pragma once
// What the commands share: finding the image that was named, and saying
// in Docker's words that there is none.

#include <span>
#include <string>
#include <vector>

#include "chapters/09-images/store.hpp"
#include "common/check.hpp"

namespace dockwright {

/// The image with this name, ID, or beginning of an ID.
/// @throws Failure "No such image", with the nearest name
[[nodiscard]] StoredImage need_image(const Store& store,
                                     const std::string& name);

/// "; did you mean flask:latest?", or nothing.
[[nodiscard]] std::string nearest_image(const Store& store,
                                        const std::string& name);

/// The store for a command that removes: files of layers belong to
/// many users, whom only root of our user namespace may overrule.
[[nodiscard]] Store open_store_to_remove();

/// All names of the image with this manifest, as they are shown.
[[nodiscard]] std::vector<std::string> names_of(
    std::span<const StoredImage> images, const Digest& manifest);

/// The platform that was asked for, or else this machine's.
[[nodiscard]] Platform chosen_platform(const std::string& asked);

/// What stands for an image's name or ID in a message.
[[nodiscard]] std::string shown(const StoredImage& image);

/// How large each layer is, the lowest first: unpacked where it is, else
/// as it is kept.
[[nodiscard]] std::vector<std::uint64_t> layer_sizes(
    const Store& store, const Image& image);

/// Refuses another number of words. @throws Failure with the usage
void expect_words(const std::vector<std::string>& words,
                  std::size_t least, std::size_t most,
                  std::string_view usage);

}  // namespace dockwright
