// seccomp-compile: a profile in, a filter out.
//
//     seccomp-compile [--caps HEX] [FILE]     a filter
//     seccomp-compile --cpp                   those that are built in
//
// Compiling takes milliseconds, a container starts in less than two. So
// the default filter is compiled when we are built (`--cpp`), and a
// stage calls this program only for another one: other capabilities, or
// a profile of the user's. It prints flags (4 bytes) and instructions
// (8 bytes each); what is wrong is told instead, with exit code 1.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>

#include "chapters/07-privileges/compiler/filter.hpp"
#include "common/check.hpp"
#include "common/errors.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargest = (1U << 20) + 1;

std::string read_file(const std::string& path) {
  const UniqueFd file{check_call(
      "open profile",
      ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC),
      "open the profile {}", path)};
  std::string text(kLargest, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got = check_call(
        "read profile",
        ::read(file.get(), text.data() + size, text.size() - size),
        "read the profile {}", path);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

void write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written =
        check(::write(STDOUT_FILENO, bytes.data(), bytes.size()),
              "hand the filter over");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string as_array(std::string_view name,
                     const std::vector<sock_filter>& filter) {
  std::string text =
      fmt::format("constexpr sock_filter {}[] = {{\n", name);
  for (const auto& [code, yes, no, operand] : filter)
    text += fmt::format("    {{{:#04x}, {}, {}, {:#x}}},\n", code, yes,
                        no, operand);
  return text + "};\n";
}

/// The two filters that a stage has in it, as a source file.
std::string as_source() {
  Circumstances here = circumstances_here(default_capabilities());
  here.kernel = 5012;  // the oldest that the workbook runs on
  const auto read = [&] {
    return read_profile("seccomp.json", default_profile(), here);
  };
  const Profile ordinary = read();
  here.capabilities = 0;
  std::string own(PATH_MAX, '\0');
  const auto size = check(
      ::readlink("/proc/self/exe", own.data(), own.size()), "find us");
  own.resize(static_cast<std::size_t>(size));
  return fmt::format(
      "// Made by seccomp-compile from seccomp.json.\n"
      "#include \"chapters/07-privileges/seccomp.hpp\"\n"
      "namespace dockwright {{\nnamespace {{\n{}{}}}\n"
      "const BuiltIn& built_in_filters() noexcept {{\n"
      "  static constexpr BuiltIn kBuiltIn{{kOrdinary, kBare, {:#x}, "
      "\"{}\"}};\n  return kBuiltIn;\n}}\n}}\n",
      as_array("kOrdinary", make_filter(ordinary)),
      as_array("kBare", make_filter(read())), ordinary.named, own);
}

std::string as_bytes(const std::vector<sock_filter>& filter,
                     unsigned flags) {
  std::string bytes(reinterpret_cast<const char*>(&flags),
                    sizeof flags);
  bytes.append(reinterpret_cast<const char*>(filter.data()),
               filter.size() * sizeof(sock_filter));
  return bytes;
}

void compile(const std::vector<std::string>& words) {
  CapabilitySet capabilities = default_capabilities();
  std::string file;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--cpp") return write_all(as_source());
    if (words[i] == "--caps" && i + 1 < words.size())
      capabilities = std::strtoull(words[++i].c_str(), nullptr, 16);
    else
      file = words[i];
  }
  const Circumstances here = circumstances_here(capabilities);
  const std::string text =
      file.empty() ? std::string{default_profile()} : read_file(file);
  const Profile profile =
      read_profile(file.empty() ? "seccomp.json" : file, text, here);
  write_all(as_bytes(make_filter(profile), profile.flags));
}

}  // namespace

}  // namespace dockwright

int main(int argc, char** argv) {
  using namespace dockwright;
  try {
    compile({argv + std::min(argc, 1), argv + argc});
    return 0;
  } catch (const std::exception& error) {
    const std::string text = describe(error);
    ignore(::write(STDOUT_FILENO, text.data(), text.size()),
           "whoever called is gone");
    return 1;
  }
}
