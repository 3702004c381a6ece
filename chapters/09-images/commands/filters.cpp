#include "chapters/09-images/commands/filters.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "chapters/09-images/commands/chosen.hpp"

namespace dockwright {

namespace {

Seconds created_of(const StoredImage& image) {
  return parse_time(image.created).value_or(0);
}

/// A name in its short form against a pattern, with its tag or without.
bool fits(const std::string& pattern, const Reference& name) {
  return ::fnmatch(pattern.c_str(), name.familiar().c_str(),
                   FNM_PATHNAME) == 0 ||
         ::fnmatch(pattern.c_str(), name.familiar_name().c_str(),
                   FNM_PATHNAME) == 0 ||
         ::fnmatch(pattern.c_str(), name.str().c_str(), FNM_PATHNAME) ==
             0;
}

}  // namespace

Seconds parse_until(const std::string& text) {
  if (const auto time = parse_time(text)) return *time;
  Seconds count = 0;
  const auto [stop, error] =
      std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit{stop, text.data() + text.size()};
  constexpr auto kUnits =
      std::to_array<std::pair<std::string_view, Seconds>>(
          {{"s", 1}, {"m", 60}, {"h", 3600}});
  if (error == std::errc{} && unit.empty()) return count;
  for (const auto& [name, seconds] : kUnits)
    if (error == std::errc{} && unit == name)
      return now_or_epoch() - count * seconds;
  throw Failure{fmt::format(
      "--filter until={}: a time, or a span such as 24h", text)};
}

void ImageFilters::add(const std::string& text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string name = text.substr(0, equals);
  const std::string value =
      equals < text.size() ? text.substr(equals + 1) : "";
  if (name == "dangling" && (value == "true" || value == "1"))
    dangling_ = true;
  else if (name == "dangling" && (value == "false" || value == "0"))
    dangling_ = false;
  else if (name == "reference" && !value.empty())
    references_.push_back(value);
  else if (name == "label" && !value.empty())
    labels_.push_back(value);
  else if (name == "before" && !value.empty())
    before_name_ = value;
  else if (name == "since" && !value.empty())
    since_name_ = value;
  else if (name == "until" && !value.empty())
    before_ = parse_until(value);
  else
    throw Failure{fmt::format(
        "--filter '{}': dangling=true|false, "
        "reference=PATTERN, label=KEY[=VALUE], "
        "before=IMAGE, since=IMAGE and until=TIME are known",
        text)};
}

void ImageFilters::prepare(const Store& store) {
  if (!before_name_.empty())
    before_ = created_of(need_image(store, before_name_));
  if (!since_name_.empty())
    since_ = created_of(need_image(store, since_name_));
}

bool ImageFilters::matches_reference(const StoredImage& image) const {
  return references_.empty() ||
         (image.name &&
          std::any_of(references_.begin(), references_.end(),
                      [&](const std::string& pattern) {
                        return fits(pattern, *image.name);
                      }));
}

bool ImageFilters::matches_labels(const Store& store,
                                  const StoredImage& image) const {
  if (labels_.empty()) return true;
  if (!image.id) return false;
  const auto labels =
      load_image(store, image.descriptor, Platform::of_this_machine())
          .config.config.labels;
  return std::all_of(
      labels_.begin(), labels_.end(), [&](const std::string& asked) {
        const std::size_t equals = asked.find('=');
        const auto found = labels.find(asked.substr(0, equals));
        return found != labels.end() &&
               (equals == std::string::npos ||
                found->second == asked.substr(equals + 1));
      });
}

bool ImageFilters::match(const Store& store,
                         const StoredImage& image) const {
  if (dangling_ && *dangling_ == image.name.has_value()) return false;
  if (before_ && created_of(image) >= *before_) return false;
  if (since_ && created_of(image) <= *since_) return false;
  return matches_reference(image) && matches_labels(store, image);
}

}  // namespace dockwright
