#include "chapters/10-registry/client/secret.hpp"

#include "common/check.hpp"

namespace dockwright {

JsonDocument read_secret(const std::string& name, std::string_view text,
                         const JsonLimits& limits) {
  try {
    return JsonDocument{name, text, limits};
  } catch (const Failure& failure) {
    // The parser says what it has read last.
    const std::string what = failure.what();
    throw Failure{what.substr(0, what.find("; last read"))};
  }
}

}  // namespace dockwright
