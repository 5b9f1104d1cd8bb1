// Judging one value of one target against its schedule. Pure: dates come in as arguments.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/domain/forecast.h"
#include "daemon/domain/reading.h"
#include "daemon/domain/target.h"
#include "daemon/domain/working_days.h"

namespace districtd {

enum class Status { achieved, ahead, on_track, at_risk, behind, overdue, no_data, reported };
inline constexpr std::array kAllStatuses = {Status::achieved, Status::ahead,   Status::on_track,
                                            Status::at_risk,  Status::behind,  Status::overdue,
                                            Status::no_data,  Status::reported};
enum class Light { green, yellow, red, grey, none };

std::string_view to_string(Status status);   // "on_track"
std::string_view to_chinese(Status status);  // "达进度"
std::optional<Status> parse_status(std::string_view text);
Light light_of(Status status);

// How a target stands on a day. Values in base units; shares, progress, deviation and forecast are
// ratios (a deviation of -0.08 is 8 percentage points short). Negative deviation is always
// unfavourable. A field is empty where there is no such thing for this target or no value yet.
struct Assessment {
  // False before the target was added and from its withdrawal on; nothing else is set then.
  bool in_force = true;

  Status status = Status::no_data;
  // Since when the status holds without a break, by the dates that the values stand for: the as_of
  // of the first of the readings in a row that were judged so; the day after the deadline for
  // overdue; the day on which the warning began for a deadline's nearness; the target's first day
  // for no_data.
  std::optional<Date> status_since;
  // Reporting periods in a row with a red light, the newest included: 3 is "red for the third
  // month". A period without a report does not break the row. 0 where the light is not red.
  int periods_behind = 0;

  std::optional<Date> as_of;             // of the value that was judged
  std::optional<double> goal;            // of the version that was judged by
  Date deadline{};                       // in force on the day
  std::optional<double> actual;          // not for a pledge
  std::optional<double> expected;        // the value that the schedule asks for at as_of
  std::optional<double> progress;        // (actual - baseline) / (goal - baseline)
  std::optional<double> expected_share;  // at as_of, or on the day where nothing is reported
  std::optional<double> deviation;

  std::optional<Forecast> forecast;
  // The forecast gives the goal less than tolerance.out_of_reach, and it is neither reached nor
  // past its deadline.
  bool goal_out_of_reach = false;
  std::optional<double> required_pace;  // progress a month, see required_pace()
  std::optional<Date> reached_in;       // see reached_in()

  bool report_overdue = false;
  std::optional<Date> report_overdue_since;  // the day after the first missing report was due
  int reports_missing = 0;                   // periods in a row whose report is overdue
  int reports_due = 0;                       // whose due day lies in this year and has passed
  int reports_on_time = 0;                   // of those, sent by that day

  // The part of the department's score, 0..1, see standing.h: now, and at the end of the period
  // before. Empty where the target does not count.
  std::optional<double> score;
  std::optional<double> score_before;

  friend bool operator==(const Assessment&, const Assessment&) = default;
};

// Judges a target as of the end of day `on`. `readings` are by as_of, one an as_of; those later
// than `on` are passed over. The newest value is judged at its own as_of, by the target's version
// of that day; the values before it tell for how long, and whether a worse status is left; `on`
// decides what is past due: overdue, report overdue, and the warning before a deadline.
Assessment assess(const Target& target, const WorkingDays& working_days,
                  std::span<const Reading> readings, Date on);

// One value as it was judged in the row of values.
struct JudgedReading {
  Reading reading;
  std::optional<double> deviation;
  Status by_threshold;  // by the thresholds alone
  Status status;        // with the margin for leaving a worse status
};

// Each value up to `on` with its judgement, oldest first: the reasons of assess(), for
// explanations.
std::vector<JudgedReading> judge_each(const Target& target, std::span<const Reading> readings,
                                      Date on);

// The value that the schedule asks for at the end of day d, in base units. `version` is no pledge,
// and the target's version of that day.
double expected_value(const Target& version, Date d);

// The day by which the report for the period that ends at `period_end` has to be there: grace_days
// after it, and where the target says so not before the next working day.
Date report_due(const Target& target, const WorkingDays& working_days, Date period_end);

// The end of the newest reporting period whose report was due before day `on`; nullopt where none
// was yet or the cadence is none. Periods are those of the calendar within [start, deadline], from
// the one in which the target was added on; the last one ends at the deadline.
std::optional<Date> newest_due_period(const Target& target, const WorkingDays& working_days,
                                      Date on);

// Whether the value reaches the goal, in the target's direction. Slack is for rounding only, 1e-12
// of the goal, so that one yuan short of 30亿元 is short.
bool reaches_goal(const Target& target, double value);

}  // namespace districtd
