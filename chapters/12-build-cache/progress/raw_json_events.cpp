#include "chapters/12-build-cache/progress/raw_json_events.hpp"

#include <fmt/format.h>
#include <nettle/base64.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "chapters/09-images/timestamp.hpp"
#include "common/check.hpp"
#include "common/digest.hpp"
#include "common/json.hpp"

namespace dockwright {

using Json = nlohmann::ordered_json;

namespace {

/// Now, to the nanosecond, as RFC 3339 writes it.
std::string timestamp() {
  using namespace std::chrono;
  const auto now = system_clock::now().time_since_epoch();
  const auto whole = duration_cast<seconds>(now);
  std::string text = format_time(whole.count());
  if (text.ends_with('Z')) text.pop_back();
  return fmt::format("{}.{:09}Z", text,
                     duration_cast<nanoseconds>(now - whole).count());
}

std::string base64(std::string_view bytes) {
  std::string text(BASE64_ENCODE_RAW_LENGTH(bytes.size()), '\0');
  base64_encode_raw(
      text.data(), bytes.size(),
      reinterpret_cast<const std::uint8_t*>(bytes.data()));
  return text;
}

}  // namespace

std::string RawJsonEvents::line_for(const BuildEvent& event) {
  using Kind = BuildEvent::Kind;
  Vertex& vertex = vertices_[event.step];
  const std::string now = timestamp();
  if (event.kind == Kind::output)
    return write_json(
        {{"logs", Json::array({{{"vertex", vertex.digest},
                                {"stream", 1},
                                {"data", base64(event.text)},
                                {"timestamp", now}}})}});
  if (event.kind == Kind::noted)
    return write_json(
        {{"statuses", Json::array({{{"id", event.text},
                                    {"vertex", vertex.digest},
                                    {"timestamp", now},
                                    {"started", now},
                                    {"completed", now}}})}});
  if (event.kind == Kind::started)
    vertex = {
        Digest::of(fmt::format("{} {}", event.step, event.text)).str(),
        event.text, now};
  Json json{{"digest", vertex.digest},
            {"name", vertex.name},
            {"started", vertex.started}};
  if (event.kind != Kind::started) json["completed"] = now;
  if (event.kind == Kind::cached) json["cached"] = true;
  if (event.kind == Kind::failed) json["error"] = event.text;
  if (event.kind == Kind::cancelled) json["error"] = "context canceled";
  return write_json({{"vertexes", Json::array({json})}});
}

void RawJsonEvents::tell(const BuildEvent& event) {
  if (event.kind == BuildEvent::Kind::planned) return;
  const std::string line = line_for(event) + '\n';
  ignore(::write(fd_, line.data(), line.size()),
         "a build does not end because nobody reads");
}

}  // namespace dockwright
