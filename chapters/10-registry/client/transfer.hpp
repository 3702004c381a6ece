#pragma once
// What libcurl calls while it sends a request and reads the answer. It
// is written in C, so nothing may be thrown through it: what a callback
// throws is kept, and thrown again when libcurl has come back.

#include <curl/curl.h>

#include <cstdint>
#include <exception>
#include <stop_token>

#include "chapters/10-registry/client/http.hpp"

namespace dockwright {

class Transfer {
 public:
  Transfer(const HttpRequest& request, const std::stop_token& stop)
      : request_{request}, stop_{stop} {}
  Transfer(Transfer&&) = delete;

  static std::size_t on_header(char* bytes, std::size_t one,
                               std::size_t size, void* self);
  static std::size_t on_body(char* bytes, std::size_t one,
                             std::size_t size, void* self);
  static std::size_t on_read(char* into, std::size_t one,
                             std::size_t size, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t,
                         curl_off_t);

  /// Throws what a callback threw.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }
  [[nodiscard]] HttpResponse take() { return std::move(response_); }

 private:
  /// Whether `body` came to its end.
  template <typename Body>
  bool guarded(const Body& body) noexcept {
    try {
      body();
      return true;
    } catch (...) {
      failure_ = std::current_exception();
      return false;
    }
  }
  void header(std::string_view line);
  void body(std::string_view bytes);

  const HttpRequest& request_;
  const std::stop_token& stop_;
  HttpResponse response_{};
  std::size_t header_bytes_ = 0;
  std::uint64_t sent_ = 0;
  std::exception_ptr failure_{};
};

}  // namespace dockwright
