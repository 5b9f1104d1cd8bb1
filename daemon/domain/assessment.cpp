#include "daemon/domain/assessment.h"

#include <algorithm>
#include <cmath>

#include "daemon/domain/pace.h"
#include "daemon/domain/standing.h"

namespace districtd {

namespace {

// Values and shares are decimal fractions in doubles; differences below this are rounding.
constexpr double kSlack = 1e-9;

// Of a value against its goal, in parts of the goal: sums and conversions of doubles stay below it,
// and one yuan short of 30亿元 does not.
constexpr double kGoalSlack = 1e-12;

double sign_of(Direction direction) { return direction == Direction::at_least ? 1.0 : -1.0; }

// A ceiling on what adds up (控制在…以内), or a floor under what shrinks: it is kept, not reached,
// so that only a value as of the deadline can show that it was.
bool is_kept(const Target& target) {
  if (target.kind == Kind::level) return true;
  return (*target.goal - *target.baseline) * sign_of(target.direction) < 0;
}

std::optional<double> progress_of(const Target& target, double value) {
  if (!target.goal || !target.baseline || *target.goal == *target.baseline) return std::nullopt;
  return (value - *target.baseline) / (*target.goal - *target.baseline);
}

// What the schedule holds a value against. While it asks for nothing yet that is the baseline, and
// of a level the goal.
double measure_of(const Target& version, Date d) {
  if (version.kind != Kind::level) {
    return *version.baseline + expected_share(version, d) * (*version.goal - *version.baseline);
  }
  if (version.pace != Pace::plan) return *version.goal;
  const double from = version.baseline.value_or(0);
  return from + expected_share(version, d) * (*version.goal - from);
}

double deviation_of(const Target& target, double actual, double expected) {
  const double difference = (actual - expected) * sign_of(target.direction);
  if (target.kind != Kind::level) return difference / std::abs(*target.goal - *target.baseline);
  if (deviation_unit_of(target) == DeviationUnit::points || expected == 0) return difference;
  return difference / std::abs(expected);
}

bool is_achieved(const Target& target, const Reading& reading) {
  if (!reaches_goal(target, reading.value)) return false;
  return !is_kept(target) || reading.as_of >= target.deadline;
}

Status status_by_tolerance(const Target& target, double deviation) {
  const Tolerance& tolerance = target.tolerance;
  if (deviation < -tolerance.behind - kSlack) return Status::behind;
  if (deviation < -tolerance.at_risk - kSlack) return Status::at_risk;
  if (deviation >= tolerance.ahead - kSlack && target.pace != Pace::deadline) return Status::ahead;
  return Status::on_track;
}

// Whether the thresholds give the status. The others know no margin.
bool is_by_threshold(Status status) {
  return status == Status::behind || status == Status::at_risk || status == Status::on_track ||
         status == Status::ahead;
}

// A worse status is entered at once, and left only where the deviation passes the threshold by the
// margin. `by_threshold` is one that the thresholds give.
Status with_margin(const Target& target, double deviation, Status by_threshold, Status before) {
  const auto is_better = [&](Status status) { return urgency_of(status) > urgency_of(before); };
  if (!is_by_threshold(before) || !is_better(by_threshold)) return by_threshold;
  const Status sure = status_by_tolerance(target, deviation - target.tolerance.margin);
  return is_better(sure) ? sure : before;
}

// Not to what is kept and meets its goal so far.
bool is_near(const Target& version, Date on) {
  return on >= version.deadline - std::chrono::days{version.warn_days};
}

// Judges the values one after the other, each by the target's version of its day.
class Row {
 public:
  explicit Row(const Target& target) : target_(target) {}

  JudgedReading judge(const Reading& reading) {
    const Target& version = target_.version_on(reading.as_of);
    JudgedReading judged{reading, std::nullopt, Status::reported, Status::reported};
    if (version.kind != Kind::pledge) {
      if (const auto expected = expected_value(version, reading.as_of)) {
        judged.deviation = deviation_of(version, reading.value, *expected);
      }
      judged.by_threshold = by_threshold(version, reading, judged.deviation);
      judged.status = has_status_ && judged.deviation && is_by_threshold(judged.by_threshold)
                          ? with_margin(version, *judged.deviation, judged.by_threshold, status_)
                          : judged.by_threshold;
    }
    follow(judged.status, reading.as_of);
    return judged;
  }

  Status status() const { return status_; }
  Date since() const { return since_; }
  // Since when the values are red without a break.
  std::optional<Date> red_since() const { return red_since_; }

 private:
  // Where nothing is expected yet and so there is no deviation, only the deadline's nearness is a
  // risk.
  static Status by_threshold(const Target& version, const Reading& reading,
                             std::optional<double> deviation) {
    if (is_achieved(version, reading)) return Status::achieved;
    if (reading.as_of > version.deadline) return Status::overdue;
    if (deviation) return status_by_tolerance(version, *deviation);
    return is_near(version, reading.as_of) && !reaches_goal(version, reading.value)
               ? Status::at_risk
               : Status::on_track;
  }

  void follow(Status status, Date as_of) {
    if (!has_status_ || status != status_) since_ = as_of;
    if (light_of(status) != Light::red) {
      red_since_.reset();
    } else if (!red_since_) {
      red_since_ = as_of;
    }
    status_ = status;
    has_status_ = true;
  }

  const Target& target_;
  Status status_ = Status::no_data;
  bool has_status_ = false;
  Date since_{};
  std::optional<Date> red_since_;
};

// What a value as of some day says by itself; `newest` null: nothing is reported. Says by which
// version of the target, and returns it.
const Target& put_value(const Target& target, const Reading* newest, Date on, Assessment& result) {
  const Date judged_on = newest != nullptr ? newest->as_of : on;
  result.version = target.version_number_on(judged_on);
  const Target& version = target.version(result.version);
  result.goal = version.goal;
  if (newest != nullptr) result.as_of = newest->as_of;
  if (version.kind == Kind::pledge) return version;
  result.deviation_unit = deviation_unit_of(version);
  result.expects_nothing_yet = expects_nothing_yet(version, judged_on);
  result.expected = expected_value(version, judged_on);
  if (result.expected && (version.kind != Kind::level || version.pace == Pace::plan)) {
    result.expected_share = expected_share(version, judged_on);
  }
  if (newest == nullptr) return version;
  result.actual = newest->value;
  result.progress = progress_of(version, newest->value);
  if (result.expected) {
    result.deviation = deviation_of(version, newest->value, *result.expected);
  }
  return version;
}

// The first day on which the target is judged at all.
Date first_day(const Target& target) {
  return target.added ? std::max(target.start, *target.added) : target.start;
}

// The status on a day, from the newest value and the row that it ends, and since when.
void put_status(const Target& target, const Reading* newest, const Row& row, Date on,
                Assessment& result) {
  if (newest == nullptr) {
    result.status = Status::no_data;
    if (on >= first_day(target)) result.status_since = first_day(target);
    return;
  }
  result.status = row.status();
  result.status_since = row.since();
  if (target.kind == Kind::pledge || row.status() == Status::achieved) return;
  const Target& version = target.version(result.version);
  if (on > result.deadline) {
    result.status = Status::overdue;
    result.status_since = result.deadline + std::chrono::days{1};
  } else if (result.expects_nothing_yet && row.status() == Status::on_track &&
             is_near(version, on) && !reaches_goal(version, newest->value)) {
    // The calendar alone made it so, after the newest value.
    result.status = Status::at_risk;
    result.status_since =
        std::max(row.since(), version.deadline - std::chrono::days{version.warn_days});
  }
}

int period_number(Cadence cadence, Date d) {
  const std::chrono::year_month_day ymd{d};
  const int month = static_cast<int>(ymd.year()) * 12 + static_cast<int>(unsigned{ymd.month()}) - 1;
  switch (cadence) {
    case Cadence::week:
      return static_cast<int>(
          std::chrono::floor<std::chrono::weeks>(period_start(Cadence::week, d).time_since_epoch())
              .count());
    case Cadence::quarter:
      return month / 3;
    case Cadence::month:
    case Cadence::none:
      return month;
  }
  return month;
}

void put_periods_behind(const Target& target, const Row& row, Date on, Assessment& result) {
  if (light_of(result.status) != Light::red) return;
  Date from = result.as_of.value_or(on);
  Date to = from;
  if (row.red_since()) from = *row.red_since();
  if (result.status == Status::overdue) {
    const Date missed = result.deadline + std::chrono::days{1};
    from = row.red_since() ? std::min(from, missed) : missed;
    to = on;
  }
  result.periods_behind =
      period_number(target.cadence, to) - period_number(target.cadence, from) + 1;
}

// The reporting periods of a target on a day, newest first.
class Periods {
 public:
  // Begins with the newest one that ended before the day `ended_before`. `deadline`: in force.
  Periods(const Target& target, Date deadline, Date ended_before)
      : cadence_(target.cadence), first_(first_day(target)) {
    if (ended_before > deadline) {
      end_ = deadline;
      begin_ = period_start(cadence_, deadline);
    } else {
      end_ = period_start(cadence_, ended_before) - std::chrono::days{1};
      begin_ = period_start(cadence_, end_);
    }
  }

  bool is_one() const { return end_ >= first_; }
  Date begin() const { return begin_; }
  Date end() const { return end_; }
  void step_back() {
    end_ = begin_ - std::chrono::days{1};
    begin_ = period_start(cadence_, end_);
  }

 private:
  Cadence cadence_;
  Date first_;
  Date begin_{};
  Date end_{};
};

// A report is overdue from the day after it was due: its period ended more than the grace before.
Periods periods_due(const Target& target, const WorkingDays& working_days, Date on) {
  Periods periods(target, target.version_on(on).deadline,
                  on - std::chrono::days{target.grace_days});
  while (periods.is_one() && report_due(target, working_days, periods.end()) >= on) {
    periods.step_back();
  }
  return periods;
}

void put_reports(const Target& target, const WorkingDays& working_days,
                 std::span<const Reading> readings, Date on, Assessment& result) {
  if (target.cadence == Cadence::none) return;
  const std::chrono::year_month_day today{on};
  const Date new_year = std::chrono::sys_days{today.year() / 1 / 1};
  // What is done needs no more reports.
  const bool is_done = target.kind == Kind::milestone && result.status == Status::achieved;
  std::optional<Date> first_arrival;  // of a value for the period at hand or a later one
  for (auto period = periods_due(target, working_days, on); period.is_one(); period.step_back()) {
    if (is_done && period.begin() > *result.status_since) continue;
    const Date due = report_due(target, working_days, period.end());
    for (; !readings.empty() && readings.back().as_of >= period.begin();
         readings = readings.first(readings.size() - 1)) {
      const Date arrived = readings.back().reported_on;
      first_arrival = first_arrival ? std::min(*first_arrival, arrived) : arrived;
    }
    if (due < new_year && first_arrival) return;
    if (due >= new_year) {
      ++result.reports_due;
      if (first_arrival && *first_arrival <= due) ++result.reports_on_time;
    }
    if (!first_arrival && !is_done) {
      result.report_overdue = true;
      result.report_overdue_since = due + std::chrono::days{1};
      ++result.reports_missing;
    }
  }
}

std::span<const Reading> judged_ones(const Target& target, std::span<const Reading> readings,
                                     Date on) {
  while (!readings.empty() && readings.back().as_of > on) {
    readings = readings.first(readings.size() - 1);
  }
  while (!readings.empty() && readings.front().as_of < target.start) readings = readings.subspan(1);
  return readings;
}

// What is still to come, as of the newest value.
void put_outlook(const Target& version, std::span<const Reading> readings, const Reading& newest,
                 const KnownShapes& known, Assessment& result) {
  const auto end = static_cast<std::size_t>(&newest - readings.data()) + 1;
  result.forecast = forecast(version, readings.first(end), known);
  result.goal_out_of_reach = result.forecast && result.status != Status::achieved &&
                             result.status != Status::overdue &&
                             result.forecast->goal_probability < version.tolerance.out_of_reach;
  result.required_pace = required_pace(version, newest);
  result.reached_in = reached_in(version, newest);
}

// score_of() on an earlier day. It does not ask for how long anything has been so.
std::optional<double> score_on(const Target& target, const WorkingDays& working_days,
                               std::span<const Reading> readings, Date on) {
  if (!target.is_in_force(on)) return std::nullopt;
  readings = judged_ones(target, readings, on);
  const Reading* const newest = readings.empty() ? nullptr : &readings.back();
  Assessment then;
  then.deadline = target.version_on(on).deadline;
  put_value(target, newest, on, then);
  Row row(target);
  if (newest != nullptr) {
    row.judge(*newest);
  } else {
    then.report_overdue = newest_due_period(target, working_days, on).has_value();
  }
  put_status(target, newest, row, on, then);
  return score_of(target, then);
}

}  // namespace

DeviationUnit deviation_unit_of(const Target& target) {
  return target.kind == Kind::level && !target.unit.is_percentage() ? DeviationUnit::per_cent
                                                                    : DeviationUnit::points;
}

std::optional<double> expected_value(const Target& version, Date d) {
  if (version.kind == Kind::pledge || expects_nothing_yet(version, d)) return std::nullopt;
  return measure_of(version, d);
}

double scored_deviation(const Target& version, double actual, Date d) {
  return deviation_of(version, actual, measure_of(version, d));
}

bool reaches_goal(const Target& target, double value) {
  const double slack = kGoalSlack * std::max(1.0, std::abs(*target.goal));
  return (value - *target.goal) * sign_of(target.direction) >= -slack;
}

Date report_due(const Target& target, const WorkingDays& working_days, Date period_end) {
  const Date due = period_end + std::chrono::days{target.grace_days};
  return target.due_on_working_day ? working_days.on_or_after(due) : due;
}

std::optional<Date> newest_due_period(const Target& target, const WorkingDays& working_days,
                                      Date on) {
  if (target.cadence == Cadence::none) return std::nullopt;
  const Periods periods = periods_due(target, working_days, on);
  return periods.is_one() ? std::optional{periods.end()} : std::nullopt;
}

std::vector<JudgedReading> judge_each(const Target& target, std::span<const Reading> readings,
                                      Date on) {
  std::vector<JudgedReading> result;
  Row row(target);
  for (const Reading& reading : judged_ones(target, readings, on)) {
    result.push_back(row.judge(reading));
  }
  return result;
}

Assessment assess(const Target& target, const WorkingDays& working_days,
                  std::span<const Reading> readings, Date on, const KnownShapes& known) {
  Assessment result;
  if (!target.is_in_force(on)) {
    result.in_force = false;
    return result;
  }
  result.deadline = target.version_on(on).deadline;
  const auto judged = judged_ones(target, readings, on);
  const Reading* const newest = judged.empty() ? nullptr : &judged.back();
  const Target& version = put_value(target, newest, on, result);
  Row row(target);
  for (const Reading& reading : judged) row.judge(reading);
  put_status(target, newest, row, on, result);
  put_periods_behind(target, row, on, result);
  put_reports(target, working_days, judged, on, result);
  if (newest != nullptr) put_outlook(version, readings, *newest, known, result);
  result.score = score_of(target, result);
  result.score_before = score_on(target, working_days, readings, period_before(on));
  return result;
}

Assessment assess(const Target& target, const WorkingDays& working_days,
                  std::span<const Reading> readings, Date on) {
  const auto own = shapes_of_last_years(target);
  return assess(target, working_days, readings, on, {own, {}});
}

}  // namespace districtd
