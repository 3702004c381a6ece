// A registry is a stranger. For each lie of the tests' registry: whether the client gets through, what it
// says if not, and, always, that nothing half-made or unproven is in the store, that nobody else was told the
// password, and that it is in no message.

#include <set>
#include <sstream>

#include "tests/stages/registry_shell.hpp"

namespace {

struct Row {
  const char* lie;
  const char* says;  ///< Part of the error; empty: it gets through.
};

const std::vector<Row> kLies = {
    {"wrong-digest", "what came is sha256:"},
    {"longer", "the registry announces 101889 bytes, and the manifest says 101888"},
    {"shorter", "the registry announces 101887 bytes, and the manifest says 101888"},
    {"endless", "more than the 101888 bytes that the manifest says"},
    {"truncated", "(tried 3 times)"},
    {"truncated-once", ""},
    {"truncated-no-range", ""},
    {"wrong-range", ""},  // noticed by the digest, and fetched again
    {"slow", "too slow"},
    {"stalls", "too slow"},
    {"stalls-once", ""},
    {"500s", "500 Internal Server Error"},
    {"500-twice", ""},
    {"503-twice", ""},
    {"429-twice", ""},
    {"503-for-a-year", "it wants to be left alone for"},
    {"hangs-up", "(tried 3 times)"},
    {"wrong-manifest-digest", "and the registry says sha256:"},
    {"wrong-media-type", "it was announced as application/vnd.oci.image.index.v1+json"},
    {"no-media-type", "which is neither a manifest nor an index"},
    {"no-digest-header", ""},
    {"wrong-digest-header", "and the registry says sha256:"},
    {"ambiguous-manifest", "one program would take it for an index, another one for an image"},
    {"wrong-length", "the manifest says 101889"},
    {"huge-length", "the manifest says 1000000000000000000"},
    {"evil-digest", "/layers/0/digest: no digest"},
    {"schema-1", "Docker's first schema"},
    {"huge-manifest", "longer than the limit of 4194304 bytes"},
    {"deep-manifest", "deeper than the limit of 64"},
    {"index-loop", "more than 4 indexes in each other"},
    {"huge-header", "or one that is too long"},
    {"many-headers", "more headers than are read"},
    {"html", "which is neither a manifest nor an index"},
    {"evil-error", "manifest unknown"},
    {"not-a-registry", "manifest unknown"},
    {"redirect-to-other-host", ""},
    {"redirect-to-http", ""},  // as it does not leave TLS here, it may
    {"basic-realm-phishing", "401 Unauthorized"},
    {"redirect-with-user", "a name or password has no place in it"},
    {"redirect-of-manifest", ""},
    {"endless-redirect", "once more, after 5 redirects"},
    {"three-redirects", ""},
    {"redirect-to-file", "only http and https are spoken here"},
    {"redirect-to-gopher", "only http and https are spoken here"},
    {"redirect-to-link-local", "neither TLS nor this machine"},
    {"foreign-layers", ""},
};

/// What `opensesame` looks like wherever it could be.
bool has_secret(const std::string& text) {
  return contains(text, "opensesame") || contains(text, "YWRhOm9wZW5zZXNhbWU");
}

/// What the second host must never have been told.
std::string told_to_other(const LyingRegistry& registry) {
  std::istringstream lines{registry.seen()};
  std::string told;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("other ") &&
        (contains(line, "| authorization:") || contains(line, "| cookie:") || has_secret(line)))
      told += line + '\n';
  return told;
}

/// Pulls; all that must hold whatever the registry did is checked.
Result pull(const RegistryShell& shell, const LyingRegistry& registry) {
  Result result = shell("stage10 pull " + registry.address() + "/x");
  CHECK_FALSE(has_secret(result.output));
  CHECK_FALSE(contains(result.output, "\033"));
  CHECK(told_to_other(registry).empty());
  const Result state = shell("stage10 system check; ls store/tmp; stage10 images -q | wc -l");
  CHECK(contains(state.output, "all is well\n"));
  CHECK(state.output.ends_with(result.code == 0 ? "\n1\n" : "\n0\n"));
  return result;
}

}  // namespace

TEST_CASE("whatever a registry says, nothing unproven is stored, and nobody learns the password",
          "[stage10][security]") {
  NEEDS_ROOT();
  const auto& row = GENERATE(from_range(kLies));
  DYNAMIC_SECTION(row.lie) {
    const RegistryShell shell;
    make_layout(shell.layout(), 1);
    const LyingRegistry registry{shell.layout(),
                                 for_ada({"--access", "basic", "--from-bytes", "100000", "--lie", row.lie})};
    shell.log_in(registry.address());
    const Result result = pull(shell, registry);
    INFO(result.output);
    CHECK((result.code == 0) == std::string_view{row.says}.empty());
    CHECK(contains(result.output, row.says));
    CHECK(result.code == (std::string_view{row.says}.empty() ? 0 : 125));
  }
}

TEST_CASE("every lie about pulling is in the table", "[stage10]") {
  const RegistryShell shell;
  std::istringstream all{
      shell("lying-registry --help | sed '/^Usage/,$d' | sed -n 's/^  \\([a-z0-9-]*\\) .*/\\1/p'").output};
  const std::set<std::string> elsewhere = {"token-too-long", "token-with-newline",    "no-token",
                                           "endless-tags",   "bearer-realm-phishing", "realm-redirects",
                                           "realm-is-file",  "realm-is-link-local",   "upload-to-other-host",
                                           "upload-to-file", "upload-nowhere",        "upload-forgotten",
                                           "upload-500-once"};
  std::set<std::string> here;
  for (const Row& row : kLies) here.insert(row.lie);
  std::size_t count = 0;
  for (std::string lie; all >> lie; ++count) {
    CAPTURE(lie);
    CHECK((here.contains(lie) || elsewhere.contains(lie)));
  }
  CHECK(count == here.size() + elsewhere.size());
}

TEST_CASE("a token server is asked as the user, and for no longer than it must", "[stage10]") {
  NEEDS_ROOT();
  const RegistryShell shell;
  make_layout(shell.layout(), 3);
  SECTION("by anybody, where anybody may pull") {
    const LyingRegistry registry{shell.layout(), for_ada({"--access", "bearer"})};
    CHECK(pull(shell, registry).code == 0);
    CHECK(registry.count("registry GET /token") == 1);  // three layers, one token
    CHECK_FALSE(contains(registry.seen(), "authorization: Basic"));
  }
  SECTION("by the user, where nobody else may") {
    const LyingRegistry registry{
        shell.layout(), for_ada({"--access", "bearer", "--no-anonymous", "--token-key", "access_token"})};
    const Result stranger = pull(shell, registry);
    CHECK(stranger.code == 125);
    CHECK(contains(stranger.output, "cure:  log in: `login " + registry.address() + "`"));
    shell.log_in(registry.address());
    CHECK(pull(shell, registry).code == 0);
  }
  SECTION("and who is refused with a new token gives up") {
    const LyingRegistry registry{shell.layout(), for_ada({"--access", "bearer", "--refuse-tokens"})};
    CHECK(pull(shell, registry).code == 125);
    CHECK(registry.count("registry GET /token") <= 3);
  }
  SECTION("a token server of another host is asked by nobody, and by the user if he said so") {
    const LyingRegistry registry{shell.layout(), for_ada({"--access", "bearer", "--realm", "other"})};
    shell.log_in(registry.address());
    const Result refused = pull(shell, registry);
    CHECK(contains(refused.output,
                   "wants your password sent to another host, http://" + registry.other_address()));
    CHECK(registry.count("other ") == 0);
    shell.write("registries.json", fmt::format(R"({{"token-realms": ["{}"]}})", registry.other_address()));
    (void)shell("stage10 pull " + registry.address() + "/x");
    CHECK(contains(registry.seen(), "| authorization: Basic YWRhOm9wZW5zZXNhbWU="));
    CHECK(registry.count("other GET /token") > 0);
  }
}

TEST_CASE("tokens are not fetched where they could be phished, nor believed when they are none",
          "[stage10][security]") {
  NEEDS_ROOT();
  const auto& row = GENERATE(from_range(std::vector<Row>{
      {"bearer-realm-phishing", "wants your password sent to another host"},
      {"realm-redirects", ""},
      {"realm-is-file", "only http and https are spoken here"},
      {"realm-is-link-local", "which is not TLS"},
      {"token-too-long", "limit"},
      {"token-with-newline", "there is no token in it"},
      {"no-token", "there is no token in it"},
  }));
  DYNAMIC_SECTION(row.lie) {
    const RegistryShell shell;
    make_layout(shell.layout(), 1);
    // A lie about the realm is the challenge itself.
    const char* const access = contains(row.lie, "realm") ? "none" : "bearer";
    const LyingRegistry registry{shell.layout(), for_ada({"--access", access, "--lie", row.lie})};
    shell.log_in(registry.address());
    const Result result = pull(shell, registry);
    INFO(result.output);
    // A token of the second host's, for which nobody gave a password, does no harm.
    CHECK(result.code == (std::string_view{row.says}.empty() ? 0 : 125));
    CHECK(contains(result.output, row.says));
  }
}

TEST_CASE("what is no registry at all is told from one without the image", "[stage10]") {
  NEEDS_ROOT();
  const RegistryShell shell;
  make_layout(shell.layout(), 1);
  const LyingRegistry registry{shell.layout(), {"--lie", "not-a-registry"}};
  CHECK_SCRIPT_SAYS(shell, "stage10 pull " + registry.address() + "/x", 125, "is no registry of version 2");
}

TEST_CASE("an endless list of tags ends", "[stage10][security]") {
  NEEDS_ROOT();
  const RegistryShell shell;
  make_layout(shell.layout(), 1);
  const LyingRegistry registry{shell.layout(), {"--lie", "endless-tags"}};
  CHECK_SCRIPT_SAYS(shell, "stage10 pull -a " + registry.address() + "/x", 125,
                    "the list of tags of x does not end");
}

TEST_CASE("an upload goes where the rules let it, and on after a stumble", "[stage10][security]") {
  NEEDS_ROOT();
  const auto& row = GENERATE(from_range(std::vector<Row>{
      {"upload-to-other-host", ""},
      {"upload-to-file", "only http and https are spoken here"},
      {"upload-nowhere", "does not say where to"},
      {"upload-forgotten", "404"},
      {"upload-500-once", ""},
  }));
  DYNAMIC_SECTION(row.lie) {
    const RegistryShell shell;
    make_layout(shell.layout(), 1);
    const LyingRegistry registry{shell.layout(), for_ada({"--access", "basic", "--lie", row.lie})};
    shell.make_box(registry.address());
    shell.log_in(registry.address());
    const Result pushed = shell("stage10 push " + registry.address() + "/box");
    INFO(pushed.output);
    CHECK_FALSE(has_secret(pushed.output));
    CHECK(told_to_other(registry).empty());
    CHECK(contains(pushed.output, row.says));
    if (std::string_view{row.says}.empty() && std::string_view{row.lie} != "upload-to-other-host")
      CHECK(pushed.code == 0);
    CHECK_FALSE(std::filesystem::exists("/tmp/dockwright-evil"));
  }
}
