#include "chapters/10-registry/hand_over.hpp"

#include <unistd.h>

#include <climits>
#include <span>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

std::string own_path() {
  std::string path(PATH_MAX, '\0');
  const auto size =
      check(::readlink("/proc/self/exe", path.data(), path.size()),
            "ask where our own program is");
  path.resize(static_cast<std::size_t>(size));
  return path;
}

//! [hand_over]
/// Comes back only by throwing: the terminal, the environment, the
/// process and its exit code are the other program's from here on.
int hand_over(std::span<const std::string> words) {
  const std::string client = registry_client();
  because("another program speaks to registries, in our place");
  sys::execve(client, client_words({words.begin(), words.end()}),
              own_environment());
}
//! [hand_over]

cli::Command handed_over(const char* name, const char* about) {
  return {.name = name,
          .about = about,
          .chapter = 10,
          .hand_over = hand_over};
}

}  // namespace

std::string registry_client() {
  std::string path = own_path();
  path.replace(path.rfind('/') + 1, std::string::npos,
               "registry-client");
  if (::access(path.c_str(), X_OK) == 0) return path;
  throw Failure{
      fmt::format("{} is not there, which speaks to registries for us",
                  path),
      Advice{.cause = "the stage was moved without it, or it was not "
                      "built",
             .cure =
                 "cmake --build build --target registry-client, and "
                 "keep the two in one directory",
             .chapter = 10,
             .anchor = "ch10-fails"}};
}

std::vector<std::string> client_words(
    const std::vector<std::string>& words) {
  const std::string own = own_path();
  std::vector<std::string> all = {own.substr(own.rfind('/') + 1)};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

std::vector<std::string> own_environment() {
  std::vector<std::string> all;
  for (char** each = environ; *each != nullptr; ++each)
    all.emplace_back(*each);
  return all;
}

std::vector<cli::Command> registry_commands() {
  return {handed_over("pull", "Fetch an image from a registry"),
          handed_over("push", "Send an image to a registry"),
          handed_over("login", "Tell a registry who you are"),
          handed_over("logout", "Forget who you are at a registry"),
          handed_over("search", "Look for images in a registry"),
          handed_over("manifest inspect",
                      "Show what a registry has under a name"),
          handed_over("registry serve",
                      "Be a registry: give out what the store has"),
          handed_over("image pull", "Fetch an image from a registry"),
          handed_over("image push", "Send an image to a registry")};
}

}  // namespace dockwright
