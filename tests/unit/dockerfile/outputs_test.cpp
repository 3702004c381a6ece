// `--output`: how it is read, and what comes out.

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "chapters/09-images/made_image.hpp"
#include "chapters/12-build-cache/outputs/build_output.hpp"
#include "chapters/12-build-cache/outputs/write_output.hpp"
#include "common/process.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/image_store.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
using Type = BuildOutput::Type;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::stringstream text;
  const std::ifstream file{path};
  if (!file) return "absent";
  text << file.rdbuf();
  return text.str();
}

/// Writes in a child, as a process that has no threads does; what was thrown, or nothing.
std::string written(const Store& store, const std::string& output, const BuiltImage& image) {
  Process child = spawn({}, [&] { write_build_output(store, parse_output(output), image); });
  try {
    child.expect_started();
  } catch (const std::exception& error) {
    return error.what();
  }
  return child.wait() == 0 ? "" : "failed";
}

struct Refused {
  const char* text;
  const char* message;
};

}  // namespace

TEST_CASE("build's --output is read", "[build][output]") {
  CHECK(parse_output("out/dir") == BuildOutput{.type = Type::local, .destination = "out/dir"});
  CHECK(parse_output("-") == BuildOutput{.type = Type::tar, .destination = "-"});
  CHECK(parse_output("type=tar") == BuildOutput{.type = Type::tar, .destination = "-"});
  CHECK(parse_output("type=oci,dest=a.tar,compression=zstd,name=x:1") ==
        BuildOutput{
            .type = Type::oci, .destination = "a.tar", .names = {"x:1"}, .compression = Compression::zstd});
  CHECK(parse_output("type=oci,dest=dir,tar=false").archive == false);
  CHECK(parse_output("type=docker").type == Type::image);
  CHECK(parse_output("\"type=docker\",\"dest=a,b\"").destination == "a,b");
  CHECK(parse_outputs({}) == std::vector<BuildOutput>{BuildOutput{}});
  CHECK(keeps_image(parse_outputs({})));
  CHECK(keeps_image(parse_outputs({"dir", "type=image"})));
  CHECK_FALSE(keeps_image(parse_outputs({"dir", "type=cacheonly"})));
}

TEST_CASE("a wrong --output is refused, and the word named", "[build][output]") {
  const Refused refused = GENERATE(values<Refused>({
      {"", "--output: it is empty"},
      {"dest=x", "--output: type is required for output"},
      {"type=locl,dest=x",
       "exporter \"locl\" could not be found; it is image, local, tar, oci, docker or cacheonly; did you "
       "mean local?"},
      {"type=local", "--output: dest is required for local exporter"},
      {"type=local,dest=-", "--output: dest is required for local exporter"},
      {"type=tar,det=x", "--output: unexpected key 'det'; did you mean dest?"},
      {"type=oci,tar=false", "--output: tar=false needs a directory as dest"},
      {"type=oci,compression=xz", "--output: compression \"xz\""},
      {"type=image,push=true", "`push` it"},
      {"type=tar,dest", "--output: invalid value dest"},
  }));
  CAPTURE(refused.text);
  CHECK_THROWS_WITH(parse_output(refused.text), Catch::Contains(refused.message));
  CHECK_THROWS_WITH(parse_outputs({"-", "type=oci"}), Catch::Contains("only one of them"));
}

TEST_CASE("a built image goes out as files, archives and layouts", "[build][output][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  const Store store = Store::open({.root = directory.path() / "store"});
  const MadeImage made = make_image(
      {tar_of({{"etc/motd", "lower"}, {"same", "lower"}}), tar_of({{"same", "upper"}, {"etc/x", "x"}})});
  add_image(store, made);
  const BuiltImage image{.descriptor = made.descriptor, .names = {Reference::parse("built:1")}};
  const fs::path out = directory.path() / "out";
  SECTION("as files, over those that are there") {
    const fs::path dir = out / "deep/er";
    fs::create_directories(dir / "same/was/a/directory");
    fs::create_directories(directory.path() / "host");
    fs::create_symlink(directory.path() / "host", dir / "etc");  // not followed: what comes is a directory
    std::ofstream{dir / "mine"} << "stays";
    CHECK(written(store, dir, image) == "");
    CHECK(read(dir / "etc/motd") == "lower");
    CHECK(read(dir / "same") == "upper");
    CHECK(read(dir / "etc/x") == "x");
    CHECK(read(dir / "mine") == "stays");
    CHECK(fs::is_empty(directory.path() / "host"));
  }
  SECTION("as an archive of files") {
    CHECK(written(store, "type=tar,dest=" + out.native(), image) == "");
    CHECK(read(out).find("etc/motd") != std::string::npos);
    CHECK(read(out).find("upper") != std::string::npos);
  }
  SECTION("as images that can be loaded") {
    CHECK(written(store, "type=oci,tar=false,dest=" + out.native(), image) == "");
    CHECK(read(out / "index.json").find(made.descriptor.digest.str()) != std::string::npos);
    CHECK(written(store, "type=docker,dest=" + (directory.path() / "d.tar").native(), image) == "");
    CHECK(read(directory.path() / "d.tar").find("manifest.json") != std::string::npos);
    CHECK(read(directory.path() / "d.tar").find("built:1") != std::string::npos);
  }
  SECTION("and says what hinders it") {
    std::ofstream{out} << "a file";
    CHECK_THAT(written(store, out / "x", image), Catch::Contains("Not a directory"));
  }
}

TEST_CASE("an image without layers goes out as nothing", "[build][output][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  const Store store = Store::open({.root = directory.path() / "store"});
  const MadeImage made = make_image({});
  add_image(store, made);
  const BuiltImage image{.descriptor = made.descriptor};
  CHECK(written(store, directory.path() / "out", image) == "");
  CHECK(fs::is_empty(directory.path() / "out"));
  CHECK(written(store, "type=tar,dest=" + (directory.path() / "t").native(), image) == "");
  CHECK(fs::file_size(directory.path() / "t") >= 1024);
}
