#include "chapters/09-images/print.hpp"

#include <unistd.h>

#include "common/check.hpp"

namespace dockwright {

void print(std::string_view text) {
  while (!text.empty()) {
    const auto written = retry([&] {
      return ::write(STDOUT_FILENO, text.data(), text.size());
    });
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace dockwright
