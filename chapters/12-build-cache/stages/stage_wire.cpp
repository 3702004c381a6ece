#include "chapters/12-build-cache/stages/stage_wire.hpp"

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

#include "chapters/11-dockerfile/follow.hpp"
#include "chapters/11-dockerfile/step_child.hpp"
#include "common/check.hpp"
#include "common/errors.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

enum class Kind : std::int32_t { event, record, made, failed };

struct Head {
  Kind kind = Kind::event;
  std::int32_t what = 0;    ///< An event's kind, or a signal.
  std::int32_t number = 0;  ///< Of a step, or the first line.
  std::int32_t last = 0;    ///< The last line.
  std::uint32_t size = 0;
};
static_assert(std::is_trivially_copyable_v<Head>);

/// A config is a document of at most 4 MiB.
constexpr std::uint32_t kLargest = 16U << 20;

std::string text_of(const ImageState& state) {
  nlohmann::ordered_json layers = nlohmann::ordered_json::array();
  for (const Descriptor& layer : state.layers)
    layers.push_back(layer.to_json());
  nlohmann::ordered_json all{{"config", state.config.to_json()},
                             {"layers", layers},
                             {"arguments", nlohmann::json::object()},
                             {"newest", state.newest},
                             {"own_cmd", state.own_cmd}};
  for (const auto& [name, value] : state.arguments)
    all["arguments"][name] = value;
  if (state.epoch) all["epoch"] = *state.epoch;
  if (state.base) all["base"] = state.base->to_json();
  return write_json(all);
}

ImageState state_from(std::string_view text) {
  const JsonDocument document{"a stage", text, {.bytes = kLargest}};
  const JsonNode root = document.root();
  ImageState state{.config = ImageConfig::parse("a stage's config",
                                                root.text_of("config")),
                   .newest = root.at("newest").integer(),
                   .own_cmd = root.at("own_cmd").boolean()};
  for (const JsonNode& layer : root.at("layers").items())
    state.layers.push_back(Descriptor::from_json(layer));
  for (const auto& [name, value] : root.text_map_of("arguments"))
    state.arguments.emplace(name, value);
  if (const auto epoch = root.find("epoch"))
    state.epoch = epoch->integer();
  if (const auto base = root.find("base"))
    state.base = Descriptor::from_json(*base);
  return state;
}

void send(const UniqueFd& pipe, Head head, std::string_view text) {
  head.size = static_cast<std::uint32_t>(text.size());
  std::string bytes(sizeof head, '\0');
  std::memcpy(bytes.data(), &head, sizeof head);
  bytes += text;
  files::write_all(pipe, bytes, "what a stage tells");
}

/// A record travels as its file is written, behind its key.
CacheRecord record_from(std::string_view text) {
  const std::size_t space = text.find(' ');
  return parse_record(std::string{text.substr(0, space)},
                      std::string{text.substr(space + 1)})
      .record;
}

StageMessage message_of(const Head& head, std::string_view text) {
  switch (head.kind) {
    case Kind::event:
      return BuildEvent{
          .kind = static_cast<BuildEvent::Kind>(head.what),
          .step = head.number,
          .text = std::string{text}};
    case Kind::record:
      return record_from(text);
    case Kind::made:
      return state_from(text);
    case Kind::failed:
      return StageFailure{.signal = head.what,
                          .lines = {head.number, head.last},
                          .text = std::string{text}};
  }
  throw Failure{"a stage told what nobody understands"};
}

struct Send {
  const UniqueFd& pipe;
  void operator()(const BuildEvent& event) const {
    send(pipe,
         {.kind = Kind::event,
          .what = static_cast<std::int32_t>(event.kind),
          .number = event.step},
         event.text);
  }
  void operator()(const CacheRecord& record) const {
    send(pipe, {.kind = Kind::record},
         record.inputs.key().hex() + " " + record.to_json(""));
  }
  void operator()(const ImageState& made) const {
    send(pipe, {.kind = Kind::made}, text_of(made));
  }
  void operator()(const StageFailure& failed) const {
    send(pipe,
         {.kind = Kind::failed,
          .what = failed.signal,
          .number = failed.lines.first,
          .last = failed.lines.last},
         failed.text);
  }
};

}  // namespace

StageFailure failure_of(const std::exception& error) {
  if (const auto* const interrupted =
          dynamic_cast<const Interrupted*>(&error))
    return {.signal = interrupted->signal()};
  if (const auto* const failed =
          dynamic_cast<const BuildFailed*>(&error))
    return {.lines = failed->lines(), .text = failed->what()};
  return {.text = describe(error)};
}

void raise(const StageFailure& failure) {
  if (failure.signal != 0) throw Interrupted{failure.signal};
  if (failure.lines.first != 0)
    throw BuildFailed{failure.text, failure.lines};
  throw Failure{failure.text, 1};
}

void send_message(const UniqueFd& pipe, const StageMessage& message) {
  std::visit(Send{pipe}, message);
}

std::optional<StageMessage> StageReader::next() {
  Head head;
  if (begun_.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, begun_.data(), sizeof head);
  if (head.size > kLargest)
    throw Failure{"a stage told more than anybody reads"};
  if (begun_.size() < sizeof head + head.size) return std::nullopt;
  StageMessage message = message_of(
      head, std::string_view{begun_}.substr(sizeof head, head.size));
  begun_.erase(0, sizeof head + head.size);
  return message;
}

}  // namespace dockwright
