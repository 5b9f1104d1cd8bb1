#include "daemon/status/target_view.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "base/csv_cell.h"
#include "base/json_writer.h"
#include "daemon/status/json_members.h"

namespace districtd {

namespace {

std::string value_literal(const Unit& unit, const std::optional<double>& base) {
  return base ? json_number(unit.from_base(*base)) : "null";
}

std::string date_literal(const std::optional<Date>& date) {
  return date ? json_text(to_string(*date)) : "null";
}

// The words that the value was judged by.
const std::string& quote_of(const TargetView& view) {
  return view.target->version_on(view.assessment.as_of.value_or(view.on)).quote;
}

std::string object_of(const TargetView& view) {
  const Target& target = *view.target;
  const Assessment& a = view.assessment;
  std::string out = "{";
  append_member(out, "target", json_text(target.id));
  append_member(out, "name", json_text(target.name));
  append_member(out, "department", json_text(view.department->id));
  append_member(out, "department_name", json_text(view.department->name));
  append_member(out, "kind", json_text(to_string(target.kind)));
  append_member(out, "status", json_text(to_string(a.status)));
  append_member(out, "light", json_text(light_word(light_of(a.status))));
  append_member(out, "status_since", date_literal(a.status_since));
  append_member(out, "periods_behind", std::to_string(a.periods_behind));
  append_member(out, "as_of", date_literal(a.as_of));
  append_member(out, "actual", value_literal(target.unit, a.actual));
  append_member(out, "expected", value_literal(target.unit, a.expected));
  append_member(out, "goal", value_literal(target.unit, a.goal));
  append_member(out, "unit", json_text(target.unit.symbol()));
  append_member(out, "progress", json_ratio(a.progress));
  append_member(out, "expected_share", json_ratio(a.expected_share));
  append_member(out, "deviation", json_ratio(a.deviation));
  const Forecast unknown;
  const Forecast& forecast = a.forecast ? *a.forecast : unknown;
  append_member(out, "forecast", json_ratio(forecast.progress));
  append_member(out, "forecast_lower", json_ratio(forecast.lower));
  append_member(out, "forecast_upper", json_ratio(forecast.upper));
  append_member(out, "goal_probability",
                a.forecast ? json_ratio(forecast.goal_probability) : "null");
  append_member(out, "required_pace", json_ratio(a.required_pace));
  append_member(out, "reached_in",
                a.reached_in ? json_text(to_string(*a.reached_in).substr(0, 7)) : "null");
  append_member(out, "report_overdue", a.report_overdue ? "true" : "false");
  append_member(out, "report_overdue_since", date_literal(a.report_overdue_since));
  append_member(out, "reports_missing", std::to_string(a.reports_missing));
  append_member(out, "reports_due", std::to_string(a.reports_due));
  append_member(out, "reports_on_time", std::to_string(a.reports_on_time));
  append_member(out, "score", json_ratio(a.score));
  append_member(out, "weight", json_number(target.weight));
  append_member(out, "deadline", json_text(to_string(a.deadline)));
  append_member(out, "direction", json_text(to_string(target.direction)));
  append_member(out, "commitment", json_text(to_string(target.commitment)));
  append_member(out, "quote", json_text(quote_of(view)));
  return out;
}

std::string fixed(double value, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  // "-0.0" reads as a fault where there is none.
  const std::string_view digits{text.data()};
  if (digits.starts_with('-') && digits.find_first_of("123456789") == std::string_view::npos) {
    return std::string{digits.substr(1)};
  }
  return std::string{digits};
}

}  // namespace

std::string_view light_word(Light light) {
  switch (light) {
    case Light::green:
      return "green";
    case Light::yellow:
      return "yellow";
    case Light::red:
      return "red";
    case Light::grey:
      return "grey";
    case Light::none:
      return "none";
  }
  return "none";
}

std::string to_json(const std::vector<TargetView>& views) {
  std::string out = "[";
  for (const TargetView& view : views) {
    if (out.size() > 1) out += ",\n ";
    out += object_of(view) + '}';
  }
  return out + "]\n";
}

std::string to_json(const TargetView& view, std::string_view more) {
  std::string out = object_of(view);
  if (!more.empty()) out += ',';
  out += more;
  return out + "}\n";
}

std::string to_csv(const std::vector<TargetView>& views) {
  std::string out =
      "\xEF\xBB\xBF"
      "target,name,department,department_name,kind,status,as_of,actual,goal,unit,progress,"
      "expected_share,deviation,report_overdue,deadline,quote,status_since,periods_behind,forecast,"
      "goal_probability,report_overdue_since,reports_missing\r\n";
  const auto blank_null = [](const std::string& literal) {
    return literal == "null" ? "" : literal;
  };
  for (const TargetView& view : views) {
    const Target& t = *view.target;
    const Assessment& a = view.assessment;
    const auto date = [](const std::optional<Date>& d) { return d ? to_string(*d) : ""; };
    const std::array<std::string, 22> cells = {
        t.id,
        t.name,
        view.department->id,
        view.department->name,
        std::string{to_string(t.kind)},
        std::string{to_string(a.status)},
        date(a.as_of),
        blank_null(value_literal(t.unit, a.actual)),
        blank_null(value_literal(t.unit, a.goal)),
        t.unit.symbol(),
        blank_null(json_ratio(a.progress)),
        blank_null(json_ratio(a.expected_share)),
        blank_null(json_ratio(a.deviation)),
        a.report_overdue ? "true" : "false",
        to_string(a.deadline),
        quote_of(view),
        date(a.status_since),
        std::to_string(a.periods_behind),
        blank_null(json_ratio(a.forecast ? a.forecast->progress : std::nullopt)),
        blank_null(
            json_ratio(a.forecast ? std::optional{a.forecast->goal_probability} : std::nullopt)),
        date(a.report_overdue_since),
        std::to_string(a.reports_missing)};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ',';
      out += csv_cell(cells[i]);
    }
    out += "\r\n";
  }
  return out;
}

std::string format_value(const Target& target, double base_value) {
  if (target.kind == Kind::milestone) return format_share(base_value);
  const Unit& unit = target.unit;
  const double value = unit.from_base(base_value);
  // Four decimals at most: more is noise of a clerk's division.
  std::string text = fixed(value, 4);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  if (unit.symbol().empty()) return text;
  return unit.is_percentage() ? text + unit.symbol() : text + " " + unit.symbol();
}

std::string format_share(double ratio) { return fixed(ratio * 100, 1) + "%"; }

std::string format_points(double ratio) {
  // To two decimals at most, one at least: -8.0, -7.25.
  std::string text = fixed(ratio * 100, 2);
  if (text.ends_with('0')) text.pop_back();
  const bool is_positive = ratio > 0 && text.find_first_of("123456789") != std::string::npos;
  return (is_positive ? "+" : "") + text + " 个百分点";
}

std::string format_probability(double probability) {
  if (probability < 0.01) return "<1%";
  if (probability > 0.99) return ">99%";
  return fixed(probability * 100, 0) + "%";
}

std::string_view period_word(Cadence cadence) {
  switch (cadence) {
    case Cadence::week:
      return "周";
    case Cadence::quarter:
      return "季度";
    case Cadence::month:
    case Cadence::none:
      return "月";
  }
  return "月";
}

}  // namespace districtd
