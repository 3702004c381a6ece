#include "chapters/01-process/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "common/check.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string_view name_of(std::string_view entry) {
  return entry.substr(0, entry.find('='));
}

/// Stage 1 has no root file system of its own, so the caller's home is
/// still there; later, root's home is /root.
std::string home(const Spec& spec) {
  if (!spec.rootfs.empty()) return ::getuid() == 0 ? "/root" : "/";
  const char* const home = std::getenv("HOME");
  return home != nullptr ? home : "/";
}

void set(std::vector<std::string>& environment,
         const std::string& entry) {
  const auto same_name = [&](const std::string& other) {
    return name_of(other) == name_of(entry);
  };
  const auto old =
      std::find_if(environment.begin(), environment.end(), same_name);
  if (old != environment.end())
    *old = entry;
  else
    environment.push_back(entry);
}

}  // namespace

//! [entry]
std::string parse_environment_entry(const std::string& text) {
  if (name_of(text).empty())
    throw Failure{fmt::format(
        "-e '{}': a variable needs a name: -e NAME=value", text)};
  if (text.find('=') != std::string::npos) return text;
  const char* const value = std::getenv(text.c_str());
  if (value == nullptr)
    throw Failure{fmt::format(
        "-e {0}: no value given, and {0} is not set here: -e {0}=value",
        text)};
  return fmt::format("{}={}", text, value);
}
//! [entry]

std::vector<std::string> clean_environment(const Spec& spec) {
  std::vector<std::string> environment;
  //! [ex1.1]
  environment.push_back(fmt::format("PATH={}", kPath));
  environment.push_back(fmt::format("HOSTNAME={}", sys::gethostname()));
  environment.push_back("TERM=xterm");
  environment.push_back(fmt::format("HOME={}", home(spec)));
  for (const std::string& entry : spec.environment)
    set(environment, entry);
  //! [ex1.1]
  return environment;
}

std::string_view environment_value(
    const std::vector<std::string>& environment,
    std::string_view name) {
  for (const std::string& entry : environment)
    if (name_of(entry) == name && entry.size() > name.size())
      return std::string_view{entry}.substr(name.size() + 1);
  return {};
}

}  // namespace dockwright
