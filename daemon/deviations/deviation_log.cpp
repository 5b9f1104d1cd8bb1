#include "daemon/deviations/deviation_log.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/json_writer.h"
#include "daemon/deviations/sentences.h"
#include "daemon/log/logging.h"

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
std::vector<LogField> target_fields(const Catalogue& catalogue, const Target& target) {
  const Department& department = catalogue.department_of(target);
  return {{"target", json_text(target.id)},
          {"name", json_text(target.name)},
          {"department", json_text(department.id)},
          {"department_name", json_text(department.name)}};
}

void append(std::vector<LogField>& fields, std::vector<LogField> more) {
  fields.insert(fields.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

void log_status_changed(const Catalogue& catalogue, const Target& target, std::string_view from,
                        const Assessment& now, std::string_view submission) {
  auto fields = target_fields(catalogue, target);
  append(fields, {{"from", json_text(from)},
                  {"to", json_text(to_string(now.status))},
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
  log_event(light_of(now.status) == Light::red ? LogLevel::warn : LogLevel::info, "status_changed",
            status_changed_sentence(catalogue, target, from, now), fields);
}

void log_still_behind(const Catalogue& catalogue, const Target& target, const Assessment& now,
                      std::string_view submission) {
  auto fields = target_fields(catalogue, target);
  append(fields, {{"status", json_text(to_string(now.status))},
                  {"periods_behind", std::to_string(now.periods_behind)},
                  {"status_since", day(now.status_since)},
                  {"actual", in_unit(target.unit, now.actual)},
                  {"progress", number(tidy(now.progress))},
                  {"expected_share", number(tidy(now.expected_share))},
                  {"deviation_points", number(points(now.deviation))},
                  {"as_of", day(now.as_of)},
                  {"submission", submission_id(submission)},
                  {"quote", json_text(target.quote)}});
  log_event(LogLevel::warn, "still_behind", still_behind_sentence(catalogue, target, now), fields);
}

void log_withdrawn(const Catalogue& catalogue, const Target& target) {
  auto fields = target_fields(catalogue, target);
  append(fields,
         {{"withdrawn", day(target.withdrawn)}, {"reason", json_text(target.withdrawal_reason)}});
  log_event(LogLevel::info, "target_withdrawn", withdrawn_sentence(catalogue, target), fields);
}

void log_report_overdue(const Catalogue& catalogue, const Target& target, Date period,
                        const Assessment& now) {
  const Date due_by = report_due(target, catalogue.working_days(), period);
  auto fields = target_fields(catalogue, target);
  append(fields, {{"period_end", day(period)},
                  {"due_by", day(due_by)},
                  {"overdue_since", day(now.report_overdue_since)},
                  {"reports_missing", std::to_string(now.reports_missing)},
                  {"as_of", day(now.as_of)}});
  log_event(LogLevel::warn, "report_overdue",
            report_overdue_sentence(catalogue, target, period, due_by, now), fields);
}

void log_report_arrived(const Catalogue& catalogue, const Target& target, Date period,
                        const Assessment& now, std::string_view submission) {
  auto fields = target_fields(catalogue, target);
  append(fields, {{"period_end", day(period)},
                  {"as_of", day(now.as_of)},
                  {"submission", submission_id(submission)}});
  log_event(LogLevel::info, "report_arrived", report_arrived_sentence(catalogue, target, now),
            fields);
}

void log_report_change(const Board& board, const Target& target, const Assessment& now,
                       std::string_view submission) {
  const auto period = newest_due_period(target, board.catalogue().working_days(), board.today());
  if (!period) return;  // the catalogue asks for no report any more: nothing arrived
  if (now.report_overdue) {
    log_report_overdue(board.catalogue(), target, *period, now);
  } else if (now.as_of) {
    log_report_arrived(board.catalogue(), target, *period, now, submission);
  }
}

// The word that the store keeps for a target that is not in force.
constexpr std::string_view kWithdrawn = "withdrawn";

// What a record about the target compares itself with the next time.
Judged judged_as(const Target& target, const Assessment& now) {
  return {.target = target.id,
          .status = std::string(now.in_force ? to_string(now.status) : kWithdrawn),
          .report_overdue = now.report_overdue,
          .periods_behind = now.periods_behind,
          .reports_missing = now.reports_missing};
}

bool is_red(std::string_view status) {
  const auto known = parse_status(status);
  return known && light_of(*known) == Light::red;
}

}  // namespace

DeviationLog::DeviationLog(std::unordered_map<std::string, Judged> last, Persist persist)
    : last_(std::move(last)), persist_(std::move(persist)) {}

void DeviationLog::compare(const Board& board, const std::vector<Catalogue::Index>& targets,
                           std::string_view submission) {
  const Judged unknown{.target = "", .status = std::string(to_string(Status::no_data))};
  std::vector<Judged> changed;
  for (const auto index : targets) {
    const Target& target = board.catalogue()[index];
    const Assessment& now = board[index];
    const auto found = last_.find(target.id);
    if (found == last_.end() && !now.in_force) continue;
    Judged before = found != last_.end() ? found->second : unknown;
    const Judged judged = judged_as(target, now);
    // A count of 0 under a red light is of a store that did not count yet: nothing is news.
    before.target = judged.target;
    if (judged == before) continue;

    if (!now.in_force) {
      log_withdrawn(board.catalogue(), target);
    } else {
      if (before.status == kWithdrawn) before = unknown;
      if (judged.report_overdue != before.report_overdue ||
          (before.reports_missing > 0 && judged.reports_missing > before.reports_missing)) {
        log_report_change(board, target, now, submission);
      }
      if (judged.status != before.status) {
        log_status_changed(board.catalogue(), target, before.status, now, submission);
      } else if (is_red(judged.status) && before.periods_behind > 0 &&
                 judged.periods_behind > before.periods_behind) {
        log_still_behind(board.catalogue(), target, now, submission);
      }
    }
    last_.insert_or_assign(target.id, judged);
    changed.push_back(judged);
  }
  if (!changed.empty()) persist_(std::move(changed));
}

void DeviationLog::compare_all(const Board& board, std::string_view submission) {
  std::vector<Catalogue::Index> all(board.catalogue().targets().size());
  std::iota(all.begin(), all.end(), 0);
  compare(board, all, submission);
}

void DeviationLog::summarise(const Board& board) {
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
    if (!board[i].in_force) continue;
    if (board[i].report_overdue) ++overdue_reports;
    const Light light = light_of(board[i].status);
    const std::size_t red_before = lit(Light::red);
    ++lit(light);
    if (light != Light::red || red_before >= kMostNamed) continue;
    id_list.value(catalogue[i].id);
    names += (red_before == 0 ? "" : "、") + title_of(catalogue, catalogue[i]);
    if (board[i].periods_behind > 1) {
      names += "（" + row_of_periods(catalogue[i], board[i]) + "）";
    }
  }

  id_list.end_array();

  const std::size_t red = lit(Light::red);
  const std::size_t more = red - std::min(red, kMostNamed);
  std::string message = to_string(board.today());
  message += red == 0 ? " 没有亮红灯的目标" : " 亮红灯 " + std::to_string(red) + " 项：" + names;
  if (more > 0) message += " 等，另有 " + std::to_string(more) + " 项";
  if (overdue_reports > 0) message += "；迟报 " + std::to_string(overdue_reports) + " 项";
  log_event(LogLevel::info, "daily_summary", message,
            {{"date", day(board.today())},
             {"red", std::to_string(red)},
             {"yellow", std::to_string(lit(Light::yellow))},
             {"green", std::to_string(lit(Light::green))},
             {"grey", std::to_string(lit(Light::grey))},
             {"reported", std::to_string(lit(Light::none))},
             {"report_overdue", std::to_string(overdue_reports)},
             {"red_targets", ids},
             {"red_more", std::to_string(more)}});
}

}  // namespace districtd
