#include "chapters/09-images/reference.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kDockerHub = "docker.io";
constexpr std::string_view kOldDockerHub = "index.docker.io";
constexpr std::string_view kOfficial = "library/";
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestTag = 128;

bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_small(c) || is_capital(c) || is_digit(c);
}

[[noreturn]] void refuse(std::string_view text,
                         std::string_view reason) {
  throw Failure{
      fmt::format("invalid image name {:?}: {}", text, reason),
      Advice{.cure =
                 "a name is [HOST[:PORT]/]PATH[:TAG][@DIGEST], such "
                 "as flask, alice/flask:2 or localhost:5000/flask",
             .chapter = 9,
             .anchor = "ch09-names"}};
}

/// A part of a path: words of small letters and digits, and between
/// two of them one of `.`, `_`, `__`, or any number of `-`.
bool is_path_part(std::string_view part) {
  std::string_view gap;
  bool word = false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const char c = part[i];
    if (is_small(c) || is_digit(c)) {
      const bool hyphens =
          gap.find_first_not_of('-') == std::string_view::npos;
      if (!hyphens && gap != "." && gap != "_" && gap != "__")
        return false;
      gap = {};
      word = true;
    } else if (word && (c == '.' || c == '_' || c == '-')) {
      gap = part.substr(i - gap.size(), gap.size() + 1);
    } else {
      return false;
    }
  }
  return word && gap.empty();
}

/// A part of a host's name, between dots.
bool is_label(std::string_view label) {
  return !label.empty() && label.front() != '-' &&
         label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return is_word(c) || c == '-'; });
}

bool is_host_name(std::string_view host) {
  if (host.size() > kLongestName) return false;
  for (;;) {
    const std::size_t dot = host.find('.');
    if (!is_label(host.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

bool is_ipv6(std::string_view host) {
  // inet_pton reads on to a NUL, and would not see what is behind it.
  if (host.find_first_not_of("0123456789abcdefABCDEF:") !=
      std::string_view::npos)
    return false;
  in6_addr address{};
  return ::inet_pton(AF_INET6, std::string{host}.c_str(), &address) ==
         1;
}

bool is_port(std::string_view port) {
  unsigned number = 0;
  const char* const end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data(), end, number);
  return error == std::errc{} && stop == end && number >= 1 &&
         number <= 65'535;
}

bool is_registry(std::string_view text) {
  std::string_view host = text;
  std::string_view port;
  const std::size_t bracket = text.find(']');
  const std::size_t colon =
      text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (!is_port(port)) return false;
  }
  if (host.starts_with('[') && host.ends_with(']'))
    return is_ipv6(host.substr(1, host.size() - 2));
  return is_host_name(host);
}

bool is_tag(std::string_view tag) {
  return !tag.empty() && tag.size() <= kLongestTag &&
         (is_word(tag[0]) || tag[0] == '_') &&
         std::all_of(tag.begin(), tag.end(), [](char c) {
           return is_word(c) || c == '_' || c == '.' || c == '-';
         });
}

/// Whether the first part of a name is a registry.
bool names_a_registry(std::string_view first) {
  //! [ex9.3]
  return first.find_first_of(".:") != std::string_view::npos ||
         first == "localhost";
  //! [ex9.3]
}

bool looks_like_an_id(std::string_view text) {
  return text.size() == 64 &&
         text.find_first_not_of("0123456789abcdef") ==
             std::string_view::npos;
}

std::string small(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (is_capital(c)) c = static_cast<char>(c - 'A' + 'a');
  return result;
}

void check_path(std::string_view text, std::string_view path) {
  if (path.empty()) refuse(text, "there is no name in it");
  if (std::any_of(path.begin(), path.end(), is_capital))
    refuse(text, fmt::format("names are written in small letters: {}",
                             small(path)));
  for (std::string_view rest = path;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    if (!is_path_part(part))
      refuse(text,
             fmt::format("{:?} is no part of a name: letters and "
                         "digits, and single . _ __ or - in between",
                         part));
    if (slash == std::string_view::npos) return;
    rest.remove_prefix(slash + 1);
  }
}

/// What is wrong at first sight.
void check_whole(std::string_view text) {
  if (text.empty()) refuse(text, "it is empty");
  if (text.size() > 4 * kLongestName)
    refuse(text.substr(0, 40), "it is far too long");
  if (text.find("://") != std::string_view::npos)
    refuse(text, "a name has no scheme: leave out what ends with ://");
  if (looks_like_an_id(text))
    refuse(text, "64 hexadecimal digits are an ID, not a name");
}

/// Where the tag begins: a colon before the last slash is a port's.
std::size_t tag_colon(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return name.find(':', slash == std::string_view::npos ? 0 : slash);
}

void check_tag(std::string_view text, std::string_view tag) {
  if (!is_tag(tag))
    refuse(text, fmt::format("{:?} is no tag: at most {} letters, "
                             "digits, _ . or -, and no . or - first",
                             tag, kLongestTag));
}

void check_registry(std::string_view text, std::string_view registry) {
  if (!is_registry(registry))
    refuse(text, fmt::format("{:?} is no HOST[:PORT]", registry));
}

}  // namespace

Reference Reference::parse(std::string_view text, DefaultTag absent) {
  check_whole(text);
  Reference reference;
  std::string_view name = text;
  if (const std::size_t at = name.find('@');
      at != std::string_view::npos) {
    reference.digest_ = Digest::parse(name.substr(at + 1));
    name = name.substr(0, at);
  }
  if (const std::size_t colon = tag_colon(name);
      colon != std::string_view::npos) {
    reference.tag_ = std::string{name.substr(colon + 1)};
    check_tag(text, *reference.tag_);
    name = name.substr(0, colon);
  }
  reference.registry_ = std::string{kDockerHub};
  if (const std::size_t slash = name.find('/');
      slash != std::string_view::npos &&
      names_a_registry(name.substr(0, slash))) {
    if (name.substr(0, slash) != kOldDockerHub)
      reference.registry_ = std::string{name.substr(0, slash)};
    check_registry(text, reference.registry_);
    name = name.substr(slash + 1);
  }
  check_path(text, name);
  reference.repository_ = std::string{name};
  if (reference.registry_ == kDockerHub &&
      name.find('/') == std::string_view::npos)
    reference.repository_.insert(0, kOfficial);
  if (reference.repository_.size() > kLongestName)
    refuse(text, fmt::format("longer than {} letters", kLongestName));
  if (absent == DefaultTag::latest && !reference.tag_ &&
      !reference.digest_)
    reference.tag_ = "latest";
  return reference;
}

std::optional<Reference> Reference::try_parse(std::string_view text,
                                              DefaultTag absent) {
  try {
    return parse(text, absent);
  } catch (const Failure&) {
    return std::nullopt;
  }
}

std::string Reference::suffix() const {
  return (tag_ ? ":" + *tag_ : std::string{}) +
         (digest_ ? "@" + digest_->str() : std::string{});
}

std::string Reference::str() const {
  return registry_ + "/" + repository_ + suffix();
}

std::string Reference::familiar_name() const {
  if (registry_ != kDockerHub) return registry_ + "/" + repository_;
  if (repository_.starts_with(kOfficial)) {
    std::string name = repository_.substr(kOfficial.size());
    if (name.find('/') == std::string::npos && !looks_like_an_id(name))
      return name;
  }
  // What looks like a registry must not become one when it is read
  // again.
  const std::string first =
      repository_.substr(0, repository_.find('/'));
  return names_a_registry(first) ? registry_ + "/" + repository_
                                 : repository_;
}

std::string Reference::familiar() const {
  return familiar_name() + suffix();
}

Reference Reference::with_tag(std::string_view tag) const {
  if (!is_tag(tag))
    refuse(fmt::format("{}:{}", familiar_name(), tag),
           "this is no tag");
  Reference reference = *this;
  reference.tag_ = std::string{tag};
  reference.digest_.reset();
  return reference;
}

Reference Reference::with_digest(Digest digest) const {
  Reference reference = *this;
  reference.tag_.reset();
  reference.digest_ = std::move(digest);
  return reference;
}

}  // namespace dockwright
