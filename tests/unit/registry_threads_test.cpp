// What several threads share while layers arrive: the queue between network and disk, the work, the progress.

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "chapters/10-registry/client/byte_queue.hpp"
#include "chapters/10-registry/client/progress.hpp"
#include "chapters/10-registry/client/work.hpp"
#include "common/pipe.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

TEST_CASE("bytes come out of the queue as they went in", "[registry]") {
  ByteQueue queue;
  std::string sent;
  const std::jthread writer{[&] {
    for (int i = 0; i < 2000; ++i) {
      const std::string piece(static_cast<std::size_t>(i * 7 % 9000), static_cast<char>('a' + i % 26));
      sent += piece;
      queue.write(piece);
    }
    queue.close();
  }};
  std::string got;
  for (auto bytes = queue.next(); !bytes.empty(); bytes = queue.next()) got += bytes;
  CHECK(got.size() == sent.size());
  CHECK(got == sent);
}

TEST_CASE("a failure on one side of the queue is one on the other", "[registry]") {
  ByteQueue queue;
  SECTION("the network breaks") {
    queue.fail(std::make_exception_ptr(Failure{"broken"}));
    CHECK_THROWS_WITH(queue.next(), "broken");
  }
  SECTION("the disk is full") {
    const std::jthread reader{[&] { queue.abandon(); }};
    CHECK_THROWS_AS(
        [&] {
          for (;;) queue.write(std::string(100'000, 'x'));
        }(),
        Stopped);
  }
}

TEST_CASE("each piece of work is done once", "[registry]") {
  std::vector<std::atomic<int>> done(100);
  Work{}.run(done.size(), 3, [&](std::stop_token) { return [&](std::size_t number) { ++done[number]; }; });
  for (const auto& each : done) CHECK(each == 1);
}

TEST_CASE("the first failure ends the work, and is the one that is told", "[registry]") {
  std::atomic<int> begun = 0;
  const auto run = [&] {
    Work{}.run(1000, 3, [&](std::stop_token stop) {
      return [&, stop](std::size_t number) {
        ++begun;
        if (number == 5) throw Failure{"five"};
        for (int i = 0; i < 2000 && number > 5; ++i) {
          if (stop.stop_requested()) throw Stopped{};
          std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
      };
    });
  };
  CHECK_THROWS_WITH(run(), "five");
  CHECK(begun < 12);
}

TEST_CASE("in a log, what happens is a line, and what goes on is none", "[registry]") {
  Pipe pipe = make_pipe();
  {
    Progress progress{pipe.write_end.get(), Quiet::no};
    const std::size_t line = progress.add("63b65145d645", "Pulling fs layer");
    for (std::uint64_t i = 0; i < 1000; ++i) progress.move(line, "Downloading", i, 1000);
    progress.pass(line, "Extracting");
    progress.set(line, "Pull complete");
    progress.say("done");
  }
  pipe.write_end.reset();
  std::string text(4096, '\0');
  text.resize(static_cast<std::size_t>(::read(pipe.read_end.get(), text.data(), text.size())));
  CHECK(text == "63b65145d645: Pulling fs layer\n63b65145d645: Pull complete\ndone\n");
}

TEST_CASE("who wants quiet gets it", "[registry]") {
  Pipe pipe = make_pipe();
  {
    Progress progress{pipe.write_end.get(), Quiet::yes};
    progress.set(progress.add("63b65145d645", "Pulling fs layer"), "Pull complete");
    progress.say("done");
  }
  pipe.write_end.reset();
  char byte = 0;
  CHECK(::read(pipe.read_end.get(), &byte, 1) == 0);
}
