// `registry serve --writable`: what others push arrives whole, or not at all.

#include <csignal>

#include "chapters/09-images/store.hpp"
#include "tests/registry/registries.hpp"
#include "tests/registry/serve_fixture.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

struct Room {
  Served served{{"--writable"}};
  LayoutImage image = make_layout(served.directory() / "layout");
  /// The digest of `hello`, and functions for scripts.
  const std::string hello = Digest::of("hello").str();
  Result operator()(const std::string& script) const {
    return served(
        "status() { curl -sS --max-time 20 -o body -w '%{http_code}' \"$@\"; }\n"
        "begin() { curl -sS -D - -o /dev/null -X POST http://$R/v2/x/blobs/uploads/ | tr -d '\\r' | "
        "sed -n 's/^Location: //p'; }\nHELLO=" +
        hello + "\nSTAGE=" DOCKWRIGHT_STAGE "\n" + script);
  }
};

}  // namespace

TEST_CASE("what skopeo pushes is in the store, byte for byte", "[serve]") {
  const Room room;
  CHECK_SCRIPT(
      room,
      "skopeo copy -q --preserve-digests --dest-tls-verify=false oci:layout:latest docker://$R/flask:1 && "
      "skopeo copy -q --preserve-digests --src-tls-verify=false docker://$R/library/flask:1 oci:back:latest "
      "&& "
      "diff -r layout/blobs back/blobs",
      0, "");
  const Store store = Store::open({.root = room.served.store().native()});
  const auto stored = store.find(room("echo -n localhost:${R#*:}/flask:1").output);
  REQUIRE(stored);
  CHECK(stored->descriptor.digest.str() == room.image.manifest);
  CHECK(room.served.flaws().empty());
  CHECK(room.served.leftovers() == 0);
}

TEST_CASE("podman pushes an image that it has", "[serve]") {
  NEEDS_ROOT();
  const Room room;
  if (room("command -v podman").code != 0) {
    WARN("skipped: needs podman");
    return;
  }
  const Result result = room(
      "P=\"podman --root $PWD/podman --runroot $PWD/run --storage-driver vfs\"\n"
      "tar -c -C rootfs bin etc > image.tar && $P import -q image.tar localhost/box:1 > /dev/null && "
      "$P push -q --tls-verify=false localhost/box:1 $R/box:1");
  CAPTURE(result.output, room.served.log());
  CHECK(result.code == 0);
  CHECK(room.served.flaws().empty());
}

TEST_CASE("a blob comes in one request, in two, or in pieces", "[serve]") {
  const Room room;
  CHECK_SCRIPT(room, "status -X POST -d hello \"http://$R/v2/x/blobs/uploads/?digest=$HELLO\"", 0, "201");
  CHECK_SCRIPT(room, "U=$(begin); status -X PUT -d hello \"http://$R$U?digest=$HELLO\"", 0, "201");
  CHECK_SCRIPT(room,
               "U=$(begin); status -X PATCH -H 'Content-Range: 0-2' -d hel http://$R$U; echo; "
               "curl -sS -D - -o /dev/null http://$R$U | tr -d '\\r' | grep ^Range; "
               "status -X PATCH -H 'Content-Range: 3-4' -d lo http://$R$U; echo; "
               "status -X PUT \"http://$R$U?digest=$HELLO\"; echo; "
               "curl -s http://$R/v2/x/blobs/$HELLO",
               0, "202\nRange: 0-2\n202\n201\nhello");
  CHECK_SCRIPT(room,
               "U=$(begin); status -X PATCH -H 'Transfer-Encoding: chunked' -d hello http://$R$U; "
               "status -X PUT \"http://$R$U?digest=$HELLO\"",
               0, "202201");
}

TEST_CASE("a piece that does not follow, an unknown upload and a second writer are refused", "[serve]") {
  const Room room;
  CHECK_SCRIPT(room, "U=$(begin); status -X PATCH -H 'Content-Range: 5-9' -d hello http://$R$U", 0, "416");
  CHECK_SCRIPT(room, "status -X PATCH -d hello http://$R/v2/x/blobs/uploads/nope", 0, "404");
  CHECK_SCRIPT(room, "U=$(begin); status -X PATCH -d hello http://$R${U/\\/x\\//\\/y\\/}", 0, "404");
  CHECK_SCRIPT(room, "U=$(begin); status -X DELETE http://$R$U; status -X PATCH -d hello http://$R$U", 0,
               "204404");
  CHECK_SCRIPT(room, "U=$(begin); status -X PUT -d hello http://$R$U", 0, "400");
  CHECK_SCRIPT(room,
               "head -c 400000 /dev/zero > big; U=$(begin); "
               "curl -s --limit-rate 100k -X PATCH --data-binary @big http://$R$U & sleep 1; "
               "status -X PATCH -d hello http://$R$U; kill %1",
               0, "409");
}

TEST_CASE("bytes of another digest are refused, and gone", "[serve][security]") {
  const Room room;
  CHECK_SCRIPT(
      room, "U=$(begin); status -X PUT -d hallo \"http://$R$U?digest=$HELLO\"; grep -o '[A-Z_]*INVALID' body",
      0, "400DIGEST_INVALID\n");
  CHECK_SCRIPT(room, "U=$(begin); status -X PUT -d hello \"http://$R$U?digest=sha256:../../../tmp/evil\"", 0,
               "400");
  CHECK_SCRIPT(room, "status -I http://$R/v2/x/blobs/$HELLO", 0, "404");
  CHECK(room.served.flaws().empty());
}

TEST_CASE("a blob is taken over from another repository that has it", "[serve]") {
  const Room room;
  CHECK_SCRIPT(room,
               "status -X POST -d hello \"http://$R/v2/x/blobs/uploads/?digest=$HELLO\"; "
               "status -X POST \"http://$R/v2/y/blobs/uploads/?mount=$HELLO&from=x\"; "
               "status http://$R/v2/y/blobs/$HELLO; "
               "status -X POST \"http://$R/v2/z/blobs/uploads/?mount=$HELLO&from=nobody\"; "
               "status http://$R/v2/z/blobs/$HELLO",
               0, "201201200202404");
}

TEST_CASE("a manifest that is none, or names what is not there, is refused", "[serve][security]") {
  const Room room;
  const std::string put =
      "put() { status -X PUT -H \"Content-Type: application/vnd.oci.image.manifest.v1+json\" --data-binary "
      "@$1 "
      "http://$R/v2/x/manifests/$2; grep -o '[A-Z_]*\\(INVALID\\|UNKNOWN\\)' body; }\n"
      "M=layout/blobs/sha256/" +
      room.image.manifest.substr(7) + "\n";
  CHECK_SCRIPT(room, put + "put $M latest", 0, "400MANIFEST_BLOB_UNKNOWN\n");
  CHECK_SCRIPT(room, put + "echo '{' > bad; put bad latest", 0, "400MANIFEST_INVALID\n");
  CHECK_SCRIPT(room, put + "put $M -x", 0, "400TAG_INVALID\n");
  CHECK_SCRIPT(room, put + "put $M $HELLO", 0, "400DIGEST_INVALID\n");
  CHECK_SCRIPT(room, put + "head -c 5000000 /dev/zero > huge; put huge latest", 0, "413SIZE_INVALID\n");
  CHECK_SCRIPT(room, put + "sed 's/}$/,\"manifests\":[]}/' $M > both; put both latest", 0,
               "400MANIFEST_INVALID\n");
  CHECK(room.served.flaws().empty());
}

TEST_CASE("two pushes at once do not disturb each other", "[serve]") {
  const Room room;
  const std::string push =
      "skopeo copy -q --preserve-digests --dest-tls-verify=false oci:layout:latest docker://$R/";
  CHECK_SCRIPT(room,
               push + "a:1 & " + push + "a:2 & " + push + "b:1 & " + push +
                   "a:1 & wait -n && wait -n && wait -n && wait -n",
               0, "");
  CHECK_SCRIPT(room, "curl -s http://$R/v2/a/tags/list; curl -s http://$R/v2/b/tags/list", 0,
               R"({"name":"a","tags":["1","2"]}{"name":"b","tags":["1"]})");
  CHECK(room.served.flaws().empty());
}

TEST_CASE("a push that breaks off can go on where it broke", "[serve]") {
  const Room room;
  const Result result = room(
      "head -c 3000000 /dev/urandom > big; D=sha256:$(sha256sum big | cut -c1-64); U=$(begin)\n"
      "curl -s --limit-rate 1m --max-time 1 -X PATCH --data-binary @big http://$R$U; sleep 0.3\n"
      "N=$(curl -sS -D - -o /dev/null http://$R$U | tr -d '\\r' | sed -n 's/^Range: 0-//p'); N=$((N + 1))\n"
      "[ $N -gt 1000 ] && [ $N -lt 3000000 ] || echo \"nothing broke: $N\"\n"
      "tail -c +$((N + 1)) big > rest; status -X PUT --data-binary @rest \"http://$R$U?digest=$D\"");
  CAPTURE(result.output);
  CHECK(result.output == "201");
  CHECK(contains(room.served.log(), "(broken off)"));
}

TEST_CASE("kill -9 in the middle of an upload leaves a store that is whole", "[serve][security]") {
  Room room;
  CHECK_SCRIPT(room, "status -X POST -d hello \"http://$R/v2/x/blobs/uploads/?digest=$HELLO\"", 0, "201");
  CHECK(
      room("head -c 3000000 /dev/zero > big; U=$(begin); "
           "(curl -s --limit-rate 300k -X PATCH --data-binary @big http://$R$U > /dev/null 2>&1 &) ; sleep 1")
          .code == 0);
  CHECK(room.served.leftovers() == 1);
  CHECK(room.served.end(SIGKILL) == 128 + SIGKILL);
  CHECK(room.served.leftovers() == 1);
  CHECK(room.served.flaws().empty());  // which opens the store, and so tidies it
  CHECK(room.served.leftovers() == 0);
  room.served.start();
  CHECK_SCRIPT(room, "skopeo copy -q --dest-tls-verify=false oci:layout:latest docker://$R/after:1", 0, "");
}

TEST_CASE("a push holds back who tidies up until it is over", "[serve]") {
  const Room room;
  Store store = Store::open({.root = room.served.store().native()});
  CHECK(store.alone(Store::Wait::no, [] {}));
  CHECK(room("begin").code == 0);
  CHECK_FALSE(store.alone(Store::Wait::no, [] {}));
}

TEST_CASE("a push never becomes what this machine means by a name", "[serve][security]") {
  const Room room;
  const std::string registry = "S=localhost:${R#*:}; stage10() { DOCKWRIGHT_ROOT=store $STAGE \"$@\"; }\n";
  const std::string push =
      "skopeo copy -q --preserve-digests --dest-tls-verify=false oci:layout:latest docker://$R/box:1";
  CHECK_SCRIPT(room,
               registry + "echo ours > file; tar -c file | stage10 import - box:1 > id; cat id > before\n" +
                   push +
                   "\nstage10 inspect --format '{{.Id}}' box:1 | diff - before; stage10 images --format "
                   "'{{.Repository}}:{{.Tag}}' | sed \"s/$S/HERE/\" | sort",
               0, "HERE/box:1\nbox:1\n");
  // Who asks the registry gets what was pushed to it.
  CHECK_SCRIPT(
      room,
      registry +
          "curl -sI http://$R/v2/box/manifests/1 | tr -d '\\r' | sed -n 's/^Docker-Content-Digest: //p'",
      0, room.image.manifest + "\n");
  CHECK_SCRIPT(room, "curl -s http://$R/v2/_catalog; curl -s http://$R/v2/box/tags/list", 0,
               R"({"repositories":["box"]}{"name":"box","tags":["1"]})");
}

TEST_CASE("an index that was pushed leaves its images without an entry of their own", "[serve]") {
  const Room room;
  const std::string push =
      "M=layout/blobs/sha256/" + room.image.manifest.substr(7) +
      "\nN=$(wc -c < $M)\n"
      "printf "
      "'{\"schemaVersion\":2,\"mediaType\":\"application/"
      "vnd.oci.image.index.v1+json\",\"manifests\":[{\"mediaType\":"
      "\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"" +
      room.image.manifest +
      "\",\"size\":%s}]}' $N > index\n"
      "put() { status -X PUT -H \"Content-Type: application/vnd.oci.image.$1.v1+json\" --data-binary @$2 "
      "http://$R/v2/b/manifests/$3; echo; }\n"
      "for D in $(grep -o 'sha256:[0-9a-f]*' $M); do status -X POST --data-binary "
      "@layout/blobs/sha256/${D#*:} \"http://$R/v2/b/blobs/uploads/?digest=$D\"; done; echo\n"
      "put manifest $M " +
      room.image.manifest + "\n";
  const std::string entries = "grep -o '\"digest\"' store/index.json | wc -l\n";
  const Result result = room(push + entries + "put index index latest; " + entries +
                             "curl -s -o back http://$R/v2/b/manifests/" + room.image.manifest +
                             "; cmp back $M && echo still there");
  CAPTURE(result.output);
  CHECK(result.output.substr(result.output.find('\n') + 1) == "201\n1\n201\n1\nstill there\n");
  CHECK(room.served.flaws().empty());
}

TEST_CASE("a web page in a browser of this machine gets nothing, and pushes nothing", "[serve][security]") {
  const Room room;
  CHECK_SCRIPT(room,
               "status -H 'Host: evil.example' http://$R/v2/_catalog; status -H 'Host: "
               "localhost.evil.example' http://$R/v2/",
               0, "403403");
  CHECK_SCRIPT(room, "status -H 'Host: 127.0.0.1.evil.example' http://$R/v2/", 0, "403");
  CHECK_SCRIPT(
      room, "status -H \"Host: localhost:${R#*:}\" http://$R/v2/; status -H 'Host: [::1]:5000' http://$R/v2/",
      0, "200200");
  CHECK_SCRIPT(
      room,
      "status -X POST -H \"Origin: http://$R\" -d hello \"http://$R/v2/x/blobs/uploads/?digest=$HELLO\"", 0,
      "403");
}
