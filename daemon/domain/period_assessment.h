// Judging a target for a bulletin: how it stood at the end of a period, as far as is known on the
// day of printing. Pure.
#pragma once

#include <optional>
#include <span>

#include "daemon/domain/assessment.h"
#include "daemon/domain/bulletin_kind.h"

namespace districtd {

// `readings` are those known on `printed_on`, by as_of; `period` has ended by then.
//
// The status is that of the end of the period's last day, by the values as of it or before. Where
// the deadline lies in the period, it is that of the day of printing, by the values as of the
// deadline or before, with completed_later beside it. What owed a report of the period and has none
// is unreported, whatever it was before: of a month, quarter or year each report of a period that
// ended in it, of a week those of weeks; nothing is a report of a day.
//
// Lateness is that of the day of printing: report_faults, report_overdue and reports_missing are of
// all periods that ended by the period's last day, reports_due, reports_on_time and
// reports_corrected of the period's own; in a day or a week of the reports that were due in it.
//
// What had not begun by the last day, and what was withdrawn by then, is not in force.
Assessment judge_period(const Target& target, const Terms& terms, std::span<const Reading> readings,
                        BulletinKind kind, const BulletinPeriod& period, Date printed_on);

// The day by which the last of the reports that a bulletin of the period counts is due; nullopt
// where the target owes none. A bulletin that is printed on that day or before it counts as
// unreported what may still come.
std::optional<Date> last_report_due(const Target& target, const WorkingDays& working_days,
                                    BulletinKind kind, const BulletinPeriod& period);

}  // namespace districtd
