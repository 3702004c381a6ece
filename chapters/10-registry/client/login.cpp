// `login` and `logout`. A password is asked for without showing it, or
// read from standard input; it is tried before it is kept.

#include <termios.h>
#include <unistd.h>

#include <memory>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/10-registry/client/commands.hpp"
#include "chapters/10-registry/client/credentials.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLongestPassword = 65'536;

struct LoginOptions {
  std::vector<std::string> words{};
  RegistryOptions registry{};
  std::string user{};
  std::string password{};
  bool password_stdin = false;
};

void note(const std::string& text) {
  ignore(::write(STDERR_FILENO, text.data(), text.size()),
         "nobody may be there to read it");
}

/// A terminal that does not show what is typed, for as long as this
/// lives.
class Silence {
 public:
  Silence() {
    check(::tcgetattr(STDIN_FILENO, &before_),
          "ask how the terminal is set");
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    check(::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent),
          "stop the terminal from showing what is typed");
  }
  Silence(Silence&&) = delete;
  ~Silence() {
    ignore(::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_),
           "a terminal that is gone needs no setting");
  }

 private:
  termios before_{};
};

/// A line from standard input, without its end.
std::string read_line() {
  std::string line;
  char c = 0;
  while (line.size() < kLongestPassword) {
    const auto got =
        check(retry([&] { return ::read(STDIN_FILENO, &c, 1); }),
              "read standard input");
    if (got == 0 || c == '\n') break;
    line += c;
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string ask(const std::string& question) {
  note(question);
  return read_line();
}

std::string ask_silently(const std::string& question) {
  std::string answer;
  {
    const Silence silence;
    answer = ask(question);
  }
  note("\n");
  return answer;
}

Credentials asked(const LoginOptions& options) {
  Credentials mine{.user = options.user, .password = options.password};
  if (!mine.password.empty())
    note(
        "WARNING! Using --password via the CLI is insecure. Use "
        "--password-stdin.\n");
  if (options.password_stdin) {
    if (mine.user.empty())
      throw Failure{"--password-stdin goes with --username"};
    mine.password = read_line();
  }
  const bool all = !mine.user.empty() && !mine.password.empty();
  if (!all && !options.password_stdin && ::isatty(STDIN_FILENO) != 1)
    throw Failure{
        "there is no terminal to ask at: give --username and "
        "--password-stdin"};
  if (mine.user.empty()) mine.user = ask("Username: ");
  if (mine.password.empty() && !options.password_stdin)
    mine.password = ask_silently("Password: ");
  if (mine.user.empty() || mine.password.empty())
    throw Failure{"a user's name and a password are needed"};
  if (mine.user.find(':') != std::string::npos)
    throw Failure{"a user's name has no colon in it"};
  return mine;
}

/// Whether the registry takes them. Gives back what to keep: the token
/// that it gave instead, if it did.
Credentials try_login(const Settings& settings,
                      const std::string& registry,
                      const Credentials& mine) {
  const auto session = open_session(settings, registry, mine);
  session->authorizer().ask_for_refresh_token();
  Connection connection{*session};
  const HttpResponse response =
      connection.send({.http = {.url = connection.at("/v2/")}});
  if (!response.ok())
    throw Failure{
        fmt::format("{} does not take this name and password: {}",
                    registry, words_of(response))};
  Credentials kept = mine;
  if (std::string token = session->authorizer().refresh_token();
      !token.empty())
    kept = {.user = mine.user, .password = "", .identity_token = token};
  return kept;
}

std::string registry_of(const std::vector<std::string>& words) {
  if (words.empty()) return "docker.io";
  std::string registry = words.front();
  if (const std::size_t scheme = registry.find("://");
      scheme != std::string::npos)
    registry.erase(0, scheme + 3);
  registry = registry.substr(0, registry.find('/'));
  if (registry == "index.docker.io" ||
      registry == "registry-1.docker.io")
    return "docker.io";
  // The grammar of names knows what a registry's is.
  if (!Reference::try_parse(registry + "/x") ||
      Reference::parse(registry + "/x").registry() != registry)
    throw Failure{fmt::format("{:?} is no registry's name", registry)};
  return registry;
}

int login(const LoginOptions& options) {
  expect_words(options.words, 0, 1, "login [SERVER]");
  const std::string registry = registry_of(options.words);
  const Settings settings = settings_of(options.registry);
  const DockerConfig config = DockerConfig::open();
  const Credentials mine = asked(options);
  prepare_http();
  const Credentials kept = try_login(settings, registry, mine);
  const std::string place = store_credentials(config, registry, kept);
  if (place == config.path())
    note(
        fmt::format("WARNING! Your password will be stored unencrypted "
                    "in {}.\n",
                    place));
  print("Login Succeeded\n");
  return 0;
}

int logout(const LoginOptions& options) {
  expect_words(options.words, 0, 1, "logout [SERVER]");
  const std::string registry = registry_of(options.words);
  const DockerConfig config = DockerConfig::open();
  if (erase_credentials(config, registry))
    print(fmt::format("Removing login credentials for {}\n", registry));
  else
    print(fmt::format("Not logged in to {}\n", registry));
  return 0;
}

}  // namespace

cli::Command login_command() {
  return {.name = "login",
          .about = "Tell a registry who you are",
          .chapter = 10,
          .declare = [](cli::Options& options) -> std::function<int()> {
            auto target = std::make_shared<LoginOptions>();
            options.words(target->words, "[SERVER]",
                          "The registry; Docker Hub if there is none");
            options.value("-u,--username", target->user, "NAME",
                          "Who you are there");
            options.value("-p,--password", target->password, "PASSWORD",
                          "Seen by all who list processes");
            options.flag("--password-stdin", target->password_stdin,
                         true, "Read the password from standard input");
            registry_options(options, target->registry);
            return [target] { return login(*target); };
          }};
}

cli::Command logout_command() {
  return {.name = "logout",
          .about = "Forget who you are at a registry",
          .chapter = 10,
          .declare = [](cli::Options& options) -> std::function<int()> {
            auto target = std::make_shared<LoginOptions>();
            options.words(target->words, "[SERVER]",
                          "The registry; Docker Hub if there is none");
            return [target] { return logout(*target); };
          }};
}

}  // namespace dockwright
