#include "daemon/status/target_view.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/csv_cell.h"
#include "base/json_writer.h"
#include "daemon/domain/changes.h"
#include "daemon/status/words.h"

namespace districtd {

namespace {

std::optional<double> in_unit(const Target& target, const std::optional<double>& base) {
  return base ? std::optional{target.unit.from_base(*base)} : std::nullopt;
}

std::optional<std::string> text_of(const std::optional<Date>& date) {
  return date ? std::optional{to_string(*date)} : std::nullopt;
}

// The first word of the key; of a target that is of no catalogue, "".
std::string_view programme_of(const Target& target) {
  return std::string_view(target.key).substr(0, std::min(target.key.find('/'), target.key.size()));
}

void write_forecast(JsonWriter& json, const Assessment& a) {
  const Forecast unknown;
  const Forecast& forecast = a.forecast ? *a.forecast : unknown;
  json.ratio_member("forecast", forecast.progress)
      .ratio_member("forecast_lower", forecast.lower)
      .ratio_member("forecast_upper", forecast.upper)
      .ratio_member("goal_probability",
                    a.forecast ? std::optional{forecast.goal_probability} : std::nullopt)
      .ratio_member("required_pace", a.required_pace)
      .member("reached_in",
              a.reached_in ? std::optional{to_string(*a.reached_in).substr(0, 7)} : std::nullopt);
}

void write_reports(JsonWriter& json, const Assessment& a) {
  json.member("report_overdue", a.report_overdue)
      .member("report_overdue_since", text_of(a.report_overdue_since))
      .member("reports_missing", a.reports_missing)
      .member("reports_due", a.reports_due)
      .member("reports_on_time", a.reports_on_time)
      .member("reports_corrected", a.reports_corrected);
}

void write_members(JsonWriter& json, const TargetView& view) {
  const Target& target = *view.target;
  const Assessment& a = view.assessment;
  json.member("target", target.id)
      .member("programme", programme_of(target))
      .member("settled", view.is_settled)
      .member("name", target.name)
      .member("department", view.department->id)
      .member("department_name", view.department_name())
      .member("kind", to_string(target.kind))
      .member("status", to_string(a.status))
      .member("status_text", status_words(target, a))
      .member("light", words_of(light_of(a.status)).word)
      .member("announced", to_string(a.announced))
      .member("last_light",
              a.last_status ? std::optional{std::string{words_of(light_of(*a.last_status)).word}}
                            : std::nullopt)
      .member("settling_until", text_of(a.settling_until))
      .member("status_since", text_of(a.status_since))
      .member("periods_behind", a.periods_behind)
      .member("as_of", text_of(a.as_of))
      .member("actual", in_unit(target, a.actual))
      .member("expected", in_unit(target, a.expected))
      .member("goal", in_unit(target, a.goal))
      .member("unit", target.unit.symbol())
      .ratio_member("progress", a.progress)
      .ratio_member("expected_share", a.expected_share)
      .ratio_member("deviation", a.deviation);
  write_forecast(json, a);
  write_reports(json, a);
  json.ratio_member("score", a.score)
      .member("weight", target.weight)
      .member("deadline", to_string(a.deadline))
      .member("first_deadline", to_string(target.deadline))
      .member("extended", a.is_extended)
      .member("extensions", extensions_of(target, view.on))
      .member("first_goal",
              in_unit(target,
                      target.goal != target.decided_on(view.on).goal ? target.goal : std::nullopt))
      .member("first_status", a.first_status
                                  ? std::optional{std::string{to_string(*a.first_status)}}
                                  : std::nullopt)
      .member("projected", a.is_projected)
      .member("direction", to_string(target.direction))
      .member("commitment", to_string(target.commitment))
      .member("quote", view.version().quote);
}

}  // namespace

std::string to_json(const std::vector<TargetView>& views) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const TargetView& view : views) {
    if (&view != &views.front()) json.new_line(" ");
    json.begin_object();
    write_members(json, view);
    json.end_object();
  }
  json.end_array();
  return out + "\n";
}

std::string to_json(const TargetView& view, std::string_view more) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write_members(json, view);
  if (!more.empty()) json.literal(more);
  json.end_object();
  return out + "\n";
}

std::string to_csv(const std::vector<TargetView>& views) {
  std::string out =
      "\xEF\xBB\xBF"
      "target,name,department,department_name,kind,status,as_of,actual,goal,unit,progress,"
      "expected_share,deviation,report_overdue,deadline,quote,status_since,periods_behind,forecast,"
      "goal_probability,report_overdue_since,reports_missing,programme,first_deadline,"
      "extensions\r\n";
  const auto number = [](const std::optional<double>& value) {
    return value ? json_number(*value) : "";
  };
  const auto ratio = [](const std::optional<double>& value) {
    return value ? json_ratio(value) : "";
  };
  const auto date = [](const std::optional<Date>& day) { return day ? to_string(*day) : ""; };
  for (const TargetView& view : views) {
    const Target& t = *view.target;
    const Assessment& a = view.assessment;
    const Forecast unknown;
    const Forecast& forecast = a.forecast ? *a.forecast : unknown;
    const std::array<std::string, 25> cells = {
        t.id,
        t.name,
        view.department->id,
        view.department_name(),
        std::string{to_string(t.kind)},
        std::string{to_string(a.status)},
        date(a.as_of),
        number(in_unit(t, a.actual)),
        number(in_unit(t, a.goal)),
        t.unit.symbol(),
        ratio(a.progress),
        ratio(a.expected_share),
        ratio(a.deviation),
        a.report_overdue ? "true" : "false",
        to_string(a.deadline),
        view.version().quote,
        date(a.status_since),
        std::to_string(a.periods_behind),
        ratio(forecast.progress),
        ratio(a.forecast ? std::optional{forecast.goal_probability} : std::nullopt),
        date(a.report_overdue_since),
        std::to_string(a.reports_missing),
        std::string(programme_of(t)),
        to_string(t.deadline),
        std::to_string(extensions_of(t, view.on))};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ',';
      out += csv_cell(cells[i]);
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace districtd
