// Judging one value of one target against its schedule. Pure: dates come in as arguments.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "daemon/domain/forecast.h"
#include "daemon/domain/reading.h"
#include "daemon/domain/reports.h"
#include "daemon/domain/status.h"
#include "daemon/domain/target.h"
#include "daemon/domain/terms.h"
#include "daemon/domain/working_days.h"

namespace districtd {

// How a deviation is read, both times a hundred.
enum class DeviationUnit {
  points,    // percentage points
  per_cent,  // per cent of the expected value: of a level that is no percentage
};

DeviationUnit deviation_unit_of(const Target& target);

// The sum of some of a target's parts, see parts.h: it is newer than the last whole one.
struct PartialSum {
  Date as_of{};                           // of the newest of its figures
  double value = 0;                       // base units
  std::vector<Catalogue::Index> missing;  // the parts without a figure of that period
  friend bool operator==(const PartialSum&, const PartialSum&) = default;
};

// How a target stands on a day. Values in base units; shares, progress, deviation and forecast are
// ratios (a deviation of -0.08 is 8 percentage points short). Negative deviation is always
// unfavourable. A field is empty where there is no such thing for this target or no value yet.
struct Assessment {
  // False before the target was added and from its withdrawal on; nothing else is set then.
  bool in_force = true;

  // What the figures and the terms give on the day, whatever was shown before.
  Status status = Status::no_data;
  // What log, alerts and messages say: as `status`, but a better light only once the figures hold
  // it by the margin.
  Status announced = Status::no_data;
  // The status by the first promise, as if nothing had been changed; where something was by then.
  std::optional<Status> first_status;
  // Of what is stale: how it stood by its newest value.
  std::optional<Status> last_status;
  // Since when the status holds without a break, by the dates that the values stand for: the as_of
  // of the first of the readings in a row that were judged so; the day after the deadline for
  // settling, and for overdue with a final value; the day after the final report was due for
  // overdue without one; the day after the last of the missing reports was due for stale; the day
  // on which the warning began for a deadline's nearness; the target's first day for no_data.
  std::optional<Date> status_since;
  // Of what is settling: the last day on which it is, that by which the final report is due.
  std::optional<Date> settling_until;
  // After the deadline: whether the newest value is the final one.
  bool has_final_value = false;
  // Reporting periods in a row with a red light, the newest included: 3 is "red for the third
  // month". A period without a report does not break the row unless the target went stale in it. 0
  // where the light is not red.
  int periods_behind = 0;

  std::optional<Date> as_of;  // of the value that was judged
  // The version of the target by which it was judged, for Target::version(): that of as_of, or of
  // the day where nothing is reported.
  std::size_t version = 0;
  std::optional<double> goal;      // of that version
  Date deadline{};                 // in force on the day
  bool is_extended = false;        // 延期: the deadline is later than the first one
  bool is_projected = false;       // 预计: so is the value that was judged
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

  // Of pace nodes. The earliest node that is missed: a value as of its day or later is below its
  // share, or the report of its period is due and not in; then expected, expected_share and
  // deviation are against the newest node that is missed so. And the first one after the value, or
  // after the day where nothing is reported, that is not reached yet.
  std::optional<NodePlace> node_missed;
  std::optional<NodePlace> node_next;

  // Of a target that is the sum of its parts: what is known since the value that was judged.
  std::optional<PartialSum> partial_sum;

  // What is still to come: nothing of what is over.
  std::optional<Forecast> forecast;
  // The forecast gives the goal less than tolerance.out_of_reach, and it is neither reached nor
  // past its deadline.
  bool goal_out_of_reach = false;
  std::optional<double> required_pace;  // progress a month, see required_pace()
  std::optional<Date> reached_in;       // see reached_in()

  bool report_overdue = false;
  std::optional<Date> report_overdue_since;  // the day after the first missing report was due
  int reports_missing = 0;                   // periods in a row whose report is overdue
  int reports_due = 0;                       // in all, and its due day has passed
  int reports_on_time = 0;                   // of those, sent by that day
  int reports_corrected = 0;                 // of those, with a figure corrected after that day
  std::vector<ReportFault> report_faults;    // late or missing, newest first
  std::vector<HandedOver> handed_over;       // of the counts of reports: those of others, see there

  // Asked about a period, as a bulletin does (judge_period()): it owed a report of the period and
  // has none. The status is no_data then, and last_status what its newest value said.
  bool is_unreported = false;
  // Asked about a period in which the deadline lies: when it was reached after it.
  std::optional<Date> completed_later;

  // The part of the department's score, 0..1, see standing.h: now, and at the end of the period
  // before. Empty where the target does not count.
  std::optional<double> score;
  std::optional<double> score_before;
  std::vector<ReportFault> report_faults_before;  // those of the end of the period before

  friend bool operator==(const Assessment&, const Assessment&) = default;
};

// Judges a target as of the end of day `on`. `readings` are by as_of, one an as_of; those later
// than `on` are passed over. The newest value is judged at its own as_of, by the target's version
// of that day and of `on`; the values before it tell for how long, and what was announced; `on`
// decides what is over, past due, silent, and the warning before a deadline, and which changes
// exist at all.
Assessment assess(const Target& target, const Terms& terms, std::span<const Reading> readings,
                  Date on);

// The same of a target by itself, without a catalogue.
Assessment assess(const Target& target, const WorkingDays& working_days,
                  std::span<const Reading> readings, Date on);

// One value as it was judged in the row of values.
struct JudgedReading {
  Reading reading;
  std::optional<double> deviation;  // empty where nothing was expected yet, and for a pledge
  Status status;                    // what it says by itself
  Status announced;                 // with the margin for leaving a worse status
};

// Each value up to `on` with its judgement, oldest first: the reasons of assess(), for
// explanations.
std::vector<JudgedReading> judge_each(const Target& target, const WorkingDays& working_days,
                                      std::span<const Reading> readings, Date on);

// The value that the schedule asks for at the end of day d, in base units; nullopt for a pledge,
// and while the schedule asks for nothing yet. `version` is the target's version of that day.
std::optional<double> expected_value(const Target& version, Date d);

// The same of a value as of day d that is judged on day `on`, by the version and by the deadline in
// force then.
std::optional<double> expected_value(const Target& target, Date d, Date on);

// What the tolerances are compared with, a ratio, negative where it is unfavourable: the deviation;
// of a level (actual - expected) in parts of its goal. Of a goal of 0 each shortfall is infinite.
double light_deviation(const Target& version, double actual, double expected);

// How far a value exceeds what it was to be kept within, or falls short of what was to be reached:
// a ratio of the goal, 0 where it is not. Of a goal of 0 it is infinite.
double excess(const Target& version, double actual);

// A ceiling (控制在…以内), or a floor under what shrinks: it is kept, not reached, so that only its
// final value can show that it was, and it is never ahead. `version` is no pledge.
bool is_ceiling(const Target& version);

// Whether the value reaches the goal, in the target's direction. Slack is for rounding only, 1e-12
// of the goal, so that one yuan short of 30亿元 is short.
bool reaches_goal(const Target& target, double value);

}  // namespace districtd
