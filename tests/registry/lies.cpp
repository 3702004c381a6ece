#include "tests/registry/lies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/check.hpp"

using namespace dockwright;

namespace lying {

namespace {

std::array<std::span<const Lie>, 3> all_lies() {
  return {lies_of_bytes(), lies_of_documents(), lies_of_places()};
}

auto find_header(http::Response& response, std::string_view name) {
  return std::find_if(response.headers.begin(), response.headers.end(), [&](const auto& field) {
    return http::lower_case(field.first) == http::lower_case(name);
  });
}

}  // namespace

bool Asked::reads_blob() const {
  if (what != What::blob || !(is_get() || is_head())) return false;
  const auto path = world.layout.blob(reference);
  return path && std::filesystem::file_size(*path) >= world.from_bytes;
}

const Lie& find_lie(std::string_view name) {
  for (const auto lies : all_lies())
    for (const Lie& lie : lies)
      if (lie.name == name) return lie;
  throw Failure{fmt::format("no such lie: {}; there are\n{}", name, list_lies())};
}

std::string list_lies() {
  std::string text;
  for (const auto lies : all_lies())
    for (const Lie& lie : lies) text += fmt::format("  {:24} {}\n", lie.name, lie.about);
  return text;
}

http::Response redirect(const std::string& to) { return {.status = 307, .headers = {{"Location", to}}}; }

void set_header(http::Response& response, const std::string& name, const std::string& value) {
  if (const auto found = find_header(response, name); found != response.headers.end())
    found->second = value;
  else
    response.headers.emplace_back(name, value);
}

void remove_header(http::Response& response, std::string_view name) {
  if (const auto found = find_header(response, name); found != response.headers.end())
    response.headers.erase(found);
}

}  // namespace lying
