// Which reports a target owes, by when, and what became of them: the design page, "Judging". Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "daemon/domain/reading.h"
#include "daemon/domain/target.h"
#include "daemon/domain/working_days.h"

namespace districtd {

// The report of one period that came late or is missing. The period is the calendar's, whatever of
// it lies within the target's time, so that two targets of a department have the same one.
struct ReportFault {
  Cadence cadence = Cadence::month;  // never none: its one report is of a month
  Date period_start{};
  Date due{};
  bool is_missing = false;
  friend bool operator==(const ReportFault&, const ReportFault&) = default;
};

// What became of the reports that were due before a day.
struct Reports {
  int due = 0;
  int on_time = 0;    // of those, there by the due day
  int corrected = 0;  // of those, with a figure that was corrected after the due day
  int missing = 0;    // periods in a row, the newest included, whose report is due and not in
  std::optional<Date> overdue_since;  // the day after the first of them was due
  std::optional<Date> stale_since;    // the day after the Target::stale_after-th of them was due
  std::vector<ReportFault> faults;    // newest first
};

// The day by which the report for the period that ends at `period_end` has to be there: grace_days
// after it, and where the target says so not before the next working day.
Date report_due(const Target& target, const WorkingDays& working_days, Date period_end);

// The end of the newest reporting period whose report was due before day `on`; nullopt where none
// was yet.
//
// Periods are those of the calendar, cut to what lies within the target's days, from the one in
// which it was added on to the deadline in force on that day. A first one that is cut to less than
// half owes nothing, unless it is the last one too. With cadence none only the last one owes a
// report: the month of the deadline.
std::optional<Date> newest_due_period(const Target& target, const WorkingDays& working_days,
                                      Date on);

// Whether the target owed a report of a period that ended within [first, last], and the newest
// value, as of `as_of`, is none: of the newest such period by the deadline in force on `last`.
bool lacks_report(const Target& target, std::optional<Date> as_of, Date first, Date last);

// The report of the last period, which may bring the final value.
struct FinalReport {
  Date from{};  // a value as of then or later is it: of the period's second half, and at most 31
                // days before the deadline
  Date due{};
};
FinalReport final_report(const Target& target, const WorkingDays& working_days, Date deadline);

// The report of the reporting period that holds a day from the target's first one to the deadline.
struct PeriodReport {
  Date end{};   // of the period, or the deadline
  Date from{};  // a value as of then or later is it; of the last period only one that may be final
  Date due{};
  bool is_last = false;
  bool is_owed = false;
};
PeriodReport report_of_period(const Target& target, const WorkingDays& working_days, Date day,
                              Date deadline);

// A report of a period is a value as of its second half, or as of later; of the last one only a
// value that may be the final one (FinalReport, and no projected one). `readings` are those up to
// `on`, by as_of. `done_on`: from when on nothing is owed any more, as it is done. `since`: what
// was due before that day is nobody's fault and counts nowhere.
Reports reports_of(const Target& target, const WorkingDays& working_days,
                   std::span<const Reading> readings, Date on, std::optional<Date> done_on,
                   std::optional<Date> since);

// The first day on which the target is judged at all.
Date first_day(const Target& target);

}  // namespace districtd
