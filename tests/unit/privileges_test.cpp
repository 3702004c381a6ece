// Chapter 7's words: capabilities, devices, limits, settings. What the kernel makes of them is for
// tests/stages/stage07_test.cpp.

#include <linux/capability.h>
#include <sys/resource.h>

#include "chapters/07-privileges/capabilities.hpp"
#include "chapters/07-privileges/devices.hpp"
#include "chapters/07-privileges/settings.hpp"
#include "common/check.hpp"
#include "common/nearest.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

template <typename Action>
std::string refusal(Action&& action) {
  try {
    static_cast<void>(action());
    return "accepted";
  } catch (const Failure& failure) {
    return failure.what();
  }
}

Spec with(std::vector<std::string> add, std::vector<std::string> drop) {
  Spec spec;
  spec.cap_add = std::move(add);
  spec.cap_drop = std::move(drop);
  return spec;
}

CapabilitySet wanted(std::vector<std::string> add, std::vector<std::string> drop) {
  return wanted_capabilities(with(std::move(add), std::move(drop)));
}

CapabilitySet set(std::initializer_list<unsigned> numbers) {
  CapabilitySet result = 0;
  for (const unsigned number : numbers) result |= one_capability(number);
  return result;
}

}  // namespace

TEST_CASE("a capability is named in four ways", "[capabilities]") {
  for (const char* const name : {"NET_ADMIN", "CAP_NET_ADMIN", "net_admin", "cap_net_admin"})
    CHECK(parse_capability(name) == set({CAP_NET_ADMIN}));
  CHECK(parse_capability("CHOWN") == 1);
  CHECK(parse_capability("CHECKPOINT_RESTORE") == CapabilitySet{1} << 40);
  CHECK(parse_capability("all") == kEveryCapability);
}

TEST_CASE("an unknown capability names its nearest neighbour", "[capabilities]") {
  CHECK(refusal([] { return parse_capability("NET_ADMN"); }) ==
        "unknown capability: NET_ADMN; did you mean NET_ADMIN?");
  CHECK(refusal([] { return parse_capability("CAP_CHWON"); }) ==
        "unknown capability: CAP_CHWON; did you mean CHOWN?");
  CHECK(refusal([] { return parse_capability("everything"); }) == "unknown capability: everything");
  CHECK(refusal([] { return parse_capability(""); }) == "unknown capability: ");
}

TEST_CASE("the default set is Docker's, bit by bit", "[capabilities]") {
  CHECK(default_capabilities() == 0xa80425fb);
}

TEST_CASE("capabilities are added and dropped as Docker does", "[capabilities]") {
  const CapabilitySet usual = default_capabilities();
  CHECK(wanted({}, {}) == usual);
  CHECK(wanted({"SYS_TIME"}, {}) == (usual | set({CAP_SYS_TIME})));
  CHECK(wanted({}, {"CHOWN", "kill"}) == (usual & ~set({CAP_CHOWN, CAP_KILL})));
  CHECK(wanted({}, {"ALL"}) == 0);
  CHECK(wanted({"CHOWN"}, {"ALL"}) == set({CAP_CHOWN}));
  CHECK(wanted({"ALL"}, {}) == kEveryCapability);
  CHECK(wanted({"ALL"}, {"SYS_ADMIN"}) == (kEveryCapability & ~set({CAP_SYS_ADMIN})));
  CHECK(wanted({"CHOWN"}, {"CHOWN"}) == usual);  // what is added wins
  Spec privileged;
  privileged.privileged = true;
  CHECK(wanted_capabilities(privileged) == kEveryCapability);
}

TEST_CASE("nobody hands on a capability that he does not hold", "[capabilities]") {
  const CapabilitySet held = default_capabilities();
  CHECK(contains(refusal([&] {
                   return granted_capabilities(with({"SYS_TIME", "MKNOD"}, {}), held);
                 }),
                 "we do not hold cap_sys_time ourselves"));
  CHECK(granted_capabilities(with({}, {}), set({CAP_CHOWN})) ==
        set({CAP_CHOWN}));                                       // the default: what there is
  CHECK(granted_capabilities(with({"ALL"}, {}), held) == held);  // ALL, too
}

TEST_CASE("a set is told by the names in it", "[capabilities]") {
  CHECK(capability_names(0).empty());
  CHECK(capability_names(set({CAP_CHOWN, CAP_KILL})) == "cap_chown,cap_kill");
}

TEST_CASE("a device is a source, a target and an access", "[devices]") {
  CHECK(parse_device("/dev/fuse") == DeviceSpec{.source = "/dev/fuse", .target = "/dev/fuse"});
  CHECK(parse_device("/dev/fuse:/dev/other") == DeviceSpec{.source = "/dev/fuse", .target = "/dev/other"});
  CHECK(parse_device("/dev/fuse:r") ==
        DeviceSpec{.source = "/dev/fuse", .target = "/dev/fuse", .access = "r"});
  CHECK(parse_device("/dev/fuse:/dev/other:rw") ==
        DeviceSpec{.source = "/dev/fuse", .target = "/dev/other", .access = "rw"});
  for (const char* const text :
       {"", "fuse", "/dev/fuse:", "/dev/fuse:x", "/dev/fuse:/a:rwx", "/dev/fuse:/a:", ":/a"}) {
    CAPTURE(text);
    CHECK(contains(refusal([&] { return parse_device(text); }), "write it as"));
  }
}

TEST_CASE("what is no device is refused, and what is not there named", "[devices]") {
  Spec spec;
  spec.devices = {{.source = "/proc/self/status", .target = "/dev/x"}};
  CHECK(contains(refusal([&] { return find_devices(spec); }), "that is no device"));
  spec.devices = {{.source = "/dev/null", .target = "/dev/x", .access = "r"}};
  const auto devices = find_devices(spec);
  REQUIRE(devices.size() == 1);
  const DeviceRule rule = device_rules(devices).back();
  CHECK(rule.kind == 'c');
  CHECK(rule.major == 1);
  CHECK(rule.minor == 3);
  CHECK(rule.access == "r");
}

TEST_CASE("a limit is a name and one or two numbers", "[settings]") {
  CHECK(parse_limit("nofile=1024") == ResourceLimit{RLIMIT_NOFILE, 1024, 1024});
  CHECK(parse_limit("nproc=10:20") == ResourceLimit{RLIMIT_NPROC, 10, 20});
  CHECK(parse_limit("core=0:-1") == ResourceLimit{RLIMIT_CORE, 0, RLIM_INFINITY});
  CHECK(parse_limit("memlock=unlimited") == ResourceLimit{RLIMIT_MEMLOCK, RLIM_INFINITY, RLIM_INFINITY});
}

TEST_CASE("a limit that cannot be meant is refused with the reason", "[settings]") {
  const auto refused = [](const char* text) { return refusal([&] { return parse_limit(text); }); };
  CHECK(refused("nofiles=1") == "unknown limit: nofiles; did you mean nofile?");
  CHECK(contains(refused("nofile"), "NAME=SOFT"));
  CHECK(contains(refused("nofile="), "'' is no number"));
  CHECK(contains(refused("nofile=1k"), "'1k' is no number"));
  CHECK(contains(refused("nofile=-2"), "'-2' is no number"));
  CHECK(contains(refused("nofile=1:2:3"), "'2:3' is no number"));
  CHECK(contains(refused("nofile=99999999999999999999"), "is no number"));
  CHECK(contains(refused("nofile=20:10"), "must not be above the hard one"));
  CHECK(contains(refused("nofile=-1:10"), "must not be above the hard one"));
}

TEST_CASE("only settings of a namespace can be set", "[settings][security]") {
  const auto refused = [](const char* text) { return refusal([&] { return parse_sysctl(text); }); };
  CHECK(parse_sysctl("kernel.shmmax=65536") == std::pair<std::string, std::string>{"kernel.shmmax", "65536"});
  CHECK(parse_sysctl("kernel.sem=1 2 3 4").second == "1 2 3 4");
  CHECK(parse_sysctl("net.ipv4.ip_forward=1").first == "net.ipv4.ip_forward");
  CHECK(parse_sysctl("fs.mqueue.msg_max=100").first == "fs.mqueue.msg_max");
  for (const char* const text : {"kernel.core_pattern=|/evil", "vm.overcommit_memory=1", "kernel.shmmaxx=1",
                                 "net./../kernel/core_pattern=x", "net..kernel.core_pattern=x",
                                 "net.ipv4/../../kernel.x=1", "fs.file-max=1", "=1", "kernel.domainname=x"}) {
    CAPTURE(text);
    CHECK(contains(refused(text), "not a setting of a namespace"));
  }
  CHECK(contains(refused("kernel.hostname=x"), "--hostname"));
  CHECK(contains(refused("kernel.shmmax"), "NAME=VALUE"));
  CHECK(contains(refused("kernel.shmmax="), "NAME=VALUE"));
  CHECK(contains(refused("kernel.shmmax=1\n2"), "on one line"));
}

TEST_CASE("a setting of the network needs a network of its own", "[settings]") {
  Spec spec;
  spec.sysctls = {{"net.ipv4.ip_forward", "1"}};
  const auto checked = [&] {
    return refusal([&] {
      check_sysctls(spec);
      return 0;
    });
  };
  CHECK(contains(checked(), "the network is the host's"));
  spec.network = NetworkMode::none;
  CHECK(checked() == "accepted");
}

TEST_CASE("the nearest word is named, and a far one is not", "[nearest]") {
  const std::vector<std::string> known = {"alpha", "beta", "gamma"};
  CHECK(nearest("alpah", known) == "alpha");
  CHECK(nearest("bet", known) == "beta");
  CHECK(nearest("omega", known).empty());
  CHECK(did_you_mean("gama", known) == "; did you mean gamma?");
  CHECK(did_you_mean("zzzzzz", known).empty());
}
