#include "chapters/04-mounts/volumes.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

std::string refusal(MountSpec (*parse)(const std::string&), const std::string& text) {
  try {
    parse(text);
    return "accepted";
  } catch (const Failure& failure) {
    return failure.what();
  }
}

}  // namespace

TEST_CASE("a volume is a source, a target and a mode", "[volume]") {
  CHECK(parse_volume("/src:/dst") == MountSpec{.source = "/src", .target = "/dst"});
  CHECK(parse_volume("./src:/dst:ro") == MountSpec{.source = "./src", .target = "/dst", .read_only = true});
  CHECK(parse_volume("/s:/d:rw,rprivate") == MountSpec{.source = "/s", .target = "/d"});
}

TEST_CASE("a target is written in one way only", "[volume]") {
  CHECK(parse_volume("/s:/a//b/./c/").target == "/a/b/c");
}

TEST_CASE("a volume that cannot be meant is refused with the reason", "[volume]") {
  CHECK(contains(refusal(parse_volume, "/s:d"), "must be an absolute path"));
  CHECK(contains(refusal(parse_volume, "/s:/"), "the target cannot be the root itself"));
  CHECK(contains(refusal(parse_volume, "/s:/a/../../etc"), "'..' in the target"));
  CHECK(contains(refusal(parse_volume, "/s:/d:shiny"), "unknown mode 'shiny'"));
  CHECK(contains(refusal(parse_volume, "/s:/d:ro:x"), "too many colons"));
  CHECK(contains(refusal(parse_volume, ":/d"), "the source is empty"));
  CHECK(contains(refusal(parse_volume, "data:/d"), "named volume, and these arrive in chapter 13"));
  CHECK(contains(refusal(parse_volume, "/only"), "anonymous volumes arrive in chapter 13"));
}

TEST_CASE("a mount is spelled out", "[volume]") {
  CHECK(parse_mount("type=bind,source=/s,target=/d") == MountSpec{.source = "/s", .target = "/d"});
  CHECK(parse_mount("type=bind,src=/s,dst=/d,readonly").read_only);
  CHECK_FALSE(parse_mount("type=bind,src=/s,dst=/d,readonly=false").read_only);
  const MountSpec memory = parse_mount("type=tmpfs,destination=/d,tmpfs-size=1m,tmpfs-mode=700");
  CHECK(memory.type == MountSpec::Type::tmpfs);
  CHECK(memory.options == "size=1m,mode=700");
}

TEST_CASE("a mount that cannot be meant is refused with the reason", "[volume]") {
  CHECK(contains(refusal(parse_mount, "src=/s,dst=/d"), "arrive in chapter 13"));
  CHECK(contains(refusal(parse_mount, "type=volume,dst=/d"), "arrives in chapter 13"));
  CHECK(contains(refusal(parse_mount, "type=nfs,src=/s,dst=/d"), "unknown type 'nfs'"));
  CHECK(contains(refusal(parse_mount, "type=bind,src=/s,dst=/d,colour=red"), "unknown field 'colour'"));
  CHECK(contains(refusal(parse_mount, "type=bind,dst=/d"), "the source is empty"));
  CHECK(contains(refusal(parse_mount, "type=tmpfs,src=/s,dst=/d"), "a tmpfs has no source"));
  CHECK(contains(refusal(parse_mount, "type=bind,src=/s,dst=/d,readonly=perhaps"), "neither true nor false"));
}

TEST_CASE("a tmpfs is a target and options", "[volume]") {
  const MountSpec memory = parse_tmpfs("/run:size=64m,mode=1777");
  CHECK(memory.type == MountSpec::Type::tmpfs);
  CHECK(memory.target == "/run");
  CHECK(memory.options == "size=64m,mode=1777");
  CHECK(parse_tmpfs("/run").options.empty());
  CHECK(contains(refusal(parse_tmpfs, "run"), "must be an absolute path"));
}
