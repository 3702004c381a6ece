// The display of a build: what it says, and that a terminal shows it in one place, whatever its width.

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "chapters/12-build-cache/progress/build_screen.hpp"
#include "chapters/12-build-cache/progress/choose_events.hpp"
#include "chapters/12-build-cache/progress/columns.hpp"
#include "chapters/12-build-cache/progress/raw_json_events.hpp"
#include "chapters/12-build-cache/progress/redraw.hpp"
#include "chapters/12-build-cache/progress/terminal_events.hpp"
#include "common/check.hpp"
#include "common/files.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
using Kind = BuildEvent::Kind;
using Lines = std::vector<std::string>;

namespace {

/// As much of a terminal as the display needs: it breaks lines that are too long, scrolls, and moves.
class Terminal {
 public:
  explicit Terminal(unsigned columns) : columns_{columns} {}
  void write(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '\033') {
        const std::size_t end = bytes.find_first_of("AJKm", i);
        command(bytes[end], bytes.substr(i + 2, end - i - 2));
        i = end;
      } else if (bytes[i] == '\n') {
        ++row_;
        column_ = 0;
      } else if (bytes[i] == '\r') {
        column_ = 0;
      } else {
        put(bytes[i]);
      }
    }
  }
  /// Breaks lines that are too long for the new width, as terminals do.
  void resize(unsigned columns) {
    Lines broken;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      std::string line = rows_[i];
      do {
        broken.push_back(line.substr(0, columns));
        line.erase(0, columns);
      } while (!line.empty());
    }
    rows_ = broken;
    row_ = rows_.size();
    columns_ = columns;
  }
  [[nodiscard]] Lines lines() const { return rows_; }

 private:
  void put(char c) {
    if (column_ == columns_) ++row_, column_ = 0;
    if (rows_.size() <= row_) rows_.resize(row_ + 1);
    std::string& row = rows_[row_];
    if (row.size() <= column_) row.resize(column_ + 1, ' ');
    row[column_++] = c;
  }
  void command(char name, std::string_view number) {
    if (name == 'A') row_ -= std::stoul(std::string{number});
    if (name == 'J') rows_.resize(std::min(rows_.size(), row_));
    if (name == 'K' && row_ < rows_.size()) rows_[row_].resize(std::min(rows_[row_].size(), column_));
  }
  unsigned columns_;
  Lines rows_{};
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

Lines texts(const std::vector<ScreenLine>& lines) {
  Lines result;
  for (const ScreenLine& line : lines) result.push_back(line.text);
  return result;
}

const BuildScreen::Time kBegin{};
BuildScreen::Time after(double seconds) {
  return kBegin + std::chrono::milliseconds{static_cast<long>(seconds * 1000)};
}

}  // namespace

TEST_CASE("text has the columns that a terminal gives it", "[build][progress]") {
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("größer") == 6);
  CHECK(columns_of("日本") == 4);
  CHECK(columns_of("e\xcc\x81") == 1);
  CHECK(columns_of("\xff\xc3") == 2);
  CHECK(cut_to("abcdefgh", 8) == "abcdefgh");
  CHECK(cut_to("abcdefghi", 8) == "abcde...");
  CHECK(cut_to("日本語日本語", 8) == "日本...");
  CHECK(cut_to("abcdef", 3) == "abc");
  CHECK(cut_to("abcdef", 0).empty());
  CHECK(justified(" => a", "0.1s", 14) == " => a     0.1s");
  CHECK(justified(" => abcdefgh", "0.1s", 14) == " => ab... 0.1s");
  CHECK(justified(" => abcdefgh", "0.1s", 9) == " => ab...");
  for (unsigned columns = 0; columns < 20; ++columns) {
    CHECK(columns_of(justified(" => größer 日本語", "12.1s", columns)) <= columns);
    CHECK(columns_of(cut_to("日本語日本語", columns)) <= columns);
  }
}

TEST_CASE("the screen has a line for each step, and the last words of those that run", "[build][progress]") {
  BuildScreen screen{kBegin};
  screen.tell({Kind::planned, 4}, kBegin);
  screen.tell({Kind::started, 1, "[1/3] FROM busybox"}, kBegin);
  screen.tell({Kind::cached, 1}, kBegin);
  screen.tell({Kind::started, 2, "[2/3] COPY . ."}, after(0.5));
  screen.tell({Kind::finished, 2}, after(0.75));
  screen.tell({Kind::started, 3, "[3/3] RUN make"}, after(1));
  for (int i = 1; i <= 7; ++i) screen.tell({Kind::output, 3, std::to_string(i) + "\n"}, after(1));
  screen.tell({Kind::output, 3, "half"}, after(1));
  CHECK(texts(screen.draw({40, 24}, after(3))) ==
        Lines{"[+] Building 3.0s (2/4)", " => CACHED [1/3] FROM busybox       0.0s",
              " => [2/3] COPY . .                  0.2s", " => [3/3] RUN make                  2.0s",
              " => => # 3", " => => # 4", " => => # 5", " => => # 6", " => => # 7", " => => # half"});
  SECTION("but no more than the window has rows") {
    CHECK(texts(screen.draw({40, 6}, after(3))) ==
          Lines{"[+] Building 3.0s (2/4)", " => CACHED [1/3] FROM busybox       0.0s",
                " => [2/3] COPY . .                  0.2s", " => [3/3] RUN make                  2.0s",
                " => => # half"});
    CHECK(texts(screen.draw({40, 3}, after(3))) ==
          Lines{"[+] Building 3.0s (2/4)", " => [3/3] RUN make                  2.0s"});
    for (unsigned rows = 0; rows < 12; ++rows)
      CHECK(screen.draw({40, rows}, after(3)).size() <= std::max(rows, 3U) - 1);
  }
  SECTION("and no line is longer than the window is wide") {
    for (unsigned columns = 1; columns < 60; ++columns)
      for (const std::string& line : texts(screen.draw({columns, 24}, after(3))))
        CHECK(columns_of(line) <= columns);
  }
  SECTION("and at the end all steps, and none that still runs") {
    screen.end(after(4));
    CHECK(texts(screen.draw({40, 3}, after(9))) ==
          Lines{"[+] Building 4.0s (2/4) FINISHED", " => CACHED [1/3] FROM busybox       0.0s",
                " => [2/3] COPY . .                  0.2s", " => CANCELED [3/3] RUN make         3.0s"});
  }
  SECTION("and what a step that failed said is kept") {
    screen.tell({Kind::failed, 3, "exit code: 1"}, after(2));
    REQUIRE(screen.failed().size() == 1);
    CHECK(last_words(screen.failed()[0]).find("------\n > [3/3] RUN make:\n0.000 1\n") == 0);
    CHECK(screen.failed()[0].last_lines.back() == "1.000 half");
  }
}

TEST_CASE("lines are written over in place", "[build][progress]") {
  Terminal terminal{20};
  Redraw redraw;
  const auto draw = [&](const Lines& lines, unsigned columns) {
    terminal.write(redraw.over(lines, lines, columns));
    CHECK(terminal.lines() == lines);
  };
  draw({"title 1", "a long line of it", "last"}, 20);
  draw({"title 2", "short", "last", "more"}, 20);
  draw({"title 3"}, 20);
  draw({"0123456789012345678", "0123456789012345678", "x"}, 20);
  SECTION("also when the window became narrower") {
    terminal.resize(7);
    draw({"title 4", "narrow"}, 7);
    draw({"title 5", "narrow", "x"}, 7);
  }
  SECTION("or wider") {
    terminal.resize(40);
    draw({"title 4", "0123456789012345678901234"}, 40);
  }
}

TEST_CASE("what did not change is not written again", "[build][progress]") {
  Redraw redraw;
  static_cast<void>(redraw.over({"a", "b"}, {"a", "b"}, 80));
  CHECK(redraw.over({"a", "c"}, {"a", "c"}, 80) == "\033[2A\r\n\rc\033[K\n");
}

TEST_CASE("an event arrives as it was sent", "[build][progress]") {
  for (const BuildEvent& event : {BuildEvent{Kind::planned, 7}, BuildEvent{Kind::output, 3, {"a\0b", 3}},
                                  BuildEvent{Kind::failed, 70000, "why"}})
    CHECK(unpack_event(pack_event(event)) == event);
  CHECK(unpack_event("") == BuildEvent{});
}

TEST_CASE("raw JSON says what BuildKit's does", "[build][progress]") {
  const UniqueFd file{::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
  RawJsonEvents events{file.get()};
  events.planned(2);
  events.started(1, "[1/2] FROM busybox");
  events.output(1, "hello\n");
  events.noted(1, "12kB");
  events.cached(1);
  events.failed(1, "exit code: 1");
  REQUIRE(::lseek(file.get(), 0, SEEK_SET) == 0);
  std::istringstream text{files::read_all(file, 1U << 20U, "the log")};
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(nlohmann::json::parse(line));
  REQUIRE(lines.size() == 5);
  const std::string vertex = lines[0]["vertexes"][0]["digest"];
  CHECK(vertex.substr(0, 7) == "sha256:");
  CHECK(lines[0]["vertexes"][0]["name"] == "[1/2] FROM busybox");
  CHECK(lines[0]["vertexes"][0].count("completed") == 0);
  CHECK(lines[1]["logs"][0]["vertex"] == vertex);
  CHECK(lines[1]["logs"][0]["data"] == "aGVsbG8K");
  CHECK(lines[2]["statuses"][0]["id"] == "12kB");
  CHECK(lines[3]["vertexes"][0]["cached"] == true);
  CHECK(lines[3]["vertexes"][0].count("completed") == 1);
  CHECK(lines[4]["vertexes"][0]["error"] == "exit code: 1");
  const std::string time = lines[4]["vertexes"][0]["completed"];
  CHECK(time.size() == std::string{"2026-01-02T03:04:05.123456789Z"}.size());
}

TEST_CASE("build's --progress is read, and a word near one of its words is named", "[build][progress]") {
  const UniqueFd null{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  CHECK(choose_events("plain", null.get()) != nullptr);
  CHECK(choose_events("", null.get()) != nullptr);
  CHECK_THROWS_WITH(choose_events("tty", null.get()), "--progress tty needs a terminal to draw on");
  CHECK_THROWS_WITH(choose_events("plane", null.get()), Catch::Contains("did you mean plain?"));
}
