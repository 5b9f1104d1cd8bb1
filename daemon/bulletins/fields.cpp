#include "daemon/bulletins/fields.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/bulletins/charts.h"
#include "daemon/bulletins/wording.h"
#include "daemon/status/words.h"

namespace districtd {
namespace {

using kainjow::mustache::data;

constexpr std::size_t kWorst = 10;  // that a message names

// The flags of a section by which a template prints it.
constexpr std::array<std::pair<SectionForm, std::string_view>, 6> kForms = {{
    {SectionForm::paragraph, "as_paragraph"},
    {SectionForm::sentences, "as_sentences"},
    {SectionForm::numbered, "as_numbered"},
    {SectionForm::changes, "as_changes"},
    {SectionForm::departments, "as_departments"},
    {SectionForm::not_reached, "as_not_reached"},
}};

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

// Makes the fields of one bulletin.
class FieldMaker {
 public:
  // `names`, where given, receives every name that is set anywhere in the fields.
  explicit FieldMaker(const Picture& now, std::set<std::string>* names = nullptr)
      : now_(now), names_(names) {}

  data fields_of(const Bulletin& bulletin, const std::string& printed) const {
    data all;
    add_head(all, bulletin, printed);
    add_sections(all, bulletin);
    set(all, "curve", maybe(year_curve(bulletin.curve)));
    set(all, "curve_targets", number(bulletin.curve_targets));
    add_departments(all, bulletin);
    add_targets(all, bulletin);
    return all;
  }

 private:
  data row_of(std::size_t number_in_list, const TargetView& view) const {
    const Target& target = *view.target;
    const Assessment& a = view.assessment;
    data row;
    set(row, "number", number(number_in_list));
    set(row, "id", target.id);
    set(row, "name", target.name);
    set(row, "department", view.department_name());
    set(row, "goal",
        maybe(a.goal && target.kind != Kind::milestone ? wording::value(target, *a.goal) : ""));
    set(row, "actual", maybe(a.actual ? wording::value(target, *a.actual) : ""));
    set(row, "progress", maybe(target.kind == Kind::level ? "" : share(a.progress)));
    set(row, "expected", maybe(target.kind == Kind::level ? "" : share(a.expected_share)));
    set(row, "deviation", maybe(deviation_of(a)));
    set(row, "status", std::string{status_words(target, a)});
    const LightWords& light = words_of(light_of(a.status));
    set(row, "light", std::string{light.word});
    set(row, "mark", std::string{light.mark});
    set(row, "as_of", maybe(a.as_of ? to_string(*a.as_of) : ""));
    set(row, "deadline", to_string(a.deadline));
    set(row, "report_overdue", flag(a.report_overdue));
    set(row, "quote", view.version().quote);
    return row;
  }

  data detailed_row_of(std::size_t number_in_list, const TargetView& view) const {
    const Assessment& a = view.assessment;
    data row = row_of(number_in_list, view);
    set(row, "standing", wording::standing(view));
    set(row, "since", maybe(wording::since(view)));
    set(row, "outlook", maybe(wording::outlook(view)));
    const auto index = now_.catalogue().find_key(view.target->key);
    const auto readings = index ? now_.readings_of(*index) : std::span<const Reading>{};
    const auto end = std::find_if(readings.begin(), readings.end(),
                                  [&](const Reading& reading) { return reading.as_of > view.on; });
    const bool has_bar = a.progress && view.target->kind != Kind::level;
    set(row, "bullet", maybe(has_bar ? bullet_bar(*a.progress, a.expected_share) : ""));
    set(row, "spark", maybe(sparkline({readings.begin(), end})));
    return row;
  }

  // The list `name` of `all`, made empty, to be filled in place: whatever goes through data's own
  // functions is copied, a hundred thousand rows three times.
  kainjow::mustache::list& list_in(data& all, const std::string& name) const {
    set(all, name, data{data::type::list});
    return const_cast<kainjow::mustache::list&>(all.get(name)->list_value());
  }

  data texts(const std::vector<std::string>& sentences) const {
    data list{data::type::list};
    std::size_t n = 0;
    for (const std::string& sentence : sentences) {
      data one;
      set(one, "number", number(++n));
      set(one, "text", sentence);
      list.push_back(one);
    }
    return list;
  }

  data department_of(const BulletinDepartment& line) const {
    const Standing& s = line.standing;
    data row;
    set(row, "name", line.department->name_on(now_.on()));
    set(row, "rank", maybe(s.rank ? std::to_string(*s.rank) : ""));
    set(row, "score", maybe(s.score ? wording::points(*s.score) : ""));
    std::string moved;
    if (s.rank && s.rank_before) {
      const int step = static_cast<int>(*s.rank_before) - static_cast<int>(*s.rank);
      moved = step == 0 ? "持平" : (step > 0 ? "升" : "降") + std::to_string(std::abs(step));
    }
    set(row, "rank_change", maybe(moved));
    set(row, "total", number(line.counts.total));
    set(row, "reached", number(line.counts.reached()));
    set(row, "not_reached", number(line.counts.not_reached()));
    set(row, "no_data", number(line.counts.of(Status::no_data)));
    set(row, "unreported", number(line.counts.unreported));
    set(row, "not_judged", number(line.counts.of(Light::grey) + line.counts.unreported));
    set(row, "reported", number(line.counts.of(Status::reported)));
    set(row, "on_time",
        maybe(s.reports_due > 0 ? wording::share_of(s.reports_on_time, s.reports_due) : ""));
    set(row, "corrected",
        maybe(s.reports_due > 0 ? wording::share_of(s.reports_corrected, s.reports_due) : ""));
    set(row, "sent_nothing", flag(line.has_sent_nothing));
    return row;
  }

  data counts_of(const BulletinCounts& counts) const {
    data all;
    set(all, "total", number(counts.total));
    set(all, "judged", number(counts.judged()));
    set(all, "reached", number(counts.reached()));
    const auto [reached, not_reached] = wording::shares_of(counts);
    set(all, "reached_share", maybe(counts.judged() > 0 ? reached : ""));
    set(all, "not_reached", number(counts.not_reached()));
    set(all, "not_reached_share", maybe(counts.judged() > 0 ? not_reached : ""));
    for (const Status status : kAllStatuses) {
      if (light_of(status) == Light::green) continue;
      set(all, std::string{to_string(status)}, number(counts.of(status)));
    }
    set(all, "unreported", number(counts.unreported));
    set(all, "report_overdue", number(counts.report_overdue));
    return all;
  }

  data changes_of(const std::vector<BulletinChange>& changes) const {
    data list{data::type::list};
    std::size_t n = 0;
    for (const BulletinChange& change : changes) {
      data one;
      set(one, "number", number(++n));
      set(one, "text", change.text);
      set(one, "better", flag(change.direction == BulletinChange::Direction::better));
      set(one, "worse", flag(change.direction == BulletinChange::Direction::worse));
      list.push_back(one);
    }
    return list;
  }

  void add_head(data& all, const Bulletin& b, const std::string& printed) const {
    const BulletinKind kind = b.occasion.kind;
    set(all, "id", b.occasion.id());
    set(all, "title", b.title);
    set(all, "district", b.district);
    set(all, "issuer", b.issuer);
    set(all, "kind", std::string{to_chinese(kind)});
    set(all, "is_daily", flag(kind == BulletinKind::daily));
    set(all, "is_brief", flag(kind == BulletinKind::daily || kind == BulletinKind::weekly));
    set(all, "department",
        maybe(b.department != nullptr ? b.department->name_on(b.occasion.on) : ""));
    set(all, "period", wording::period(kind, b.period));
    set(all, "date", wording::date(b.occasion.on));
    set(all, "known", b.known_text);
    set(all, "printed", printed);
    set(all, "counts", counts_of(b.counts));
  }

  // Each section by its name, and those that are printed as a list.
  void add_sections(data& all, const Bulletin& b) const {
    data printed{data::type::list};
    std::size_t count = 0;
    for (const ComposedSection& section : b.sections) {
      const std::string name{section.section.name};
      set(all, "has_" + name, flag(!is_empty(section, b)));
      if (section.section.form == SectionForm::changes) {
        set(all, name, changes_of(b.changes));
      } else if (section.section.form != SectionForm::not_reached) {
        set(all, name, texts(section.sentences));
      }
      if (is_printed(section, b)) printed.push_back(section_of(++count, section, b));
    }
    set(all, "sections", printed);
  }

  data section_of(std::size_t number_in_list, const ComposedSection& section,
                  const Bulletin& b) const {
    const BulletinSection& row = section.section;
    data one;
    set(one, "number", wording::ordinal(number_in_list));
    set(one, "name", std::string{row.name});
    set(one, "title", std::string{row.title});
    set(one, "sentences", texts(section.sentences));
    set(one, "when_empty", maybe(is_empty(section, b) ? std::string{row.when_empty} : ""));
    set(one, "is_optional", flag(row.is_optional(b.occasion.kind)));
    for (const ComposedSection& other : b.sections) {
      set(one, "is_" + std::string{other.section.name}, flag(&other == &section));
    }
    for (const auto& [form, name] : kForms) set(one, std::string{name}, flag(form == row.form));
    return one;
  }

  void add_departments(data& all, const Bulletin& b) const {
    data departments{data::type::list};
    for (const BulletinDepartment& line : b.departments) departments.push_back(department_of(line));
    set(all, "departments", departments);
    set(all, "has_ranking", flag(b.department == nullptr && b.departments.size() > 1));
  }

  void add_targets(data& all, const Bulletin& b) const {
    data worst{data::type::list};
    auto& not_reached = list_in(all, "not_reached");
    not_reached.reserve(b.not_reached.size());
    for (const TargetView& view : b.not_reached) {
      not_reached.push_back(detailed_row_of(not_reached.size() + 1, view));
      if (not_reached.size() <= kWorst) worst.push_back(not_reached.back());
    }
    set(all, "worst", worst);
    set(all, "more",
        maybe(b.not_reached.size() > kWorst ? std::to_string(b.not_reached.size() - kWorst) : ""));
    auto& targets = list_in(all, "targets");
    targets.reserve(b.targets.size());
    for (const TargetView& view : b.targets) targets.push_back(row_of(targets.size() + 1, view));
  }

  void set(data& object, const std::string& name, const data& value) const {
    if (names_ != nullptr) names_->insert(name);
    object.set(name, value);
  }

  const Picture& now_;
  std::set<std::string>* names_;
};

}  // namespace

data fields_of(const Bulletin& bulletin, const Picture& now, const std::string& printed) {
  return FieldMaker{now}.fields_of(bulletin, printed);
}

TemplateSpecimen specimen_fields(std::span<const BulletinSection> sections) {
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
  line.standing.score = line.standing.score_before = 1;
  line.standing.rank = line.standing.rank_before = 1;
  line.standing.reports_due = 1;
  b.departments = {line};
  b.department = line.department;
  b.counts.by_status[static_cast<std::size_t>(Status::achieved)] = 1;
  b.curve = {{date_of(2026, 5, 31), 0, 0}, {on, 1, 1}};
  for (BulletinSection section : sections) {
    section.stands_in = [](BulletinKind) { return true; };
    b.sections.push_back({section, {"一句话。"}});
  }
  TemplateSpecimen specimen;
  specimen.fields = FieldMaker{now, &specimen.names}.fields_of(b, "印制");
  return specimen;
}

}  // namespace districtd
