#include "chapters/11-dockerfile/copy/patterns.hpp"

#include <algorithm>

#include "common/check.hpp"

namespace dockwright {

std::string clean_path(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> parts;
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part != "..")
      parts.push_back(part);
    else if (!parts.empty() && parts.back() != "..")
      parts.pop_back();
    else if (!rooted)
      parts.push_back(part);
  }
  return fmt::format("{}{}", rooted ? "/" : "", fmt::join(parts, "/"));
}

PathPatterns::PathPatterns(const std::vector<std::string>& patterns) {
  for (std::string_view pattern : patterns) {
    const bool brings_back = pattern.starts_with('!');
    if (brings_back) pattern.remove_prefix(1);
    std::string clean = clean_path(pattern);
    clean.erase(0, clean.find_first_not_of('/'));
    if (clean.empty()) continue;  // the whole tree: by tradition, not
    rows_.push_back({Glob{clean, Stars::two}, brings_back});
  }
}

//! [judge]
Verdict PathPatterns::judge(std::string_view path,
                            bool is_directory) const {
  bool left = false;
  bool look = false;
  for (const Row& row : rows_) {
    const Glob::Reach reach = row.glob.reach(path);
    if (reach.it || reach.above) left = !row.brings_back;
    if (row.brings_back && (reach.it || reach.above || reach.below))
      look = true;
  }
  if (!left) return Verdict::take;
  return is_directory && look ? Verdict::look : Verdict::leave;
}
//! [judge]

}  // namespace dockwright
