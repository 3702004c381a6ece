#include "chapters/03-namespaces/options.hpp"

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLongestHostname =
    64;  // __NEW_UTS_LEN, sethostname(2)

std::string parse_hostname(const std::string& text) {
  if (text.empty()) throw Failure{"the host name is empty"};
  if (text.size() > kLongestHostname)
    throw Failure{
        fmt::format("the host name has {} bytes, and the kernel takes "
                    "{} at most: {}",
                    text.size(), kLongestHostname, text)};
  return text;
}

NetworkMode parse_network(const std::string& text) {
  if (text == "host") return NetworkMode::host;
  if (text == "none") return NetworkMode::none;
  if (text == "bridge" || text.starts_with("container:"))
    throw Failure{fmt::format(
        "--network {} arrives in chapter 14 (Networks)", text)};
  throw Failure{fmt::format(
      "--network {}: this stage knows host and none", text)};
}

}  // namespace

void namespace_options(cli::Options& options, Spec& spec) {
  options.each(
      "-h,--hostname",
      [&spec](const std::string& text) {
        spec.hostname = parse_hostname(text);
      },
      "NAME", "The container's host name (default: box)");
  options.flag("--init", spec.init, true,
               "Run a small init as process 1 (the default here)");
  options.flag("--no-init", spec.init, false,
               "Run the command itself as process 1, as Docker does");
  options.each(
      "--network,--net",
      [&spec](const std::string& text) {
        spec.network = parse_network(text);
      },
      "host|none", "The host's network (default), or none at all");
}

}  // namespace dockwright
