// Dockerfiles, and the words in them: whatever the bytes, they are refused by a Failure, or what was read
// has the shape that it promises, is found again by its lines, and can be checked and shown.

#include <cstdint>
#include <map>

#include "chapters/11-dockerfile/checks/checks.hpp"
#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/flags.hpp"
#include "chapters/11-dockerfile/syntax/print_ast.hpp"
#include "chapters/11-dockerfile/syntax/run_mount.hpp"
#include "chapters/11-dockerfile/syntax/variables.hpp"
#include "common/check.hpp"
#include "common/json.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace dockwright {

namespace {

const std::map<std::string, std::string, std::less<>> kValues = {
    {"a", "apple"}, {"e", ""}, {"p", "/usr/lib.tar.gz"}, {"star", "a*b?c"}, {"long", std::string(500, 'a')}};

std::optional<std::string> value_of(std::string_view name) {
  const auto found = kValues.find(name);
  if (found == kValues.end()) return std::nullopt;
  return found->second;
}

template <typename Call>
void refused_or_done(const Call& call) {
  try {
    call();
  } catch (const Failure&) {  // that is what it is for
  }
}

bool is_list(Keyword keyword) {
  return keyword == Keyword::arg || keyword == Keyword::env || keyword == Keyword::label;
}

void check_instruction(const Dockerfile& file, const Instruction& one) {
  const int size = static_cast<int>(file.lines.size());
  if (one.lines.first < 1 || one.lines.last < one.lines.first || one.lines.last > size)
    fuzz::fail("an instruction stands in lines of the file");
  if (is_list(one.keyword) && one.pairs.empty()) fuzz::fail("ARG, ENV and LABEL have pairs");
  for (const Pair& pair : one.pairs)
    if (pair.name.empty()) fuzz::fail("a pair has a name");
  if ((one.keyword == Keyword::copy || one.keyword == Keyword::add) && one.words.size() < 2)
    fuzz::fail("COPY has a source and a destination");
  if (one.keyword == Keyword::from && one.words.size() != 1 && one.words.size() != 3)
    fuzz::fail("FROM has one word or three");
  if (one.heredocs.empty() && one.keyword != Keyword::onbuild &&
      parse_instruction(one.original, "again", file.directives.escape).words != one.words)
    fuzz::fail("an instruction alone means what it means in its file");
}

void use(const Instruction& one) {
  refused_or_done([&] { (void)run_flags(one, as_written); });
  refused_or_done([&] { (void)copy_flags(one, as_written); });
  refused_or_done([&] { (void)health_flags(one); });
  for (const Flag& flag : one.flags) refused_or_done([&] { (void)parse_run_mount(flag.value); });
  for (const Heredoc& heredoc : one.heredocs)
    refused_or_done([&] { (void)expand_text(heredoc.body, value_of); });
}

void check_file(std::string_view text) {
  const Dockerfile file = parse_dockerfile(text, "Dockerfile");
  if (file.instructions.empty()) fuzz::fail("a Dockerfile has instructions");
  for (const Instruction& one : file.instructions) {
    check_instruction(file, one);
    use(one);
  }
  if (show_tree(file).empty()) fuzz::fail("a tree is shown");
  const JsonDocument tree{"tree", tree_json(file), {.bytes = 64U << 20, .depth = 64}};
  refused_or_done([&] {
    const auto findings = find_mistakes(file, {});
    (void)show_findings(file, findings);
  });
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
  return {
      "# syntax=docker/dockerfile:1\n# escape=`\n# check=skip=all;error=true\nARG V=1\nFROM debian:${V:-2} "
      "AS b\n",
      "FROM a\nRUN --mount=type=cache,target=/x,sharing=locked --network=none a && \\\n # c\n\n  b\n",
      "FROM a\nCOPY --from=b --chown=1:2 --chmod=u+x --link --parents --exclude=*.o [\"a b\", \"c\"]\n",
      "FROM a\nRUN <<A cat <<-\"B\" - 3<<C\none\nA\n\ttwo ${a%p*}\n\tB\nC\nCOPY <<E /x\n$a\\$b\nE\n",
      "FROM scratch\nENV A=1 B=\"2 3\" C=4\\ 5 D='x'\nENV old form\nLABEL \"a b\"=c\nEXPOSE 80 443/udp\n",
      "FROM a\nHEALTHCHECK --interval=1h2.5m --retries=3 CMD [\"curl\"]\nSHELL [\"/bin/bash\", \"-c\"]\nUSER "
      "a\n",
      "FROM a\nONBUILD RUN <<E\nx\nE\nONBUILD COPY a b\nSTOPSIGNAL 9\nVOLUME /a\nWORKDIR b\nMAINTAINER c\n",
      "\xEF\xBB\xBF# escape=`\r\nFROM a\r\nRUN b `\r\n  c\r\n",
      "${a:-w}${e:+w}${none-w}${p##*/}${p%%.*}${p//\\//:}${star/\\*/x}$a'$a'\"$a\"\\$a",
      "${long//a*a*a*a*b/x}${long%%a*a*a*b}${none:-${e:-${a}}}",
      "${a:?${b:?c}}",
      "type=secret,id=a,target=/b,mode=0400,required",
      "FORM a\n",
      "RUN [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n"};
}

}  // namespace dockwright

using namespace dockwright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  refused_or_done([&] { check_file(text); });
  refused_or_done([&] { (void)expand_words(text, value_of); });
  refused_or_done([&] { (void)expand(text, value_of, '`'); });
  return 0;
}
