#include "daemon/status/target_view.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <boost/json.hpp>

namespace districtd {

namespace {

namespace json = boost::json;

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

// Shortest digits that read back.
std::string number_text(double value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? std::string{text.data(), end} : "null";
}

// Boost.JSON writes doubles with an exponent ("1.26E1"); people read these files too.
void append(std::string& out, std::string_view key, std::string_view literal) {
  if (out.back() != '{') out += ',';
  out += '"';
  out += key;
  out += "\":";
  out += literal;
}

std::string text_literal(std::string_view text) { return json::serialize(json::value(text)); }

std::string value_literal(const Unit& unit, const std::optional<double>& base) {
  return base ? number_text(unit.from_base(*base)) : "null";
}

// Fifteen significant digits hide the last bits of a division.
std::string ratio_literal(const std::optional<double>& ratio) {
  if (!ratio) return "null";
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.12g", *ratio);
  return number_text(std::strtod(text.data(), nullptr));
}

std::string object_of(const TargetView& view) {
  const Target& target = *view.target;
  const Assessment& a = view.assessment;
  std::string out = "{";
  append(out, "target", text_literal(target.id));
  append(out, "name", text_literal(target.name));
  append(out, "department", text_literal(view.department->id));
  append(out, "department_name", text_literal(view.department->name));
  append(out, "kind", text_literal(to_string(target.kind)));
  append(out, "status", text_literal(to_string(a.status)));
  append(out, "light", text_literal(light_word(light_of(a.status))));
  append(out, "as_of", a.as_of ? text_literal(to_string(*a.as_of)) : "null");
  append(out, "actual", value_literal(target.unit, a.actual));
  append(out, "expected", value_literal(target.unit, a.expected));
  append(out, "goal", value_literal(target.unit, target.goal));
  append(out, "unit", text_literal(target.unit.symbol()));
  append(out, "progress", ratio_literal(a.progress));
  append(out, "expected_share", ratio_literal(a.expected_share));
  append(out, "deviation", ratio_literal(a.deviation));
  append(out, "forecast", ratio_literal(a.forecast));
  append(out, "report_overdue", a.report_overdue ? "true" : "false");
  append(out, "deadline", text_literal(to_string(target.deadline)));
  append(out, "direction", text_literal(to_string(target.direction)));
  append(out, "commitment", text_literal(to_string(target.commitment)));
  append(out, "quote", text_literal(target.quote));
  return out;
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{text};
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
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
      "expected_share,deviation,report_overdue,deadline,quote\r\n";
  const auto blank_null = [](const std::string& literal) {
    return literal == "null" ? "" : literal;
  };
  for (const TargetView& view : views) {
    const Target& t = *view.target;
    const Assessment& a = view.assessment;
    const std::array<std::string, 16> cells = {t.id,
                                               t.name,
                                               view.department->id,
                                               view.department->name,
                                               std::string{to_string(t.kind)},
                                               std::string{to_string(a.status)},
                                               a.as_of ? to_string(*a.as_of) : "",
                                               blank_null(value_literal(t.unit, a.actual)),
                                               blank_null(value_literal(t.unit, t.goal)),
                                               t.unit.symbol(),
                                               blank_null(ratio_literal(a.progress)),
                                               blank_null(ratio_literal(a.expected_share)),
                                               blank_null(ratio_literal(a.deviation)),
                                               a.report_overdue ? "true" : "false",
                                               to_string(t.deadline),
                                               t.quote};
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

}  // namespace districtd
