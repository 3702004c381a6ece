// Patterns of .dockerignore, wildcards of COPY, modes of --chmod: whatever the bytes, they are refused by a
// Failure, or a directory that is left out takes all that is in it along, and a wildcard fits what the C
// library says that it fits. The last line of an input is a path, those before it are patterns.

#include "chapters/12-build-cache/ignore.hpp"

#include <fnmatch.h>

#include <cstdint>

#include "chapters/11-dockerfile/copy/glob.hpp"
#include "chapters/11-dockerfile/copy/mode_change.hpp"
#include "common/check.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace dockwright {

namespace {

template <typename Call>
void refused_or_done(const Call& call) {
  try {
    call();
  } catch (const Failure&) {  // that is what it is for
  }
}

/// What a walk that goes down from the root would meet: a directory that is left is never looked into.
void check_walk(const PathPatterns& patterns, const std::string& path) {
  bool left_above = false;
  for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
    const Verdict verdict = patterns.judge(path.substr(0, end), true);
    if (left_above && verdict == Verdict::take) fuzz::fail("what is left out takes all that is in it along");
    left_above = left_above || verdict == Verdict::leave;
  }
  const Verdict file = patterns.judge(path, false);
  if (file == Verdict::look) fuzz::fail("only a directory is looked into");
  if (left_above && file == Verdict::take) fuzz::fail("what is left out takes all that is in it along");
  if (file == Verdict::take && patterns.judge(path, true) != Verdict::take)
    fuzz::fail("a directory is taken as a file is");
}

/// Letters for which both languages are one, and so few stars that the C library ends, too.
bool is_common(std::string_view text) {
  return text.size() <= 24 && text.find_first_not_of("*?abc./-") == std::string_view::npos;
}

void check_wildcard(const std::string& pattern, const std::string& path) {
  if (!is_common(pattern) || !is_common(path)) return;
  if (Glob{pattern}.matches(path) != (::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0))
    fuzz::fail("a wildcard fits what it should");
}

void check_mode(const std::string& text) {
  const ModeChange change = ModeChange::parse(text);
  for (const mode_t mode : {0U, 0644U, 0755U, 07777U}) {
    const mode_t changed = change.apply(mode, false);
    if (changed > 07777U) fuzz::fail("a mode has twelve bits");
    // What adds or takes away does so once.
    if (text.find_first_of("ugo", text.find_first_of("=+-")) == std::string::npos &&
        change.apply(changed, false) != changed && text.find('X') == std::string::npos)
      fuzz::fail("a mode that was changed stays as it is");
  }
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
  return {"node_modules\n**/*.log\n!keep/app.log\nkeep/app.log",
          "# comment\n\n  /a/../b/./c  \n!b/c/d\nb/c/d/e",
          "**\n!a/**/b\na/x/y/b",
          "*\n!*/c\na/c",
          "a?c\nabc",
          "[a-c]/[^x]\nb/y",
          "\\*\n*",
          "a/**\na/b",
          "**/b/**/c\nx/b/c",
          "*.go\n*_test.go\na_test.go",
          "*a*a*b\naaaaaaaaaaaaaaaaaaaa",
          "[\n[]a]\n[a-\nx",
          "!\nx",
          "\xEF\xBB\xBF\xC3\xA4*\n\xC3\xA4\xC3\xB6",
          "u=rwX,go-w",
          "a+st,o=u",
          "07755"};
}

}  // namespace dockwright

using namespace dockwright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  const std::size_t last = text.rfind('\n');
  const std::string path = clean_path(last == std::string::npos ? text : text.substr(last + 1));
  const std::string lines = text.substr(0, last == std::string::npos ? 0 : last);
  if (clean_path(path) != path) fuzz::fail("a clean path is clean");
  refused_or_done([&] {
    const std::vector<std::string> patterns = parse_ignore(lines);
    check_walk(PathPatterns{patterns}, path);
    for (const std::string& pattern : patterns) check_wildcard(pattern, path);
  });
  refused_or_done([&] { check_mode(text); });
  return 0;
}
