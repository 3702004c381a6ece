#include "chapters/01-process/options.hpp"

#include "chapters/01-process/environment.hpp"
#include "common/check.hpp"

namespace dockwright {

void process_options(cli::Options& options, Spec& spec) {
  options.each(
      "-e,--env",
      [&spec](const std::string& text) {
        spec.environment.push_back(parse_environment_entry(text));
      },
      "NAME=VALUE",
      "Set an environment variable; NAME alone takes the value that it "
      "has here");
  options.each(
      "-w,--workdir",
      [&spec](const std::string& text) {
        if (!text.starts_with('/'))
          throw Failure{
              fmt::format("the working directory '{}' is invalid, it "
                          "needs to be an absolute path",
                          text)};
        spec.workdir = text;
      },
      "DIR", "Begin in this directory");
}

}  // namespace dockwright
