#pragma once
// The display of a build in a terminal is a process of its own: it
// counts seconds while the builder waits for a step, notices that the
// window was resized, and leaves the screen in order when the builder
// is killed.
//
//     builder                     display
//       | -- one event ---------->  |   draws, ten times a second
//       | -- (end of file) ------>  |   draws all, and ends
//       | <- (it has ended) ------  |   the builder may write now

#include "chapters/11-dockerfile/build_events.hpp"
#include "common/process.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

class TerminalEvents : public BuildEvents {
 public:
  /// Draws on the terminal `fd`.
  explicit TerminalEvents(int fd);
  /// Waits until all is drawn.
  ~TerminalEvents() override;
  void tell(const BuildEvent& event) override;

 private:
  UniqueFd socket_;
  Process display_;
};

/// An event as bytes, and back.
[[nodiscard]] std::string pack_event(const BuildEvent& event);
[[nodiscard]] BuildEvent unpack_event(std::string_view bytes);

}  // namespace dockwright
