#pragma once
// What a client asks and what it is answered, as HTTP has it
// (RFC 9110), and nothing about connections. All that a client sends is
// a stranger's text: it is taken apart once, here, by strict rules, and
// what follows them not is refused, not guessed at.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright::http {

/// Names and values, in the order in which they came.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The target of a request, taken apart: `/v2/_catalog?n=2`.
struct Target {
  std::string path{};  ///< Without its percent signs.
  Fields query{};      ///< Likewise.

  /// Nothing when it is no path, holds a control character, or a
  /// percent sign without two digits behind it.
  [[nodiscard]] static std::optional<Target> parse(
      std::string_view text);
  /// The first value of that name in the query.
  [[nodiscard]] std::optional<std::string> find(
      std::string_view name) const;
};

/// All of a request but its body.
struct Request {
  std::string method{};
  std::string target{};  ///< As it came.
  std::string path{};
  Fields query{};
  Fields headers{};    ///< Their names in small letters.
  std::string peer{};  ///< The client's address.

  /// The value of a header, by its name in small letters; several of
  /// one name are joined by commas.
  [[nodiscard]] std::optional<std::string> header(
      std::string_view name) const;
  /// The first value of that name in the query.
  [[nodiscard]] std::optional<std::string> parameter(
      std::string_view name) const;
};

/// A file that is sent. Clients may ask for a part of it (Range).
struct FileBody {
  UniqueFd file{};
  std::uint64_t size = 0;
};

/// Bytes that are made as they are sent. `read` fills the space and
/// says how many there are: 0 at the end, -1 to break the connection.
struct StreamBody {
  std::optional<std::uint64_t> size{};  ///< None: sent in chunks.
  std::function<std::ptrdiff_t(char* to, std::size_t space)> read{};
};

struct Response {
  int status = 200;
  Fields headers{};
  std::variant<std::string, FileBody, StreamBody> body{};
};

/// A part of a file: `first` and the byte after the last.
struct Range {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  bool operator==(const Range&) const = default;
};

/// What a Range header asks of a file of `size` bytes.
struct RangeAsked {
  /// `whole` also where the header says what we need not understand, as
  /// several ranges: HTTP allows to send all instead.
  enum class Kind { whole, part, beyond } kind = Kind::whole;
  Range range{};
  bool operator==(const RangeAsked&) const = default;
};
[[nodiscard]] RangeAsked parse_range(std::string_view header,
                                     std::uint64_t size);

/// A number of nothing but digits, as lengths and positions are; not
/// `+1`, ` 1` or one that does not fit.
[[nodiscard]] std::optional<std::uint64_t> parse_number(
    std::string_view text);

/// `text` as it may stand in a target: all but letters, digits and
/// `-._~/` by percent signs.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// Header names compare without their case.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace dockwright::http
