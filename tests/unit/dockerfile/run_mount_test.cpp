// `RUN --mount=…`: what each word means, and what is said of a wrong one.

#include "chapters/11-dockerfile/syntax/run_mount.hpp"

#include "chapters/11-dockerfile/syntax/comma_list.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
using Type = RunMount::Type;
using Sharing = RunMount::Sharing;

namespace {

struct Refused {
  const char* text;
  const char* message;
};

}  // namespace

TEST_CASE("the value of --mount is read", "[build][mounts]") {
  CHECK(parse_run_mount("target=/x") == RunMount{.target = "/x"});
  CHECK(parse_run_mount("type=bind,from=builder,src=/out,dst=/in,rw") ==
        RunMount{.from = "builder", .source = "/out", .target = "/in", .read_only = false});
  CHECK(parse_run_mount("type=bind,target=x,readonly=false").read_only == false);
  CHECK(parse_run_mount("type=cache,target=/c") ==
        RunMount{.type = Type::cache, .target = "/c", .id = "/c", .read_only = false});
  CHECK(parse_run_mount("type=cache,id=pip,destination=/c,sharing=locked,mode=0700,uid=5,gid=6,ro") ==
        RunMount{.type = Type::cache,
                 .target = "/c",
                 .id = "pip",
                 .sharing = Sharing::locked,
                 .mode = 0700,
                 .user = 5,
                 .group = 6});
  CHECK(parse_run_mount("type=cache,target=/c,sharing=private").sharing == Sharing::exclusive);
  CHECK(parse_run_mount("type=tmpfs,target=/t,size=64m").size_bytes == 64U << 20U);
  CHECK(parse_run_mount("TYPE=tmpfs,target=\"/a,b\"").target == "/a,b");
}

TEST_CASE("a secret has an ID, and a place or a variable", "[build][mounts]") {
  CHECK(parse_run_mount("type=secret,id=token") ==
        RunMount{.type = Type::secret, .target = "/run/secrets/token", .id = "token"});
  CHECK(parse_run_mount("type=secret,target=/root/.aws/credentials,required").id == "credentials");
  CHECK(parse_run_mount("type=secret,target=/x,required").required);
  CHECK(parse_run_mount("type=secret,source=a").id == "a");
  const RunMount variable = parse_run_mount("type=secret,id=token,env=TOKEN");
  CHECK(variable.variable == "TOKEN");
  CHECK(variable.target.empty());
  CHECK(parse_run_mount("type=secret,id=t,env=T,target=/t").target == "/t");
  CHECK(parse_run_mount("type=ssh") == RunMount{.type = Type::ssh, .id = "default"});
  CHECK(parse_run_mount("type=ssh,id=git,required=true,mode=0666").id == "git");
}

TEST_CASE("a wrong --mount is refused, and the word named", "[build][mounts]") {
  const Refused refused = GENERATE(values<Refused>({
      {"type=bynd,target=/x", "unsupported mount type \"bynd\"; did you mean bind?"},
      {"type=cache", "invalid mount: target is required"},
      {"", "invalid mount: target is required"},
      {"type=cache,target", "invalid field 'target' must be a key=value pair"},
      {"type=cache,taget=/x", "unexpected key 'taget' in 'type=cache,taget=/x'; did you mean target?"},
      {"type=cache,target=/x,sharing=lock", "unsupported sharing value \"lock\"; did you mean locked?"},
      {"target=/x,sharing=shared", "invalid cache sharing set for this mount"},
      {"type=cache,target=/x,mode=9", "invalid value 9 for mode"},
      {"type=cache,target=/x,uid=-1", "invalid value -1 for uid"},
      {"type=cache,target=/x,gid=", "invalid value  for gid"},
      {"type=bind,target=/x,rw=maybe", "invalid value for rw: maybe"},
      {"type=secret", "invalid secret mount. one of source, target required"},
      {"type=secret,id=a,source=b", "both source and id can't be set"},
      {"type=secret,id=a,from=b", "secret mount should not have a from"},
      {"type=bind,target=/x,size=1m", "size is for mounts of type tmpfs"},
      {"type=bind,target=/x,env=A", "env is for mounts of type secret"},
      {"type=tmpfs,target=/x,source=/y", "tmpfs mount should not have a source"},
      {"target=\"/x", "a quote does not end in 'target=\"/x'"},
  }));
  CAPTURE(refused.text);
  CHECK_THROWS_WITH(parse_run_mount(refused.text), Catch::Contains(refused.message));
}

TEST_CASE("a list between commas may hold commas in quotes", "[build][mounts]") {
  const auto fields = parse_comma_list("\"a=1,2\",B=\"\"\"x\"\"\",c,d==");
  REQUIRE(fields.size() == 4);
  CHECK(fields[0].key == "a");
  CHECK(fields[0].value == "1,2");
  CHECK(fields[1].key == "b");
  CHECK(fields[1].value == "\"x\"");
  CHECK_FALSE(fields[2].given_value);
  CHECK(fields[3].value == "=");
}
