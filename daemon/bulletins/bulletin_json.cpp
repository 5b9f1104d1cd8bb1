#include "daemon/bulletins/bulletin_json.h"

#include "base/json_writer.h"
#include "base/time.h"
#include "collectors/receipt_json.h"
#include "daemon/bulletins/wording.h"

namespace districtd {
namespace {

void write_texts(JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write_counts(JsonWriter& json, const BulletinCounts& counts) {
  json.begin_object()
      .member("total", counts.total)
      .member("judged", counts.judged())
      .member("reached", counts.reached())
      .member("not_reached", counts.not_reached());
  for (const Status status : kAllStatuses) {
    if (light_of(status) != Light::green) json.member(to_string(status), counts.of(status));
  }
  json.member("unreported", counts.unreported);
  json.member("report_overdue", counts.report_overdue).end_object();
}

void write_departments(JsonWriter& json, const std::vector<BulletinDepartment>& lines, Date on) {
  json.key("departments").begin_array();
  for (const BulletinDepartment& line : lines) {
    if (&line != &lines.front()) json.new_line(" ");
    json.begin_object()
        .member("department", line.department->id)
        .member("name", line.department->name_on(on))
        .member("rank", line.standing.rank)
        .ratio_member("score", line.standing.score)
        .member("reports_due", line.standing.reports_due)
        .member("reports_on_time", line.standing.reports_on_time)
        .member("has_sent_nothing", line.has_sent_nothing);
    write_counts(json.key("counts"), line.counts);
    json.end_object();
  }
  json.end_array();
}

void write_section(JsonWriter& json, const ComposedSection& section, const Bulletin& b) {
  if (section.section.form == SectionForm::departments) {
    write_departments(json, b.departments, b.occasion.on);
  }
  json.key(section.section.name);
  if (section.section.form != SectionForm::not_reached) return write_texts(json, section.sentences);
  json.begin_array();
  for (const TargetView& view : b.not_reached) json.value(view.target->id);
  json.end_array();
}

void write_summary(JsonWriter& json, const Bulletin& b) {
  const auto department = b.department != nullptr ? std::optional{b.department->id} : std::nullopt;
  json.member("id", b.occasion.id())
      .member("title", b.title)
      .member("district", b.district)
      .member("issuer", b.issuer)
      .member("kind", to_string(b.occasion.kind))
      .member("department", department)
      .member("period_first", to_string(b.period.first))
      .member("period_last", to_string(b.period.last))
      .member("on", to_string(b.occasion.on))
      .member("known_at", to_rfc3339(b.occasion.known_at))
      .member("compared_with", to_string(b.occasion.before));
  write_counts(json.key("counts"), b.counts);
  json.key("counts_before");
  if (b.before) {
    write_counts(json, *b.before);
  } else {
    json.null();
  }
}

}  // namespace

std::string summary_json(const Bulletin& bulletin) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write_summary(json, bulletin);
  json.end_object();
  return out;
}

std::string to_json(const Bulletin& b, const std::string& printed) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().new_line().member("printed", printed).new_line();
  write_summary(json, b);
  for (const ComposedSection& section : b.sections) write_section(json, section, b);
  std::string targets = to_json(b.targets);
  targets.pop_back();  // its line end
  json.key("targets").literal(targets).end_object();
  return out + "\n";
}

}  // namespace districtd
