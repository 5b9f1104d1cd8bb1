#include "daemon/domain/assessment.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "daemon/domain/nodes.h"
#include "daemon/domain/pace.h"
#include "daemon/domain/standing.h"

namespace districtd {

namespace {

// Values and shares are decimal fractions in doubles; differences below this are rounding.
constexpr double kSlack = 1e-9;

// Of a value against its goal, in parts of the goal: sums and conversions of doubles stay below it,
// and one yuan short of 30亿元 does not.
constexpr double kGoalSlack = 1e-12;

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// Days after its newest value from which a target without a cadence is stale: a quarter.
constexpr std::chrono::days kSilentQuarter{92};

double sign_of(Direction direction) { return direction == Direction::at_least ? 1.0 : -1.0; }

// Whether only the final value tells: of a rate or state to be held, and of a ceiling.
bool is_kept(const Target& version) { return version.kind == Kind::level || is_ceiling(version); }

std::optional<double> progress_of(const Target& target, double value) {
  if (!target.goal || !target.baseline || *target.goal == *target.baseline) return std::nullopt;
  return (value - *target.baseline) / (*target.goal - *target.baseline);
}

double deviation_of(const Target& target, double actual, double expected) {
  const double difference = (actual - expected) * sign_of(target.direction);
  if (target.kind != Kind::level) {
    const double share = difference / std::abs(*target.goal - *target.baseline);
    return target.pace == Pace::nodes ? std::min(0.0, share) : share;
  }
  if (deviation_unit_of(target) == DeviationUnit::points || expected == 0) return difference;
  return difference / std::abs(expected);
}

// Whether a target of that version is ever ahead of its schedule.
bool may_be_ahead(const Target& version, bool is_extended) {
  if (is_extended || version.pace == Pace::deadline) return false;
  return !is_ceiling(version) && (version.kind != Kind::level || *version.goal != 0);
}

Status status_by_tolerance(const Tolerance& tolerance, double deviation, bool may_be_ahead) {
  if (deviation < -tolerance.behind - kSlack) return Status::behind;
  if (deviation < -tolerance.at_risk - kSlack) return Status::at_risk;
  if (deviation >= tolerance.ahead - kSlack && may_be_ahead) return Status::ahead;
  return Status::on_track;
}

// Whether the thresholds give the status. The others know no margin.
bool is_by_threshold(Status status) {
  return status == Status::behind || status == Status::at_risk || status == Status::on_track ||
         status == Status::ahead;
}

// Whether `on` is one of the last days before the deadline in force. Not to what is kept and meets
// its goal so far.
bool is_near(const Target& version, Date deadline, Date on) {
  return on >= deadline - std::chrono::days{version.warn_days};
}

// expects_nothing_yet() by the deadline in force: one that was moved after it had passed is not
// behind a value of the old terms any more.
bool is_asked_nothing(const Target& version, Date deadline, Date d) {
  if (version.pace != Pace::deadline) return expects_nothing_yet(version, d);
  return d < std::max(version.deadline, deadline);
}

// expected_value() likewise.
std::optional<double> expected_of(const Target& version, Date deadline, Date d) {
  if (is_asked_nothing(version, deadline, d)) return std::nullopt;
  return expected_value(version, d);
}

// What the day asked about and the target's terms on it decide.
struct Today {
  Date on;
  Date deadline;  // in force
  bool is_extended;
  bool is_over;               // the deadline has passed
  FinalReport final_report_;  // where it is over

  Today(const Target& target, const WorkingDays& working_days, Date day)
      : on(day),
        deadline(target.deadline_on(day)),
        is_extended(deadline > target.deadline),
        is_over(day > deadline) {
    if (is_over) final_report_ = final_report(target, working_days, deadline);
  }

  // Whether the newest value is the final one. One that reaches the goal ends the waiting at once,
  // but of a ceiling on what adds up only the deadline's own; one that does not may be followed by
  // another until the report is due.
  bool is_final(const Target& version, const Reading& newest) const {
    if (!is_over || newest.basis == Basis::projected || newest.as_of < final_report_.from) {
      return false;
    }
    if (newest.as_of >= deadline || on > final_report_.due) return true;
    return reaches_goal(version, newest.value) &&
           (version.kind == Kind::level || !is_ceiling(version));
  }
};

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

std::chrono::days shortest(Cadence cadence) {
  return std::chrono::days{cadence == Cadence::week ? 7 : cadence == Cadence::quarter ? 90 : 28};
}

// Judges the values one after the other, each by the target's version of its day.
class Row {
 public:
  // `newest`: the last value that will be judged.
  Row(const Target& target, const Today& today, const Reading* newest)
      : target_(target), today_(today), newest_(newest) {}

  JudgedReading judge(const Reading& reading) {
    // Of nearly all targets there is one version.
    const Target& version =
        target_.changes.empty() ? target_ : target_.version_on(reading.as_of, today_.on);
    JudgedReading judged{reading, std::nullopt, Status::reported, Status::reported};
    if (version.kind != Kind::pledge) {
      std::optional<double> light;
      if (const auto expected = expected_of(version, today_.deadline, reading.as_of)) {
        judged.deviation = deviation_of(version, reading.value, *expected);
        light = version.kind == Kind::level ? light_deviation(version, reading.value, *expected)
                                            : judged.deviation;
        // Nodes that are reached are so, by whatever margin.
        if (version.pace == Pace::nodes && *light >= -kSlack) light.reset();
      }
      judged.status = status_of(version, reading, light);
      judged.announced = announced_of(version, light, judged.status);
    }
    follow(judged, reading.as_of);
    return judged;
  }

  Status status() const { return status_; }
  Status announced() const { return announced_; }
  Date since() const { return since_; }
  // Since when the values are red without a break.
  std::optional<Date> red_since() const { return red_since_; }

 private:
  Status status_of(const Target& version, const Reading& reading, std::optional<double> light) {
    if (reading.as_of > today_.deadline && is_reached(status_)) return status_;
    if (reaches_goal(version, reading.value)) {
      const bool is_actual = reading.basis == Basis::actual;
      if (is_kept(version)) {
        if (&reading == newest_ && today_.is_final(version, reading)) return Status::achieved;
      } else if (reading.as_of > today_.deadline) {
        if (is_actual) return Status::achieved_late;
      } else if (is_actual || status_ == Status::achieved) {
        return Status::achieved;
      }
    }
    if (reading.as_of > today_.deadline) return Status::overdue;
    if (version.pace == Pace::nodes) return status_by_nodes(version, reading, light);
    // Where nothing is expected yet and so there is no deviation, only the deadline's nearness is a
    // risk.
    if (light) {
      return status_by_tolerance(version.tolerance, *light,
                                 may_be_ahead(version, today_.is_extended));
    }
    return is_near(version, today_.deadline, reading.as_of) && !reaches_goal(version, reading.value)
               ? Status::at_risk
               : Status::on_track;
  }

  // `light`: of those that are due and not reached.
  Status status_by_nodes(const Target& version, const Reading& reading,
                         std::optional<double> light) const {
    if (light) {
      const Status missed = status_by_tolerance(version.tolerance, *light, false);
      if (missed != Status::on_track) return missed;
    }
    const TargetNode* const next = node_after(version, reading.as_of);
    if (next == nullptr) return Status::on_track;
    if (districtd::is_reached(*next, *progress_of(version, reading.value))) {
      return may_be_ahead(version, today_.is_extended) ? Status::ahead : Status::on_track;
    }
    return reading.as_of >= warned_from(version, *next) ? Status::at_risk : Status::on_track;
  }

  // A worse status is said at once, a better one where the figures pass the threshold by the
  // margin.
  Status announced_of(const Target& version, std::optional<double> light, Status status) const {
    if (!has_status_ || !light || !is_by_threshold(status) || !is_by_threshold(announced_)) {
      return status;
    }
    const auto is_better = [&](Status one) { return urgency_of(one) > urgency_of(announced_); };
    if (!is_better(status)) return status;
    const Status sure = status_by_tolerance(version.tolerance, *light - version.tolerance.margin,
                                            may_be_ahead(version, today_.is_extended));
    return is_better(sure) ? sure : announced_;
  }

  void follow(const JudgedReading& judged, Date as_of) {
    const bool was_silent = has_status_ && went_stale(as_of);
    if (!has_status_ || judged.status != status_ || was_silent) since_ = as_of;
    if (light_of(judged.status) != Light::red) {
      red_since_.reset();
    } else if (!red_since_ || was_silent) {
      red_since_ = as_of;
    }
    status_ = judged.status;
    announced_ = judged.announced;
    as_of_ = as_of;
    has_status_ = true;
  }

  // Whether nothing was reported for so long before `as_of` that the light was out meanwhile.
  bool went_stale(Date as_of) const {
    if (is_reached(status_)) return false;
    if (target_.cadence == Cadence::none) return as_of - as_of_ >= kSilentQuarter;
    // Most gaps are seen to be short without counting periods.
    if (as_of - as_of_ <= shortest(target_.cadence) * target_.stale_after) return false;
    return period_number(target_.cadence, as_of) - period_number(target_.cadence, as_of_) >
           target_.stale_after;
  }

  const Target& target_;
  const Today& today_;
  const Reading* newest_;
  Status status_ = Status::no_data;
  Status announced_ = Status::no_data;
  bool has_status_ = false;
  Date as_of_{};
  Date since_{};
  std::optional<Date> red_since_;
};

// What a value as of some day says by itself; `newest` null: nothing is reported. Says by which
// version of the target, and returns it.
const Target& put_value(const Target& target, const Reading* newest, const Today& today,
                        Assessment& result) {
  const Date judged_on = newest != nullptr ? newest->as_of : today.on;
  if (!target.changes.empty()) result.version = target.version_number_on(judged_on, today.on);
  const Target& version = target.version(result.version);
  result.goal = version.goal;
  if (newest != nullptr) {
    result.as_of = newest->as_of;
    result.is_projected = newest->basis == Basis::projected;
  }
  if (version.kind == Kind::pledge) return version;
  result.deviation_unit = deviation_unit_of(version);
  result.expects_nothing_yet = is_asked_nothing(version, today.deadline, judged_on);
  result.expected = expected_of(version, today.deadline, judged_on);
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

// What the nodes say on the day; against the newest of those that are missed by a missing report
// the value is held as if it had been as of its day.
NodeStanding put_nodes(const Target& target, const Terms& terms, std::span<const Reading> readings,
                       Date on, Assessment& result) {
  const NodeStanding nodes = node_standing(target, terms, readings, on);
  result.node_missed = nodes.missed;
  result.node_next = nodes.next;
  if (!nodes.unreported) return nodes;
  const Target& version = target.version(nodes.unreported->version);
  const double share = target.node(*nodes.unreported).share;
  result.expects_nothing_yet = false;
  result.expected_share = share;
  result.expected = *version.baseline + share * (*version.goal - *version.baseline);
  if (result.actual) result.deviation = deviation_of(version, *result.actual, *result.expected);
  return nodes;
}

bool has_nodes(const Target& target) {
  return target.pace == Pace::nodes ||
         std::any_of(target.changes.begin(), target.changes.end(),
                     [](const Target& version) { return version.pace == Pace::nodes; });
}

// What the days since the newest value have made of it: a node that is missed, or near.
void put_status_by_nodes(const Target& version, const Row& row, const NodeStanding& nodes, Date on,
                         Assessment& result) {
  const auto put = [&](Status status, Date since) {
    result.status = result.announced = status;
    result.status_since = std::max(row.since(), since);
  };
  if (nodes.unreported) {
    const Status missed = status_by_tolerance(version.tolerance, *result.deviation, false);
    if (missed != row.status() && missed != Status::on_track) put(missed, nodes.unreported_since);
  } else if (light_of(row.status()) == Light::green && nodes.warned_from &&
             on >= *nodes.warned_from) {
    put(Status::at_risk, *nodes.warned_from);
  }
}

// By pace and tolerance on a day that is not past the deadline, and since when: the newest value's
// own status, or what the calendar alone made of it since.
void put_status_by_pace(const Target& version, const Reading& newest, const Row& row,
                        const NodeStanding* nodes, const Today& today, Assessment& result) {
  result.status = row.status();
  result.announced = row.announced();
  result.status_since = row.since();
  if (nodes != nullptr) return put_status_by_nodes(version, row, *nodes, today.on, result);
  if (result.expects_nothing_yet && row.status() == Status::on_track &&
      is_near(version, today.deadline, today.on) && !reaches_goal(version, newest.value)) {
    result.status = result.announced = Status::at_risk;
    result.status_since =
        std::max(row.since(), today.deadline - std::chrono::days{version.warn_days});
  }
}

// Since when it is stale; nullopt where it is not. `newest` null: nothing was ever reported, which
// has its own status.
std::optional<Date> stale_since(const Target& target, const Reading* newest, Date on,
                                const std::optional<Date>& by_reports) {
  if (newest == nullptr) return std::nullopt;
  if (target.cadence != Cadence::none) return by_reports;
  const Date since = newest->as_of + kSilentQuarter;
  return on >= since ? std::optional{since} : std::nullopt;
}

// The first that applies, in the order of the design page.
void put_status(const Target& target, const Reading* newest, const Row& row, const Today& today,
                const NodeStanding* nodes, const std::optional<Date>& silent_since,
                Assessment& result) {
  const auto put = [&](Status status, std::optional<Date> since) {
    result.status = result.announced = status;
    result.status_since = since;
  };
  const bool is_pledge = target.kind == Kind::pledge;
  const Target& version = target.version(result.version);
  if (newest != nullptr && is_reached(row.status())) {
    result.has_final_value = today.is_over;
    return put(row.status(), row.since());
  }
  if (today.is_over && !is_pledge) {
    result.has_final_value = newest != nullptr && today.is_final(version, *newest);
    const Date after_deadline = today.deadline + std::chrono::days{1};
    if (result.has_final_value) return put(Status::overdue, after_deadline);
    if (today.on > today.final_report_.due) {
      return put(Status::overdue, today.final_report_.due + std::chrono::days{1});
    }
    result.settling_until = today.final_report_.due;
    return put(Status::settling, after_deadline);
  }
  if (newest == nullptr) {
    const Date first = first_day(target);
    return put(Status::no_data, today.on >= first ? std::optional{first} : std::nullopt);
  }
  put_status_by_pace(version, *newest, row, nodes, today, result);
  if (const auto since = stale_since(target, newest, today.on, silent_since)) {
    if (!is_pledge) result.last_status = result.status;
    put(Status::stale, since);
  }
}

void put_periods_behind(const Target& target, const Row& row, const Today& today,
                        Assessment& result) {
  if (light_of(result.status) != Light::red) return;
  Date from = result.as_of.value_or(today.on);
  Date to = from;
  if (row.red_since()) from = *row.red_since();
  if (result.status == Status::overdue) {
    // Without a final value nobody knew before it was due.
    const bool was_red = result.has_final_value && row.red_since();
    from = was_red ? std::min(*row.red_since(), *result.status_since) : *result.status_since;
    to = today.on;
  }
  result.periods_behind =
      period_number(target.cadence, to) - period_number(target.cadence, from) + 1;
}

// Sets what of the reports is shown; returns since when they are missing so long that the target
// is stale.
std::optional<Date> put_reports(const Target& target, const Terms& terms,
                                std::span<const Reading> readings, const Row& row, Date on,
                                Assessment& result) {
  const bool is_done = target.kind == Kind::milestone && is_reached(row.status());
  Reports reports = reports_of(target, *terms.working_days, readings, on,
                               is_done ? std::optional{row.since()} : std::nullopt,
                               terms.reports_since, terms.handovers);
  result.report_overdue = reports.missing > 0;
  result.report_overdue_since = reports.overdue_since;
  result.reports_missing = reports.missing;
  result.reports_due = reports.due;
  result.reports_on_time = reports.on_time;
  result.reports_corrected = reports.corrected;
  result.report_faults = std::move(reports.faults);
  result.handed_over = std::move(reports.handed_over);
  return reports.stale_since;
}

// What of a pledge says that nothing was reported (否, 0) is no report.
bool is_no_report(const Target& target, const Reading& reading) {
  return target.kind == Kind::pledge && reading.value == 0;
}

// Those that count on the day. After the deadline a rate or a ceiling is what it was until then.
std::span<const Reading> judged_ones(const Target& target, std::span<const Reading> readings,
                                     const Today& today) {
  Date last = today.on;
  if (today.is_over && target.kind != Kind::pledge && is_kept(target)) last = today.deadline;
  while (!readings.empty() && readings.back().as_of > last) {
    readings = readings.first(readings.size() - 1);
  }
  while (!readings.empty() && readings.front().as_of < target.start) readings = readings.subspan(1);
  return readings;
}

// What is still to come, as of the newest value. `version`: the terms as they were last decided,
// which are those of the deadline.
void put_outlook(const Target& version, std::span<const Reading> readings, const Reading& newest,
                 const KnownShapes& known, Assessment& result) {
  const auto end = static_cast<std::size_t>(&newest - readings.data()) + 1;
  result.forecast = forecast(version, readings.first(end), known);
  result.goal_out_of_reach = result.forecast && !is_reached(result.status) &&
                             result.forecast->goal_probability < version.tolerance.out_of_reach;
  result.required_pace = required_pace(version, newest);
  result.reached_in = reached_in(version, newest);
}

// score_of() on an earlier day, and the reports that were late or missing then. It does not ask for
// how long anything has been so.
void put_score_before(const Target& target, const Terms& terms, std::span<const Reading> readings,
                      Date on, Assessment& result) {
  if (!target.is_in_force(on)) return;
  const Today today(target, *terms.working_days, on);
  const auto known = readings;
  readings = judged_ones(target, readings, today);
  const Reading* const newest = readings.empty() ? nullptr : &readings.back();
  Assessment then;
  then.deadline = today.deadline;
  put_value(target, newest, today, then);
  Row row(target, today, newest);
  if (newest != nullptr) {
    // A value before this one tells only whether what is reached was reached before.
    const bool is_enough = newest->basis == Basis::actual && newest->as_of <= today.deadline;
    for (const Reading& reading : is_enough ? readings.last(1) : readings) row.judge(reading);
  }
  // What is neither late nor missing now was neither then, as values arrive after their as_of.
  const bool is_without_fault = result.report_faults.empty() && target.changes.empty() &&
                                std::all_of(readings.end(), known.end(), [](const Reading& later) {
                                  return later.reported_on >= later.as_of;
                                });
  std::optional<Date> silent_since;
  if (!is_without_fault) {
    silent_since = put_reports(target, terms, readings, row, on, then);
  }
  std::optional<NodeStanding> nodes;
  if (has_nodes(target) && !is_reached(row.status())) {
    nodes = put_nodes(target, terms, readings, on, then);
  }
  put_status(target, newest, row, today, nodes ? &*nodes : nullptr, silent_since, then);
  result.score_before = score_of(target, then, terms.late_completion);
  result.report_faults_before = std::move(then.report_faults);
}

Assessment assess_counting(const Target& target, const Terms& terms,
                           std::span<const Reading> readings, Date on) {
  Assessment result;
  const Today today(target, *terms.working_days, on);
  result.deadline = today.deadline;
  result.is_extended = today.is_extended;
  const auto judged = judged_ones(target, readings, today);
  const Reading* const newest = judged.empty() ? nullptr : &judged.back();
  put_value(target, newest, today, result);
  Row row(target, today, newest);
  for (const Reading& reading : judged) row.judge(reading);
  const auto silent_since = put_reports(target, terms, judged, row, on, result);
  std::optional<NodeStanding> nodes;
  if (has_nodes(target) && !is_reached(row.status())) {
    nodes = put_nodes(target, terms, judged, on, result);
  }
  put_status(target, newest, row, today, nodes ? &*nodes : nullptr, silent_since, result);
  put_periods_behind(target, row, today, result);
  if (newest != nullptr && !today.is_over) {
    put_outlook(target.decided_on(on), readings, *newest, terms.known, result);
  }
  if (!target.changes.empty() && target.changes_known(on) > 0) {
    Target first = target;
    first.changes.clear();
    result.first_status = assess_counting(first, terms, readings, on).status;
  }
  result.score = score_of(target, result, terms.late_completion);
  put_score_before(target, terms, readings, period_before(on), result);
  return result;
}

}  // namespace

DeviationUnit deviation_unit_of(const Target& target) {
  return target.kind == Kind::level && !target.unit.is_percentage() ? DeviationUnit::per_cent
                                                                    : DeviationUnit::points;
}

std::optional<double> expected_value(const Target& version, Date d) {
  if (version.kind == Kind::pledge || expects_nothing_yet(version, d)) return std::nullopt;
  if (version.kind != Kind::level) {
    return *version.baseline + expected_share(version, d) * (*version.goal - *version.baseline);
  }
  if (version.pace != Pace::plan) return *version.goal;
  const double from = version.baseline.value_or(0);
  return from + expected_share(version, d) * (*version.goal - from);
}

double light_deviation(const Target& version, double actual, double expected) {
  if (version.kind != Kind::level) return deviation_of(version, actual, expected);
  const double difference = (actual - expected) * sign_of(version.direction);
  if (*version.goal != 0) return difference / std::abs(*version.goal);
  return difference < -kGoalSlack ? -kInfinite : 0;
}

double excess(const Target& version, double actual) {
  if (reaches_goal(version, actual)) return 0;
  const double difference = std::abs(actual - *version.goal);
  return *version.goal == 0 ? kInfinite : difference / std::abs(*version.goal);
}

bool is_ceiling(const Target& version) {
  if (version.kind == Kind::level && version.direction == Direction::at_most) return true;
  if (!version.baseline) return false;
  return (*version.goal - *version.baseline) * sign_of(version.direction) < 0;
}

bool reaches_goal(const Target& target, double value) {
  const double slack = kGoalSlack * std::max(1.0, std::abs(*target.goal));
  return (value - *target.goal) * sign_of(target.direction) >= -slack;
}

std::optional<double> expected_value(const Target& target, Date d, Date on) {
  return expected_of(target.version_on(d, on), target.deadline_on(on), d);
}

std::vector<JudgedReading> judge_each(const Target& target, const WorkingDays& working_days,
                                      std::span<const Reading> readings, Date on) {
  std::vector<JudgedReading> result;
  const Today today(target, working_days, on);
  readings = judged_ones(target, readings, today);
  Row row(target, today, readings.empty() ? nullptr : &readings.back());
  for (const Reading& reading : readings) {
    if (!is_no_report(target, reading)) result.push_back(row.judge(reading));
  }
  return result;
}

Assessment assess(const Target& target, const Terms& terms, std::span<const Reading> readings,
                  Date on) {
  if (!target.is_in_force(on)) {
    Assessment nothing;
    nothing.in_force = false;
    return nothing;
  }
  const auto is_none = [&](const Reading& reading) { return is_no_report(target, reading); };
  if (target.kind != Kind::pledge || std::none_of(readings.begin(), readings.end(), is_none)) {
    return assess_counting(target, terms, readings, on);
  }
  std::vector<Reading> counting(readings.begin(), readings.end());
  std::erase_if(counting, is_none);
  return assess_counting(target, terms, counting, on);
}

Assessment assess(const Target& target, const WorkingDays& working_days,
                  std::span<const Reading> readings, Date on) {
  const auto own = shapes_of_last_years(target);
  return assess(target, Terms{&working_days, {own, {}}, {}}, readings, on);
}

}  // namespace districtd
