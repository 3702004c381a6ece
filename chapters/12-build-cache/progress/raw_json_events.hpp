#pragma once
// `--progress rawjson`: a build as JSON, a line for each thing that
// happened, in the words of BuildKit's SolveStatus: what is read by
// machines there can be read here.
//
//     {"vertexes":[{"digest":"sha256:…","name":"[1/2] FROM busybox",
//       "started":"2026-01-02T03:04:05.6Z"}]}
//     {"logs":[{"vertex":"sha256:…","stream":1,"data":"aGVsbG8K",
//       "timestamp":"2026-01-02T03:04:05.7Z"}]}

#include <map>
#include <string>

#include "chapters/11-dockerfile/build_events.hpp"

namespace dockwright {

class RawJsonEvents : public BuildEvents {
 public:
  explicit RawJsonEvents(int fd) : fd_{fd} {}
  void tell(const BuildEvent& event) override;

 private:
  struct Vertex {
    std::string digest{};  ///< Names it, in this build.
    std::string name{};
    std::string started{};
  };
  [[nodiscard]] std::string line_for(const BuildEvent& event);

  int fd_;
  std::map<StepId, Vertex> vertices_{};
};

}  // namespace dockwright
