// fuzz_NAME_replay [--write DIRECTORY] [FILE|DIRECTORY…]: runs a fuzz target without a fuzzer, on its seeds,
// on these files, and on mutations of all of them, the same each time. With --write the seeds become files,
// which is what libFuzzer begins with.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/fuzz/fuzz.hpp"

namespace {

namespace fs = std::filesystem;

constexpr int kMutationsOfEach = 300;

std::string contents(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> inputs(const std::vector<fs::path>& paths) {
  std::vector<std::string> all = dockwright::fuzz::seeds();
  for (const fs::path& path : paths) {
    if (fs::is_regular_file(path)) all.push_back(contents(path));
    if (!fs::is_directory(path)) continue;
    for (const auto& entry : fs::directory_iterator{path}) all.push_back(contents(entry.path()));
  }
  return all;
}

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// Bits flipped, pieces cut out, doubled, or overwritten by another input's.
std::string mutated(std::string input, const std::string& other, std::mt19937& random) {
  for (auto times = 1 + random() % 4; times > 0; --times) {
    if (input.empty()) return input;
    const std::size_t at = random() % input.size();
    const std::size_t size = 1 + random() % 64;
    switch (random() % 5) {
      case 0:
        input[at] = static_cast<char>(input[at] ^ (1 << random() % 8));
        break;
      case 1:
        input.erase(at, size);
        break;
      case 2:
        input.insert(at, input.substr(at, size));
        break;
      case 3:
        input.replace(at, size, other.substr(std::min(at, other.size()), size));
        break;
      default:
        input.resize(at);
        break;
    }
  }
  return input;
}

void write(const fs::path& directory) {
  fs::create_directories(directory);
  int number = 0;
  for (const std::string& seed : dockwright::fuzz::seeds())
    std::ofstream{directory / ("seed-" + std::to_string(number++)), std::ios::binary} << seed;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<fs::path> paths{argv + 1, argv + argc};
  if (paths.size() == 2 && paths[0] == "--write") {
    write(paths[1]);
    return 0;
  }
  const std::vector<std::string> all = inputs(paths);
  std::mt19937 random{7};
  for (const std::string& input : all) {
    run(input);
    for (int i = 0; i < kMutationsOfEach; ++i) run(mutated(input, all[random() % all.size()], random));
  }
  std::cout << all.size() << " inputs, " << all.size() * kMutationsOfEach << " mutations\n";
  return 0;
}
