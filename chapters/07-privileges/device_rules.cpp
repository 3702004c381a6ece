// Which devices the processes of a group may use. In version 1 that is
// a controller with a list in files. In version 2 it is a program that
// the kernel asks at every open and every mknod (BPF), so we write one:
// a dozen comparisons, in the kernel's instructions, without a
// compiler.

#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "chapters/07-privileges/devices.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys_file.hpp"

namespace dockwright {

namespace {

std::string number(int value) {
  return value < 0 ? "*" : std::to_string(value);
}

/// Version 1: first nothing, then each that is allowed.
void bound_v1(const Group& group,
              const std::vector<DeviceRule>& rules) {
  group.write("devices.deny", "a");
  const std::string path = group.path() + "/devices.allow";
  const UniqueFd allow{check_call(
      "open setting",
      ::openat(group.directory().get(), "devices.allow",
               O_WRONLY | O_CLOEXEC),
      "open {}", path)};  // once: opening costs more than writing
  for (const DeviceRule& rule : rules)
    sys::write_setting(
        allow, path,
        fmt::format("{} {}:{} {}", rule.kind, number(rule.major),
                    number(rule.minor), rule.access));
}

/// The registers of the program. It is asked with `question` and ends
/// with `answer`; the kernel fixed these two.
enum Register : unsigned {
  answer,
  question,
  kind,
  access,
  major_number,
  number_of_both,
  rest
};

struct Operands {
  unsigned to = 0;
  unsigned from = 0;
  short offset = 0;
  int number = 0;
};

bpf_insn instruction(unsigned code, const Operands& operands) {
  bpf_insn made{};
  made.code = static_cast<std::uint8_t>(code);
  made.dst_reg = operands.to & 0xfU;
  made.src_reg = operands.from & 0xfU;
  made.off = operands.offset;
  made.imm = operands.number;
  return made;
}

bpf_insn load(Register to, std::size_t offset) {
  return instruction(BPF_LDX | BPF_W | BPF_MEM,
                     {.to = to,
                      .from = question,
                      .offset = static_cast<short>(offset)});
}

bpf_insn calculate(unsigned operation, Register to, int number) {
  return instruction(BPF_ALU64 | BPF_K | operation,
                     {.to = to, .number = number});
}

bpf_insn combine(unsigned operation, Register to, Register from) {
  return instruction(BPF_ALU64 | BPF_X | operation,
                     {.to = to, .from = from});
}

/// `unless` jumps to where `behind` says, `when` to the answer yes. How
/// far that is turns out later.
constexpr unsigned kUnless = BPF_JMP | BPF_K | BPF_JNE;
constexpr unsigned kWhen = BPF_JMP32 | BPF_K | BPF_JEQ;
constexpr unsigned kYes = BPF_JMP | BPF_JA;

bpf_insn unless(Register what, int equals) {
  return instruction(kUnless, {.to = what, .number = equals});
}

bpf_insn when(Register what, int equals) {
  return instruction(kWhen, {.to = what, .number = equals});
}

int both(int major, int minor) {
  return static_cast<int>(static_cast<unsigned>(major) << 20U |
                          static_cast<unsigned>(minor));
}

int access_bits(std::string_view letters) {
  int bits = 0;
  for (const char letter : letters)
    bits |= letter == 'm'   ? BPF_DEVCG_ACC_MKNOD
            : letter == 'r' ? BPF_DEVCG_ACC_READ
                            : BPF_DEVCG_ACC_WRITE;
  return bits;
}

/// Lets the jump at `at` end behind what is there by now.
void behind(std::vector<bpf_insn>& program, std::size_t at) {
  program[at].off = static_cast<short>(program.size() - at - 1);
}

/// If the question is for this device, and for no more than this
/// access, the answer is yes.
//! [rule_v2]
void add_rule(std::vector<bpf_insn>& program, const DeviceRule& rule) {
  const int wanted = access_bits(rule.access);
  const bool all = wanted == access_bits("rwm");
  if (!all) {
    program.push_back(combine(BPF_MOV, rest, access));
    program.push_back(calculate(BPF_AND, rest, ~wanted));
    program.push_back(unless(rest, 0));
  }
  const std::size_t condition = program.size() - 1;
  if (rule.major < 0)
    program.push_back(instruction(kYes, {}));
  else if (rule.minor < 0)
    program.push_back(when(major_number, rule.major));
  else
    program.push_back(
        when(number_of_both, both(rule.major, rule.minor)));
  if (!all) behind(program, condition);
}
//! [rule_v2]

void add_rules(std::vector<bpf_insn>& program, char of_kind,
               const std::vector<DeviceRule>& rules) {
  const std::size_t condition = program.size();
  program.push_back(unless(
      kind, of_kind == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR));
  for (const DeviceRule& rule : rules)
    if (rule.kind == of_kind) add_rule(program, rule);
  behind(program, condition);
}

/// Short, for the kernel proves before each start that the program is
/// harmless, path by path: a jump less is some microseconds less.
std::vector<bpf_insn> device_program(
    const std::vector<DeviceRule>& rules) {
  std::vector<bpf_insn> program = {
      load(kind, offsetof(bpf_cgroup_dev_ctx, access_type)),
      combine(BPF_MOV, access, kind),
      calculate(BPF_AND, kind, 0xffff),  // the lower half
      calculate(BPF_RSH, access, 16),    // the upper half
      load(major_number, offsetof(bpf_cgroup_dev_ctx, major)),
      load(rest, offsetof(bpf_cgroup_dev_ctx, minor)),
      combine(BPF_MOV, number_of_both, major_number),
      calculate(BPF_LSH, number_of_both, 20),
      combine(BPF_OR, number_of_both, rest),
  };
  for (const char of_kind : {'c', 'b'})
    add_rules(program, of_kind, rules);
  const bpf_insn end = instruction(BPF_JMP | BPF_EXIT, {});
  program.insert(program.end(), {calculate(BPF_MOV, answer, 0), end});
  const std::size_t yes = program.size();
  program.insert(program.end(), {calculate(BPF_MOV, answer, 1), end});
  for (std::size_t at = 0; at < yes; ++at)
    if (program[at].code == kWhen || program[at].code == kYes)
      program[at].off = static_cast<short>(yes - at - 1);
  return program;
}

int bpf(int command, bpf_attr& attributes) {
  return static_cast<int>(
      ::syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

void bound_v2(const Group& group,
              const std::vector<DeviceRule>& rules) {
  const std::vector<bpf_insn> program = device_program(rules);
  narrate("bpf", [&] {
    return explain::Call{
        fmt::format("bpf(BPF_PROG_LOAD, {{BPF_PROG_TYPE_CGROUP_DEVICE, "
                    ".insn_cnt={}}})",
                    program.size())};
  });
  bpf_attr load{};
  load.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  load.expected_attach_type = BPF_CGROUP_DEVICE;
  load.insns = reinterpret_cast<std::uint64_t>(program.data());
  load.insn_cnt = static_cast<std::uint32_t>(program.size());
  load.license = reinterpret_cast<std::uint64_t>("GPL");
  const UniqueFd loaded{
      check_call("bpf", bpf(BPF_PROG_LOAD, load),
                 "load the list of devices into the kernel")};
  narrate("bpf", [&] {
    return explain::Call{fmt::format(
        "bpf(BPF_PROG_ATTACH, {{{} /* {} */, {}, BPF_CGROUP_DEVICE}})",
        group.directory().get(), group.path(), loaded.get())};
  });
  bpf_attr attach{};
  attach.target_fd =
      static_cast<std::uint32_t>(group.directory().get());
  attach.attach_bpf_fd = static_cast<std::uint32_t>(loaded.get());
  attach.attach_type = BPF_CGROUP_DEVICE;
  attach.attach_flags = BPF_F_ALLOW_MULTI;  // beside those above it
  check_call("bpf", bpf(BPF_PROG_ATTACH, attach),
             "put the list of devices in force for {}", group.path());
}

}  // namespace

//! [device_rules]
std::vector<DeviceRule> device_rules(
    const std::vector<Device>& devices) {
  std::vector<DeviceRule> rules = {
      {'c', -1, -1, "m"}, {'b', -1, -1, "m"},  // make, and not open
      {'c', 1, 3},        {'c', 1, 5},         // null, zero
      {'c', 1, 7},        {'c', 1, 8},         // full, random
      {'c', 1, 9},        {'c', 5, 0},         // urandom, tty
      {'c', 5, 1},        {'c', 5, 2},         // console, ptmx
      {'c', 136, -1},                          // terminals
  };
  //! [ex7.4]
  for (const Device& device : devices)
    rules.push_back({S_ISBLK(device.mode) ? 'b' : 'c',
                     static_cast<int>(major(device.number)),
                     static_cast<int>(minor(device.number)),
                     device.spec.access});
  //! [ex7.4]
  return rules;
}
//! [device_rules]

void bound_devices(const Cgroup& cgroup,
                   const std::vector<DeviceRule>& rules) {
  if (!is_root_of_host()) return;
  const Group* const group = cgroup.group_of("devices");
  because("whatever node it makes or finds: only these can be opened");
  if (group == nullptr)
    throw Failure{
        "no control group can bound the devices here",
        Advice{.cause = "the controller `devices` of version 1 is not "
                        "mounted",
               .cure = "mount it, or use version 2 alone",
               .chapter = 7,
               .anchor = "ch07-devices"}};
  bound_devices_of(*group, cgroup_version(), rules);
}

void bound_devices_of(const Group& group, CgroupVersion version,
                      const std::vector<DeviceRule>& rules) {
  if (version == CgroupVersion::v2)
    bound_v2(group, rules);
  else
    bound_v1(group, rules);
}

}  // namespace dockwright
