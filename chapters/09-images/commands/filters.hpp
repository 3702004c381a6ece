#pragma once
// `--filter NAME=VALUE` of `images` and `image prune`. Several filters
// must all hold; several of one name, any of them (labels: all).

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chapters/09-images/store.hpp"
#include "chapters/09-images/timestamp.hpp"

namespace dockwright {

/// `until=`: a time, or a span up to now such as `24h`. @throws Failure
[[nodiscard]] Seconds parse_until(const std::string& text);

class ImageFilters {
 public:
  /// Takes `dangling=true`, `reference=PATTERN`, `label=KEY[=VALUE]`,
  /// `before=IMAGE`, `since=IMAGE` or `until=TIME`. @throws Failure
  void add(const std::string& text);
  void add_reference(const std::string& pattern) {
    references_.push_back(pattern);
  }
  [[nodiscard]] bool asks_for_dangling() const {
    return dangling_.value_or(false);
  }
  /// Looks up the images that are named, once. @throws Failure
  void prepare(const Store& store);
  [[nodiscard]] bool match(const Store& store,
                           const StoredImage& image) const;

 private:
  [[nodiscard]] bool matches_reference(const StoredImage& image) const;
  [[nodiscard]] bool matches_labels(const Store& store,
                                    const StoredImage& image) const;

  std::optional<bool> dangling_{};
  std::vector<std::string> references_{};
  std::vector<std::string> labels_{};
  std::string before_name_{};
  std::string since_name_{};
  std::optional<Seconds> before_{};
  std::optional<Seconds> since_{};
};

}  // namespace dockwright
