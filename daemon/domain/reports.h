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

// Of the reports that were due in a time: how many, and what became of them.
struct ReportCounts {
  int due = 0;
  int on_time = 0;    // of those, there by the due day
  int corrected = 0;  // of those, with a figure that was corrected after the due day
  friend bool operator==(const ReportCounts&, const ReportCounts&) = default;
};

// Those that were due before the target passed to another department on the day `handover`, and not
// before the handover before it: they are not the new department's.
struct HandedOver {
  Date handover{};
  ReportCounts reports;
  friend bool operator==(const HandedOver&, const HandedOver&) = default;
};

// What became of the reports that were due before a day.
struct Reports {
  int due = 0;
  int on_time = 0;    // of those, there by the due day
  int corrected = 0;  // of those, with a figure that was corrected after the due day
  int missing = 0;    // periods in a row, the newest included, whose report is due and not in
  std::optional<Date> overdue_since;    // the day after the first of them was due
  std::optional<Date> stale_since;      // the day after the Target::stale_after-th of them was due
  std::vector<ReportFault> faults;      // newest first
  std::vector<HandedOver> handed_over;  // one for each handover up to the day, in order
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
// report: the month of the deadline. What an extension took in after its report would have been due
// owes nothing: on that day the target was over.
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

// Of which periods the reports are counted: each of the calendar's that lies in all of these.
struct PeriodsAsked {
  Date ended_first = Date::min();
  Date ended_last = Date::max();
  Date due_first = Date::min();
  Date due_last = Date::max();
};
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
// was due before that day is nobody's fault and counts nowhere. `handovers`: the days on which the
// target passes to another department, in order. Only what was `asked` about counts.
Reports reports_of(const Target& target, const WorkingDays& working_days,
                   std::span<const Reading> readings, Date on, std::optional<Date> done_on,
                   std::optional<Date> since, std::span<const Date> handovers = {},
                   const PeriodsAsked& asked = {});

// The first day on which the target is judged at all.
Date first_day(const Target& target);

}  // namespace districtd
