// Every form in which a variable can stand in a Dockerfile's words.

#include "chapters/11-dockerfile/syntax/variables.hpp"

#include <map>

#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

using Words = std::vector<std::string>;

std::optional<std::string> value_of(std::string_view name) {
  static const std::map<std::string_view, std::string> values = {
      {"a", "apple"},      {"e", ""},           {"path", "/usr/local/lib.tar.gz"},
      {"two", "one  two"}, {"_x1", "under"},    {"star", "a*b?c"},
      {"u", "h\xC3\xA4t"}, {"d", "$a"},         {"v", "12.4"},
      {"q", "a'b\"c"},     {"s", "foo-bar-baz"}};
  const auto found = values.find(name);
  if (found == values.end()) return std::nullopt;
  return found->second;
}

struct Form {
  std::string text;
  std::string value;
};

const std::vector<Form> kForms = {
    {"", ""},
    {"plain", "plain"},
    {"$a", "apple"},
    {"${a}", "apple"},
    {"x${a}y", "xappley"},
    {"$a$a", "appleapple"},
    {"$a-b", "apple-b"},
    {"$a_b", ""},
    {"$_x1.", "under."},
    {"$none", ""},
    {"${none}", ""},
    {"$e", ""},
    {"$d", "$a"},  // a value is not read again
    {"$1a", "a"},
    {"$12", ""},
    {"$", "$"},
    {"$ a", "$ a"},
    {"a$", "a$"},
    {"$.", "$."},
    {"$@", ""},
    // what to take instead
    {"${none:-w}", "w"},
    {"${e:-w}", "w"},
    {"${a:-w}", "apple"},
    {"${none-w}", "w"},
    {"${e-w}", ""},
    {"${a-w}", "apple"},
    {"${none:-}", ""},
    {"${none:-$a}", "apple"},
    {"${none:-${e:-$a}}", "apple"},
    {"${none:-a b}", "a b"},
    {"${none:-\"a}b\"}", "a}b"},
    {"${none:-'$a'}", "$a"},
    {"${none:-a\\}b}", "a}b"},
    {"${a:+w}", "w"},
    {"${e:+w}", ""},
    {"${none:+w}", ""},
    {"${a+w}", "w"},
    {"${e+w}", "w"},
    {"${none+w}", ""},
    {"${a:?w}", "apple"},
    {"${a?w}", "apple"},
    {"${e?w}", ""},
    // what to leave out in front
    {"${path#*/}", "usr/local/lib.tar.gz"},
    {"${path##*/}", "lib.tar.gz"},
    {"${path#/usr}", "/local/lib.tar.gz"},
    {"${path#usr}", "/usr/local/lib.tar.gz"},
    {"${a#a}", "pple"},
    {"${a#?}", "pple"},
    {"${a#}", "apple"},
    {"${a#*}", "apple"},
    {"${a##*}", ""},
    {"${a#apple}", ""},
    {"${a#apples}", "apple"},
    {"${none#x}", ""},
    {"${u#h?}", "t"},
    {"${s#*-}", "bar-baz"},
    {"${s##*-}", "baz"},
    {"${star#a\\*}", "b?c"},
    {"${star#a\\?}", "a*b?c"},
    {"${a#$a}", ""},
    // … and at the end
    {"${path%.*}", "/usr/local/lib.tar"},
    {"${path%%.*}", "/usr/local/lib"},
    {"${path%.gz}", "/usr/local/lib.tar"},
    {"${path%/*}", "/usr/local"},
    {"${a%e}", "appl"},
    {"${a%?}", "appl"},
    {"${a%*}", "apple"},
    {"${a%%*}", ""},
    {"${u%?t}", "h"},
    {"${u%?}", "h\xC3\xA4"},
    {"${u%%h*}", ""},
    {"${s%-*}", "foo-bar"},
    {"${s%%-*}", "foo"},
    {"${star%\\?c}", "a*b"},
    {"${a%l?}", "app"},
    // what to replace
    {"${a/p/b}", "abple"},
    {"${a//p/b}", "abble"},
    {"${a/p*/b}", "ab"},
    {"${a//?/x}", "xxxxx"},
    {"${u//?/x}", "xxx"},
    {"${a/z/b}", "apple"},
    {"${a/p/}", "aple"},
    {"${a//p/}", "ale"},
    {"${a/#a/b}", "apple"},
    {"${v/./-}", "12-4"},
    {"${path//\\//:}", ":usr:local:lib.tar.gz"},
    {"${s//-/ }", "foo bar baz"},
    {"${s/o*-b/X}", "fXaz"},
    {"${none/a/b}", ""},
    {"${a/$e/b}", "bapple"},
    {"${a//p/$v}", "a12.412.4le"},
    {"${star//\\*/x}", "axb?c"},
    // quotes and escapes
    {"'$a'", "$a"},
    {"\"$a\"", "apple"},
    {"\"'$a'\"", "'apple'"},
    {"'\"'", "\""},
    {"a'b'c\"d\"e", "abcde"},
    {"\\$a", "$a"},
    {"\\\\$a", "\\apple"},
    {"\"\\$a\"", "$a"},
    {"\"\\\"\"", "\""},
    {"\"\\n\"", "\\n"},
    {"\"a\\\\b\"", "a\\b"},
    {"'\\'", "\\"},
    {"\\n", "n"},
    {"\\'", "'"},
    {"a\\ b", "a b"},
    {"a\\", "a"},
    {"$q", "a'b\"c"},
    {"\"\"", ""},
};

const std::vector<Form> kMistakes = {
    {"${", "syntax error: missing '}'"},
    {"${a", "syntax error: missing '}'"},
    {"${a:", "syntax error: missing '}'"},
    {"${a:-b", "syntax error: missing '}'"},
    {"${a:-${b}", "syntax error: missing '}'"},
    {"${a/b}", "syntax error: missing '/' in ${}"},
    {"${a/b/c", "syntax error: missing '}'"},
    {"${}", "syntax error: bad substitution"},
    {"${{a}}", "syntax error: bad substitution"},
    {"${:-a}", "syntax error: bad substitution"},
    {"${a^}", "unsupported modifier (^) in substitution"},
    {"${a b}", "unsupported modifier ( ) in substitution"},
    {"${a:1}", "unsupported modifier (:1) in substitution"},
    {"${a:#b}", "unsupported modifier (:#) in substitution"},
    {"${none?}", "none: is not allowed to be unset"},
    {"${none:?}", "none: is not allowed to be unset"},
    {"${e:?}", "e: is not allowed to be empty"},
    {"${none:?give me $a}", "none: give me apple"},
    {"'a", "unexpected end of statement while looking for matching single-quote"},
    {"\"a", "unexpected end of statement while looking for matching double-quote"},
    {"\"$a", "unexpected end of statement while looking for matching double-quote"},
    {"${a#\\x}", "invalid pattern (\\x) in substitution: invalid escape '\\x'"},
};

}  // namespace

TEST_CASE("a variable in a word becomes its value", "[dockerfile][variables]") {
  for (const Form& form : kForms) {
    CAPTURE(form.text);
    CHECK(expand(form.text, value_of) == form.value);
  }
}

TEST_CASE("an expansion that makes no sense is refused, and quoted", "[dockerfile][variables]") {
  for (const Form& mistake : kMistakes) {
    CAPTURE(mistake.text);
    CHECK_THROWS_WITH(expand(mistake.text, value_of),
                      Catch::StartsWith("failed to process \"") && Catch::EndsWith(": " + mistake.value));
  }
}

TEST_CASE("variables within each other have a limit", "[dockerfile][variables]") {
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "${none:-";
  CHECK_THROWS_WITH(expand(deep, value_of), Catch::Contains("more than 100 deep"));
}

TEST_CASE("blanks part words, unless they are quoted", "[dockerfile][variables]") {
  CHECK(expand_words("  a  b\tc ", value_of) == Words{"a", "b", "c"});
  CHECK(expand_words("'a  b' \"c d\"", value_of) == Words{"a  b", "c d"});
  CHECK(expand_words("a\\ b", value_of) == Words{"a b"});
  CHECK(expand_words("$two", value_of) == Words{"one", "two"});
  CHECK(expand_words("\"$two\"", value_of) == Words{"one  two"});
  CHECK(expand_words("x$two.y", value_of) == Words{"xone", "two.y"});
  CHECK(expand_words("$e", value_of).empty());
}

TEST_CASE("another escape character takes the place of the backslash", "[dockerfile][variables]") {
  CHECK(expand("`$a", value_of, '`') == "$a");
  CHECK(expand("c:\\$a", value_of, '`') == "c:\\apple");
  CHECK(expand("\"`\"\"", value_of, '`') == "\"");
}

TEST_CASE("in a heredoc quotes are letters, and variables are not", "[dockerfile][variables]") {
  CHECK(expand_text("Hello '$a' \"${a}\"!\n", value_of) == "Hello 'apple' \"apple\"!\n");
  CHECK(expand_text("it's\n", value_of) == "it's\n");
  CHECK(expand_text("\\$a \\\\\n", value_of) == "$a \\\n");
}

TEST_CASE("a variable that is missed is one that has no answer for it", "[dockerfile][variables]") {
  CHECK(undefined_variables("$none ${a} ${b} ${c:-x} ${d+y} ${f#x} $none", value_of) ==
        Words{"none", "b", "f", "none"});
  CHECK(undefined_variables("'$none' \\$none", value_of).empty());
  CHECK(undefined_variables("${none:-$other}", value_of) == Words{"other"});
}

TEST_CASE("a long value and a hostile pattern take no time", "[dockerfile][variables]") {
  const std::string value(60'000, 'a');
  const Lookup lookup = [&](std::string_view) { return std::optional{value}; };
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  CHECK(expand("${v%%" + pattern + "b}", lookup) == value);
  CHECK(expand("${v##" + pattern + "b}", lookup) == value);
  CHECK(expand("${v//" + pattern + "b/x}", lookup) == value);
}
