#include "tests/registry/registries.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

#include "common/check.hpp"
#include "common/digest.hpp"
#include "common/pipe.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

std::string read_whole(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The first `lines` lines that come out of `output`; fewer when it ends before.
std::string read_lines(const UniqueFd& output, std::size_t lines) {
  std::string text;
  for (char byte = 0; lines > 0;) {
    if (retry([&] { return ::read(output.get(), &byte, 1); }) <= 0) break;
    text += byte;
    if (byte == '\n') --lines;
  }
  return text;
}

std::vector<std::string> debian_command(const DebianRegistry::Options& options) {
  std::vector<std::string> command{DOCKWRIGHT_TESTS "/registry/debian_registry"};
  if (options.tls) command.emplace_back("--tls");
  if (!options.user.empty()) {
    command.emplace_back("--user");
    command.push_back(options.user + ':' + options.password);
  }
  return command;
}

std::vector<std::string> lying_command(const fs::path& layout, const fs::path& seen,
                                       const std::vector<std::string>& options) {
  std::vector<std::string> command{DOCKWRIGHT_BIN "/lying-registry", "--seen", seen.native()};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(layout.native());
  return command;
}

/// A minimal tar archive of one file.
std::string archive_of(const std::string& name, const std::string& contents) {
  std::array<char, 512> header{};
  std::snprintf(header.data(), 100, "%s", name.c_str());
  std::snprintf(header.data() + 100, 8, "%07o", 0644U);
  std::snprintf(header.data() + 108, 8, "%07o", 0U);
  std::snprintf(header.data() + 116, 8, "%07o", 0U);
  std::snprintf(header.data() + 124, 12, "%011zo", contents.size());
  std::snprintf(header.data() + 136, 12, "%011o", 0U);
  header[156] = '0';
  std::snprintf(header.data() + 257, 8, "ustar");
  header[263] = header[264] = '0';
  std::fill_n(header.data() + 148, 8, ' ');
  unsigned sum = 0;
  for (const char byte : header) sum += static_cast<unsigned char>(byte);
  std::snprintf(header.data() + 148, 7, "%06o", sum);
  std::string archive{header.data(), header.size()};
  archive += contents;
  archive.append((512 - contents.size() % 512) % 512 + 1024, '\0');
  return archive;
}

}  // namespace

RunningServer::Started RunningServer::start(const std::vector<std::string>& command) {
  Pipe input = make_pipe();
  Pipe output = make_pipe();
  std::vector<const char*> words;
  for (const std::string& word : command) words.push_back(word.c_str());
  words.push_back(nullptr);
  Process process = spawn({}, [&] {
    check(::dup2(input.read_end.get(), 0), "have an input");
    check(::dup2(output.write_end.get(), 1), "catch the output");
    check(::execvp(words.front(), const_cast<char* const*>(words.data())), "run {}", words.front());
  });
  process.expect_started();
  return {.process = std::move(process),
          .input = std::move(input.write_end),
          .output = std::move(output.read_end)};
}

RunningServer::RunningServer(const std::vector<std::string>& command, std::size_t lines)
    : RunningServer{start(command), lines} {}

RunningServer::RunningServer(Started started, std::size_t lines)
    : input_{std::move(started.input)}, process_{std::move(started.process)} {
  const std::string text = read_lines(started.output, lines);
  std::istringstream words{text};
  for (std::string word, value; words >> word >> value;) said_[word] = value;
  INFO("a server said: " << text);
  REQUIRE(said_.size() == lines);
}

RunningServer::~RunningServer() {
  input_.reset();
  process_.wait();
}

DebianRegistry::DebianRegistry(const Options& options)
    : server_{debian_command(options), options.tls ? 4U : 3U} {}

bool DebianRegistry::is_there() { return ::access("/usr/bin/docker-registry", X_OK) == 0; }

std::string DebianRegistry::log() const { return read_whole(server_.said("log")); }

LyingRegistry::LyingRegistry(const fs::path& layout, std::vector<std::string> options)
    : server_{lying_command(layout, directory_.path() / "seen", options), 2} {}

std::string LyingRegistry::seen() const { return read_whole(directory_.path() / "seen"); }

std::size_t LyingRegistry::count(const std::string& beginning) const {
  std::istringstream lines{seen()};
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(beginning) && line.find(" | ") == std::string::npos &&
        line.find(" -> ") == std::string::npos)
      ++number;
  return number;
}

LayoutImage make_layout(const fs::path& directory, std::size_t layers, std::size_t bytes) {
  constexpr std::string_view kType = "application/vnd.oci.image.";
  const fs::path blobs = directory / "blobs" / "sha256";
  fs::create_directories(blobs);
  const auto add = [&](const std::string& text, std::string& digest) {
    const Digest of_text = Digest::of(text);
    std::ofstream{blobs / of_text.hex(), std::ios::binary} << text;
    digest = of_text.str();
    return fmt::format(R"("digest":"{}","size":{})", digest, text.size());
  };
  LayoutImage made;
  std::mt19937 random{static_cast<unsigned>(layers)};
  std::string diff_ids, descriptors;
  for (std::size_t i = 0; i < layers; ++i) {
    std::string contents(bytes, '\0');
    for (char& byte : contents) byte = static_cast<char>(random());
    const std::string pointer =
        add(archive_of(fmt::format("file{}", i), contents), made.layers.emplace_back());
    const std::string_view comma = i > 0 ? "," : "";
    diff_ids += fmt::format(R"({}"{}")", comma, made.layers.back());
    descriptors += fmt::format(R"({}{{"mediaType":"{}layer.v1.tar",{}}})", comma, kType, pointer);
  }
  const std::string config =
      fmt::format(R"({{"architecture":"amd64","os":"linux","config":{{"Cmd":["true"]}},)"
                  R"("rootfs":{{"type":"layers","diff_ids":[{}]}}}})",
                  diff_ids);
  const std::string manifest =
      fmt::format(R"({{"schemaVersion":2,"mediaType":"{0}manifest.v1+json",)"
                  R"("config":{{"mediaType":"{0}config.v1+json",{1}}},"layers":[{2}]}})",
                  kType, add(config, made.config), descriptors);
  std::ofstream{directory / "oci-layout"} << R"({"imageLayoutVersion":"1.0.0"})";
  std::ofstream{directory / "index.json"}
      << fmt::format(R"({{"schemaVersion":2,"manifests":[{{"mediaType":"{}manifest.v1+json",{},)"
                     R"("annotations":{{"org.opencontainers.image.ref.name":"latest"}}}}]}})",
                     kType, add(manifest, made.manifest));
  return made;
}
