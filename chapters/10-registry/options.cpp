#include "chapters/10-registry/options.hpp"

#include "common/check.hpp"

namespace dockwright {

void registry_run_options(cli::Options& options, Spec& spec) {
  options.each(
      "--pull",
      [&spec](const std::string& text) {
        if (text != "missing" && text != "always" && text != "never")
          throw Failure{fmt::format(
              "--pull {}: missing, always or never is expected", text)};
        spec.pull = text;
      },
      "missing|always|never", "When to ask the registry for the image");
}

}  // namespace dockwright
