// `stats`: Docker's table, from the counters of the groups. Processor
// time is counted from the beginning, so a share of it needs two looks
// and the time between them.

#include "chapters/05-cgroups/stats.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <thread>

#include "chapters/05-cgroups/quantities.hpp"
#include "chapters/05-cgroups/usage.hpp"
#include "common/check.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

using Clock = std::chrono::steady_clock;

struct StatsOptions {
  std::vector<std::string>
      containers{};  ///< Beginnings of ids; empty: all.
  std::string format = "table";
  std::string parent{};
  bool stream = true;
};

/// One line of the table.
struct Row {
  std::string container{};
  Usage usage{};
  double cpu_percent = 0;
};

/// Two looks at all groups, half a second or so apart.
class Looks {
 public:
  explicit Looks(const StatsOptions& options)
      : options_{options}, place_{usual_place()} {
    if (!options.parent.empty()) place_.parent += options.parent;
  }

  /// What is there now, with the share of processor time since the last
  /// look.
  std::vector<Row> look() {
    const auto now = Clock::now();
    const std::chrono::duration<double, std::micro> passed =
        now - last_;
    std::map<std::string, std::uint64_t> times;
    std::vector<Row> rows;
    for (const std::string& container : containers_at(place_)) {
      if (!is_wanted(container)) continue;
      Row row{.container = container,
              .usage = read_usage(place_, container)};
      times[container] = row.usage.cpu_us;
      if (const auto before = times_.find(container);
          before != times_.end() && row.usage.cpu_us > before->second)
        row.cpu_percent =
            100 *
            static_cast<double>(row.usage.cpu_us - before->second) /
            passed.count();
      rows.push_back(std::move(row));
    }
    times_ = std::move(times);
    last_ = now;
    return rows;
  }

 private:
  [[nodiscard]] bool is_wanted(const std::string& container) const {
    return options_.containers.empty() ||
           std::any_of(options_.containers.begin(),
                       options_.containers.end(),
                       [&](const std::string& asked) {
                         return container.starts_with(asked);
                       });
  }

  const StatsOptions& options_;
  Place place_;
  Clock::time_point last_{};
  std::map<std::string, std::uint64_t> times_{};
};

double memory_percent(const Usage& usage) {
  return 100 * static_cast<double>(usage.memory_bytes) /
         static_cast<double>(usage.memory_limit_bytes);
}

/// `[###.......]`, for the eye.
std::string bar(double percent) {
  constexpr std::size_t kCells = 10;
  const auto full = static_cast<std::size_t>(
      std::clamp(percent / kCells + 0.5, 0.0, double{kCells}));
  return fmt::format("[{}{}]", std::string(full, '#'),
                     std::string(kCells - full, '.'));
}

std::string pair_of(std::uint64_t left, std::uint64_t right) {
  return fmt::format("{} / {}", human_size(left), human_size(right));
}

std::string table(const std::vector<Row>& rows, bool with_bars) {
  std::string text = fmt::format(
      "{:<14} {:<16} {:>8} {:>21} {:>7} {}{:>17} {:>6}\n", "CONTAINER",
      "COMMAND", "CPU %", "MEM USAGE / LIMIT", "MEM %",
      with_bars ? "             " : "", "BLOCK I/O", "PIDS");
  for (const Row& row : rows) {
    const double percent = memory_percent(row.usage);
    text += fmt::format(
        "{:<14} {:<16} {:>7.2f}% {:>21} {:>6.2f}% {}{:>17} {:>6}\n",
        row.container, terminal::without_controls(row.usage.command),
        row.cpu_percent,
        pair_of(row.usage.memory_bytes, row.usage.memory_limit_bytes),
        percent, with_bars ? bar(percent) + " " : "",
        pair_of(row.usage.read_bytes, row.usage.written_bytes),
        row.usage.processes);
  }
  return text;
}

/// The name of a program may hold anything but a slash and a zero byte.
std::string json_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\')
      quoted += fmt::format("\\u{:04x}", byte);
    else
      quoted += c;
  }
  return quoted + '"';
}

/// Docker's names for the values, a line each.
std::string json(const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows)
    text += fmt::format(
        R"({{"ID":"{}","Command":{},"CPUPerc":"{:.2f}%","MemUsage":"{}",)"
        R"("MemPerc":"{:.2f}%","BlockIO":"{}","PIDs":"{}"}})"
        "\n",
        row.container, json_string(row.usage.command), row.cpu_percent,
        pair_of(row.usage.memory_bytes, row.usage.memory_limit_bytes),
        memory_percent(row.usage),
        pair_of(row.usage.read_bytes, row.usage.written_bytes),
        row.usage.processes);
  return text;
}

bool print(std::string_view text) {
  while (!text.empty()) {
    const auto written = retry([&] {
      return ::write(STDOUT_FILENO, text.data(), text.size());
    });
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

int stats(const StatsOptions& options) {
  using namespace std::chrono_literals;
  if (options.format != "table" && options.format != "json")
    throw Failure{fmt::format("--format {}: it is table or json",
                              options.format)};
  const bool live = options.stream && ::isatty(STDOUT_FILENO) == 1;
  Looks looks{options};
  ignore(static_cast<long>(looks.look().size()),
         "the first look only notes the time");
  do {
    std::this_thread::sleep_for(options.stream ? 1s : 500ms);
    const std::vector<Row> rows = looks.look();
    const std::string text =
        options.format == "json"
            ? json(rows)
            : table(rows, ::isatty(STDOUT_FILENO) == 1);
    // Home, and clear what is below: the table is drawn over itself.
    if (!print(live && options.format == "table" ? "\033[H\033[J" + text
                                                 : text))
      return 0;
  } while (options.stream);
  return 0;
}

}  // namespace

cli::Command stats_command() {
  return {.name = "stats",
          .about = "Show what running containers use",
          .chapter = 5,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto asked = std::make_shared<StatsOptions>();
            options.words(asked->containers, "[CONTAINER...]",
                          "Only these, by the beginning of their id");
            options.value("--format", asked->format, "table|json",
                          "A table (default), or a line of JSON each");
            options.flag("--no-stream", asked->stream, false,
                         "Print once, and end");
            options.value("--cgroup-parent", asked->parent, "GROUP",
                          "Where they were started with this option");
            return [asked] { return stats(*asked); };
          }};
}

}  // namespace dockwright
