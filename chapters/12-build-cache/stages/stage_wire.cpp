#include "chapters/12-build-cache/stages/stage_wire.hpp"

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

enum class Kind : std::int32_t { event, made, failed };

struct Head {
  Kind kind = Kind::event;
  std::int32_t what = 0;  ///< An event's kind, or an exit code.
  std::int32_t step = 0;
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
                             {"newest", state.newest}};
  for (const auto& [name, value] : state.arguments)
    all["arguments"][name] = value;
  if (state.base) all["base"] = state.base->to_json();
  return write_json(all);
}

ImageState state_from(std::string_view text) {
  const JsonDocument document{"a stage", text, {.bytes = kLargest}};
  const JsonNode root = document.root();
  ImageState state{.config = ImageConfig::parse("a stage's config",
                                                root.text_of("config")),
                   .newest = root.at("newest").integer()};
  for (const JsonNode& layer : root.at("layers").items())
    state.layers.push_back(Descriptor::from_json(layer));
  for (const auto& [name, value] : root.text_map_of("arguments"))
    state.arguments.emplace(name, value);
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

StageMessage message_of(const Head& head, std::string_view text) {
  switch (head.kind) {
    case Kind::event:
      return BuildEvent{
          .kind = static_cast<BuildEvent::Kind>(head.what),
          .step = head.step,
          .text = std::string{text}};
    case Kind::made:
      return state_from(text);
    case Kind::failed:
      return StageFailure{.exit_code = head.what,
                          .text = std::string{text}};
  }
  throw Failure{"a stage told what nobody understands"};
}

}  // namespace

void send_message(const UniqueFd& pipe, const StageMessage& message) {
  if (const auto* const event = std::get_if<BuildEvent>(&message))
    send(pipe,
         {.kind = Kind::event,
          .what = static_cast<std::int32_t>(event->kind),
          .step = event->step},
         event->text);
  else if (const auto* const made = std::get_if<ImageState>(&message))
    send(pipe, {.kind = Kind::made}, text_of(*made));
  else if (const auto* const failed =
               std::get_if<StageFailure>(&message))
    send(pipe, {.kind = Kind::failed, .what = failed->exit_code},
         failed->text);
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
