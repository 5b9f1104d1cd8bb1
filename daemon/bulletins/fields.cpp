#include "daemon/bulletins/fields.h"

#include <algorithm>

#include "daemon/bulletins/charts.h"
#include "daemon/bulletins/wording.h"
#include "daemon/status/words.h"

namespace districtd {
namespace {

using kainjow::mustache::data;

constexpr std::size_t kWorst = 10;  // that a message names

data maybe(const std::string& text) {
  return text.empty() ? data{data::type::bool_false} : data{text};
}
data flag(bool value) { return data{value ? data::type::bool_true : data::type::bool_false}; }
data number(std::size_t value) { return data{std::to_string(value)}; }

std::string share(const std::optional<double>& ratio) { return ratio ? format_share(*ratio) : ""; }

std::string deviation_of(const Assessment& a) {
  if (!a.deviation) return {};
  // The column's head says that the others are percentage points.
  return a.deviation_unit == DeviationUnit::points
             ? format_signed(*a.deviation)
             : format_deviation(*a.deviation, a.deviation_unit);
}

data row_of(std::size_t number_in_list, const TargetView& view) {
  const Target& target = *view.target;
  const Assessment& a = view.assessment;
  data row;
  row.set("number", number(number_in_list));
  row.set("id", target.id);
  row.set("name", target.name);
  row.set("department", view.department->name);
  row.set("goal",
          maybe(a.goal && target.kind != Kind::milestone ? wording::value(target, *a.goal) : ""));
  row.set("actual", maybe(a.actual ? wording::value(target, *a.actual) : ""));
  row.set("progress", maybe(target.kind == Kind::level ? "" : share(a.progress)));
  row.set("expected", maybe(target.kind == Kind::level ? "" : share(a.expected_share)));
  row.set("deviation", maybe(deviation_of(a)));
  row.set("status", std::string{to_chinese(a.status)});
  const LightWords& light = words_of(light_of(a.status));
  row.set("light", std::string{light.word});
  row.set("mark", std::string{light.mark});
  row.set("as_of", maybe(a.as_of ? to_string(*a.as_of) : ""));
  row.set("deadline", to_string(a.deadline));
  row.set("report_overdue", flag(a.report_overdue));
  row.set("quote", view.version().quote);
  return row;
}

data detailed_row_of(std::size_t number_in_list, const TargetView& view, const Picture& now) {
  const Assessment& a = view.assessment;
  data row = row_of(number_in_list, view);
  row.set("standing", wording::standing(view));
  row.set("since", maybe(wording::since(view)));
  row.set("outlook", maybe(wording::outlook(view)));
  const auto index = now.catalogue().find_id(view.target->id);
  const auto readings = index ? now.readings_of(*index) : std::span<const Reading>{};
  const auto end = std::find_if(readings.begin(), readings.end(),
                                [&](const Reading& reading) { return reading.as_of > view.on; });
  const bool has_bar = a.progress && view.target->kind != Kind::level;
  row.set("bullet", maybe(has_bar ? bullet_bar(*a.progress, a.expected_share) : ""));
  row.set("spark", maybe(sparkline({readings.begin(), end})));
  return row;
}

// The list `name` of `all`, made empty, to be filled in place: whatever goes through data's own
// functions is copied, a hundred thousand rows three times.
kainjow::mustache::list& list_in(data& all, const std::string& name) {
  all.set(name, data{data::type::list});
  return const_cast<kainjow::mustache::list&>(all.get(name)->list_value());
}

data texts(const std::vector<std::string>& sentences) {
  data list{data::type::list};
  std::size_t n = 0;
  for (const std::string& sentence : sentences) {
    data one;
    one.set("number", number(++n));
    one.set("text", sentence);
    list.push_back(one);
  }
  return list;
}

data department_of(const BulletinDepartment& line) {
  const Standing& s = line.standing;
  data row;
  row.set("name", line.department->name);
  row.set("rank", maybe(s.rank ? std::to_string(*s.rank) : ""));
  row.set("score", maybe(s.score ? wording::points(*s.score) : ""));
  std::string moved;
  if (s.rank && s.rank_before) {
    const int step = static_cast<int>(*s.rank_before) - static_cast<int>(*s.rank);
    moved = step == 0 ? "持平" : (step > 0 ? "升" : "降") + std::to_string(std::abs(step));
  }
  row.set("rank_change", maybe(moved));
  row.set("total", number(line.counts.total));
  row.set("reached", number(line.counts.reached()));
  row.set("not_reached", number(line.counts.not_reached()));
  row.set("no_data", number(line.counts.of(Status::no_data)));
  row.set("reported", number(line.counts.of(Status::reported)));
  row.set("on_time",
          maybe(s.reports_due > 0 ? wording::share_of(s.reports_on_time, s.reports_due) : ""));
  row.set("sent_nothing", flag(line.has_sent_nothing));
  return row;
}

data counts_of(const BulletinCounts& counts) {
  data all;
  all.set("total", number(counts.total));
  all.set("judged", number(counts.judged()));
  all.set("reached", number(counts.reached()));
  const auto [reached, not_reached] = wording::shares_of(counts.reached(), counts.not_reached());
  all.set("reached_share", maybe(counts.judged() > 0 ? reached : ""));
  all.set("not_reached", number(counts.not_reached()));
  all.set("not_reached_share", maybe(counts.judged() > 0 ? not_reached : ""));
  for (const Status status : kAllStatuses) {
    if (light_of(status) == Light::green) continue;
    all.set(std::string{to_string(status)}, number(counts.of(status)));
  }
  all.set("report_overdue", number(counts.report_overdue));
  return all;
}

data changes_of(const std::vector<BulletinChange>& changes) {
  data list{data::type::list};
  std::size_t n = 0;
  for (const BulletinChange& change : changes) {
    data one;
    one.set("number", number(++n));
    one.set("text", change.text);
    one.set("better", flag(change.direction == BulletinChange::Direction::better));
    one.set("worse", flag(change.direction == BulletinChange::Direction::worse));
    list.push_back(one);
  }
  return list;
}

}  // namespace

data fields_of(const Bulletin& b, const Picture& now, const std::string& printed) {
  data all;
  all.set("id", b.occasion.id());
  all.set("title", b.title);
  all.set("district", b.district);
  all.set("issuer", b.issuer);
  all.set("kind", std::string{to_chinese(b.occasion.kind)});
  all.set("is_daily", flag(b.occasion.kind == BulletinKind::daily));
  all.set("is_brief",
          flag(b.occasion.kind == BulletinKind::daily || b.occasion.kind == BulletinKind::weekly));
  all.set("department", maybe(b.department != nullptr ? b.department->name : ""));
  all.set("period", wording::period(b.occasion.kind, b.period));
  all.set("date", wording::date(b.occasion.on));
  all.set("known", b.known_text);
  all.set("printed", printed);
  all.set("counts", counts_of(b.counts));
  all.set("overall", texts(b.overall));
  all.set("changes", changes_of(b.changes));
  all.set("curve", maybe(year_curve(b.curve)));
  all.set("department_sentences", texts(b.department_sentences));
  data departments{data::type::list};
  for (const BulletinDepartment& line : b.departments) departments.push_back(department_of(line));
  all.set("departments", departments);
  all.set("has_ranking", flag(b.department == nullptr && b.departments.size() > 1));
  all.set("has_not_reached", flag(!b.not_reached.empty()));
  data worst{data::type::list};
  auto& not_reached = list_in(all, "not_reached");
  not_reached.reserve(b.not_reached.size());
  for (const TargetView& view : b.not_reached) {
    not_reached.push_back(detailed_row_of(not_reached.size() + 1, view, now));
    if (not_reached.size() <= kWorst) worst.push_back(not_reached.back());
  }
  all.set("worst", worst);
  all.set(
      "more",
      maybe(b.not_reached.size() > kWorst ? std::to_string(b.not_reached.size() - kWorst) : ""));
  all.set("discipline", texts(b.discipline));
  all.set("has_corrections", flag(!b.corrections.empty()));
  all.set("corrections", texts(b.corrections));
  all.set("has_next_steps", flag(!b.next_steps.empty()));
  all.set("next_steps", texts(b.next_steps));
  auto& targets = list_in(all, "targets");
  targets.reserve(b.targets.size());
  for (const TargetView& view : b.targets) targets.push_back(row_of(targets.size() + 1, view));
  return all;
}

data specimen_fields() {
  std::vector<Department> departments(2);
  departments[0] = {"a", "甲局"};
  departments[1] = {"b", "乙局"};
  Target target;
  target.id = "a.t";
  target.name = "目标";
  target.goal = 1;
  target.baseline = 0;
  target.start = date_of(2026, 1, 1);
  target.deadline = date_of(2026, 12, 31);
  target.quote = "引文";
  const auto catalogue = std::make_shared<const Catalogue>(
      std::vector<Report>{}, std::move(departments), std::vector<Target>{target});
  const Date on = date_of(2026, 7, 8);
  const Board board{catalogue, {}, on};
  const Picture now{board};
  Bulletin b;
  b.occasion.on = on;
  b.period = period_of(BulletinKind::monthly, on);
  b.targets = now.targets();
  TargetView& view = b.targets.front();
  view.assessment.status = Status::behind;
  view.assessment.status_since = view.assessment.as_of = date_of(2026, 6, 30);
  view.assessment.actual = view.assessment.progress = view.assessment.expected_share = 0.4;
  view.assessment.deviation = -0.1;
  view.assessment.required_pace = 0.1;
  b.not_reached = std::vector<TargetView>(kWorst + 1, view);
  b.changes.push_back({view, "变化", BulletinChange::Direction::better});
  BulletinDepartment line{&catalogue->departments().front(), {}, {}, false};
  line.standing = {.score = 1, .rank = 1, .score_before = 1, .rank_before = 1, .reports_due = 1};
  b.departments = {line};
  b.department = line.department;
  b.counts.by_status[static_cast<std::size_t>(Status::achieved)] = 1;
  b.curve = {{date_of(2026, 5, 31), 0, 0}, {on, 1, 1}};
  b.overall = b.department_sentences = b.discipline = b.corrections = b.next_steps = {"一句话。"};
  data all = fields_of(b, now, "印制");
  return all;
}

}  // namespace districtd
