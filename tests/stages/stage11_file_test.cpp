// What a Dockerfile says, from outside: mistakes and where they are shown, checks, the printed tree. Nothing
// is built. Chapter 12's stage reads files by the same modules, and shows the same.

#include "tests/stages/shell.hpp"

namespace {

constexpr const char* kBefore = R"(
export DOCKWRIGHT_ROOT=$PWD/store
mkdir -p c
[ -e store ] || tar -C rootfs -c . | $S import --change 'ENV HOME_OF_BOX=/x' - box > /dev/null
file() { cat > c/Dockerfile; }
nothing_built() { $S images -q | wc -l; $S system check | grep -o 'all is well'; }
)";

const char* stage() { return GENERATE("stage11", "stage12"); }

std::string script(const std::string& stage, const std::string& text) {
  return "S=" + stage + "\n" + kBefore + text;
}

/// What a build of this file says, and whether something of it is left.
std::string refused(const std::string& text) {
  return "printf '%s' '" + text +
         "' | file; $S build -t out c 2>&1 | grep -v '^#\\|^$'; echo ${PIPESTATUS[0]}; nothing_built";
}

constexpr const char* kNothing = "1\n1\nall is well\n";

}  // namespace

TEST_CASE("a mistake in a Dockerfile is shown in its place, and nothing is built", "[stage11][errors]") {
  NEEDS_ROOT();
  const std::string name = stage();
  const Shell shell;
  CHECK_SCRIPT(
      shell, script(name, refused("FROM box\n\nCOPPY a /\nRUN true\n")), 0,
      "Dockerfile:3\n"
      "--------------------\n"
      "   1 |     FROM box\n"
      "   2 |     \n"
      "   3 | >>> COPPY a /\n"
      "   4 |     RUN true\n"
      "--------------------\n"
      "ERROR: failed to solve: dockerfile parse error on line 3: unknown instruction: COPPY (did you mean "
      "COPY?)\n" +
          std::string{kNothing});
  CHECK_SCRIPT_SAYS(
      shell, script(name, refused("FROM box\nRUN <<END\ntrue\n")), 0,
      "dockerfile parse error on line 2: unterminated heredoc: no line is END\n" + std::string{kNothing});
  CHECK_SCRIPT_SAYS(
      shell, script(name, refused("RUN true\nFROM box\n")), 0,
      "dockerfile parse error on line 1: no build stage in current context\n" + std::string{kNothing});
  CHECK_SCRIPT_SAYS(shell, script(name, refused("")), 0, "file with no instructions");
}

TEST_CASE("a mistake that is seen only on the way is shown in its place, too", "[stage11][errors]") {
  NEEDS_ROOT();
  const std::string name = stage();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell, script(name, refused("FROM box\nARG V\nENV A=\"${V:?give me V}\"\n")), 0,
                    "V: give me V");
  CHECK_SCRIPT_SAYS(shell, script(name, refused("FROM box\nENV A=1\nENV B=${A\n")), 0,
                    "   3 | >>> ENV B=${A\n");
  CHECK_SCRIPT_SAYS(shell, script(name, refused("FROM box\nRUN --network=bridge true\n")), 0,
                    "   2 | >>> RUN --network=bridge true\n");
  CHECK_SCRIPT_SAYS(shell, script(name, refused("FROM box\nCOPY --from=$x a b\n")), 0,
                    "variable expansion is not supported for --from");
}

TEST_CASE("a Dockerfile from Windows is a Dockerfile", "[stage11]") {
  NEEDS_ROOT();
  const std::string name = stage();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      script(name,
             "printf '\\xef\\xbb\\xbf# escape=`\\r\\nFROM box\\r\\nRUN echo a > /a `\\r\\n && echo b > "
             "/b\\r\\nCMD [\"cat\", \"/a\", \"/b\"]\\r\\n' | file\n"
             "$S build -q -t out c > id && $S run out"),
      0, "a\nb\n");
}

TEST_CASE("in what COPY writes, the backslash escapes, whatever the file chose", "[stage11]") {
  NEEDS_ROOT();
  const std::string name = stage();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      script(name,
             "printf '%s\\n' '# escape=`' 'FROM box' 'COPY <<E `' ' /f' '`$HOME_OF_BOX \\$x' E | file\n"
             "$S build -q -t out c > id && $S run out cat /f"),
      0, "`/x $x\n");
}

TEST_CASE("build --check finds what should be said otherwise, and builds nothing", "[stage11][checks]") {
  NEEDS_ROOT();
  const std::string name = stage();
  const Shell shell;
  CHECK_SCRIPT(shell,
               script(name,
                      "printf 'FROM box\\nENV A=$HOME_OF_BOX\\nCMD [\"x\"]\\n' | file; $S build --check c; "
                      "echo $?; nothing_built"),
               0, "Check complete, no warnings found.\n0\n1\nall is well\n");
  CHECK_SCRIPT(shell,
               script(name,
                      "printf 'FROM box\\nENV A=$HOME_OF_BOKS\\n' | file; $S build --check c; echo $?; "
                      "nothing_built"),
               0,
               "Check complete, 1 warning has been found!\n"
               "\n"
               "WARNING: UndefinedVar - https://docs.docker.com/go/dockerfile/rule/undefined-var/\n"
               "Usage of undefined variable '$HOME_OF_BOKS' (did you mean $HOME_OF_BOX?)\n"
               "Dockerfile:2\n"
               "--------------------\n"
               "   1 |     FROM box\n"
               "   2 | >>> ENV A=$HOME_OF_BOKS\n"
               "--------------------\n" +
                   std::string{kNothing});
}

TEST_CASE("a build tells of warnings, and fails of them where the file says so", "[stage11][checks]") {
  NEEDS_ROOT();
  const std::string name = stage();
  const Shell shell;
  const std::string file = "FROM box\\nMAINTAINER me\\n";
  CHECK_SCRIPT_SAYS(
      shell, script(name, "printf '" + file + "' | file; $S build -t out c 2>&1 && $S images -q | wc -l"), 0,
      " 1 warning found (build --check shows the lines):\n"
      " - MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (line 2)\n"
      "2\n");
  const Shell other;
  CHECK_SCRIPT_SAYS(other,
                    script(name, "printf '# check=error=true\\n" + file +
                                     "' | file; $S build -t out c 2>&1; echo $?; nothing_built"),
                    0,
                    "ERROR: failed to solve: lint violation found for rules: MaintainerDeprecated\n" +
                        std::string{kNothing});
}

TEST_CASE("build --print ast shows how the file was understood", "[stage11]") {
  NEEDS_ROOT();
  const std::string name = stage();
  const Shell shell;
  CHECK_SCRIPT(
      shell,
      script(name,
             "printf 'FROM box AS b\\nRUN --network=none \\\\\\n  true\\n' | file; $S build --print ast c; "
             "$S build --print ast=json c | grep -c '\"instruction\"'; nothing_built"),
      0,
      "1       FROM\n"
      "        words    \"box\" \"AS\" \"b\"\n"
      "2-3     RUN\n"
      "        flag     --network=none\n"
      "        shell    \"true\"\n"
      "2\n1\nall is well\n");
}

TEST_CASE("what .dockerignore keeps out is told by the checks", "[stage12][checks]") {
  NEEDS_ROOT();
  const Shell shell;
  CHECK_SCRIPT_SAYS(shell,
                    script("stage12",
                           "echo 's*' > c/.dockerignore; touch c/secret\n"
                           "printf 'FROM box\\nCOPY secret /\\n' | file; $S build --check c; echo $?"),
                    0, "Attempting to Copy file \"secret\" that is excluded by .dockerignore\n");
}
