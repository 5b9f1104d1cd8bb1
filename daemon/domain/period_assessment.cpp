#include "daemon/domain/period_assessment.h"

#include <algorithm>
#include <optional>

#include "daemon/domain/reports.h"

namespace districtd {
namespace {

std::span<const Reading> up_to(std::span<const Reading> readings, Date day) {
  const auto end = std::upper_bound(readings.begin(), readings.end(), day,
                                    [](Date d, const Reading& one) { return d < one.as_of; });
  return readings.first(static_cast<std::size_t>(end - readings.begin()));
}

bool is_brief(BulletinKind kind) {
  return kind == BulletinKind::daily || kind == BulletinKind::weekly;
}

// Whether a report of the target is one of a period of that kind.
bool reports_so_often(const Target& target, BulletinKind kind) {
  if (kind == BulletinKind::daily) return false;
  return kind != BulletinKind::weekly || target.cadence == Cadence::week;
}

bool lacks_its_report(const Target& target, const Assessment& a, BulletinKind kind,
                      const BulletinPeriod& period) {
  return reports_so_often(target, kind) && lacks_report(target, a.as_of, period.first, period.last);
}

// What stays is what was said last, and as of when.
void put_unreported(Assessment& a) {
  a.is_unreported = true;
  if (a.as_of && !a.last_status) a.last_status = a.status;
  a.status = a.announced = Status::no_data;
  a.status_since.reset();
  a.periods_behind = 0;
  a.expected.reset();
  a.expected_share.reset();
  a.deviation.reset();
  a.forecast.reset();
  a.goal_out_of_reach = false;
  a.required_pace.reset();
  a.reached_in.reset();
}

void put_reports(const Target& target, const Terms& terms, std::span<const Reading> known,
                 BulletinKind kind, const BulletinPeriod& period, Date printed_on, Assessment& a) {
  const bool is_done = target.kind == Kind::milestone && is_reached(a.status);
  const auto reports = [&](const PeriodsAsked& asked) {
    return reports_of(target, *terms.working_days, known, printed_on,
                      is_done ? a.status_since : std::nullopt, terms.reports_since, terms.handovers,
                      asked);
  };
  Reports all = reports({.ended_last = period.last});
  a.report_overdue = all.missing > 0;
  a.report_overdue_since = all.overdue_since;
  a.reports_missing = all.missing;
  a.report_faults = std::move(all.faults);
  const Reports own = reports(
      is_brief(kind) ? PeriodsAsked{.due_first = period.first, .due_last = period.last}
                     : PeriodsAsked{.ended_first = period.first, .ended_last = period.last});
  a.reports_due = own.due;
  a.reports_on_time = own.on_time;
  a.reports_corrected = own.corrected;
  a.handed_over = own.handed_over;
}

}  // namespace

std::optional<Date> last_report_due(const Target& target, const WorkingDays& working_days,
                                    BulletinKind kind, const BulletinPeriod& period) {
  if (!reports_so_often(target, kind)) return std::nullopt;
  // Without a value each report is lacking that is owed.
  if (!lacks_report(target, std::nullopt, period.first, period.last)) return std::nullopt;
  const Cadence cadence = target.cadence == Cadence::none ? Cadence::month : target.cadence;
  Date end = period_end(cadence, period.last);
  if (end > period.last) end = period_start(cadence, period.last) - std::chrono::days{1};
  const Date deadline = target.deadline_on(period.last);
  if (deadline <= period.last) end = deadline;
  return report_due(target, working_days, end);
}

Assessment judge_period(const Target& target, const Terms& terms, std::span<const Reading> readings,
                        BulletinKind kind, const BulletinPeriod& period, Date printed_on) {
  Assessment result;
  result.in_force = target.is_in_force(period.last) && first_day(target) <= period.last;
  if (!result.in_force) return result;
  const auto known = up_to(readings, printed_on);
  const Date deadline = target.deadline_on(printed_on);
  const bool ends_within =
      deadline >= period.first && deadline <= period.last && target.is_in_force(printed_on);
  const Date on = ends_within ? printed_on : period.last;
  result =
      assess(target, terms, up_to(known, std::min(on, ends_within ? deadline : period.last)), on);
  if (ends_within && !is_reached(result.status)) {
    const Assessment now = assess(target, terms, known, printed_on);
    if (now.status == Status::achieved_late) result.completed_later = now.status_since;
  }
  put_reports(target, terms, known, kind, period, printed_on, result);
  if (!ends_within && !is_reached(result.status) &&
      lacks_its_report(target, result, kind, period)) {
    put_unreported(result);
  }
  return result;
}

}  // namespace districtd
