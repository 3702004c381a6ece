#pragma once
// An image while it is being built: what the steps so far have made of
// it. A step that changes files adds a layer, every other one changes
// the config; both are told in its history. It is a plain value: who
// keeps a copy can go on from there.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/09-images/store.hpp"
#include "chapters/09-images/timestamp.hpp"

namespace dockwright {

/// What a step made.
struct BuiltLayer {
  Descriptor blob;
  Digest diff_id;
  Seconds newest = 0;  ///< The time of its youngest file.
  bool operator==(const BuiltLayer&) const = default;
};

/// Variables by their names.
using Variables = std::map<std::string, std::string, std::less<>>;

/// Gives a variable's value, if it is set.
using VariableLookup =
    std::function<std::optional<std::string>(std::string_view)>;

struct ImageState {
  ImageConfig config{};
  std::vector<Descriptor> layers{};  ///< The lowest first.
  /// What ARG has declared, with its value; not those without one.
  Variables arguments{};
  /// The latest time that was met, of the base or of a file.
  Seconds newest = 0;
  std::optional<Seconds> epoch{};  ///< Then that (SOURCE_DATE_EPOCH).
  bool own_cmd = false;  ///< CMD is of this stage, and not the base's.
  std::optional<Descriptor> base{};  ///< Its manifest or index.

  /// ENV, and where that says nothing, ARG. @pre it outlives the lookup
  [[nodiscard]] VariableLookup variables() const;
  /// The shell of RUN, CMD and ENTRYPOINT: SHELL's, or /bin/sh -c.
  [[nodiscard]] std::vector<std::string> shell() const;
  /// The directory that relative paths begin in.
  [[nodiscard]] std::string workdir() const;

  /// A step that made a layer.
  void add_layer(const BuiltLayer& layer, std::string created_by);
  /// A step that changed the config alone.
  void add_change(std::string created_by);
};

/// An image as a base to build upon: its newest time is its own.
[[nodiscard]] ImageState state_of(const Image& image);

/// The value of a variable in a list of `NAME=value`.
[[nodiscard]] std::optional<std::string> variable_in(
    const std::vector<std::string>& environment, std::string_view name);
void set_variable_in(std::vector<std::string>& environment,
                     const std::string& name, const std::string& value);

}  // namespace dockwright
