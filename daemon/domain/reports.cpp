#include "daemon/domain/reports.h"

#include <algorithm>

namespace districtd {

namespace {

using std::chrono::days;

constexpr days kMostBeforeTheDeadline{31};

// The first day of the second half: twice the days up to it, itself included, exceed all days.
Date second_half(Date begin, Date end) { return begin + ((end - begin) + days{1}) / 2; }

Date begin_of_final_report(Date begin, Date deadline) {
  return std::max(second_half(begin, deadline), deadline - kMostBeforeTheDeadline);
}

Cadence cadence_of_periods(const Target& target) {
  return target.cadence == Cadence::none ? Cadence::month : target.cadence;
}

// The reporting periods of a target on a day, newest first.
class Periods {
 public:
  // Begins with the newest one that ended before the day `ended_before`. `deadline`: in force.
  Periods(const Target& target, Date deadline, Date ended_before)
      : cadence_(cadence_of_periods(target)),
        first_(first_day(target)),
        is_only_last_(target.cadence == Cadence::none),
        is_last_(ended_before > deadline) {
    if (is_last_) {
      end_ = deadline;
      start_ = period_start(cadence_, deadline);
    } else {
      end_ = period_start(cadence_, ended_before) - days{1};
      start_ = period_start(cadence_, end_);
    }
    const std::chrono::year_month_day start{start_};
    month_ = start.year() / start.month();
  }

  bool is_one() const { return end_ >= first_ && (is_last_ || !is_only_last_); }
  Cadence cadence() const { return cadence_; }
  Date start() const { return start_; }  // the calendar's
  Date end() const { return end_; }
  bool is_last() const { return is_last_; }
  // From which day on a value is its report.
  Date from() const {
    const Date begin = std::max(start_, first_);
    return is_last_ ? begin_of_final_report(begin, end_) : second_half(begin, end_);
  }
  bool owes_a_report() const {
    if (start_ >= first_ || is_last_) return true;
    return 2 * (end_ - first_ + days{1}) >= end_ - start_ + days{1};
  }
  void step_back() {
    end_ = start_ - days{1};
    if (cadence_ == Cadence::week) {
      start_ -= days{7};
    } else {  // counted in months, which costs less than to look up each
      month_ -= std::chrono::months{cadence_ == Cadence::quarter ? 3 : 1};
      start_ = std::chrono::sys_days{month_ / 1};
    }
    is_last_ = false;
  }

 private:
  Cadence cadence_;
  Date first_;
  bool is_only_last_;
  bool is_last_;
  Date start_{};
  Date end_{};
  std::chrono::year_month month_{};  // in which it starts
};

// A report is overdue from the day after it was due: its period ended more than the grace before.
Periods periods_due(const Target& target, const WorkingDays& working_days, Date on) {
  Periods periods(target, target.deadline_on(on), on - days{target.grace_days});
  while (periods.is_one() && report_due(target, working_days, periods.end()) >= on) {
    periods.step_back();
  }
  return periods;
}

// Whether the period was the target's on the day on which its report was due: one that an extension
// took in only after that day owed nothing then.
bool was_owed(const Target& target, const Periods& period, Date due) {
  return target.changes.empty() || period.start() <= target.deadline_on(due);
}

// When the first of several values arrived, and whether one of a period was corrected late.
class Arrivals {
 public:
  explicit Arrivals(std::span<const Reading> readings) : readings_(readings) {}

  // Of a value as of `from` or later. The days only go back. Says whether one that was not passed
  // yet was corrected after `due`.
  std::optional<Date> first_from(Date from, Date due, bool& is_corrected) {
    std::size_t left = readings_.size();
    for (; left > 0 && readings_[left - 1].as_of >= from; --left) {
      const Date arrived = readings_[left - 1].reported_on;
      first_ = first_ ? std::min(*first_, arrived) : arrived;
      is_corrected = is_corrected || readings_[left - 1].corrected_on > due;
    }
    readings_ = readings_.first(left);
    return first_;
  }

  // Of one that may be the final one.
  std::optional<Date> first_final_from(Date from, Date due, bool& is_corrected) const {
    std::optional<Date> first;
    for (auto left = readings_; !left.empty() && left.back().as_of >= from;
         left = left.first(left.size() - 1)) {
      if (left.back().basis == Basis::projected) continue;
      const Date arrived = left.back().reported_on;
      first = first ? std::min(*first, arrived) : arrived;
      is_corrected = is_corrected || left.back().corrected_on > due;
    }
    return first;
  }

 private:
  std::span<const Reading> readings_;
  std::optional<Date> first_;
};

void count_handed_over(std::vector<HandedOver>& handed_over, Date due, bool is_on_time,
                       bool is_corrected) {
  const auto at = std::find_if(handed_over.begin(), handed_over.end(),
                               [&](const HandedOver& one) { return due < one.handover; });
  if (at == handed_over.end()) return;
  ++at->reports.due;
  if (is_on_time) ++at->reports.on_time;
  if (is_corrected) ++at->reports.corrected;
}

}  // namespace

Date first_day(const Target& target) {
  return target.added ? std::max(target.start, *target.added) : target.start;
}

Date report_due(const Target& target, const WorkingDays& working_days, Date period_end) {
  const Date due = period_end + days{target.grace_days};
  return target.due_on_working_day ? working_days.on_or_after(due) : due;
}

std::optional<Date> newest_due_period(const Target& target, const WorkingDays& working_days,
                                      Date on) {
  Periods period = periods_due(target, working_days, on);
  while (period.is_one() &&
         !was_owed(target, period, report_due(target, working_days, period.end()))) {
    period.step_back();
  }
  return period.is_one() && period.owes_a_report() ? std::optional{period.end()} : std::nullopt;
}

bool lacks_report(const Target& target, std::optional<Date> as_of, Date first, Date last) {
  const Periods period(target, target.deadline_on(last), last + days{1});
  if (!period.is_one() || period.end() < first || !period.owes_a_report()) return false;
  return !as_of || *as_of < period.from();
}

FinalReport final_report(const Target& target, const WorkingDays& working_days, Date deadline) {
  const Date begin =
      std::max(period_start(cadence_of_periods(target), deadline), first_day(target));
  return {begin_of_final_report(begin, deadline), report_due(target, working_days, deadline)};
}

PeriodReport report_of_period(const Target& target, const WorkingDays& working_days, Date day,
                              Date deadline) {
  const Date end = std::min(period_end(cadence_of_periods(target), day), deadline);
  const Periods period(target, deadline, end + days{1});
  return {period.end(), period.from(), report_due(target, working_days, period.end()),
          period.is_last(), period.is_one() && period.owes_a_report()};
}

Reports reports_of(const Target& target, const WorkingDays& working_days,
                   std::span<const Reading> readings, Date on, std::optional<Date> done_on,
                   std::optional<Date> since, std::span<const Date> handovers,
                   const PeriodsAsked& asked) {
  Reports result;
  for (const Date handover : handovers) {
    if (handover <= on) result.handed_over.push_back({handover, {}});
  }
  Arrivals arrivals(readings);
  for (auto period = periods_due(target, working_days, on); period.is_one(); period.step_back()) {
    if (!period.owes_a_report()) continue;
    const Date due = report_due(target, working_days, period.end());
    if (since && due < *since) break;
    if (!was_owed(target, period, due)) continue;
    const Date from = period.from();
    bool is_corrected = false;
    const std::optional<Date> arrived = period.is_last()
                                            ? arrivals.first_final_from(from, due, is_corrected)
                                            : arrivals.first_from(from, due, is_corrected);
    const bool is_on_time = arrived && *arrived <= due;
    // What is done needs no more reports; one that was there in time counts nevertheless.
    if (done_on && from > *done_on && !is_on_time) continue;
    if (period.end() < asked.ended_first || due < asked.due_first) break;
    if (period.end() > asked.ended_last || due > asked.due_last) continue;
    ++result.due;
    if (is_on_time) ++result.on_time;
    if (arrived && is_corrected) ++result.corrected;
    if (!result.handed_over.empty()) {
      count_handed_over(result.handed_over, due, is_on_time, arrived && is_corrected);
    }
    if (!is_on_time) result.faults.push_back({period.cadence(), period.start(), due, !arrived});
    if (!arrived) {
      ++result.missing;
      result.overdue_since = due + days{1};
    }
  }
  // The missing ones are the newest, and nothing lies between them.
  if (result.missing >= target.stale_after) {
    const auto nth = static_cast<std::size_t>(result.missing - target.stale_after);
    result.stale_since = result.faults[nth].due + days{1};
  }
  return result;
}

}  // namespace districtd
