#include "daemon/domain/assessment.h"

#include <algorithm>
#include <cmath>

#include "daemon/domain/pace.h"

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

// The value that the schedule asks for at the end of day d.
double expected_value(const Target& target, Date d) {
  if (target.kind != Kind::level) {
    return *target.baseline + expected_share(target, d) * (*target.goal - *target.baseline);
  }
  if (target.pace != Pace::plan) return *target.goal;
  const double from = target.baseline.value_or(0);
  return from + expected_share(target, d) * (*target.goal - from);
}

double deviation_of(const Target& target, double actual, double expected) {
  const double difference = (actual - expected) * sign_of(target.direction);
  if (target.kind != Kind::level) return difference / std::abs(*target.goal - *target.baseline);
  if (target.unit.is_percentage() || expected == 0) return difference;
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

Status status_of(const Target& target, const Reading& reading, double deviation, Date on) {
  if (is_achieved(target, reading)) return Status::achieved;
  if (on > target.deadline) return Status::overdue;
  if (target.pace != Pace::deadline || reading.as_of >= target.deadline) {
    return status_by_tolerance(target, deviation);
  }
  // The whole goal is expected at once, so before the deadline only its nearness is a risk; not to
  // what is kept and meets its goal so far.
  const bool is_near = on >= target.deadline - std::chrono::days{target.warn_days};
  return is_near && !reaches_goal(target, reading.value) ? Status::at_risk : Status::on_track;
}

// The average pace so far, carried to the deadline.
std::optional<double> forecast_of(const Target& target, const Assessment& assessment) {
  if (target.kind == Kind::level || target.pace == Pace::deadline) return std::nullopt;
  if (!assessment.progress || assessment.expected_share.value_or(0) <= 0) return std::nullopt;
  return *assessment.progress / *assessment.expected_share;
}

bool is_report_overdue(const Target& target, const Assessment& assessment, Date on) {
  // What is done needs no more reports.
  if (target.kind == Kind::milestone && assessment.status == Status::achieved) return false;
  const auto due = newest_due_period(target, on);
  if (!due) return false;
  return !assessment.as_of || *assessment.as_of < period_start(target.cadence, *due);
}

}  // namespace

std::string_view to_string(Status status) {
  switch (status) {
    case Status::achieved:
      return "achieved";
    case Status::ahead:
      return "ahead";
    case Status::on_track:
      return "on_track";
    case Status::at_risk:
      return "at_risk";
    case Status::behind:
      return "behind";
    case Status::overdue:
      return "overdue";
    case Status::no_data:
      return "no_data";
    case Status::reported:
      return "reported";
  }
  return "";
}

std::string_view to_chinese(Status status) {
  switch (status) {
    case Status::achieved:
      return "已完成";
    case Status::ahead:
      return "超进度";
    case Status::on_track:
      return "达进度";
    case Status::at_risk:
      return "略滞后";
    case Status::behind:
      return "欠进度";
    case Status::overdue:
      return "逾期未完成";
    case Status::no_data:
      return "未报送";
    case Status::reported:
      return "已报送";
  }
  return "";
}

std::optional<Status> parse_status(std::string_view text) {
  const auto* const found = std::find_if(kAllStatuses.begin(), kAllStatuses.end(),
                                         [&](Status s) { return to_string(s) == text; });
  return found == kAllStatuses.end() ? std::nullopt : std::optional{*found};
}

Light light_of(Status status) {
  switch (status) {
    case Status::achieved:
    case Status::ahead:
    case Status::on_track:
      return Light::green;
    case Status::at_risk:
      return Light::yellow;
    case Status::behind:
    case Status::overdue:
      return Light::red;
    case Status::no_data:
      return Light::grey;
    case Status::reported:
      return Light::none;
  }
  return Light::none;
}

bool reaches_goal(const Target& target, double value) {
  const double slack = kGoalSlack * std::max(1.0, std::abs(*target.goal));
  return (value - *target.goal) * sign_of(target.direction) >= -slack;
}

std::optional<Date> newest_due_period(const Target& target, Date on) {
  if (target.cadence == Cadence::none) return std::nullopt;
  // A report is overdue from the day after its grace: its period ended before this day.
  const Date ended_before = on - std::chrono::days{target.grace_days};
  if (ended_before > target.deadline) return target.deadline;
  const Date end = period_start(target.cadence, ended_before) - std::chrono::days{1};
  return end < target.start ? std::nullopt : std::optional{end};
}

Assessment assess(const Target& target, const std::optional<Reading>& newest, Date on) {
  Assessment result;
  const bool has_value = newest.has_value();
  if (has_value) result.as_of = newest->as_of;
  if (target.kind == Kind::pledge) {
    result.status = has_value ? Status::reported : Status::no_data;
  } else {
    const Date judged_on = has_value ? newest->as_of : on;
    result.expected = expected_value(target, judged_on);
    if (target.kind != Kind::level || target.pace == Pace::plan) {
      result.expected_share = expected_share(target, judged_on);
    }
    if (has_value) {
      result.actual = newest->value;
      result.progress = progress_of(target, newest->value);
      result.deviation = deviation_of(target, *result.actual, *result.expected);
      result.status = status_of(target, *newest, *result.deviation, on);
      result.forecast = forecast_of(target, result);
    }
  }
  result.report_overdue = is_report_overdue(target, result, on);
  return result;
}

}  // namespace districtd
