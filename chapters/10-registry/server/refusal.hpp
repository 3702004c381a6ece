#pragma once
// How a registry says no: a status, and a document in which each error
// has a code that programs understand and a message for people.

#include <exception>
#include <string>
#include <string_view>

#include "chapters/10-registry/server/http_message.hpp"
#include "common/check.hpp"

namespace dockwright::serve {

/// A request that is refused. The codes are those of the distribution
/// specification.
class Refusal : public Failure {
 public:
  Refusal(int status, std::string code, const std::string& message,
          http::Fields headers = {})
      : Failure{message},
        status_{status},
        code_{std::move(code)},
        headers_{std::move(headers)} {}
  [[nodiscard]] http::Response response() const;

 private:
  int status_;
  std::string code_;
  http::Fields headers_;
};

/// The answer to what went wrong. What is our own fault is told on our
/// own terminal, and the client learns that it was ours.
[[nodiscard]] http::Response answer_to(const std::exception& error);

/// The answer to what never became a request of ours.
[[nodiscard]] http::Response answer_to_status(int status);

// The refusals that have several places.
[[nodiscard]] Refusal nowhere();
[[nodiscard]] Refusal unknown_repository(const std::string& name);
[[nodiscard]] Refusal unknown_blob(const std::string& digest);
[[nodiscard]] Refusal unsupported(const std::string& what);

}  // namespace dockwright::serve
