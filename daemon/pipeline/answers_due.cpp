#include "daemon/pipeline/answers_due.h"

#include <utility>

namespace districtd {

std::uint64_t AnswersDue::add(AnswerDue due) {
  const MutexLock lock(mutex_);
  const std::uint64_t number = next_++;
  due_.emplace(number, std::move(due));
  return number;
}

std::optional<AnswerDue> AnswersDue::take(std::uint64_t number) {
  const MutexLock lock(mutex_);
  auto node = due_.extract(number);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

std::vector<AnswerDue> AnswersDue::give_up(SteadyTime time) {
  std::vector<AnswerDue> overdue;
  const MutexLock lock(mutex_);
  while (!due_.empty() && due_.begin()->second.since < time) {
    overdue.push_back(std::move(due_.extract(due_.begin()).mapped()));
  }
  return overdue;
}

}  // namespace districtd
