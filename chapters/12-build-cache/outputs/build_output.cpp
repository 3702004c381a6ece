#include "chapters/12-build-cache/outputs/build_output.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chapters/11-dockerfile/syntax/comma_list.hpp"
#include "common/check.hpp"
#include "common/nearest.hpp"

namespace dockwright {

namespace {

using Type = BuildOutput::Type;

Type type_named(const std::string& name) {
  if (name == "image") return Type::image;
  if (name == "local") return Type::local;
  if (name == "tar") return Type::tar;
  if (name == "oci") return Type::oci;
  if (name == "docker") return Type::docker;
  if (name == "cacheonly") return Type::cache_only;
  static const std::vector<std::string> known{
      "image", "local", "tar", "oci", "docker", "cacheonly"};
  throw Failure{
      fmt::format("--output: exporter \"{}\" could not be "
                  "found; it is image, local, tar, oci, "
                  "docker or cacheonly{}",
                  name, did_you_mean(name, known))};
}

Compression packed(const std::string& name) {
  const auto kind =
      compression_named(name == "uncompressed" ? "none" : name);
  if (!kind)
    throw Failure{
        fmt::format("--output: compression \"{}\": it is gzip, zstd or "
                    "uncompressed",
                    name)};
  return *kind;
}

void take(BuildOutput& output, const CommaField& field) {
  static const std::vector<std::string> known{"type", "dest", "tar",
                                              "name", "compression"};
  if (!field.given_value)
    throw Failure{
        fmt::format("--output: invalid value {}", field.text)};
  if (field.key == "type")
    output.type = type_named(field.value);
  else if (field.key == "dest")
    output.destination = field.value;
  else if (field.key == "tar")
    output.archive = switch_of(field);
  else if (field.key == "name")
    output.names.push_back(field.value);
  else if (field.key == "compression")
    output.compression = packed(field.value);
  else if (field.key == "push")
    throw Failure{
        "--output push=true is not built here: build the image, and "
        "`push` it"};
  else
    throw Failure{fmt::format("--output: unexpected key '{}'{}",
                              field.key,
                              did_you_mean(field.key, known))};
}

/// What a type needs, and where it goes when nothing says so.
void complete(BuildOutput& output) {
  const bool nowhere = output.destination.empty();
  if (output.type == Type::local &&
      (nowhere || output.destination == "-"))
    throw Failure{"--output: dest is required for local exporter"};
  if (output.type == Type::docker && nowhere) output.type = Type::image;
  if ((output.type == Type::tar || output.type == Type::oci) && nowhere)
    output.destination = "-";
  const bool tree = !output.archive && (output.type == Type::oci ||
                                        output.type == Type::docker);
  if (tree && output.destination == "-")
    throw Failure{"--output: tar=false needs a directory as dest"};
}

}  // namespace

BuildOutput parse_output(const std::string& text) {
  if (text == "-") return {.type = Type::tar, .destination = "-"};
  if (text.find('=') == std::string::npos) {
    if (text.empty()) throw Failure{"--output: it is empty"};
    return {.type = Type::local, .destination = text};
  }
  BuildOutput output;
  bool typed = false;
  for (const CommaField& field : parse_comma_list(text)) {
    typed = typed || field.key == "type";
    take(output, field);
  }
  if (!typed) throw Failure{"--output: type is required for output"};
  complete(output);
  return output;
}

std::vector<BuildOutput> parse_outputs(
    const std::vector<std::string>& texts) {
  std::vector<BuildOutput> outputs;
  for (const std::string& text : texts)
    outputs.push_back(parse_output(text));
  if (outputs.empty()) outputs.emplace_back();
  const auto to_stdout = std::count_if(
      outputs.begin(), outputs.end(), [](const BuildOutput& output) {
        return output.destination == "-";
      });
  if (to_stdout > 1)
    throw Failure{
        "--output: only one of them can go to standard output"};
  return outputs;
}

bool keeps_image(const std::vector<BuildOutput>& outputs) {
  return std::any_of(outputs.begin(), outputs.end(),
                     [](const BuildOutput& output) {
                       return output.type == Type::image;
                     });
}

}  // namespace dockwright
