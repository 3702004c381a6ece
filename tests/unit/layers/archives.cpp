#include "tests/unit/layers/archives.hpp"

#include <fmt/format.h>

#include <cstring>
#include <numeric>

#include "chapters/08-layers/compression.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kBlock = 512;

void put(std::string& block, std::size_t at, const std::string& text) {
  std::memcpy(block.data() + at, text.data(), text.size());
}

std::string packed(const std::string& plain, Compression kind) {
  MemorySink memory;
  const auto sink = compressed(memory, kind);
  sink->write(plain);
  sink->finish();
  return memory.bytes();
}

}  // namespace

std::string pax_records(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string text;
  for (const auto& [key, value] : pairs) {
    const std::string record = fmt::format(" {}={}\n", key, value);
    std::size_t size = record.size() + 1;
    while (std::to_string(size).size() + record.size() > size) ++size;
    text += std::to_string(size) + record;
  }
  return text;
}

std::string blocks_of(const Member& member) {
  std::string blocks;
  if (!member.pax.empty()) blocks = blocks_of({.type = 'x', .name = "pax", .data = pax_records(member.pax)});
  std::string header(kBlock, '\0');
  put(header, 0, member.name.substr(0, 100));
  put(header, 100, fmt::format("{:07o}", member.mode));
  put(header, 108, fmt::format("{:07o}", member.user));
  put(header, 116, fmt::format("{:07o}", member.group));
  put(header, 124, fmt::format("{:011o}", member.data.size()));
  put(header, 136, fmt::format("{:011o}", member.time));
  put(header, 148, "        ");
  header[156] = member.type;
  put(header, 157, member.link.substr(0, 100));
  put(header, 257, std::string{"ustar\00000", 8});
  put(header, 329, fmt::format("{:07o}", member.device_major));
  put(header, 337, fmt::format("{:07o}", member.device_minor));
  const unsigned sum = std::accumulate(header.begin(), header.end(), 0U, [](unsigned so_far, char c) {
    return so_far + static_cast<unsigned char>(c);
  });
  put(header, 148, fmt::format("{:06o}", sum) + '\0');
  blocks += header + member.data;
  blocks.resize((blocks.size() + kBlock - 1) / kBlock * kBlock, '\0');
  return blocks;
}

std::string archive_of(const std::vector<Member>& members) {
  std::string archive;
  for (const Member& member : members) archive += blocks_of(member);
  return archive + std::string(2 * kBlock, '\0');
}

std::string gzip_of(const std::string& plain) { return packed(plain, Compression::gzip); }
std::string zstd_of(const std::string& plain) { return packed(plain, Compression::zstd); }

}  // namespace dockwright
