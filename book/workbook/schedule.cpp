#include "book/workbook/schedule.hpp"

#include <algorithm>

namespace dockwright::workbook {

namespace {

constexpr int kAtAStretch = 80;  // Minutes until people need a break.
constexpr int kBreak = 10;

/// Starts and breaks. @returns when everything is over
int lay_out(std::vector<Slot>& slots) {
  int now = 0, since_break = 0;
  for (auto& slot : slots) {
    slot.start = now;
    slot.minutes = minutes_at(slot.lesson, slot.depth);
    since_break += slot.minutes;
    slot.pause = since_break >= kAtAStretch && &slot != &slots.back() ? kBreak : 0;
    if (slot.pause > 0) since_break = 0;
    now += slot.minutes + slot.pause;
  }
  return now;
}

/// Takes one step of depth from the last lesson that still has `from`. @returns whether there was one
bool cut_one(std::vector<Slot>& slots, Depth from, Depth to) {
  const auto last =
      std::find_if(slots.rbegin(), slots.rend(), [&](const Slot& slot) { return slot.depth == from; });
  if (last == slots.rend()) return false;
  last->depth = to;
  return true;
}

}  // namespace

int minutes_at(const Lesson& lesson, Depth depth) {
  const int talking = lesson.minutes * 2 / 5;
  const int practising = lesson.minutes - talking;
  const int exercises = std::max(1, static_cast<int>(lesson.exercises.size()));
  switch (depth) {
    case Depth::full:
      return lesson.minutes;
    case Depth::core:
      return talking + practising / exercises;
    case Depth::shown:
      return talking;
    case Depth::left:
      break;
  }
  return 0;
}

std::vector<Slot> plan(const std::vector<Lesson>& lessons, int minutes) {
  std::vector<Slot> slots;
  for (const auto& lesson : lessons) slots.push_back({.lesson = lesson});
  while (lay_out(slots) > minutes)
    if (!cut_one(slots, Depth::full, Depth::core) && !cut_one(slots, Depth::core, Depth::shown) &&
        !cut_one(slots, Depth::shown, Depth::left))
      break;
  return slots;
}

}  // namespace dockwright::workbook
