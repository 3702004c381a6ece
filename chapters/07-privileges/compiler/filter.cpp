#include "chapters/07-privileges/compiler/filter.hpp"

#include <linux/seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>

#include "chapters/07-privileges/compiler/shorten.hpp"
#include "common/check.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

namespace {

using Context = std::unique_ptr<void, void (*)(scmp_filter_ctx)>;

/// libseccomp gives a negative errno instead of setting one.
void expect(int result, const std::string& attempt) {
  if (result >= 0) return;
  throw SystemCallError{"libseccomp", -result, attempt};
}

bool refuses_by_default(const Profile& profile) {
  return profile.default_action != SCMP_ACT_ALLOW &&
         profile.default_action != SCMP_ACT_LOG;
}

/// The largest number on this machine among the calls of the profile.
std::uint32_t newest(const Profile& profile) {
  int number = 0;
  for (const std::string& call : profile.known)
    number = std::max(number, seccomp_syscall_resolve_name_arch(
                                  seccomp_arch_native(), call.c_str()));
  return static_cast<std::uint32_t>(number);
}

constexpr std::uint32_t kX32 = 0x40000000;  // an x32 call's mark

//! [enosys]
std::vector<sock_filter> unknown_calls(std::uint32_t newest) {
  constexpr auto kNumber = offsetof(seccomp_data, nr);
  constexpr auto kMachine = offsetof(seccomp_data, arch);
  const std::uint32_t machine = seccomp_arch_native();
  return {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kMachine),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, machine, 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumber),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kX32, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, newest, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
  };
}
//! [enosys]

std::vector<sock_filter> exported(const Context& context) {
  const UniqueFd memory{
      check(::memfd_create("filter", MFD_CLOEXEC), "make a file")};
  expect(seccomp_export_bpf(context.get(), memory.get()),
         "translate the rules");
  const off_t size =
      check(::lseek(memory.get(), 0, SEEK_END), "measure the filter");
  std::vector<sock_filter> filter(static_cast<std::size_t>(size) /
                                  sizeof(sock_filter));
  check(::pread(memory.get(), filter.data(),
                static_cast<std::size_t>(size), 0),
        "read the filter");
  return filter;
}

}  // namespace

std::vector<sock_filter> make_filter(const Profile& profile,
                                     Search search) {
  const Context context{seccomp_init(profile.default_action),
                        seccomp_release};
  if (!context) throw Failure{"libseccomp refuses the default action"};
  expect(seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH,
                          SCMP_ACT_KILL_PROCESS),
         "refuse the calls of other machines");
  expect(seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE,
                          search == Search::list ? 1 : 2),
         "ask for a tree of numbers instead of a list");
  for (const std::uint32_t more : profile.more_architectures)
    expect(seccomp_arch_add(context.get(), more), "add a machine");
  for (const auto& [call, action, arguments] : profile.rules)
    expect(
        seccomp_rule_add_array(
            context.get(), action,
            seccomp_syscall_resolve_name(call.c_str()),
            static_cast<unsigned>(arguments.size()), arguments.data()),
        "add the rule for " + call);
  std::vector<sock_filter> filter = exported(context);
  if (refuses_by_default(profile) && !profile.known.empty()) {
    const auto before = unknown_calls(newest(profile));
    filter.insert(filter.begin(), before.begin(), before.end());
  }
  if (search == Search::ranges && profile.more_architectures.empty())
    filter = shorten(filter, seccomp_arch_native(), newest(profile));
  if (filter.size() > BPF_MAXINSNS)
    throw Failure{fmt::format(
        "the filter has {} instructions, and the kernel takes {}",
        filter.size(), BPF_MAXINSNS)};
  return filter;
}

}  // namespace dockwright
