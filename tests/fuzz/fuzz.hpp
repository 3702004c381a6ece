#pragma once
// What a fuzz target consists of: seeds to begin with, and a function that takes any bytes. It may refuse
// them by throwing nothing out of it; what it must not do is crash, hang, or break what it checks (by
// fail()).

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

/// libFuzzer's entry. @return 0
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace dockwright::fuzz {

/// Honest inputs, and hostile ones that a person thought of.
[[nodiscard]] std::vector<std::string> seeds();

/// Ends the program: the input broke a promise. libFuzzer and the replay keep the input.
[[noreturn]] inline void fail(std::string_view promise) {
  std::cerr << "broken promise: " << promise << '\n';
  std::abort();
}

}  // namespace dockwright::fuzz
