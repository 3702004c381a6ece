// The cache and the stages from outside: what is built again and what is not, and that nobody can tell.

#include "tests/stages/shell.hpp"

namespace {

/// A store with the image `box`; `steps` lists what a build did (a line each: `[1/2] RUN x CACHED`), without
/// FROM. A context in `c`.
constexpr const char* kBefore = R"(
export DOCKWRIGHT_ROOT=$PWD/store S=stage12 SOURCE_DATE_EPOCH=
pack() { tar -C rootfs -c --sort=name --owner=0 --group=0 --mtime=@0 .; }
[ -e store ] || SOURCE_DATE_EPOCH=1700000000 pack | $S import - box > /dev/null
mkdir -p c
build() { $S build --progress plain -t out "$@" > log 2>&1 || { cat log; return 1; }; }
steps() { awk '/^#[0-9]+ \[/ && !/FROM/ { id = $1; $1 = ""; name[id] = $0; next }
  /^#[0-9]+ CACHED/ { print "CACHED" name[$1] } /^#[0-9]+ DONE/ && name[$1] { print "DONE" name[$1] }' log; }
built() { build "$@" && steps; }
id() { $S images -q --no-trunc ${1:-out}; }
)";

Result run(const Shell& shell, const std::string& script) { return shell(kBefore + script); }

/// The steps of a second build, after `change` of what the first one was made of.
std::string steps_after(const std::string& dockerfile, const std::string& change,
                        const std::string& options = "c") {
  const Shell shell;
  const Result result =
      run(shell, "echo one > c/a; mkdir c/d; echo two > c/d/b\ncat > c/Dockerfile <<'END'\n" + dockerfile +
                     "\nEND\nbuild c || exit 1\n" + change + "\nbuilt " + options);
  return result.output;
}

}  // namespace

// What decides

TEST_CASE("what was built is not built again, and is the same image", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
echo one > c/a
printf 'FROM box\nWORKDIR /w\nCOPY a .\nRUN cat a > b\nCMD cat b\n' > c/Dockerfile
built c; id > first; built c; id | cmp - first; $S run out; $S system check)");
  CAPTURE(result.output);
  CHECK(contains(result.output,
                 "DONE [2/4] WORKDIR /w\nDONE [3/4] COPY a .\nDONE [4/4] RUN cat a > b\n"
                 "CACHED [2/4] WORKDIR /w\nCACHED [3/4] COPY a .\nCACHED [4/4] RUN cat a > b\none\n"));
  CHECK(contains(result.output, "all is well"));
}

TEST_CASE("only what hangs on a change is built again", "[stage12]") {
  NEEDS_ROOT();
  const std::string file = "FROM box\nARG V=1\nRUN true\nCOPY a /a\nCOPY d /d\nENV X=1\nRUN echo $V";
  const std::string all =
      "CACHED [2/5] RUN true\nCACHED [3/5] COPY a /a\nCACHED [4/5] COPY d /d\nCACHED [5/5] RUN echo $V\n";
  CHECK(steps_after(file, "") == all);
  CHECK(steps_after(file, "touch c/a c/d/b c/d; echo new > c/unused") == all);
  CHECK(steps_after(file, "mv c elsewhere; mkdir c", "elsewhere") == all);
  CHECK(steps_after(file, "cp -r --no-preserve=timestamps c x", "x") == all);
  CHECK(steps_after(file, "sed -i 's/RUN true/LABEL a=b\\n&/; s/^FROM/# a comment\\n&/' c/Dockerfile") ==
        all);
  CHECK(steps_after(file, "$S tag box other; sed -i 's/FROM box/FROM other/' c/Dockerfile") == all);
  CHECK(steps_after(file, "echo 2 > c/a") ==
        "CACHED [2/5] RUN true\nDONE [3/5] COPY a /a\nDONE [4/5] COPY d /d\nDONE [5/5] RUN echo $V\n");
  CHECK(steps_after(file, "chmod 755 c/d/b") ==
        "CACHED [2/5] RUN true\nCACHED [3/5] COPY a /a\nDONE [4/5] COPY d /d\nDONE [5/5] RUN echo $V\n");
  CHECK(steps_after(file, "mv c/d/b c/d/c") ==
        "CACHED [2/5] RUN true\nCACHED [3/5] COPY a /a\nDONE [4/5] COPY d /d\nDONE [5/5] RUN echo $V\n");
  CHECK(steps_after(file, "sed -i s/X=1/X=2/ c/Dockerfile") ==
        "CACHED [2/5] RUN true\nCACHED [3/5] COPY a /a\nCACHED [4/5] COPY d /d\nDONE [5/5] RUN echo $V\n");
  CHECK(steps_after(file, "", "--build-arg V=2 c") ==
        "DONE [2/5] RUN true\nCACHED [3/5] COPY a /a\nCACHED [4/5] COPY d /d\nDONE [5/5] RUN echo $V\n");
}

TEST_CASE("two bases never share a step, whatever they are called", "[stage12][security]") {
  NEEDS_ROOT();
  CHECK(
      steps_after(
          "FROM box\nRUN true",
          "mkdir r; echo x > r/x; tar -C rootfs -cf t .; tar -C r -rf t ./x; $S import t box > /dev/null") ==
      "DONE [2/2] RUN true\n");
}

TEST_CASE("build's --no-cache and --no-cache-filter do steps anew", "[stage12]") {
  NEEDS_ROOT();
  const std::string file = "FROM box AS one\nRUN echo 1 > /1\nFROM box\nRUN true\nCOPY --from=one /1 /1";
  CHECK(steps_after(file, "", "--no-cache c") ==
        "DONE [one 2/2] RUN echo 1 > /1\nDONE [stage-1 2/3] RUN true\nDONE [stage-1 3/3] COPY --from=one /1 "
        "/1\n");
  CHECK(steps_after(file, "", "--no-cache-filter one c") ==
        "DONE [one 2/2] RUN echo 1 > /1\nCACHED [stage-1 2/3] RUN true\nCACHED [stage-1 3/3] COPY --from=one "
        "/1 /1\n");
}

// Why

TEST_CASE("a plan says what comes from the cache, and which input changed; it makes nothing", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
echo one > c/a
cat > c/Dockerfile <<'END'
FROM box AS build
ARG V=1
RUN echo $V > /v
FROM box AS docs
RUN false
FROM box
COPY a /a
COPY --from=build /v /v
END
plan() { $S build --print plan "$@" | tr -s ' '; }
plan c; build c; echo; plan c; echo; plan --build-arg V=2 c; echo two > c/a; echo; plan c; ls store/cache | wc -l
echo; $S build --print json c)");
  CAPTURE(result.output);
  CHECK(contains(result.output, "[build 2/2] RUN echo $V > /v nothing like it was built before\n"));
  CHECK(contains(result.output,
                 "[stage-2 3/3] COPY --from=build /v /v the stage that it copies from is made anew\n"));
  CHECK(contains(result.output, "not needed: docs\n"));
  CHECK(contains(result.output, "[build 2/2] RUN echo $V > /v CACHED\n"));
  CHECK(contains(result.output, "[build 2/2] RUN echo $V > /v ARG V changed\n"));
  CHECK(contains(result.output, "[stage-2 2/3] COPY a /a the files changed\n"));
  CHECK(contains(result.output, "[stage-2 3/3] COPY --from=build /v /v a step before it is made anew\n"));
  CHECK(contains(result.output, "\n4\n"));  // three steps, and what was in /v
  CHECK(contains(result.output, R"({"step":"[build 2/2] RUN echo $V > /v","cached":true})"));
}

// Stages

TEST_CASE("stages that nobody needs are not built, and any of them can be the target", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
cat > c/Dockerfile <<'END'
ARG BASE=two
FROM box AS one
RUN echo 1 > /1
FROM box AS two
RUN echo 2 > /2
FROM box AS broken
RUN false
FROM $BASE
RUN echo 3 > /3
END
built c; $S run out sh -c 'cat /2 /3; ls /1'
built --target ONE c; built --target 1 c; built --build-arg BASE=one c; built --target brokn c; built --target broken c)");
  CAPTURE(result.output);
  CHECK(
      contains(result.output,
               "DONE [two 2/2] RUN echo 2 > /2\nDONE [stage-3 2/2] RUN echo 3 > /3\n2\n3\nls: /1: No such"));
  CHECK(contains(result.output,
                 "DONE [one 2/2] RUN echo 1 > /1\nCACHED [two 2/2] RUN echo 2 > /2\nCACHED [one 2/2]"));
  CHECK(contains(result.output, "target stage \"brokn\" could not be found; did you mean broken?"));
  CHECK(contains(result.output, "process \"/bin/sh -c false\" did not complete successfully: exit code: 1"));
  CHECK(contains(result.output, "   7 | >>> RUN false\n"));
}

TEST_CASE("independent stages are built at once", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  // Each waits for what only the other one does, in a directory that both see.
  const Result result = run(shell, R"(
mkdir meet
cat > c/Dockerfile <<'END'
FROM box AS one
RUN --mount=type=cache,target=/meet touch /meet/1; for i in $(seq 300); do [ -e /meet/2 ] && exit 0; sleep 0.1; done; exit 1
FROM box AS two
RUN --mount=type=cache,target=/meet touch /meet/2; for i in $(seq 300); do [ -e /meet/1 ] && exit 0; sleep 0.1; done; exit 1
FROM box
COPY --from=one /etc/passwd /1
COPY --from=two /etc/passwd /2
END
build c && echo both)");
  CAPTURE(result.output);
  CHECK(result.output == "both\n");
}

TEST_CASE("a stage that fails ends the others, with its own lines", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
cat > c/Dockerfile <<'END'
FROM box AS slow
RUN sleep 100
FROM box AS wrong
RUN sleep 0.5; echo the reason; exit 3
FROM box
COPY --from=slow /a /
COPY --from=wrong /a /
END
build c; [ $SECONDS -lt 20 ] && echo soon; ls -A store/containers store/tmp; pgrep -f 'sleep 100$' > /dev/null && echo it still runs)");
  CAPTURE(result.output);
  CHECK(contains(result.output, "the reason"));
  CHECK(contains(result.output, "   4 | >>> RUN sleep 0.5; echo the reason; exit 3"));
  CHECK(contains(result.output, "exit code: 3"));
  CHECK(contains(result.output, "exit code: 3\nsoon\nstore/containers:\n\nstore/tmp:\n"));
  CHECK_FALSE(contains(result.output, "it still runs"));
}

TEST_CASE("files come from a stage, an image or a named context, as they are there", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
mkdir other; echo of the context > other/f; chmod 640 other/f
cat > c/Dockerfile <<'END'
FROM box AS one
RUN echo of the stage > /f; chown 7:8 /f; chmod 4711 /f; ln -s f /l
FROM box
COPY --from=one /f /l /stage/
COPY --from=0 --chown=1:2 /f /number
COPY --from=box /etc/passwd /image
COPY --from=ctx f /context
END
built --build-context ctx=other c > /dev/null; $S run out stat -c '%u:%g %a %n' /stage/f /number /image /context
$S run out cat /stage/f /stage/l /context; built --build-context ctx=other c; built c | tail -3
built --build-context one=other c | grep ERROR)");
  CAPTURE(result.output);
  CHECK(contains(result.output, "7:8 4711 /stage/f\n1:2 "));
  CHECK(contains(result.output, "0:0 640 /context\nof the stage\nof the stage\nof the context\n"));
  CHECK(contains(result.output, "CACHED [stage-1 5/5] COPY --from=ctx f /context\n"));
  CHECK(contains(result.output, "the image ctx is not to be had"));
  CHECK(contains(result.output, "\"/l\": not found"));  // the context stands in the stage's place
}

TEST_CASE("a stage that is made anew and the same does not matter to those that copy from it", "[stage12]") {
  NEEDS_ROOT();
  CHECK(steps_after("FROM box AS one\nRUN echo same > /f\nFROM box\nCOPY --from=one /f /f\nRUN cat /f",
                    "sed -i 's/RUN echo same/RUN true; &/; s/; RUN/;/' c/Dockerfile") ==
        "DONE [one 2/2] RUN true; echo same > /f\nCACHED [stage-1 2/3] COPY --from=one /f /f\nCACHED "
        "[stage-1 3/3] RUN cat /f\n");
}

TEST_CASE("stages in a circle are refused", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
printf 'FROM box AS a\nCOPY --from=b /x /x\nFROM a AS b\n' > c/Dockerfile; build c)");
  CHECK(contains(result.output, "circular dependency detected on stage: a"));
}

TEST_CASE("a squashed image has one layer, and the files are the same", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
cat > c/Dockerfile <<'END'
FROM box
RUN mkdir -p /d/e; echo 1 > /d/1; echo 2 > /d/e/2; ln /d/1 /d/3; head -c 100000 /dev/zero > /gone; chmod 4750 /d/1; chown 5:6 /d/e
RUN rm -r /gone /d/e /bin/arch /home; mkdir /d/e; echo 3 > /d/e/3; rm /etc/passwd; mkdir /etc/passwd
RUN rm -r /etc/passwd; echo p > /etc/passwd; ln -s x /d/l; mkdir /home; echo 4 > /home/4
END
$S build -q -t whole c > /dev/null; $S build -q --squash -t one c > /dev/null
for i in whole one; do $S run $i sh -c 'find /bin /d /etc /gone /home /usr -type d -exec stat -c "%n %f %u:%g" {} +; find /bin /d /etc /gone /home /usr ! -type d -exec stat -c "%n %f %u:%g %s %h %N" {} +
  cat /d/1 /d/e/3 /etc/passwd' 2> /dev/null | sort > tree.$i; done
diff tree.whole tree.one && [ $(wc -l < tree.one) -gt 20 ] && echo the same
for i in whole one; do $S inspect --format '{{len .RootFS.Layers}}' $i; done; $S run one cat /d/e/3 /home/4
$S history --no-trunc one | grep -c .; $S system check | tail -1)");
  CAPTURE(result.output);
  CHECK(contains(result.output, "the same\n4\n2\n3\n4\n6\n"));
  CHECK(contains(result.output, "all is well"));
}

// Several builds

TEST_CASE("two builds of the same at once do the work once", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
printf 'FROM box\nRUN --mount=type=cache,target=/m echo x >> /m/times; sleep 1; cat /m/times > /times\n' > c/Dockerfile
for i in 1 2 3; do $S build --progress plain -t o$i c > log$i 2>&1 & done; wait
$S run o1 cat /times; cat log? | grep -c CACHED; $S images -q | sort -u | wc -l; $S system check | tail -1)");
  CAPTURE(result.output);
  CHECK(contains(result.output, "x\n2\n2\n"));
  CHECK(contains(result.output, "all is well"));
}

TEST_CASE("two builds in two directories give one digest", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
make() { mkdir -p $1/d; echo a > $1/a; echo b > $1/d/b; printf 'FROM box\nWORKDIR /w/v\nCOPY . .\nRUN mkdir n; cat a d/b > n/ab\nENV A=1\n' > $1/Dockerfile; }
make p; sleep 1.1; make deep/er/q; touch -d '2021-01-01' deep/er/q/a
for place in p deep/er/q; do
  SOURCE_DATE_EPOCH=1600000000 $S build -q --no-cache $place
  SOURCE_DATE_EPOCH=1600000000 $S --root second build -q $place 2> /dev/null || {
    SOURCE_DATE_EPOCH=1700000000 pack | $S --root second import - box > /dev/null; SOURCE_DATE_EPOCH=1600000000 $S --root second build -q $place; }
done | sort -u | wc -l)");
  CHECK(result.output == "1\n");
}

// The cache itself

TEST_CASE("the cache is listed and cleared, and what images have stays", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
printf 'FROM box\nRUN echo 1 > /1\n' > c/Dockerfile; build c; printf 'FROM box\nRUN echo 2 > /2\n' > c/Dockerfile
$S build -q -t two c > /dev/null; $S rmi two > /dev/null; $S image prune -f -a --filter label=none > /dev/null
$S system df --format '{{.Type}} {{.TotalCount}}' | tail -1
$S builder du --format '{{.Reclaimable}} {{.Description}}' | sort; echo n | $S builder prune | tail -1; echo
$S builder prune --filter until=1h -f; $S builder prune -f | tail -1; $S builder du --format '{{.Description}}'
built c; $S builder prune -a -f > /dev/null; $S builder du --format '{{.Description}}'; $S run out cat /1; $S system check | tail -1)");
  CAPTURE(result.output);
  CHECK(contains(result.output, "Build Cache 2\nfalse RUN echo 1 > /1\ntrue RUN echo 2 > /2\n"));
  CHECK(contains(result.output, "[y/N] "));
  CHECK(contains(result.output, "Total reclaimed space: 0B\nTotal reclaimed space: "));
  CHECK_FALSE(contains(result.output, "space: 0B\nTotal reclaimed space: 0B"));
  CHECK(contains(result.output, "RUN echo 1 > /1\nDONE [2/2] RUN echo 2 > /2\n"));
  CHECK(contains(result.output, "all is well"));
}

TEST_CASE("pruning images leaves the cache, and removing the cache leaves images", "[stage12]") {
  NEEDS_ROOT();
  CHECK(steps_after("FROM box\nRUN echo 1 > /1", "$S rmi out > /dev/null; $S image prune -f > /dev/null") ==
        "CACHED [2/2] RUN echo 1 > /1\n");
  CHECK(steps_after("FROM box\nRUN echo 1 > /1", "$S builder prune -a -f > /dev/null; $S run out cat /1") ==
        "1\nDONE [2/2] RUN echo 1 > /1\n");
}

TEST_CASE("a limit keeps the cache small", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
export DOCKWRIGHT_BUILD_CACHE=3m
for i in 1 2 3 4 5; do
  printf "FROM box\nRUN head -c 1000000 /dev/zero > /$i\n" > c/Dockerfile; build --tag same c; $S rmi same out > /dev/null
done; $S builder du --format '{{.Description}}' | sort; $S system check | tail -1)");
  CAPTURE(result.output);
  CHECK(contains(result.output, "zero > /5\n"));
  CHECK_FALSE(contains(result.output, "zero > /1\n"));
}

TEST_CASE("a cache is carried to another store", "[stage12]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
printf 'FROM box AS one\nRUN echo 1 > /1\nFROM box\nCOPY --from=one /1 /1\nRUN echo 2 > /2\n' > c/Dockerfile
for mode in min max; do
  build --cache-to type=local,dest=carried.$mode,mode=$mode c || exit
  export DOCKWRIGHT_ROOT=$PWD/store.$mode; SOURCE_DATE_EPOCH=1700000000 pack | $S import - box > /dev/null
  built --cache-from type=local,src=carried.$mode --cache-from type=local,src=missing c
  $S run out cat /1 /2; $S system check | tail -1; export DOCKWRIGHT_ROOT=$PWD/store
done)");
  CAPTURE(result.output);
  CHECK(contains(result.output,
                 "DONE [one 2/2] RUN echo 1 > /1\nCACHED [stage-1 2/3] COPY --from=one /1 /1\nCACHED "
                 "[stage-1 3/3] RUN echo 2 > /2\n1\n2\n"));
  CHECK(contains(result.output,
                 "CACHED [one 2/2] RUN echo 1 > /1\nCACHED [stage-1 2/3] COPY --from=one /1 /1\nCACHED "
                 "[stage-1 3/3] RUN echo 2 > /2\n1\n2\n"));
}

TEST_CASE("an argument that is a secret is in no record", "[stage12][security]") {
  NEEDS_ROOT();
  const Shell shell;
  const Result result = run(shell, R"(
printf 'FROM box\nARG TOKEN\nRUN true\n' > c/Dockerfile; build --build-arg TOKEN=hunter2-hunter2 c; ls store/cache | wc -l
grep -r -l hunter2 store/cache)");
  CHECK(result.output == "1\n");
}
