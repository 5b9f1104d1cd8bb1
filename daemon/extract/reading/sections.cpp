#include "daemon/extract/reading/sections.h"

#include <algorithm>

namespace districtd::extract {

// Ranks: 0 a heading without a number at the top, 1 第一部分, 2 一、, 3 (一), 4 1. and an
// unnumbered one below numbered ones, 5 (1).
std::size_t Sections::rank_of(const Heading& heading) const {
  if (heading.level) return static_cast<std::size_t>(std::clamp(*heading.level, 0, 4)) + 1;
  const bool has_numbered =
      std::any_of(open_.begin() + 1, open_.end(), [](const Open& open) { return open.is_open; });
  // 主要预期目标 below a section that plans is a part of it.
  const bool is_part = scope() == Scope::promise && !heading.has_time;
  if (heading.is_plan && !(has_numbered && is_part)) return 0;
  return has_numbered ? 4 : 0;
}

void Sections::enter(const Heading& heading) {
  lead_.reset();
  const std::size_t rank = rank_of(heading);
  const bool plans = heading.time == HeadingTime::future && heading.is_plan;
  if (looks_back_) {
    const bool is_beside = look_back_rank_ > 0 && rank <= look_back_rank_;
    if (!plans && !is_beside) return;
    looks_back_ = false;
  }
  const bool is_within =
      std::any_of(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(rank),
                  [](const Open& open) { return open.time == HeadingTime::past; });
  // Without a number it ends a look-back only where it is a plan.
  if (is_within && !(plans && !heading.level)) return;
  if (!heading.level && heading.time == HeadingTime::future && !heading.is_plan &&
      scope() == Scope::past) {
    return;
  }
  for (std::size_t i = rank; i < kRanks; ++i) open_[i] = {};
  open_[rank] = {true, heading.time, heading.has_time, heading.due};
  have_planned_ |= heading.time == HeadingTime::future;
}

void Sections::begin_look_back() {
  looks_back_ = true;
  look_back_rank_ = 0;
  for (std::size_t i = 1; i < kRanks; ++i) {
    if (open_[i].is_open) look_back_rank_ = i;
  }
}

Scope Sections::scope() const {
  if (looks_back_) return Scope::past;
  for (std::size_t i = kRanks; i-- > 0;) {
    if (open_[i].time == HeadingTime::past || open_[i].time == HeadingTime::aside) {
      return Scope::past;
    }
    if (open_[i].time == HeadingTime::future) return Scope::promise;
  }
  return Scope::unknown;
}

std::optional<Date> Sections::due() const {
  if (lead_) return lead_;
  for (std::size_t i = kRanks; i-- > 0;) {
    if (open_[i].has_time) return open_[i].due;
  }
  return std::nullopt;
}

}  // namespace districtd::extract
