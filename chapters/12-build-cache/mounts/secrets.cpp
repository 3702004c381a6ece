#include "chapters/12-build-cache/mounts/secrets.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cstdlib>

#include "chapters/08-layers/stream.hpp"
#include "chapters/11-dockerfile/syntax/comma_list.hpp"
#include "common/check.hpp"
#include "common/nearest.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargest = 500U << 10U;  // as BuildKit has it

struct Asked {
  std::string id{};
  std::string type{};
  std::string file{};
  std::string variable{};
};

Asked parse(const std::string& text) {
  static const std::vector<std::string> known{"id", "type", "source",
                                              "src", "env"};
  Asked asked;
  for (const CommaField& field : parse_comma_list(text)) {
    if (!field.given_value)
      throw Failure{
          fmt::format("--secret {}: invalid field '{}' must be a "
                      "key=value pair",
                      text, field.text)};
    if (field.key == "id")
      asked.id = field.value;
    else if (field.key == "type")
      asked.type = field.value;
    else if (field.key == "source" || field.key == "src")
      asked.file = field.value;
    else if (field.key == "env")
      asked.variable = field.value;
    else
      throw Failure{fmt::format("--secret {}: unexpected key '{}'{}",
                                text, field.key,
                                did_you_mean(field.key, known))};
  }
  if (!asked.type.empty() && asked.type != "file" &&
      asked.type != "env")
    throw Failure{
        fmt::format("--secret {}: unsupported secret type \"{}\"; it "
                    "is file or env",
                    text, asked.type)};
  if (asked.id.empty())
    throw Failure{fmt::format("--secret {}: it needs an id", text)};
  return asked;
}

/// Where nothing says from where: the variable of that name, else the
/// file.
void complete(Asked& asked) {
  if (asked.type == "env" && asked.variable.empty())
    asked.variable = std::exchange(asked.file, "");
  if (!asked.file.empty() || !asked.variable.empty()) return;
  const bool set = std::getenv(asked.id.c_str()) != nullptr;
  if (asked.type == "env" || (asked.type.empty() && set))
    asked.variable = asked.id;
  else
    asked.file = asked.id;
}

std::string value_of(const Asked& asked) {
  if (!asked.variable.empty()) {
    const char* const value = std::getenv(asked.variable.c_str());
    return value == nullptr ? "" : value;
  }
  // It may be a pipe: `src=<(pass show token)`.
  FileSource file{UniqueFd{check_call(
                      "open secret",
                      ::open(asked.file.c_str(), O_RDONLY | O_CLOEXEC),
                      "open the secret {}: {}", asked.id, asked.file)},
                  "the secret " + asked.id};
  std::string value;
  for (std::string_view more = file.next(); !more.empty();
       more = file.next()) {
    value += more;
    if (value.size() > kLargest)
      throw Failure{fmt::format(
          "the secret {} is too big: at most 500 KB", asked.id)};
  }
  return value;
}

}  // namespace

Secrets::Secrets(const std::vector<std::string>& given) {
  for (const std::string& text : given) {
    Asked asked = parse(text);
    complete(asked);
    values_[asked.id] = value_of(asked);
  }
}

const std::string* Secrets::find(const std::string& id) const {
  const auto found = values_.find(id);
  return found == values_.end() ? nullptr : &found->second;
}

}  // namespace dockwright
