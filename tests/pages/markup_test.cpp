// The gate for raw markup is shown each kind of it, and what only looks like it.
#include "tests/pages/markup.hpp"

#include "tests/pages/scratch.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
using gates::raw_markup;

TEST_CASE("markup that leaked into a finished page is refused", "[pages]") {
  for (const auto* leak :
       {"<p>@htmlonly[block] words</p>", "<p>words \\endhtmlonly</p>", "<td>&lt;tt&gt;run&lt;/tt&gt;</td>",
        "<p>so &lt;b&gt;bold</p>", "<p>see &lt;a href=\"x\"&gt;this</p>", "<h2>Title {#ch01-title}</h2>",
        "<li>**<code>--pid host</code>.**</li>", "<p>a `word</p>", "<p>a [zombie](<a href=\"x\">x</a>)</p>",
        "<p>@term{zombie} and</p>", "<p>a line @figure{init,</p>", "<p>see @ref errors</p>",
        "<title>&amp;lt;tt&amp;gt;</title>"}) {
    INFO(leak);
    CHECK_FALSE(raw_markup(leak).empty());
  }
}

TEST_CASE("code, addresses and drawings are no raw markup", "[pages]") {
  for (const auto* fine :
       {"<p>It is <code>**argv</code>, <code>a[0](b)</code> and <code>&lt;b&gt;</code>.</p>",
        "<div class=\"fragment\"><div class=\"line\">[](int a)</div><div class=\"line\">@ref</div></div>",
        "<pre class=\"woven console\"><code>$ echo `date` {#x}</code></pre>", "<svg><text>**</text></svg>",
        "<script>a = `@ref`;</script>", "<p>write to me@example.org, read C:\\\\x, a &lt; b &gt; c</p>",
        "<p>5 * 3</p><!-- {#a} -->"}) {
    INFO(fine);
    CHECK(raw_markup(fine).empty());
  }
}

TEST_CASE("raw markup is told with its page and the words around it", "[pages]") {
  const Scratch book;
  book.write("html/ch01.html", "<p>before **bold</p>");
  book.write("html/ch02.html", "<p>fine</p>");
  CHECK(gates::leaked_markup(book.root() / "html") ==
        std::vector<std::string>{"ch01.html: stars of Markdown: …before **bold…"});
}
