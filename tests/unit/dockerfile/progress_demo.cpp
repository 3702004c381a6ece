// A build that is none: what the display makes of it can be looked at, and resized, and killed.

#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

#include "chapters/12-build-cache/progress/choose_events.hpp"

using namespace dockwright;

int main(int argc, char** argv) {
  const std::string progress = argc > 1 ? argv[1] : "";
  const auto pause = std::chrono::milliseconds{argc > 2 ? std::stoi(argv[2]) : 200};
  const auto events = choose_events(progress, STDERR_FILENO);
  events->planned(6);
  events->started(1, "[internal] load build definition from Dockerfile");
  events->noted(1, "transferring dockerfile: 1.2kB");
  events->finished(1);
  events->started(2, "[builder 1/4] FROM docker.io/library/python:3");
  events->cached(2);
  events->started(3,
                  "[builder 2/4] RUN pip3 install --no-cache-dir -r requirements.txt && echo größer 日本語");
  events->started(4, "[stage-1 2/3] COPY . .");
  for (int i = 1; i <= 12; ++i) {
    events->output(3, "Collecting flask (" + std::to_string(i) + ")\n\033[31mred\033[0m \033[2J");
    if (i == 6) events->finished(4);
    usleep(static_cast<useconds_t>(pause.count()) * 1000);
    events->output(3, " 100%\n");
  }
  events->finished(3);
  events->started(5, "[builder 3/4] RUN false");
  events->started(6, "[stage-1 3/3] RUN sleep 100");
  usleep(static_cast<useconds_t>(pause.count()) * 1000);
  events->output(5, "it goes wrong\n");
  events->failed(5, "process \"/bin/sh -c false\" did not complete successfully: exit code: 1");
  events->cancelled(6);
}
