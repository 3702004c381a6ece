#pragma once
// `--format '{{.Repository}}:{{.Tag}}'`: the part of Go's templates that
// people use with Docker, over a JSON document. Text is copied; what
// stands in double braces is a field, or a function of one:
//
//     {{.Config.Env}}  {{json .Config}}  {{join .RepoTags ", "}}
//     {{index .RepoTags 0}}  {{len .RootFS.Layers}}  {{lower .Os}}
//     {{range .Config.Env}}{{println .}}{{end}}
//
// What is not known is an error that names it, never an empty word.

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

/// A template that was read, ready for any number of documents.
class FieldFormat {
 public:
  /// @throws Failure with the place where it cannot be read
  explicit FieldFormat(std::string_view text);
  ~FieldFormat();
  FieldFormat(FieldFormat&&) noexcept;

  /// The text for one document, without a newline at its end.
  /// @throws Failure for a field that is not there
  [[nodiscard]] std::string of(
      const nlohmann::ordered_json& document) const;

  struct Part;

 private:
  std::vector<Part> parts_;
};

}  // namespace dockwright
