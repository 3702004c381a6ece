#include "chapters/12-build-cache/stages/stage_workers.hpp"

#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "chapters/03-namespaces/init.hpp"
#include "chapters/11-dockerfile/step_child.hpp"
#include "common/check.hpp"
#include "common/pipe.hpp"
#include "common/process.hpp"

namespace dockwright {

namespace {

/// Steps wait for disks, too: one more than there are processors.
std::size_t most_at_once() {
  cpu_set_t processors;
  CPU_ZERO(&processors);
  if (::sched_getaffinity(0, sizeof processors, &processors) != 0)
    return 2;
  return static_cast<std::size_t>(CPU_COUNT(&processors)) + 1;
}

pollfd readable(const UniqueFd& file) {
  return {.fd = file.get(), .events = POLLIN, .revents = 0};
}

/// How long a worker has to clear up.
constexpr int kPatience = 5000;

}  // namespace

struct StageWorkers::Worker {
  std::size_t stage = 0;
  UniqueFd messages;
  Process process;
  StageReader reader{};
  std::map<StepId, StepId> numbers{};  ///< Its own, and the build's.
  std::optional<ImageState> made{};
  std::optional<StageFailure> failure{};
  bool ended = false;
};

StageWorkers::StageWorkers(const StageGraph& graph, BuildEvents& events,
                           const Signals& signals, StepId steps_before)
    : graph_{graph},
      events_{events},
      signals_{signals},
      last_step_{steps_before} {}

StageWorkers::~StageWorkers() = default;

//! [make]
MadeStages StageWorkers::make(std::size_t target,
                              const StageMaker& maker) {
  waiting_ = graph_.needed_for(target);
  while (!waiting_.empty() || !workers_.empty()) {
    begin_ready(maker);
    wait_for_any();
  }
  return std::move(made_);
}

void StageWorkers::begin_ready(const StageMaker& maker) {
  const auto is_made = [&](std::size_t stage) {
    return made_.contains(stage);
  };
  std::vector<std::size_t> still_waiting;
  for (const std::size_t stage : waiting_) {
    const std::vector<std::size_t>& needs = graph_.needs(stage);
    if (workers_.size() < most_at_once() &&
        std::all_of(needs.begin(), needs.end(), is_made))
      begin(stage, maker);
    else
      still_waiting.push_back(stage);
  }
  waiting_ = std::move(still_waiting);
}
//! [make]

void StageWorkers::begin(std::size_t stage, const StageMaker& maker) {
  Pipe pipe = make_pipe();
  const UniqueFd parent = own_pidfd();
  Process process = spawn({.speaker = "a stage"}, [&] {
    die_with_parent(parent);
    pipe.read_end.reset();
    for (const auto& other : workers_) other->messages.reset();
    WiredEvents events{pipe.write_end};
    try {
      const StageTelling telling{events, [&](const auto& record) {
                                   send_message(pipe.write_end, record);
                                 }};
      send_message(pipe.write_end, maker(stage, made_, telling));
      return 0;
    } catch (const std::exception& error) {
      send_message(pipe.write_end, failure_of(error));
      return 1;
    }
  });
  workers_.push_back(std::make_unique<Worker>(
      Worker{.stage = stage,
             .messages = std::move(pipe.read_end),
             .process = std::move(process)}));
}

void StageWorkers::wait_for_any() {
  std::vector<pollfd> waits{readable(signals_.descriptor())};
  for (const auto& worker : workers_)
    waits.push_back(readable(worker->messages));
  check_call("poll", retry([&] {
               return ::poll(waits.data(), waits.size(), -1);
             }),
             "wait for the stages");
  if (waits.front().revents != 0)
    while (const auto signal = signals_.next())
      if (signal->ssi_signo == SIGINT || signal->ssi_signo == SIGTERM ||
          signal->ssi_signo == SIGHUP) {
        stop_all();
        throw Interrupted{static_cast<int>(signal->ssi_signo)};
      }
  for (std::size_t i = 1; i < waits.size(); ++i)
    if (waits[i].revents != 0) hear(*workers_[i - 1]);
  std::erase_if(workers_,
                [](const auto& worker) { return worker->ended; });
}

void StageWorkers::hear(Worker& worker) {
  std::array<char, 65'536> bytes;
  const auto size =
      check_call("read", retry([&] {
                   return ::read(worker.messages.get(), bytes.data(),
                                 bytes.size());
                 }),
                 "hear what a stage tells");
  worker.reader.add({bytes.data(), static_cast<std::size_t>(size)});
  while (const auto message = worker.reader.next())
    take(worker, *message);
  if (size == 0) end(worker);
}

void StageWorkers::take(Worker& worker, const StageMessage& message) {
  if (const auto* const made = std::get_if<ImageState>(&message)) {
    worker.made = *made;
  } else if (const auto* const failure =
                 std::get_if<StageFailure>(&message)) {
    worker.failure = *failure;
  } else if (const auto* const record =
                 std::get_if<CacheRecord>(&message)) {
    records_[worker.stage].push_back(*record);
  } else {
    BuildEvent event = std::get<BuildEvent>(message);
    const auto [number, first] =
        worker.numbers.try_emplace(event.step, last_step_ + 1);
    if (first) ++last_step_;
    event.step = number->second;
    events_.tell(event);
  }
}

void StageWorkers::end(Worker& worker) {
  worker.ended = true;
  const int code = worker.process.wait();
  if (worker.made) {
    made_.emplace(worker.stage, std::move(*worker.made));
    return;
  }
  const StageFailure failure = worker.failure.value_or(StageFailure{
      .text = fmt::format("a stage ended without a word ({})", code)});
  stop_all();
  raise(failure);
}

/// Each is asked to end, so that it can clear up, and then made to.
void StageWorkers::stop_all() {
  for (const auto& worker : workers_)
    if (!worker->ended) worker->process.signal(SIGTERM);
  for (const auto& worker : workers_) {
    if (worker->ended) continue;
    pollfd end = readable(worker->process.pidfd());
    ignore(retry([&] { return ::poll(&end, 1, kPatience); }),
           "who does not end is killed by its owner");
  }
  workers_.clear();
}

}  // namespace dockwright
