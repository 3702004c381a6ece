#pragma once
// The kernel's tiny machine, once more and in slow motion: what a filter answers to a call. So a test can ask
// about every call, also those that nobody would dare to make.

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>

/// What `filter` answers (SECCOMP_RET_…) to the call that `data` describes. @throws std::logic_error for a
/// program that the kernel would not take
inline std::uint32_t answer(std::span<const sock_filter> filter, const seccomp_data& data) {
  std::uint32_t value = 0;
  for (std::size_t at = 0; at < filter.size(); ++at) {
    const auto& [code, yes, no, operand] = filter[at];
    switch (code) {
      case BPF_LD | BPF_W | BPF_ABS:
        if (operand > sizeof data - sizeof value || operand % sizeof value != 0)
          throw std::logic_error{"reads past the call"};
        std::memcpy(&value, reinterpret_cast<const char*>(&data) + operand, sizeof value);
        break;
      case BPF_ALU | BPF_AND | BPF_K:
        value &= operand;
        break;
      case BPF_JMP | BPF_JA:
        at += operand;
        break;
      case BPF_JMP | BPF_JEQ | BPF_K:
        at += value == operand ? yes : no;
        break;
      case BPF_JMP | BPF_JGT | BPF_K:
        at += value > operand ? yes : no;
        break;
      case BPF_JMP | BPF_JGE | BPF_K:
        at += value >= operand ? yes : no;
        break;
      case BPF_JMP | BPF_JSET | BPF_K:
        at += (value & operand) != 0 ? yes : no;
        break;
      case BPF_RET | BPF_K:
        return operand;
      default:
        throw std::logic_error{"an instruction that filters do not use"};
    }
  }
  throw std::logic_error{"runs past its end"};
}
