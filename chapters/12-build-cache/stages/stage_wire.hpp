#pragma once
// What a stage's worker tells its parent, through a pipe: what happens,
// as it happens, and at the end either what was made or why not.
//
//     worker                          parent
//       | --- event (step 1 begins) --> |  shows it
//       | --- event (output) ---------> |
//       | --- record (of the step) ---> |  may be exported
//       | --- made (an image) --------> |  others may begin with it
//       | --- (end of file) ----------> |
//
// A message is a head of fixed size and so many bytes. Both ends are
// one program, so the head is simply copied.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "chapters/11-dockerfile/build_events.hpp"
#include "chapters/11-dockerfile/image_state.hpp"
#include "chapters/11-dockerfile/syntax/instruction.hpp"
#include "chapters/12-build-cache/cache/cache_record.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// Why a stage was not made.
struct StageFailure {
  int signal = 0;  ///< The build was interrupted by it.
  Lines lines{};   ///< Of the Dockerfile; 0: nowhere.
  std::string text{};
  bool operator==(const StageFailure&) const = default;
};

/// An exception as a message, and back. @pre it is being handled
[[nodiscard]] StageFailure failure_of(const std::exception& error);
[[noreturn]] void raise(const StageFailure& failure);

using StageMessage =
    std::variant<BuildEvent, CacheRecord, ImageState, StageFailure>;

void send_message(const UniqueFd& pipe, const StageMessage& message);

/// Makes messages of bytes, which come in pieces that end anywhere.
class StageReader {
 public:
  void add(std::string_view bytes) { begun_ += bytes; }
  /// The next whole message. @throws Failure for what is none
  [[nodiscard]] std::optional<StageMessage> next();

 private:
  std::string begun_{};
};

/// In a worker: its events go to the parent. A step that was found in
/// the cache is not told of as finished, too.
class WiredEvents : public BuildEvents {
 public:
  explicit WiredEvents(const UniqueFd& pipe) : pipe_{pipe} {}
  void tell(const BuildEvent& event) override {
    if (event.kind == BuildEvent::Kind::cached) cached_ = event.step;
    if (event.kind == BuildEvent::Kind::finished &&
        event.step == cached_)
      return;
    send_message(pipe_, event);
  }

 private:
  const UniqueFd& pipe_;
  StepId cached_ = 0;
};

}  // namespace dockwright
