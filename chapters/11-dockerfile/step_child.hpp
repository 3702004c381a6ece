#pragma once
// A step's child process: whatever it mounts or becomes is gone with it.
// What it prints comes through one pipe, what it found out through
// another, and what went wrong as an exception. Where the builder is
// interrupted the child is told, and after half a second made to end;
// where the builder is killed the child is killed, too.

#include <functional>
#include <string>
#include <string_view>

#include "chapters/01-process/signals.hpp"

namespace dockwright {

/// Gets what a step prints, as it comes.
using StepOutput = std::function<void(std::string_view bytes)>;

/// What ended a build from outside: its exit code is 128 and more.
class Interrupted : public std::exception {
 public:
  explicit Interrupted(int signal) : signal_{signal} {}
  [[nodiscard]] int signal() const noexcept { return signal_; }
  [[nodiscard]] const char* what() const noexcept override {
    return "the build was interrupted";
  }

 private:
  int signal_;
};

/// Runs `body` in a child, and gives back what it answers: at most a
/// page. @throws Failure what `body` threw; Interrupted
[[nodiscard]] std::string in_child(
    const Signals& signals, const std::function<std::string()>& body,
    const StepOutput& output = {});

}  // namespace dockwright
