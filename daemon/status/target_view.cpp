#include "daemon/status/target_view.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/csv_cell.h"
#include "base/json_writer.h"
#include "daemon/domain/changes.h"
#include "daemon/domain/last_year.h"
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

void write_node(JsonWriter& json, std::string_view key, const Target& target,
                const std::optional<NodePlace>& place) {
  json.key(key);
  if (!place) {
    json.null();
    return;
  }
  const TargetNode& node = target.node(*place);
  json.begin_object()
      .member("name", node.name)
      .member("due", to_string(node.due))
      .ratio_member("share", node.share)
      .end_object();
}

std::optional<std::string> text_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

void write_people(JsonWriter& json, const TargetView& view) {
  const Target& version = view.version();
  json.key("with").begin_array();
  if (view.catalogue != nullptr) {
    for (const std::uint32_t one : version.with) {
      json.value(view.catalogue->departments()[one].id);
    }
  }
  json.end_array()
      .member("leader", text_or_none(version.leader))
      .member("owner", text_or_none(version.owner))
      .member("definition", text_or_none(version.definition))
      .member("common", text_or_none(view.target->common));
}

void write_parts(JsonWriter& json, const TargetView& view) {
  const Target& target = *view.target;
  json.member("parent", text_or_none(target.parent))
      .member("sum_of_parts", target.sum_of_parts)
      .key("parts")
      .begin_array();
  for (const PartView& part : view.parts) {
    json.begin_object()
        .member("target", part.target->id)
        .member("name", part.target->name)
        .member("department", part.department->id)
        .member("status", to_string(part.status))
        .member("as_of", text_of(part.as_of))
        .member("actual", in_unit(*part.target, part.actual))
        .member("goal", in_unit(*part.target, part.goal))
        .ratio_member("progress", part.progress)
        .end_object();
  }
  json.end_array().key("partial_sum");
  const std::optional<PartialSum>& partial = view.assessment.partial_sum;
  if (partial) {
    json.begin_object()
        .member("as_of", to_string(partial->as_of))
        .member("actual", target.unit.from_base(partial->value))
        .end_object();
  } else {
    json.null();
  }
  json.key("missing_parts").begin_array();
  if (partial && view.catalogue != nullptr) {
    for (const Catalogue::Index i : partial->missing) {
      const Target& part = (*view.catalogue)[i];
      json.begin_object()
          .member("target", part.id)
          .member("name", part.name)
          .member("department", view.catalogue->department_of(part, view.on).id)
          .end_object();
    }
  }
  json.end_array();
}

void write_last_year(JsonWriter& json, const TargetView& view) {
  const auto last = last_year_of(*view.target, view.assessment);
  json.member("last_year", last ? in_unit(*view.target, last->value) : std::nullopt)
      .member("last_year_as_of", last ? std::optional{to_string(last->as_of)} : std::nullopt)
      .ratio_member("last_year_change", last ? last->change : std::nullopt);
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
  write_node(json, "node_missed", target, a.node_missed);
  write_node(json, "node_next", target, a.node_next);
  write_people(json, view);
  write_parts(json, view);
  write_last_year(json, view);
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
