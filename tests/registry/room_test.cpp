// Two machines of a room: one serves its store, the other one has a stage 10 of its own. And uploads that
// nobody ends.

#include <thread>

#include "chapters/10-registry/server/refusal.hpp"
#include "chapters/10-registry/server/uploads.hpp"
#include "tests/registry/registries.hpp"
#include "tests/registry/serve_fixture.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
using namespace dockwright::serve;

namespace {

/// The other machine: its own store, and `box`, an image that can be run.
constexpr const char* kOther =
    "export DOCKWRIGHT_ROOT=$PWD/other DOCKER_CONFIG=$PWD/docker; mkdir -p docker\n"
    "tar -C rootfs -c . | stage10 import --change 'CMD [\"echo\",\"hello from the room\"]' - box > "
    "/dev/null\n";

}  // namespace

TEST_CASE("an image goes from one machine to the other, and back", "[serve][needs-root]") {
  NEEDS_ROOT();
  const Served served{{"--writable"}};
  const std::string script = std::string{kOther} +
                             "stage10 tag box $R/box:1 && stage10 push $R/box:1 > /dev/null && "
                             "stage10 rmi box $R/box:1 > /dev/null && "
                             "stage10 pull $R/library/box:1 > /dev/null && stage10 run $R/library/box:1";
  CHECK_SCRIPT_SAYS(served, script, 0, "hello from the room\n");
  CHECK_SCRIPT_SAYS(served, "stage10 --root $PWD/store images", 0, "box");
  CHECK(served.flaws().empty());
}

TEST_CASE("the room speaks TLS when it has a certificate", "[serve]") {
  const Shell maker;
  REQUIRE(maker("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
                "/CN=localhost "
                "-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out ca.crt 2> /dev/null")
              .code == 0);
  const std::string at = maker.directory().native();
  const Served served{{"--tls-cert", at + "/ca.crt", "--tls-key", at + "/key.pem"}};
  CHECK(contains(served.log(), "at https://127.0.0.1:"));
  CHECK_SCRIPT(served, "curl -s --cacert " + at + "/ca.crt https://$R/v2/", 0, "{}");
  CHECK_SCRIPT(served, "curl -s https://$R/v2/; echo $?", 0, "60\n");
  const Result bad = served("stage10 --root $PWD/store registry serve --address :0 --tls-cert " + at +
                            "/key.pem --tls-key " + at + "/key.pem");
  CHECK(bad.code == 125);
  CHECK(contains(bad.output, "cannot start the server"));
  const Result half =
      served("stage10 --root $PWD/store registry serve --address :0 --tls-cert " + at + "/ca.crt");
  CHECK(half.code == 125);
  CHECK(contains(half.output, "go together"));
}

TEST_CASE("an upload that nobody ends is forgotten, and so is the lock", "[serve]") {
  const TemporaryDirectory directory;
  const StoreOptions at{.root = (directory.path() / "store").native()};
  Uploads uploads{at, {.pending = 2, .idle = std::chrono::seconds{0}, .lock_kept = std::chrono::seconds{0}}};
  std::string id;
  {
    const Borrowed first = uploads.begin("x");
    const Borrowed second = uploads.begin("x");
    id = first.id();
    CHECK_THROWS_AS(uploads.begin("x"), Refusal);
    CHECK_THROWS_AS(uploads.borrow(id, "x"), Refusal);
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
    uploads.sweep();  // both are in somebody's hands
    first.blob().write("hello");
  }
  CHECK_THROWS_AS(uploads.borrow(id, "y"), Refusal);
  { const Borrowed again = uploads.borrow(id, "x"); }
  std::this_thread::sleep_for(std::chrono::milliseconds{5});
  uploads.sweep();
  CHECK_THROWS_AS(uploads.borrow(id, "x"), Refusal);
  Store store = Store::open(at);
  CHECK(store.alone(Store::Wait::no, [] {}));
  CHECK(files::names_in(store.temporary()).empty());
}
