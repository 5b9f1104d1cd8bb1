#include "daemon/exporter/target_lines.h"

#include <chrono>
#include <cmath>

#include "daemon/domain/changes.h"
#include "daemon/domain/last_year.h"
#include "daemon/exporter/text_format.h"

namespace districtd {

constinit const std::array<FamilyText, kFamilies> kFamilyTexts = {{
    {"district_target_info",
     "One target of the catalogue: its names, kind, unit, direction and strength of commitment. "
     "Always 1."},
    {"district_target_unit_scale",
     "How many base units make one unit of the catalogue, in which people read the target."},
    {"district_target_goal",
     "The goal of the target on the day of the newest value, or today where there is none; in base "
     "units."},
    {"district_target_deadline_timestamp_seconds",
     "The day of the target's deadline, as midnight UTC at the beginning of that date."},
    {"district_target_extensions",
     "How many times the target's deadline was moved to a later day."},
    {"district_target_actual", "The newest reported value of the target, in base units."},
    {"district_target_expected",
     "The value that the schedule asks for on the day of the newest value, or today where there "
     "is none; in base units."},
    {"district_target_progress_ratio",
     "The part of the way from the baseline to the goal that is done."},
    {"district_target_expected_ratio",
     "The part of the goal that the schedule asks for on the day of the newest value, or today "
     "where there is none."},
    {"district_target_deviation_ratio",
     "How far the target is ahead of its schedule; negative is unfavourable."},
    {"district_target_forecast_ratio",
     "The progress to be expected at the deadline, from three values on, or two where a year's "
     "shape is known; of sums and percentages."},
    {"district_target_forecast_lower_ratio",
     "The lower end of the interval that holds the progress at the deadline with 80 % "
     "probability."},
    {"district_target_forecast_upper_ratio",
     "The upper end of the interval that holds the progress at the deadline with 80 % "
     "probability."},
    {"district_target_goal_probability_ratio",
     "The probability that the goal is reached, or kept to, at the deadline."},
    {"district_target_goal_out_of_reach",
     "1 where the forecast gives the goal less than the probability that the catalogue names, else "
     "0."},
    {"district_target_required_pace_ratio",
     "The progress a month that is needed from the newest value on to reach the goal in time."},
    {"district_target_as_of_timestamp_seconds",
     "The day as of which the newest value holds, as midnight UTC at the beginning of that date."},
    {"district_target_status",
     "The target's present status, as a label. Always 1. Rules ask for the codes: a range over "
     "this "
     "would still see the status of an hour ago."},
    {"district_target_status_code",
     "The number of the target's status in the table of statuses (docs/catalogue.md), as it is."},
    {"district_target_announced_code",
     "The same of the status that log and alerts say: a better one only once the figures hold it "
     "by the margin."},
    {"district_target_last_status_code",
     "Of a target that is stale: the number of the status that it had by its newest value."},
    {"district_target_status_since_timestamp_seconds",
     "The day since which the target has had its status, as midnight UTC at the beginning of that "
     "date."},
    {"district_target_periods_behind",
     "For how many reporting periods in a row the light has been red, the newest included."},
    {"district_target_report_overdue",
     "1 where the department has not sent what the target's cadence requires, else 0."},
    {"district_target_report_overdue_since_timestamp_seconds",
     "The day after the first missing report was due, as midnight UTC at the beginning of that "
     "date."},
    {"district_target_reports_missing",
     "For how many reporting periods in a row the report is overdue."},
    {"district_target_node_due_timestamp_seconds",
     "The day on which the target's next node is due, as midnight UTC at the beginning of that "
     "date; of targets with nodes, while one is to come."},
    {"district_target_node_missed_timestamp_seconds",
     "The day on which the earliest node that is missed was due, as midnight UTC at the beginning "
     "of that date."},
    {"district_target_parts_missing",
     "How many parts have no figure for the sum at hand, 0 where the sum is whole; of targets that "
     "are the sum of their parts."},
    {"district_target_last_year_actual",
     "The value a year before the newest one, where the catalogue has the amount of that very day; "
     "in base units."},
    {"district_target_last_year_change_ratio",
     "By how much the newest value is above that of a year before, in parts of it."},
    {"district_target_baseline",
     "The value at the start, from which progress is counted, on the day of the newest value, or "
     "today where there is none; in base units."},
    {"district_target_quote_info",
     "The words of the report that the target comes from, and the section they stand in. Always "
     "1."},
    {"district_target_month_actual",
     "The newest value as of a day of the month, in base units; the months of the year at hand."},
    {"district_target_month_expected",
     "The value that the schedule asks for on the day of the month's value, or at the month's end "
     "where there is none; in base units."},
    {"district_target_month_deviation_ratio",
     "How far the month's value is ahead of its schedule; negative is unfavourable."},
    {"district_target_month_status", "The status of the month's value by itself. Always 1."},
    {"district_target_month_corrections",
     "How often a later submission replaced a value as of a day of the month."},
}};

namespace {

double timestamp(Date date) {
  return static_cast<double>(
      std::chrono::duration_cast<std::chrono::seconds>(date.time_since_epoch()).count());
}

// "finance,water"
std::string ids_of(const Catalogue& catalogue, const std::vector<std::uint32_t>& departments) {
  std::string ids;
  for (const std::uint32_t one : departments) {
    if (!ids.empty()) ids += ',';
    ids += catalogue.departments()[one].id;
  }
  return ids;
}

// "2026-06"
std::string month_text(int year, unsigned month) {
  return to_string(date_of(year, month, 1)).substr(0, 7);
}

}  // namespace

void append_label(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  out.append(name).append("=\"");
  append_label_value(out, value);
  out += '"';
}

void TargetLines::begin_labels(const Catalogue& catalogue, const Department& department,
                               const Target& target) {
  labels_.assign(1, '{');
  append_label(labels_, "target", target.id);
  append_label(labels_, "department", department.id);
  append_label(labels_, "programme", catalogue.programme_of(target).id);
}

void TargetLines::add(FamilyIndex family, double value) {
  std::string& out = texts_[family];
  out.append(kFamilyTexts[family].name).append(labels_).append("} ");
  append_number(out, value);
  out += '\n';
  ++series_[family];
}

void TargetLines::add(FamilyIndex family, std::optional<double> value) {
  if (value && std::isfinite(*value)) add(family, *value);
}

void TargetLines::add(FamilyIndex family, std::optional<Date> day) {
  if (day) add(family, timestamp(*day));
}

void TargetLines::add_info(const Catalogue& catalogue, const Department& department,
                           const Target& target, Date today) {
  std::string& info = texts_[kInfo];
  info.append(kFamilyTexts[kInfo].name).append(labels_);
  append_label(info, "name", target.name);
  append_label(info, "department_name", department.name_on(today));
  append_label(info, "kind", to_string(target.kind));
  append_label(info, "unit", target.unit.symbol());
  append_label(info, "direction", to_string(target.direction));
  append_label(info, "commitment", to_string(target.commitment));
  if (!target.with.empty()) append_label(info, "with", ids_of(catalogue, target.with));
  if (target.is_part()) append_label(info, "parent", target.parent);
  if (!target.common.empty()) append_label(info, "common", target.common);
  info.append("} 1\n");
  ++series_[kInfo];
}

void TargetLines::add_node(FamilyIndex family, const Target& target,
                           const std::optional<NodePlace>& node) {
  if (!node) return;
  const std::size_t length = labels_.size();
  append_label(labels_, "node", target.node(*node).name);
  add(family, timestamp(target.node(*node).due));
  labels_.resize(length);
}

void TargetLines::add_last_year(const Target& target, const Assessment& assessment) {
  const auto last = last_year_of(target, assessment);
  if (!last) return;
  add(kLastYear, last->value);
  add(kLastYearChange, last->change);
}

void TargetLines::add_quote(const Target& target) {
  std::string& quote = texts_[kQuoteInfo];
  quote.append(kFamilyTexts[kQuoteInfo].name).append(labels_);
  append_label(quote, "quote", target.quote);
  append_label(quote, "section", target.section);
  quote.append("} 1\n");
  ++series_[kQuoteInfo];
}

// The labels grow by one for each month and shrink back.
void TargetLines::add_year(const YearStanding& year) {
  const std::size_t length = labels_.size();
  for (const MonthStanding& month : year.months) {
    append_label(labels_, "month", month_text(year.year, month.month));
    add(kMonthActual, month.actual);
    add(kMonthExpected, month.expected);
    add(kMonthDeviation, month.deviation);
    if (month.corrections > 0) add(kMonthCorrections, static_cast<double>(month.corrections));
    if (month.status) {
      append_label(labels_, "status", to_string(*month.status));
      add(kMonthStatus, 1.0);
    }
    labels_.resize(length);
  }
}

void TargetLines::add(const Catalogue& catalogue, const Department& department,
                      const Target& target, const Assessment& assessment, const YearStanding& year,
                      Date today) {
  if (!assessment.in_force) return;
  begin_labels(catalogue, department, target);
  add_info(catalogue, department, target, today);
  add(kGoal, assessment.goal);
  add(kDeadline, timestamp(assessment.deadline));
  add(kActual, assessment.actual);
  add(kExpected, assessment.expected);
  add(kProgress, assessment.progress);
  add(kExpectedShare, assessment.expected_share);
  add(kDeviation, assessment.deviation);
  if (assessment.forecast) add_forecast(*assessment.forecast, assessment.goal_out_of_reach);
  add(kRequiredPace, assessment.required_pace);
  add(kAsOf, assessment.as_of);
  add(kStatusSince, assessment.status_since);
  add(kPeriodsBehind, assessment.periods_behind);
  add(kReportOverdue, assessment.report_overdue ? 1.0 : 0.0);
  add(kReportOverdueSince, assessment.report_overdue_since);
  add(kReportsMissing, assessment.reports_missing);

  add_node(kNodeDue, target, assessment.node_next);
  add_node(kNodeMissed, target, assessment.node_missed);
  if (target.sum_of_parts) {
    add(kPartsMissing,
        static_cast<double>(assessment.partial_sum ? assessment.partial_sum->missing.size() : 0));
  }
  add_last_year(target, assessment);
  add(kBaseline, target.version(assessment.version).baseline);
  if (target.kind != Kind::pledge) add(kUnitScale, target.unit.base_units());
  add_quote(target);
  add_year(year);
  add_status(assessment.status);
  add(kStatusCode, row_of(assessment.status).code);
  add(kAnnouncedCode, row_of(assessment.announced).code);
  if (const int extensions = extensions_of(target, today)) add(kExtensions, extensions);
  if (assessment.last_status) add(kLastStatusCode, row_of(*assessment.last_status).code);
}

void TargetLines::add_forecast(const Forecast& forecast, bool is_out_of_reach) {
  add(kForecast, forecast.progress);
  add(kForecastLower, forecast.lower);
  add(kForecastUpper, forecast.upper);
  add(kGoalProbability, forecast.goal_probability);
  add(kGoalOutOfReach, is_out_of_reach ? 1.0 : 0.0);
}

void TargetLines::add_status(Status status) {
  std::string& out = texts_[kStatus];
  out.append(kFamilyTexts[kStatus].name).append(labels_).append(",status=\"");
  out.append(to_string(status)).append("\"} 1\n");
  ++series_[kStatus];
}

}  // namespace districtd
