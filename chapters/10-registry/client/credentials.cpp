#include "chapters/10-registry/client/credentials.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "chapters/10-registry/client/secret.hpp"
#include "common/check.hpp"
#include "common/json.hpp"
#include "common/pipe.hpp"
#include "common/process.hpp"
#include "common/sys.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLongestAnswer = 65'536;

/// How a helper says that it knows nobody there.
constexpr std::string_view kNotFound = "credentials not found";
/// The name that stands for an identity token.
constexpr std::string_view kTokenUser = "<token>";

/// The helper's program, found as a shell would find it.
std::string helper_path(const std::string& name) {
  const std::string program = "docker-credential-" + name;
  if (name.find('/') != std::string::npos)
    throw Failure{fmt::format(
        "config.json names {:?} as a credential helper, and a name has "
        "no slash",
        name)};
  const char* const path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
  while (!rest.empty()) {
    const std::string_view directory = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(directory.size() + 1, rest.size()));
    if (!directory.starts_with('/')) continue;
    std::string file = fmt::format("{}/{}", directory, program);
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  throw Failure{
      fmt::format("{} is not there, which keeps your passwords as "
                  "config.json has it",
                  program)};
}

std::vector<std::string> own_environment() {
  std::vector<std::string> all;
  for (char** each = environ; *each != nullptr; ++each)
    all.emplace_back(*each);
  return all;
}

struct Answer {
  int code = 0;
  std::string text{};
};

std::string read_answer(const UniqueFd& pipe) {
  std::string text(kLongestAnswer, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got =
        check(retry([&] {
                return ::read(pipe.get(), text.data() + size,
                              text.size() - size);
              }),
              "read what the credential helper says");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Answer ask_helper(const std::string& name, const std::string& word,
                  const std::string& input) {
  const std::string path = helper_path(name);
  const std::vector<std::string> words = {path, word};
  const auto environment = own_environment();
  Pipe to = make_pipe();
  Pipe from = make_pipe();
  Process helper = spawn({.speaker = "the credential helper"}, [&] {
    sys::dup2(to.read_end, STDIN_FILENO);
    sys::dup2(from.write_end, STDOUT_FILENO);
    sys::execve(path, words, environment);
  });
  to.read_end.reset();
  from.write_end.reset();
  helper.expect_started();
  // A pipe holds 64 KiB: this goes in, whether it is read or not.
  ignore(::write(to.write_end.get(), input.data(),
                 std::min(input.size(), kLongestAnswer)),
         "whoever does not read will answer with an error");
  to.write_end.reset();
  Answer answer{.text = read_answer(from.read_end)};
  from.read_end.reset();
  answer.code = helper.wait();
  return answer;
}

[[noreturn]] void helper_failed(const std::string& name,
                                const std::string& word,
                                const Answer& answer) {
  throw Failure{fmt::format(
      "docker-credential-{} {}: {}", name, word,
      answer.text.empty() ? fmt::format("exit code {}", answer.code)
                          : terminal::without_controls(answer.text))};
}

std::optional<Credentials> get_from(const std::string& helper,
                                    const std::string& registry) {
  const Answer answer = ask_helper(helper, "get", config_key(registry));
  if (answer.code != 0) {
    if (answer.text.starts_with(kNotFound)) return std::nullopt;
    helper_failed(helper, "get", answer);
  }
  const JsonDocument document = read_secret(
      fmt::format("the answer of docker-credential-{}", helper),
      answer.text, {.bytes = kLongestAnswer, .depth = 4});
  Credentials found{.user = document.root().text_of("Username"),
                    .password = document.root().text_of("Secret")};
  if (found.user == kTokenUser)
    return Credentials{.identity_token = std::move(found.password)};
  return found;
}

void store_in(const std::string& helper, const std::string& registry,
              const Credentials& credentials) {
  const bool token = !credentials.identity_token.empty();
  const nlohmann::ordered_json json{
      {"ServerURL", config_key(registry)},
      {"Username", token ? std::string{kTokenUser} : credentials.user},
      {"Secret",
       token ? credentials.identity_token : credentials.password}};
  const Answer answer = ask_helper(helper, "store", write_json(json));
  if (answer.code != 0) helper_failed(helper, "store", answer);
}

}  // namespace

std::optional<Credentials> find_credentials(
    const DockerConfig& config, const std::string& registry) {
  const std::string helper = config.helper(registry);
  if (!helper.empty()) return get_from(helper, registry);
  return config.stored(registry);
}

std::string store_credentials(const DockerConfig& config,
                              const std::string& registry,
                              const Credentials& credentials) {
  const std::string helper = config.helper(registry);
  if (helper.empty()) {
    config.write(config.with(registry, credentials));
    return config.path();
  }
  store_in(helper, registry, credentials);
  // As Docker: an entry without a password says that there is one.
  config.write(config.with(registry, {}));
  return "docker-credential-" + helper;
}

bool erase_credentials(const DockerConfig& config,
                       const std::string& registry) {
  const std::string helper = config.helper(registry);
  bool found = config.stored(registry).has_value();
  if (!helper.empty()) {
    found = get_from(helper, registry).has_value();
    const Answer answer =
        ask_helper(helper, "erase", config_key(registry));
    if (answer.code != 0 && !answer.text.starts_with(kNotFound))
      helper_failed(helper, "erase", answer);
  }
  config.write(config.without(registry));
  return found;
}

}  // namespace dockwright
