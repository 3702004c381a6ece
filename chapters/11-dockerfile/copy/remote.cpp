#include "chapters/11-dockerfile/copy/remote.hpp"

#include <fcntl.h>

#include "chapters/10-registry/hand_over.hpp"
#include "chapters/11-dockerfile/copy/git.hpp"
#include "chapters/11-dockerfile/copy/helper_program.hpp"
#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

/// What it says without who says it, which is us: `stage11: …`.
std::string without_speaker(const std::string& said) {
  const std::string own = client_words({}).front() + ": ";
  return said.starts_with(own) ? said.substr(own.size()) : said;
}

void fetch_file(const std::string& address, const FetchRules& rules,
                const UniqueFd& file) {
  std::vector<std::string> words = {"fetch"};
  if (!rules.checksum.empty())
    words.push_back("--checksum=" + rules.checksum);
  words.push_back(address);
  const HelperResult result =
      run_helper_program({.program = registry_client(),
                          .words = client_words(words),
                          .environment = own_environment(),
                          .output = &file});
  if (result.code != 0)
    throw Failure{fmt::format("failed to fetch {}: {}", address,
                              without_speaker(result.said))};
}

}  // namespace

Address address_kind(std::string_view source) {
  if (parse_git_address(source)) return Address::git;
  if (source.starts_with("http://") || source.starts_with("https://"))
    return Address::web;
  return Address::none;
}

std::string name_in_address(const std::string& address) {
  const std::size_t host = address.find("://") + 3;
  const std::string path =
      address.substr(0, address.find_first_of("?#", host));
  const std::size_t slash = path.rfind('/');
  const std::string name = slash < host ? "" : path.substr(slash + 1);
  if (name.empty() || name == "." || name == "..")
    throw Failure{
        fmt::format("cannot determine filename from url: {}", address)};
  return name;
}

FetchedSources::FetchedSources(const Store& store,
                               const std::vector<std::string>& sources,
                               const FetchRules& rules) {
  for (const std::string& source : sources) {
    const Address kind = address_kind(source);
    if (kind == Address::none) continue;
    if (kind == Address::git) {
      fetched_.push_back(
          {source, fetch_git(store, *parse_git_address(source),
                             {.keep_git_dir = rules.keep_git_dir,
                              .commit = rules.checksum})});
      continue;
    }
    Fetched& one = fetched_.emplace_back(
        Fetched{source, Context::temporary(store),
                name_in_address(source), rules.unpack});
    // As Docker has it: nobody else may read what came from anywhere.
    fetch_file(source, rules,
               files::create_at(one.context.root(), one.file, 0600));
  }
}

std::map<std::string, FetchedSource> FetchedSources::all() const {
  std::map<std::string, FetchedSource> all;
  for (const Fetched& one : fetched_)
    all[one.source] = {.tree = one.context.tree(),
                       .file = one.file,
                       .unpack = one.unpack};
  return all;
}

}  // namespace dockwright
