#pragma once
// Extended attributes: which of an image's are kept. Some belong to the
// files (`user.…`, capabilities, lists of rights), some to the machine
// that packed them (SELinux's labels), and some would talk to *our*
// overlay: `trusted.overlay.redirect` in a layer makes a directory of
// it show any other directory. So there is a list of what may pass.

#include <string_view>

namespace dockwright {

enum class AttributeRule {
  keep,
  drop,    ///< Another machine's business.
  refuse,  ///< Overlay's own language: no honest image speaks it.
};

/// What becomes of an attribute of an image, by its full name.
[[nodiscard]] AttributeRule attribute_rule(
    std::string_view name) noexcept;

}  // namespace dockwright
