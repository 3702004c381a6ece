// A blob on its way to us. It may be long and the line bad, so a
// transfer that breaks is taken up where it broke: `Range: bytes=N-`.
// A registry that does not know ranges sends all of it again, and what
// we have already is passed over; the digest tells in the end whether
// both halves were of one blob.

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "chapters/09-images/media_types.hpp"
#include "chapters/10-registry/client/repository.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

/// A break after so many new bytes does not count as a failed attempt.
constexpr std::uint64_t kProgress = 1U << 20;

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// The first byte of `Content-Range: bytes 100-199/200`.
std::optional<std::uint64_t> range_begin(std::string_view header) {
  constexpr std::string_view kUnit = "bytes ";
  if (!header.starts_with(kUnit)) return std::nullopt;
  header.remove_prefix(kUnit.size());
  return number(header.substr(0, header.find('-')));
}

/// One blob's transfer, in as many pieces as it takes.
class BlobFetch {
 public:
  BlobFetch(Repository& repository, const Descriptor& blob,
            BlobSink& sink)
      : repository_{repository}, blob_{blob}, sink_{sink} {}

  void run();

 private:
  void piece(const Url& url, bool anonymous);
  void foreign_piece();
  void begin(const HttpResponse& head);
  void take(const HttpResponse& head, std::string_view bytes);
  [[nodiscard]] std::string name() const {
    return fmt::format("blob {} of {}", blob_.digest.str(),
                       repository_.name());
  }

  Repository& repository_;
  const Descriptor& blob_;
  BlobSink& sink_;
  std::uint64_t taken_ = 0;  ///< Bytes that went to the sink.
  std::uint64_t pass_ = 0;   ///< Of this piece, to be passed over.
  bool begun_ = false;
  bool foreign_ = false;
};

void BlobFetch::run() {
  repository_.connection().persist([&] {
    const std::uint64_t before = taken_;
    try {
      if (!foreign_)
        piece(repository_.at("blobs/" + blob_.digest.str()), false);
      if (foreign_) foreign_piece();
    } catch (const Stumble& stumble) {
      if (taken_ - before < kProgress) throw;
      throw Stumble{stumble.what(), stumble.asked(), Stumble::Moved{}};
    }
  });
}

void BlobFetch::piece(const Url& url, bool anonymous) {
  HttpRequest request{.url = url};
  if (taken_ > 0) {
    because("the connection broke: what is missing is asked for");
    request.headers = {fmt::format("Range: bytes={}-", taken_)};
  }
  begun_ = false;
  request.sink = [this](const HttpResponse& head,
                        std::string_view bytes) { take(head, bytes); };
  const HttpResponse response =
      anonymous ? repository_.connection().send_once(
                      {.http = request, .anonymous = true})
                : repository_.send_once(request);
  if (response.status == 404 && !blob_.urls.empty() && !anonymous) {
    foreign_ = true;
    return;
  }
  if (!response.ok()) repository_.refused(response, "a blob of");
  if (!begun_) begin(response);  // an empty blob
  if (taken_ < blob_.size)
    throw Stumble{
        fmt::format("{}: {} bytes came, and the manifest says {}",
                    name(), taken_, blob_.size)};
}

/// A layer that the registry may not give away says where it is. That
/// is an address from a stranger: nobody there learns who we are.
void BlobFetch::foreign_piece() {
  because("the layer lies elsewhere, and nobody there may know us");
  const Url url = Url::parse(blob_.urls.front());
  const Settings& settings =
      repository_.connection().session().settings();
  if (url.origin.scheme != "https" &&
      !settings.trust.is_insecure(url.origin) &&
      !(is_loopback(url.origin.host) &&
        is_loopback(repository_.connection().session().origin().host)))
    throw Failure{fmt::format("{} lies at {}, which is not TLS", name(),
                              url.shown())};
  piece(url, true);
}

/// The head of an answer has come: is it about what we asked for?
void BlobFetch::begin(const HttpResponse& head) {
  begun_ = true;
  pass_ = 0;
  std::uint64_t rest = blob_.size;
  //! [ex10.4]
  if (head.status == 206) {
    if (range_begin(head.header("content-range")) != taken_)
      throw Failure{fmt::format(
          "{}: asked to go on at byte {}, the registry sends {:?}",
          name(), taken_, head.header("content-range"))};
    rest -= taken_;
  } else {
    pass_ = taken_;
  }
  //! [ex10.4]
  const auto length = number(head.header("content-length"));
  if (length && *length != rest)
    throw Failure{
        fmt::format("{}: the registry announces {} bytes, and the "
                    "manifest says {}",
                    name(), *length, rest)};
}

void BlobFetch::take(const HttpResponse& head, std::string_view bytes) {
  if (!begun_) begin(head);
  const std::size_t known =
      std::min<std::uint64_t>(pass_, bytes.size());
  pass_ -= known;
  bytes.remove_prefix(known);
  if (bytes.size() > blob_.size - taken_)
    throw Failure{
        fmt::format("{}: more than the {} bytes that the manifest says",
                    name(), blob_.size)};
  taken_ += bytes.size();
  sink_.write(bytes);
}

}  // namespace

void Repository::fetch_blob(const Descriptor& blob, BlobSink& sink) {
  BlobFetch{*this, blob, sink}.run();
}

}  // namespace dockwright
