// Judging one value of one target against its schedule. Pure: dates come in as arguments.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "daemon/domain/forecast.h"
#include "daemon/domain/reading.h"
#include "daemon/domain/status.h"
#include "daemon/domain/target.h"
#include "daemon/domain/working_days.h"

namespace districtd {

// How a deviation is read, both times a hundred.
enum class DeviationUnit {
  points,    // percentage points
  per_cent,  // per cent of the expected value: of a level that is no percentage
};

DeviationUnit deviation_unit_of(const Target& target);

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

  std::optional<Date> as_of;  // of the value that was judged
  // The version of the target by which it was judged, for Target::version(): that of as_of, or of
  // the day where nothing is reported.
  std::size_t version = 0;
  std::optional<double> goal;      // of that version
  Date deadline{};                 // in force on the day
  std::optional<double> actual;    // not for a pledge
  std::optional<double> progress;  // (actual - baseline) / (goal - baseline)

  // What the schedule asks for at as_of, or on the day where nothing is reported, and how far the
  // value is ahead of it. Where the schedule asks for nothing yet, expects_nothing_yet is
  // true and all three are empty.
  std::optional<double> expected;        // a value
  std::optional<double> expected_share;  // of the goal; not for a level without a plan
  std::optional<double> deviation;       // in deviation_unit
  DeviationUnit deviation_unit = DeviationUnit::points;
  bool expects_nothing_yet = false;

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
// decides what is past due: overdue, report overdue, and the warning before a deadline. `known` is
// for the forecast: the catalogue's known_shapes() of the target.
Assessment assess(const Target& target, const WorkingDays& working_days,
                  std::span<const Reading> readings, Date on, const KnownShapes& known);

// The same of a target by itself, without a catalogue.
Assessment assess(const Target& target, const WorkingDays& working_days,
                  std::span<const Reading> readings, Date on);

// One value as it was judged in the row of values.
struct JudgedReading {
  Reading reading;
  std::optional<double> deviation;  // empty where nothing was expected yet, and for a pledge
  Status by_threshold;              // by the thresholds alone
  Status status;                    // with the margin for leaving a worse status
};

// Each value up to `on` with its judgement, oldest first: the reasons of assess(), for
// explanations.
std::vector<JudgedReading> judge_each(const Target& target, std::span<const Reading> readings,
                                      Date on);

// The value that the schedule asks for at the end of day d, in base units; nullopt for a pledge,
// and while the schedule asks for nothing yet. `version` is the target's version of that day.
std::optional<double> expected_value(const Target& version, Date d);

// How far a value as of day d is ahead of the schedule, for the score: while the schedule asks for
// nothing yet it is held against the baseline, a level against its goal. `version` is no pledge,
// and the target's version of that day.
double scored_deviation(const Target& version, double actual, Date d);

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
