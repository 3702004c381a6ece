#include "chapters/10-registry/server/refusal.hpp"

#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "common/errors.hpp"
#include "common/json.hpp"
#include "common/terminal.hpp"

namespace dockwright::serve {

namespace {

constexpr int kInsufficientStorage = 507;

http::Response document(int status, std::string_view code,
                        std::string_view message) {
  const nlohmann::ordered_json error = {
      {"code", code}, {"message", message}, {"detail", nullptr}};
  const nlohmann::ordered_json all = {
      {"errors", nlohmann::ordered_json::array({error})}};
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = write_json(all)};
}

/// The number of the system call's failure that lies at the bottom.
int errno_of(const std::exception& error) {
  if (const auto* failed = dynamic_cast<const SystemCallError*>(&error))
    return failed->code().value();
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& inner) {
    return errno_of(inner);
  }
  return 0;
}

}  // namespace

http::Response Refusal::response() const {
  http::Response response = document(status_, code_, what());
  response.headers.insert(response.headers.end(), headers_.begin(),
                          headers_.end());
  return response;
}

http::Response answer_to(const std::exception& error) {
  if (const auto* refusal = dynamic_cast<const Refusal*>(&error))
    return refusal->response();
  const std::string told =
      "registry: " + terminal::without_controls(describe(error)) + '\n';
  ignore(::write(STDERR_FILENO, told.data(), told.size()),
         "nobody listens");
  const int number = errno_of(error);
  if (number == ENOSPC || number == EDQUOT)
    return document(kInsufficientStorage, "UNKNOWN",
                    "the registry's disk is full");
  return document(500, "UNKNOWN",
                  "the registry failed; its own terminal says why");
}

http::Response answer_to_status(int status) {
  if (status == 413)
    return document(status, "SIZE_INVALID",
                    "that is more than may come in one request");
  return document(status, "UNSUPPORTED", "that is no request");
}

Refusal nowhere() {
  return {404, "NOT_FOUND",
          "there is nothing at this path; a name has small letters, "
          "digits and ._-/ only"};
}

Refusal unknown_repository(const std::string& name) {
  return {404, "NAME_UNKNOWN",
          fmt::format("there is no image {} here", name)};
}

Refusal unknown_blob(const std::string& digest) {
  return {404, "BLOB_UNKNOWN",
          fmt::format("there is no blob {} here", digest)};
}

Refusal unsupported(const std::string& what) {
  return {405, "UNSUPPORTED", what};
}

}  // namespace dockwright::serve
