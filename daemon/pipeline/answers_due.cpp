#include "daemon/pipeline/answers_due.h"

#include <utility>

#include "base/check.h"

namespace districtd {

std::uint64_t AnswersDue::add(AnswerDue due) {
  const MutexLock lock(mutex_);
  const std::uint64_t number = next_++;
  due_.emplace(number, std::move(due));
  return number;
}

AnswerDue AnswersDue::take(std::uint64_t number) {
  const MutexLock lock(mutex_);
  auto node = due_.extract(number);
  DISTRICT_CHECK(!node.empty(), "the store answers each submission once");
  return std::move(node.mapped());
}

std::vector<AnswerDue> AnswersDue::give_up(SteadyTime time) {
  std::vector<AnswerDue> overdue;
  const MutexLock lock(mutex_);
  for (auto& [number, due] : due_) {
    if (due.since >= time) break;
    if (!std::exchange(due.is_given_up, true)) overdue.push_back(due);
  }
  return overdue;
}

bool AnswersDue::has_given_up() const {
  const MutexLock lock(mutex_);
  return !due_.empty() && due_.begin()->second.is_given_up;
}

}  // namespace districtd
