#include "daemon/bulletins/bulletin_json.h"

#include "base/json_writer.h"
#include "base/time.h"
#include "collectors/receipt_json.h"
#include "daemon/bulletins/wording.h"
#include "daemon/status/json_members.h"

namespace districtd {
namespace {

std::string sentences(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    out += json_text(text);
  }
  return out + "]";
}

std::string counts(const BulletinCounts& c) {
  std::string out = "{";
  const auto add = [&](std::string_view key, std::size_t value) {
    append_member(out, key, std::to_string(value));
  };
  add("total", c.total);
  add("judged", c.judged());
  add("reached", c.reached);
  add("not_reached", c.not_reached());
  add("at_risk", c.at_risk);
  add("behind", c.behind);
  add("overdue", c.overdue);
  add("no_data", c.no_data);
  add("reported", c.reported);
  add("report_overdue", c.report_overdue);
  return out + "}";
}

std::string departments(const std::vector<BulletinDepartment>& lines) {
  std::string out = "[";
  for (const BulletinDepartment& line : lines) {
    if (out.size() > 1) out += ",\n ";
    std::string one = "{";
    append_member(one, "department", json_text(line.department->id));
    append_member(one, "name", json_text(line.department->name));
    append_member(one, "rank", line.standing.rank ? std::to_string(*line.standing.rank) : "null");
    append_member(one, "score", json_ratio(line.standing.score));
    append_member(one, "reports_due", std::to_string(line.standing.reports_due));
    append_member(one, "reports_on_time", std::to_string(line.standing.reports_on_time));
    append_member(one, "has_sent_nothing", line.has_sent_nothing ? "true" : "false");
    append_member(one, "counts", counts(line.counts));
    out += one + "}";
  }
  return out + "]";
}

void append_summary(std::string& out, const Bulletin& b) {
  append_member(out, "id", json_text(b.occasion.id()));
  append_member(out, "title", json_text(b.title));
  append_member(out, "district", json_text(b.district));
  append_member(out, "issuer", json_text(b.issuer));
  append_member(out, "kind", json_text(to_string(b.occasion.kind)));
  append_member(out, "department", b.department != nullptr ? json_text(b.department->id) : "null");
  append_member(out, "period_first", json_text(to_string(b.period.first)));
  append_member(out, "period_last", json_text(to_string(b.period.last)));
  append_member(out, "on", json_text(to_string(b.occasion.on)));
  append_member(out, "known_at", json_text(to_rfc3339(b.occasion.known_at)));
  append_member(out, "compared_with", json_text(to_string(b.occasion.before)));
  append_member(out, "counts", counts(b.counts));
  append_member(out, "counts_before", b.before ? counts(*b.before) : "null");
}

}  // namespace

std::string summary_json(const Bulletin& bulletin) {
  std::string out = "{";
  append_summary(out, bulletin);
  return out + "}";
}

std::string to_json(const Bulletin& b, const std::string& printed) {
  std::string out = "{\n\"printed\":" + json_text(printed) + ",\n";
  std::string members = "{";
  append_summary(members, b);
  append_member(members, "overall", sentences(b.overall));
  std::vector<std::string> changes;
  for (const BulletinChange& change : b.changes) changes.push_back(change.text);
  append_member(members, "changes", sentences(changes));
  append_member(members, "departments", departments(b.departments));
  append_member(members, "department_sentences", sentences(b.department_sentences));
  std::vector<std::string> not_reached;
  for (const TargetView& view : b.not_reached) not_reached.push_back(view.target->id);
  append_member(members, "not_reached", sentences(not_reached));
  append_member(members, "discipline", sentences(b.discipline));
  append_member(members, "corrections", sentences(b.corrections));
  append_member(members, "next_steps", sentences(b.next_steps));
  std::string targets = to_json(b.targets);
  targets.pop_back();  // its line end
  append_member(members, "targets", targets);
  out += members.substr(1);
  return out + "}\n";
}

}  // namespace districtd
