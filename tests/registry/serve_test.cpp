// `registry serve` for those who read: other people's programs get what is in the store, and nothing else.

#include <csignal>

#include "chapters/09-images/store.hpp"
#include "tests/registry/registries.hpp"
#include "tests/registry/serve_fixture.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/image_store.hpp"

using namespace dockwright;

namespace {

/// A store with `flask:latest`, `flask:2`, `quay.io/x/y:latest`, and an image without a name.
struct Shelf {
  Served served{};
  MadeImage flask = word_image("flask");
  MadeImage other = word_image("other");
  MadeImage nameless = word_image("nameless");
  Shelf() {
    const Store store = Store::open({.root = served.store().native()});
    for (const MadeImage* image : {&flask, &other, &nameless}) add_image(store, *image);
    store.tag(Reference::parse("flask"), flask.descriptor);
    store.tag(Reference::parse("flask:2"), flask.descriptor);
    store.tag(Reference::parse("quay.io/x/y"), other.descriptor);
    store.tag(Reference::parse("localhost:5000/unsayable"), other.descriptor);
    store.keep(nameless.descriptor);
  }
  Result get(const std::string& options, const std::string& path) const {
    return served("curl -sS --path-as-is --max-time 10 " + options + " \"http://$R" + path + "\"");
  }
  std::string status(const std::string& path, const std::string& options = "") const {
    return get("-o /dev/null -w '%{http_code}' " + options, path).output;
  }
};

std::string layer_of(const MadeImage& image) { return Digest::of(image.layers.front()).str(); }

}  // namespace

TEST_CASE("skopeo reads an image under its short and its long name", "[serve]") {
  const Shelf shelf;
  const std::string script =
      "for name in flask library/flask docker.io/library/flask; do "
      "skopeo copy -q --preserve-digests --src-tls-verify=false docker://$R/$name:latest dir:$(basename "
      "$name)-copy && "
      "cat *-copy/manifest.json | sha256sum | cut -c1-64; rm -r *-copy; done";
  const std::string hex = shelf.flask.descriptor.digest.hex() + '\n';
  CHECK_SCRIPT(shelf.served, script, 0, hex + hex + hex);
}

TEST_CASE("podman pulls an image, and has the same ID", "[serve]") {
  NEEDS_ROOT();
  const Shelf shelf;
  if (shelf.served("command -v podman").code != 0) {
    WARN("skipped: needs podman");
    return;
  }
  const Result result = shelf.served(
      "podman --root $PWD/podman --runroot $PWD/run --storage-driver vfs pull -q --tls-verify=false "
      "$R/flask:2");
  CAPTURE(result.output);
  CHECK(result.code == 0);
  CHECK(contains(result.output, Digest::of(shelf.flask.config).hex()));
}

TEST_CASE("the lists name what a path can say, in pages", "[serve]") {
  const Shelf shelf;
  CHECK(shelf.get("", "/v2/_catalog").output == R"({"repositories":["flask","quay.io/x/y"]})");
  CHECK(contains(shelf.get("-i", "/v2/_catalog?n=1").output, "</v2/_catalog?n=1&last=flask>; rel=\"next\""));
  CHECK(shelf.get("", "/v2/_catalog?n=1&last=flask").output == R"({"repositories":["quay.io/x/y"]})");
  CHECK(shelf.get("", "/v2/flask/tags/list").output == R"({"name":"flask","tags":["2","latest"]})");
  CHECK(contains(shelf.get("", "/v2/none/tags/list").output, "NAME_UNKNOWN"));
  CHECK(shelf.status("/v2/_catalog?n=x") == "400");
}

TEST_CASE("a manifest has its type, its digest and its bytes", "[serve]") {
  const Shelf shelf;
  const std::string digest = shelf.flask.descriptor.digest.str();
  const std::string head = shelf.get("-I", "/v2/flask/manifests/latest").output;
  CHECK(contains(head, "Content-Type: application/vnd.oci.image.manifest.v1+json"));
  CHECK(contains(head, "Docker-Content-Digest: " + digest));
  CHECK(contains(head, "Content-Length: " + std::to_string(shelf.flask.manifest.size())));
  CHECK(shelf.get("", "/v2/flask/manifests/" + digest).output == shelf.flask.manifest);
  CHECK(shelf.status("/v2/flask/manifests/nope") == "404");
  CHECK(shelf.status("/v2/flask/manifests/latest", "-H 'Accept: application/vnd.oci.image.index.v1+json'") ==
        "404");
  CHECK(shelf.status("/v2/flask/manifests/latest", "-H 'Accept: */*'") == "200");
}

TEST_CASE("a blob comes whole, and in parts", "[serve]") {
  const Shelf shelf;
  const std::string& layer = shelf.flask.layers.front();
  const std::string path = "/v2/flask/blobs/" + layer_of(shelf.flask);
  const std::string size = std::to_string(layer.size());
  CHECK(contains(shelf.get("-I", path).output, "Content-Length: " + size));
  CHECK_SCRIPT(shelf.served, "curl -s http://$R" + path + " | sha256sum | cut -c1-64", 0,
               layer_of(shelf.flask).substr(7) + '\n');
  CHECK(contains(shelf.get("-o /dev/null -D - -r 10-19", path).output, "Content-Range: bytes 10-19/" + size));
  CHECK(shelf.get("-r 0-3", path).output == layer.substr(0, 4));
  CHECK(shelf.status(path, "-r " + size + "-") == "416");
  CHECK(shelf.status(path, "-r 0-3 -H 'If-Range: \"something else\"'") == "200");
  CHECK(shelf.status(path, "-r 0-3 -H 'If-Range: \"" + layer_of(shelf.flask) + "\"'") == "206");
}

TEST_CASE("what no named image leads to is not given out", "[serve][security]") {
  const Shelf shelf;
  CHECK(shelf.status("/v2/flask/blobs/" + layer_of(shelf.flask)) == "200");
  CHECK(shelf.status("/v2/flask/blobs/" + layer_of(shelf.other)) == "404");
  CHECK(shelf.status("/v2/quay.io/x/y/blobs/" + layer_of(shelf.other)) == "200");
  CHECK(shelf.status("/v2/flask/blobs/" + layer_of(shelf.nameless)) == "404");
  CHECK(shelf.status("/v2/flask/manifests/" + shelf.nameless.descriptor.digest.str()) == "404");
  // a blob that is no document is none, although it belongs to the image
  CHECK(shelf.status("/v2/flask/manifests/" + layer_of(shelf.flask)) == "404");
}

TEST_CASE("no path leads out of the store", "[serve][security]") {
  const Shelf shelf;
  for (const char* const path :
       {"/../../etc/passwd", "/v2/../../etc/passwd", "/v2/flask/blobs/../../index.json",
        "/v2/flask/blobs/sha256:..", "/v2/flask/blobs/%2e%2e%2f%2e%2e%2findex.json",
        "/v2/flask/manifests/..%2f..%2findex.json", "/v2/flask/blobs/sha256:%2e%2e%2f%2e%2e",
        "/v2/flask/blobs/index.json", "/v2/%00/tags/list"}) {
    CAPTURE(path);
    const std::string status = shelf.status(path);
    CHECK((status == "404" || status == "400"));
  }
  CHECK(contains(shelf.served.log(), "/v2/../../etc/passwd 404"));
}

TEST_CASE("a registry that is only to be read takes nothing", "[serve][security]") {
  const Shelf shelf;
  CHECK(shelf.status("/v2/flask/blobs/uploads/", "-X POST") == "405");
  CHECK(shelf.status("/v2/flask/manifests/latest", "-X PUT -d '{}'") == "405");
  CHECK(shelf.status("/v2/flask/manifests/latest", "-X DELETE") == "405");
  CHECK(contains(shelf.get("-X POST", "/v2/flask/blobs/uploads/").output, "--writable"));
  CHECK(shelf.served.leftovers() == 0);
}

TEST_CASE("a store is not held back while it is only read", "[serve]") {
  const Shelf shelf;
  CHECK(shelf.status("/v2/flask/manifests/latest") == "200");
  Store store = Store::open({.root = shelf.served.store().native()});
  CHECK(store.alone(Store::Wait::no, [] {}));
}

TEST_CASE("Ctrl-C and SIGTERM end it cleanly, also while somebody reads", "[serve]") {
  const int signal = GENERATE(SIGINT, SIGTERM);
  Served served;
  CHECK(served("curl -s -o /dev/null http://$R/v2/").code == 0);
  CHECK(served.end(signal) == 0);
}

TEST_CASE("an address that others reach is warned of, and one that is none refused", "[serve][security]") {
  const Served open{{"--address", "0.0.0.0:0"}};
  CHECK(contains(open.log(), "warning: whoever reaches 0.0.0.0:"));
  CHECK(contains(open.log(), "nothing is encrypted"));
  const Served own;
  CHECK_FALSE(contains(own.log(), "warning"));
  const Result refused = own(DOCKWRIGHT_STAGE " --root $PWD/store registry serve --address example.org");
  CHECK(refused.code == 125);
  CHECK(contains(refused.output, "is no IP address"));
  const Result taken = own(DOCKWRIGHT_STAGE " --root $PWD/store registry serve --address $R");
  CHECK(taken.code == 125);
  CHECK(contains(taken.output, "Address already in use"));
}
