// `search`. Docker Hub has a search, of an older protocol; the
// specification of registries has none. What it has is a list of all
// repositories, which many registries do not give out. So this asks for
// the one, then for the other, and says which it was.

#include <unistd.h>

#include <memory>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/listing.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/10-registry/client/commands.hpp"
#include "chapters/10-registry/client/credentials.hpp"
#include "chapters/10-registry/client/repository.hpp"
#include "common/check.hpp"
#include "common/json.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kWidestDescription = 45;
constexpr int kMostPages = 100;

struct SearchOptions {
  std::vector<std::string> words{};
  RegistryOptions registry{};
  std::string limit = "25";
  std::string format{};
  bool whole = false;
};

/// `localhost:5000/flask` is to be sought there, `flask` on Docker Hub.
struct Question {
  std::string registry = "docker.io";
  std::string term{};
};

Question question_of(const std::string& word) {
  const std::size_t slash = word.find('/');
  if (slash == std::string::npos) return {.term = word};
  const auto name = Reference::try_parse(word.substr(0, slash) + "/x");
  if (!name || name->registry() == "docker.io") return {.term = word};
  return {.registry = name->registry(), .term = word.substr(slash + 1)};
}

Listing table_of() {
  return {.columns = {{"Name", "NAME"},
                      {"Description", "DESCRIPTION"},
                      {"StarCount", "STARS"},
                      {"IsOfficial", "OFFICIAL"}}};
}

std::string shortened(std::string text, bool whole) {
  for (char& c : text)
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  text = terminal::without_controls(text);
  if (whole || text.size() <= kWidestDescription) return text;
  std::size_t cut = kWidestDescription - 1;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) ==
                        0x80U)  // not within a letter
    --cut;
  return text.substr(0, cut) + "…";
}

/// Docker Hub's answer.
Listing read_results(const std::string& text, std::size_t limit,
                     bool whole) {
  const JsonDocument document{"the search's answer", text};
  Listing listing = table_of();
  for (const JsonNode& found : document.root().at("results").items()) {
    if (listing.rows.size() == limit) break;
    const auto stars = found.find("star_count");
    const auto official = found.find("is_official");
    listing.rows.push_back(
        {{"Name", terminal::without_controls(found.at("name").text())},
         {"Description",
          shortened(found.text_of("description"), whole)},
         {"StarCount",
          stars ? std::to_string(stars->integer()) : std::string{"0"}},
         {"IsOfficial",
          official && official->boolean() ? "[OK]" : ""}});
  }
  return listing;
}

/// The repositories of a registry whose names have `term` in them;
/// nothing where the registry keeps its list to itself.
std::optional<Listing> from_catalogue(Connection& connection,
                                      const Question& question,
                                      std::size_t limit) {
  Listing listing = table_of();
  Url url = connection.at("/v2/_catalog?n=1000");
  for (int page = 0; page < kMostPages; ++page) {
    const HttpResponse response =
        connection.send({.http = {.url = url}});
    if (!response.ok()) return std::nullopt;
    const JsonDocument document{"the catalogue", response.body};
    for (const std::string& name :
         document.root().texts_of("repositories"))
      if (name.find(question.term) != std::string::npos &&
          listing.rows.size() < limit)
        listing.rows.push_back(
            {{"Name", question.registry + '/' +
                          terminal::without_controls(name)},
             {"Description", ""},
             {"StarCount", ""},
             {"IsOfficial", ""}});
    const auto next = next_link(response.header("link"));
    if (!next || listing.rows.size() == limit) break;
    const Url there = url.resolve(*next);
    if (there.origin != url.origin) break;
    url = there;
  }
  return listing;
}

std::size_t parse_limit(const std::string& text) {
  int limit = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || limit > 100)
      limit = 1000;
    else
      limit = 10 * limit + (c - '0');
  }
  if (text.empty() || limit < 1 || limit > 100)
    throw Failure{fmt::format(
        "--limit {}: a number from 1 to 100 is expected", text)};
  return static_cast<std::size_t>(limit);
}

Listing search_there(const Settings& settings, const Question& question,
                     std::size_t limit, bool whole) {
  const bool hub = question.registry == "docker.io";
  const auto session = open_session(
      settings, hub ? "index.docker.io" : question.registry,
      hub ? std::nullopt
          : find_credentials(DockerConfig::open(), question.registry));
  Connection connection{*session};
  const HttpResponse response = connection.send(
      {.http = {.url = connection.at(
                    fmt::format("/v1/search?q={}&n={}",
                                query_escaped(question.term), limit))},
       .anonymous = true});
  if (response.ok()) return read_results(response.body, limit, whole);
  const auto listing = from_catalogue(connection, question, limit);
  if (!listing)
    throw Failure{fmt::format(
        "{} offers no search, and does not list its repositories",
        question.registry)};
  const std::string note = fmt::format(
      "{} offers no search; these are the repositories whose names "
      "have "
      "{:?} in them\n",
      question.registry, question.term);
  ignore(::write(STDERR_FILENO, note.data(), note.size()),
         "the list is what matters");
  return *listing;
}

int search(const SearchOptions& options) {
  expect_words(options.words, 1, 1, "search TERM");
  const std::size_t limit = parse_limit(options.limit);
  const Settings settings = settings_of(options.registry);
  prepare_http();
  const Question question = question_of(options.words.front());
  print(listed(search_there(settings, question, limit, options.whole),
               options.format));
  return 0;
}

}  // namespace

cli::Command search_command() {
  return {.name = "search",
          .about = "Look for images in a registry",
          .chapter = 10,
          .declare = [](cli::Options& options) -> std::function<int()> {
            auto target = std::make_shared<SearchOptions>();
            options.words(target->words, "TERM",
                          "What to look for: [REGISTRY/]WORD");
            options.value("--limit", target->limit, "N",
                          "At most so many: 1 to 100, else 25");
            options.value("--format", target->format, "TEMPLATE",
                          "`table`, `json` or a template");
            options.flag("--no-trunc", target->whole, true,
                         "Print descriptions whole");
            registry_options(options, target->registry);
            return [target] { return search(*target); };
          }};
}

}  // namespace dockwright
