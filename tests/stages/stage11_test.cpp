// Dockerfiles from outside: what becomes of each instruction. Each test has a store of its own.

#include "tests/stages/shell.hpp"

namespace {

/// A store with the image `box`, made of the root file system, and a context in `c`. Its time is fixed.
/// `built` makes an image `img` of the Dockerfile on its standard input; `shows` prints a field of it.
constexpr const char* kBox =
    "export DOCKWRIGHT_ROOT=$PWD/store S=stage11; mkdir -p c; epoch=1700000000\n"
    "[ -e store ] || tar -C rootfs -c --sort=name --owner=0 --group=0 --mtime=@0 . | "
    "SOURCE_DATE_EPOCH=$epoch $S import - box > /dev/null\n"
    "built() { cat > c/Dockerfile; $S build -q -t img \"$@\" c > built.id; }\n"
    "plain() { cat > c/Dockerfile; $S build -t img \"$@\" c 2>&1; }\n"
    "shows() { $S image inspect --format \"{{json .Config.$1}}\" img; }\n";

std::string box(const std::string& script) { return kBox + script; }

/// The image that these lines upon `box` make, and then a script.
std::string made(const std::string& lines, const std::string& script) {
  return box("built <<'END'\nFROM box\n" + lines + "\nEND\n" + script);
}

/// A build that fails, and what it says.
std::string said(const std::string& lines) { return box("plain <<'END'\nFROM box\n" + lines + "\nEND\n"); }

}  // namespace

TEST_CASE("a Dockerfile becomes an image, and the image a container", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("echo page > c/page; built <<'END'\nFROM box\nENV PORT=8080\nWORKDIR /srv\nCOPY page .\n"
          "RUN wc -c page > size\nCMD [\"cat\", \"page\", \"size\"]\nEND\n"
          "$S run img; $S run img sh -c 'echo $PORT; pwd'; $S system check | head -1"),
      0,
      "page\n5 page\n8080\n/srv\n2 images, 8 blobs (2.15MB), 4 layers unpacked, 0 containers: all is well\n");
}

TEST_CASE("what is said of the image stands in its config", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      made("ENV A=1 B=\"two words\" C=$A\nENV A=2 D=$A\nENV old form of it\nLABEL a.b=$B c=d\nEXPOSE 80 "
           "90-91/udp $A\n"
           "USER 7:8\nVOLUME /data /x\nSTOPSIGNAL SIGINT\nMAINTAINER somebody\nONBUILD RUN echo $later\n"
           "HEALTHCHECK --interval=5s --retries=3 CMD test -e /x",
           "for field in Env Labels ExposedPorts User Volumes StopSignal OnBuild Healthcheck; do shows "
           "$field; done\n"
           "$S image inspect --format '{{.Author}}' img"),
      0,
      R"(["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","A=2","B=two words","C=","D=1","old=form of it"]
{"a.b":"two words","c":"d"}
{"2/tcp":{},"80/tcp":{},"90/udp":{},"91/udp":{}}
"7:8"
{"/data":{},"/x":{}}
"SIGINT"
["RUN echo $later"]
{"Interval":5000000000,"Retries":3,"Test":["CMD-SHELL","test -e /x"]}
somebody
)");
}

TEST_CASE("a command is a list, or a line for the shell that SHELL names", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell, made("CMD echo $HOME", "shows Cmd; $S run img"), 0,
               "[\"/bin/sh\",\"-c\",\"echo $HOME\"]\n/root\n");
  CHECK_SCRIPT(shell, made("CMD [\"echo\", \"$HOME\"]", "shows Cmd; $S run img"), 0,
               "[\"echo\",\"$HOME\"]\n$HOME\n");
  CHECK_SCRIPT(
      shell, made("SHELL [\"/bin/sh\", \"-xc\"]\nRUN exit 0\nENTRYPOINT echo hi", "shows Shell; $S run img"),
      0, "[\"/bin/sh\",\"-xc\"]\n+ echo hi\nhi\n");
}

TEST_CASE("a new ENTRYPOINT takes the base's CMD away, and not the stage's own", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      made("CMD [\"of\", \"base\"]",
           "$S tag img base; built <<'END'\nFROM base\nENTRYPOINT [\"echo\", \"hi\"]\nEND\n$S run img\n"
           "built <<'END'\nFROM base\nCMD [\"own\"]\nENTRYPOINT [\"echo\", \"hi\"]\nEND\n$S run img"),
      0, "hi\nhi own\n");
}

TEST_CASE("WORKDIR continues the one before, and is made for the user of the image", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               made("ENV D=deep\nWORKDIR /a\nWORKDIR b/$D\nUSER 5:6\nWORKDIR own\nWORKDIR /tmp",
                    "$S run -w / img stat -c '%n %u:%g' /a/b /a/b/deep /a/b/deep/own; shows WorkingDir\n"
                    "$S history --format '{{.CreatedBy}}' img | head -2"),
               0,
               "/a/b 0:0\n/a/b/deep 0:0\n/a/b/deep/own 5:6\n\"/tmp\"\nWORKDIR /tmp\nWORKDIR /a/b/deep/own\n");
}

TEST_CASE("an argument has the value that was given, else its own, else none", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  const std::string file =
      "<<'END'\nARG BASE=nothing\nARG SHARED=global\nFROM $BASE\nARG A=default\nARG B\nARG SHARED\n"
      "RUN echo \"A=$A B=${B-unset} SHARED=$SHARED BASE=${BASE-unset}\" > /said\nENV A=env\nRUN echo $A >> "
      "/said\n"
      "CMD cat /said; echo ${B-no argument}\nEND\n";
  CHECK_SCRIPT(shell, box("built --build-arg BASE=box " + file + "$S run img"), 0,
               "A=default B=unset SHARED=global BASE=unset\nenv\nno argument\n");
  CHECK_SCRIPT(
      shell,
      box("export B=mine; built --build-arg BASE=box --build-arg A=given --build-arg B --build-arg SHARED= " +
          file + "$S run -e B=run img"),
      0, "A=given B=mine SHARED= BASE=unset\nenv\nrun\n");
}

TEST_CASE("platforms are always known, proxies reach a step and no history", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("built --build-arg HTTP_PROXY=http://secret:1 <<'END'\nFROM --platform=$BUILDPLATFORM box\n"
          "ARG TARGETOS\nRUN echo $TARGETOS $HTTP_PROXY ${TARGETARCH-undeclared} > /said\nCMD cat "
          "/said\nEND\n"
          "$S run img; { $S history --no-trunc img; $S image inspect img; } | grep -c secret"),
      1, "linux http://secret:1 undeclared\n0\n");
}

TEST_CASE("an argument that nobody asks for is told of", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell,
                    box("plain --build-arg USED=1 --build-arg TYPO=1 <<'END'\nFROM box\nARG USED\nEND\n"), 0,
                    "[Warning] One or more build-args [TYPO] were not consumed");
}

TEST_CASE("triggers of a base are done in what is built upon it, once", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      made("ONBUILD COPY Dockerfile /of-child\nONBUILD RUN echo triggered >> /log",
           "$S run img ls /log; $S tag img base; built <<'END'\nFROM base\nRUN echo own >> /log\nEND\n"
           "$S run img sh -c 'cat /log; head -1 /of-child'; $S image inspect img | grep -c OnBuild; $S tag "
           "img child\n"
           "built <<'END'\nFROM child\nEND\n$S run img cat /log"),
      0, "ls: /log: No such file or directory\ntriggered\nown\nFROM base\n0\ntriggered\nown\n");
}

TEST_CASE("the history tells what was done, as BuildKit tells it", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               made("ARG X=1\nENV A=b\nCOPY --chown=1:2 Dockerfile /d\nRUN true\nCMD [\"a\", \"b c\"]",
                    "$S history --no-trunc --format '{{.CreatedBy}} {{.Comment}}' img"),
               0,
               "CMD [\"a\" \"b c\"] buildkit.dockerfile.v0\n"
               "RUN |1 X=1 /bin/sh -c true # buildkit buildkit.dockerfile.v0\n"
               "COPY --chown=1:2 Dockerfile /d # buildkit buildkit.dockerfile.v0\n"
               "ENV A=b buildkit.dockerfile.v0\nARG X=1 buildkit.dockerfile.v0\n Imported from -\n");
}

TEST_CASE("the same file and context give the same image, on any day", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("echo page > c/page; touch -d @1600000000 c/*; for i in 1 2; do built <<'END'\nFROM box\nCOPY page "
          "/\n"
          "ENV A=b\nRUN true\nEND\ncat built.id; $S rmi img > /dev/null; sleep 1.1; done | uniq | wc -l\n"
          "built <<'END'\nFROM box\nCOPY page /\nEND\n$S image inspect --format '{{.Created}}' img"),
      0, "1\n2023-11-14T22:13:20Z\n");
  CHECK_SCRIPT(
      shell,
      box("for i in 1 2; do SOURCE_DATE_EPOCH=1700000001 built <<'END'\nFROM box\nRUN date > /dev/null; "
          "mkdir /new; echo x > /new/x\nRUN ls -l --full-time /new/x > /listed\nEND\ncat built.id\n"
          "$S rmi img > /dev/null; sleep 1.1; done | uniq | wc -l"),
      0, "1\n");
}

TEST_CASE("an image has all names that were given, and its ID is written where asked", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      box("printf 'FROM box\\n' > c/Dockerfile; id=$($S build -q -t a -t localhost:5000/b:2 --label x=y "
          "--iidfile id --metadata-file meta c)\n[ \"$id\" = \"$(cat id)\" ] && echo same\n"
          "$S images --format '{{.Repository}}:{{.Tag}}' | sort; $S image inspect -f '{{.Config.Labels}}' a\n"
          "grep -c \"$id\" meta; grep -o 'image.name.*' meta"),
      0,
      "same\na:latest\nbox:latest\nlocalhost:5000/b:2\nmap[x:y]\n1\n"
      "image.name\": \"docker.io/library/a:latest,localhost:5000/b:2\"\n");
}

TEST_CASE("scratch is nothing at all", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(shell,
               box("cp rootfs/bin/busybox c/; printf 'FROM scratch\\nCOPY busybox /\\nRUN "
                   "[\"/busybox\",\"ls\",\"/\"]\\n"
                   "RUN [\"/busybox\", \"touch\", \"/made\"]\\nENTRYPOINT [\"/busybox\"]\\n' > c/Dockerfile\n"
                   "$S build -q -t s c > id; mkdir out; $S save s | tar -x -C out; "
                   "for b in out/blobs/sha256/*; do tar -tf $b 2> /dev/null; done | sort"),
               0, "busybox\nmade\n");
}

TEST_CASE("what arrives in chapter 12 is refused with its chapter", "[stage11][of-stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, box("plain <<'END'\nFROM box AS a\nFROM box\nEND\n"), 1,
                    "several stages arrive in chapter 12");
  CHECK_SCRIPT_SAYS(shell, said("COPY --from=box /bin /b"), 1, "COPY --from arrives in chapter 12");
  CHECK_SCRIPT_SAYS(shell, said("RUN --mount=type=cache,target=/c true"), 1,
                    "RUN --mount arrives in chapter 12");
  CHECK_SCRIPT_SAYS(shell, box("$S build --secret id=x c"), 125, "--secret arrives in chapter 12");
  CHECK_SCRIPT_SAYS(shell, box("$S build -o out c"), 125, "--output arrives in chapter 12");
}

TEST_CASE("a mistake is told with its line, in the words that people search for", "[stage11]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT(
      shell, box("printf 'FROM box\\nFORM x\\n' | $S build -f - c"), 1,
      "Dockerfile:2\n--------------------\n   1 |     FROM box\n   2 | >>> FORM x\n--------------------\n"
      "ERROR: failed to solve: dockerfile parse error on line 2: unknown instruction: FORM (did you mean "
      "FROM?)\n");
  CHECK_SCRIPT_SAYS(shell, said("STOPSIGNAL NONE"), 1, "Dockerfile:2");
  CHECK_SCRIPT_SAYS(shell, said("ENV A=${B?not set}"), 1, "not set");
  CHECK_SCRIPT_SAYS(shell, box("rm -f c/Dockerfile; $S build c"), 1,
                    "failed to read dockerfile: open Dockerfile: no such file or directory");
  CHECK_SCRIPT_SAYS(shell, box("touch c/Dockerfile; $S build -t Bad c"), 1, "invalid tag \"Bad\"");
  CHECK_SCRIPT_SAYS(shell, box("$S build"), 125, "build needs one argument: the context");
  CHECK_SCRIPT_SAYS(shell, box("plain --target nowhere <<'END'\nFROM box\nEND\n"), 1,
                    "target stage \"nowhere\" could not be found");
}
