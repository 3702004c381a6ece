#include "chapters/09-images/image_config.hpp"

#include <nlohmann/json.hpp>

#include "chapters/09-images/descriptor.hpp"

namespace dockwright {

namespace {

using Json = nlohmann::ordered_json;

std::int64_t integer_of(const JsonNode& object, const char* key) {
  const auto member = object.find(key);
  return member ? member->integer() : 0;
}

/// A set, as JSON has it: an object of empty objects.
std::set<std::string> set_of(const JsonNode& object, const char* key) {
  std::set<std::string> names;
  if (const auto member = object.find(key))
    for (const auto& [name, value] : member->members())
      names.insert(name);
  return names;
}

Json set_json(const std::set<std::string>& names) {
  Json json = Json::object();
  for (const std::string& name : names) json[name] = Json::object();
  return json;
}

/// What is empty is left out.
template <typename Value>
void put(Json& json, const char* key, const Value& value) {
  if (value != Value{}) json[key] = value;
}

void put(Json& json, const char* key,
         const std::set<std::string>& names) {
  if (!names.empty()) json[key] = set_json(names);
}

Healthcheck healthcheck_from(const JsonNode& node) {
  return {.test = node.texts_of("Test"),
          .interval = integer_of(node, "Interval"),
          .timeout = integer_of(node, "Timeout"),
          .start_period = integer_of(node, "StartPeriod"),
          .start_interval = integer_of(node, "StartInterval"),
          .retries = integer_of(node, "Retries"),
          .others =
              node.others({"Test", "Interval", "Timeout", "StartPeriod",
                           "StartInterval", "Retries"})};
}

Json to_json(const Healthcheck& check) {
  Json json = Json::object();
  put(json, "Test", check.test);
  put(json, "Interval", check.interval);
  put(json, "Timeout", check.timeout);
  put(json, "StartPeriod", check.start_period);
  put(json, "StartInterval", check.start_interval);
  put(json, "Retries", check.retries);
  add_others(json, check.others);
  return json;
}

/// A command line: Docker of old wrote a single word without a list.
std::vector<std::string> words_of(const JsonNode& object,
                                  const char* key) {
  const auto member = object.find(key);
  if (!member) return {};
  if (member->is_text()) return {member->text()};
  return member->texts();
}

RunConfig run_config_from(const JsonNode& node) {
  RunConfig config{.user = node.text_of("User"),
                   .exposed_ports = set_of(node, "ExposedPorts"),
                   .env = node.texts_of("Env"),
                   .entrypoint = words_of(node, "Entrypoint"),
                   .cmd = words_of(node, "Cmd")};
  if (const auto check = node.find("Healthcheck"))
    config.healthcheck = healthcheck_from(*check);
  config.volumes = set_of(node, "Volumes");
  config.working_dir = node.text_of("WorkingDir");
  config.on_build = node.texts_of("OnBuild");
  config.labels = node.text_map_of("Labels");
  config.stop_signal = node.text_of("StopSignal");
  config.shell = node.texts_of("Shell");
  config.others =
      node.others({"User", "ExposedPorts", "Env", "Entrypoint", "Cmd",
                   "Healthcheck", "Volumes", "WorkingDir", "OnBuild",
                   "Labels", "StopSignal", "Shell"});
  return config;
}

Json to_json(const RunConfig& config) {
  Json json = Json::object();
  put(json, "User", config.user);
  put(json, "ExposedPorts", config.exposed_ports);
  put(json, "Env", config.env);
  put(json, "Entrypoint", config.entrypoint);
  put(json, "Cmd", config.cmd);
  if (config.healthcheck)
    json["Healthcheck"] = to_json(*config.healthcheck);
  put(json, "Volumes", config.volumes);
  put(json, "WorkingDir", config.working_dir);
  put(json, "OnBuild", config.on_build);
  put(json, "Labels", config.labels);
  put(json, "StopSignal", config.stop_signal);
  put(json, "Shell", config.shell);
  add_others(json, config.others);
  return json;
}

History history_from(const JsonNode& node) {
  const auto empty = node.find("empty_layer");
  return {.created = node.text_of("created"),
          .created_by = node.text_of("created_by"),
          .author = node.text_of("author"),
          .comment = node.text_of("comment"),
          .empty_layer = empty && empty->boolean(),
          .others = node.others({"created", "created_by", "author",
                                 "comment", "empty_layer"})};
}

Json to_json(const History& step) {
  Json json = Json::object();
  put(json, "created", step.created);
  put(json, "created_by", step.created_by);
  put(json, "author", step.author);
  put(json, "comment", step.comment);
  put(json, "empty_layer", step.empty_layer);
  add_others(json, step.others);
  return json;
}

std::vector<Digest> diff_ids_from(const JsonNode& rootfs) {
  if (rootfs.text_of("type") != "layers")
    rootfs.fail("its type must be layers: no other one is known");
  std::vector<Digest> diff_ids;
  if (const auto list = rootfs.find("diff_ids"))
    for (const JsonNode& node : list->items())
      diff_ids.push_back(digest_from_json(node));
  return diff_ids;
}

}  // namespace

ImageConfig ImageConfig::parse(std::string name,
                               std::string_view text) {
  const JsonDocument document{std::move(name), text};
  const JsonNode root = document.root();
  if (!root.is_object()) root.fail("an object is expected here");
  ImageConfig image{.created = root.text_of("created"),
                    .author = root.text_of("author"),
                    .platform = Platform::from_json(root)};
  if (image.platform.os.empty()) root.fail("os is missing");
  if (image.platform.architecture.empty())
    root.fail("architecture is missing");
  if (const auto config = root.find("config"))
    image.config = run_config_from(*config);
  image.diff_ids = diff_ids_from(root.at("rootfs"));
  if (const auto history = root.find("history"))
    for (const JsonNode& step : history->items())
      image.history.push_back(history_from(step));
  image.others = root.others({"created", "author", "architecture", "os",
                              "os.version", "os.features", "variant",
                              "config", "rootfs", "history"});
  return image;
}

std::string ImageConfig::to_json() const {
  Json json = Json::object();
  put(json, "created", created);
  put(json, "author", author);
  json.update(platform.to_json());
  if (const Json run = ::dockwright::to_json(config); !run.empty())
    json["config"] = run;
  Json ids = Json::array();
  for (const Digest& id : diff_ids) ids.push_back(id.str());
  json["rootfs"] = {{"type", "layers"}, {"diff_ids", ids}};
  if (!history.empty()) {
    json["history"] = Json::array();
    for (const History& step : history)
      json["history"].push_back(::dockwright::to_json(step));
  }
  add_others(json, others);
  return write_json(json);
}

}  // namespace dockwright
