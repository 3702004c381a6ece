#include "chapters/07-privileges/options.hpp"

#include "chapters/05-cgroups/quantities.hpp"
#include "chapters/07-privileges/capabilities.hpp"
#include "chapters/07-privileges/devices.hpp"
#include "chapters/07-privileges/settings.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr Range kScores{-1000, 1000};

bool parse_truth(const std::string& option, const std::string& text) {
  if (text.empty() || text == "true") return true;
  if (text == "false") return false;
  throw Failure{fmt::format(
      "--security-opt {}={}: true or false is expected", option, text)};
}

/// `NAME=VALUE`, or `NAME:VALUE` as Docker had it at first.
void security_option(Spec& spec, const std::string& text) {
  const std::size_t border = text.find_first_of("=:");
  const std::string name = text.substr(0, border);
  const std::string value =
      border == std::string::npos ? "" : text.substr(border + 1);
  if (name == "no-new-privileges") {
    spec.no_new_privileges = parse_truth(name, value);
  } else if (name == "seccomp" && !value.empty()) {
    spec.seccomp = value;
  } else if (name == "systempaths" && value == "unconfined") {
    spec.mask_paths = false;
  } else if ((name == "apparmor" && value == "unconfined") ||
             (name == "label" && value == "disable")) {
    return;  // so it is here, always
  } else if (name == "apparmor" || name == "label") {
    throw Failure{
        fmt::format("--security-opt {}: this workbook does without {}",
                    text, name == "label" ? "SELinux" : "AppArmor")};
  } else {
    throw Failure{fmt::format(
        "--security-opt {}: seccomp=FILE|unconfined, "
        "no-new-privileges[=false] and systempaths=unconfined are "
        "known",
        text)};
  }
}

void capability_options(cli::Options& options, Spec& spec) {
  const auto add_to = [](std::vector<std::string>& list) {
    return [&list](const std::string& text) {
      static_cast<void>(parse_capability(text));  // throws
      list.push_back(text);
    };
  };
  options.each("--cap-add", add_to(spec.cap_add), "NAME|ALL",
               "Give root in the container this capability as well");
  options.each("--cap-drop", add_to(spec.cap_drop), "NAME|ALL",
               "Take this capability from root in the container");
  options.flag("--privileged", spec.privileged, true,
               "No protection of this chapter, and all devices");
}

}  // namespace

void privilege_options(cli::Options& options, Spec& spec) {
  capability_options(options, spec);
  options.each(
      "--security-opt",
      [&spec](const std::string& text) { security_option(spec, text); },
      "NAME=VALUE",
      "seccomp=FILE|unconfined, no-new-privileges=false, "
      "systempaths=unconfined");
  options.each(
      "--device",
      [&spec](const std::string& text) {
        spec.devices.push_back(parse_device(text));
      },
      "HOST[:INSIDE[:rwm]]", "Give the container a device of the host");
  options.each(
      "--ulimit",
      [&spec](const std::string& text) {
        spec.resource_limits.push_back(parse_limit(text));
      },
      "NAME=SOFT[:HARD]",
      "A limit of each process, such as nofile=1024");
  options.each(
      "--oom-score-adj",
      [&spec](const std::string& text) {
        spec.oom_score_adj = static_cast<int>(
            parse_number("--oom-score-adj", text, kScores));
      },
      "-1000…1000", "How gladly the kernel kills it for its memory");
  options.each(
      "--sysctl",
      [&spec](const std::string& text) {
        spec.sysctls.push_back(parse_sysctl(text));
      },
      "NAME=VALUE", "A setting of the container's own namespaces");
}

}  // namespace dockwright
