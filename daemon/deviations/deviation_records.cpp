#include "daemon/deviations/deviation_records.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

#include "base/json_writer.h"
#include "daemon/deviations/sentences.h"

namespace districtd {
namespace {

constexpr std::size_t kMostNamed = 50;  // targets that one daily line names

std::string number(const std::optional<double>& value) {
  return value ? json_number(*value) : "null";
}

std::string in_unit(const Unit& unit, const std::optional<double>& base) {
  return base ? json_number(unit.from_base(*base)) : "null";
}

std::string day(const std::optional<Date>& date) {
  return date ? json_text(to_string(*date)) : "null";
}

std::string submission_id(std::string_view submission) {
  return submission.empty() ? "null" : json_text(submission);
}

// A ratio without the last bits of a division.
std::optional<double> tidy(const std::optional<double>& ratio) {
  return ratio ? std::optional(std::round(*ratio * 1e9) / 1e9) : std::nullopt;
}

std::optional<double> points(const std::optional<double>& deviation) {
  // Adding 0 makes a rounded -0 a 0.
  return deviation ? std::optional(std::round(*deviation * 1e4) / 1e2 + 0.0) : std::nullopt;
}

// The fields that every record of one target begins with.
std::vector<LogField> target_fields(const Catalogue& catalogue, const Target& target, Date on) {
  const Department& department = catalogue.department_of(target, on);
  return {{"target", json_text(target.id)},
          {"programme", json_text(catalogue.programme_of(target).id)},
          {"name", json_text(target.name)},
          {"department", json_text(department.id)},
          {"department_name", json_text(department.name_on(on))}};
}

void append(std::vector<LogField>& fields, std::vector<LogField> more) {
  fields.insert(fields.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

DeviationRecord report_overdue_record(const Catalogue& catalogue, const Target& target, Date on,
                                      Date period, const Assessment& now) {
  const Date due_by = report_due(target, catalogue.working_days(), period);
  auto fields = target_fields(catalogue, target, on);
  append(fields, {{"period_end", day(period)},
                  {"due_by", day(due_by)},
                  {"overdue_since", day(now.report_overdue_since)},
                  {"reports_missing", std::to_string(now.reports_missing)},
                  {"as_of", day(now.as_of)}});
  return {LogLevel::warn, "report_overdue",
          report_overdue_sentence(catalogue, target, on, period, due_by, now), std::move(fields)};
}

DeviationRecord report_arrived_record(const Catalogue& catalogue, const Target& target, Date on,
                                      Date period, const Assessment& now,
                                      std::string_view submission) {
  auto fields = target_fields(catalogue, target, on);
  append(fields, {{"period_end", day(period)},
                  {"as_of", day(now.as_of)},
                  {"submission", submission_id(submission)}});
  return {LogLevel::info, "report_arrived", report_arrived_sentence(catalogue, target, on, now),
          std::move(fields)};
}

}  // namespace

DeviationRecord status_changed_record(const Catalogue& catalogue, const Target& target, Date on,
                                      std::string_view from, const Assessment& now,
                                      std::string_view submission) {
  auto fields = target_fields(catalogue, target, on);
  append(fields, {{"from", json_text(from)},
                  {"to", json_text(to_string(now.announced))},
                  {"actual", in_unit(target.unit, now.actual)},
                  {"expected", in_unit(target.unit, now.expected)},
                  {"unit", json_text(target.unit.symbol())},
                  {"progress", number(tidy(now.progress))},
                  {"expected_share", number(tidy(now.expected_share))},
                  {"deviation_points", number(points(now.deviation))},
                  {"status_since", day(now.status_since)},
                  {"periods_behind", std::to_string(now.periods_behind)},
                  {"goal_probability",
                   now.forecast ? number(tidy(now.forecast->goal_probability)) : "null"},
                  {"as_of", day(now.as_of)},
                  {"submission", submission_id(submission)},
                  {"quote", json_text(target.quote)}});
  return {light_of(now.announced) == Light::red ? LogLevel::warn : LogLevel::info, "status_changed",
          status_changed_sentence(catalogue, target, on, from, now), std::move(fields)};
}

DeviationRecord still_behind_record(const Catalogue& catalogue, const Target& target, Date on,
                                    const Assessment& now, std::string_view submission) {
  auto fields = target_fields(catalogue, target, on);
  append(fields, {{"status", json_text(to_string(now.announced))},
                  {"periods_behind", std::to_string(now.periods_behind)},
                  {"status_since", day(now.status_since)},
                  {"actual", in_unit(target.unit, now.actual)},
                  {"progress", number(tidy(now.progress))},
                  {"expected_share", number(tidy(now.expected_share))},
                  {"deviation_points", number(points(now.deviation))},
                  {"as_of", day(now.as_of)},
                  {"submission", submission_id(submission)},
                  {"quote", json_text(target.quote)}});
  return {LogLevel::warn, "still_behind", still_behind_sentence(catalogue, target, on, now),
          std::move(fields)};
}

DeviationRecord withdrawn_record(const Catalogue& catalogue, const Target& target, Date on) {
  auto fields = target_fields(catalogue, target, on);
  append(fields,
         {{"withdrawn", day(target.withdrawn)}, {"reason", json_text(target.withdrawal_reason)}});
  return {LogLevel::info, "target_withdrawn", withdrawn_sentence(catalogue, target, on),
          std::move(fields)};
}

std::optional<DeviationRecord> report_change_record(const Board& board, const Target& target,
                                                    const Assessment& now,
                                                    std::string_view submission) {
  const auto period = newest_due_period(target, board.catalogue().working_days(), board.today());
  if (!period) return std::nullopt;  // the catalogue asks for no report any more: nothing arrived
  if (now.report_overdue) {
    return report_overdue_record(board.catalogue(), target, board.today(), *period, now);
  }
  if (now.as_of) {
    return report_arrived_record(board.catalogue(), target, board.today(), *period, now,
                                 submission);
  }
  return std::nullopt;
}

DeviationRecord daily_summary_record(const Board& board, std::uint32_t programme) {
  const Catalogue& catalogue = board.catalogue();
  std::array<std::size_t, kLights> lights{};
  const auto lit = [&](Light light) -> std::size_t& {
    return lights[static_cast<std::size_t>(light)];
  };
  std::size_t overdue_reports = 0;
  std::string ids;
  JsonWriter id_list(ids);
  id_list.begin_array();
  std::string names;
  for (Catalogue::Index i = 0; i < catalogue.targets().size(); ++i) {
    if (!board[i].in_force || catalogue[i].programme != programme) continue;
    if (catalogue[i].is_part()) continue;
    if (board[i].report_overdue) ++overdue_reports;
    const Light light = light_of(board[i].status);
    const std::size_t red_before = lit(Light::red);
    ++lit(light);
    if (light != Light::red || red_before >= kMostNamed) continue;
    id_list.value(catalogue[i].id);
    names += (red_before == 0 ? "" : "、") + title_of(catalogue, catalogue[i], board.today());
    if (board[i].periods_behind > 1) {
      names += "（" + row_of_periods(catalogue[i], board[i]) + "）";
    }
  }

  id_list.end_array();

  const std::size_t red = lit(Light::red);
  const std::size_t more = red - std::min(red, kMostNamed);
  const std::string& id = catalogue.programmes()[programme].id;
  std::string message = to_string(board.today());
  bool is_alone = true;
  for (std::uint32_t p = 0; p < catalogue.programmes().size(); ++p) {
    is_alone = is_alone && (p == programme || !board.is_open(p));
  }
  if (!is_alone) message += " " + id + " 年度";
  message += red == 0 ? " 没有亮红灯的目标" : " 亮红灯 " + std::to_string(red) + " 项：" + names;
  if (more > 0) message += " 等，另有 " + std::to_string(more) + " 项";
  if (overdue_reports > 0) message += "；迟报 " + std::to_string(overdue_reports) + " 项";
  return {LogLevel::info,
          "daily_summary",
          std::move(message),
          {{"date", day(board.today())},
           {"programme", json_text(id)},
           {"red", std::to_string(red)},
           {"yellow", std::to_string(lit(Light::yellow))},
           {"green", std::to_string(lit(Light::green))},
           {"grey", std::to_string(lit(Light::grey))},
           {"reported", std::to_string(lit(Light::none))},
           {"report_overdue", std::to_string(overdue_reports)},
           {"red_targets", ids},
           {"red_more", std::to_string(more)}}};
}

}  // namespace districtd
