#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <unordered_map>

#include "daemon/bulletins/composition.h"
#include "daemon/bulletins/wording.h"
#include "daemon/status/words.h"

namespace districtd {

namespace {

void put_department(Composition& composition) {
  const Catalogue& catalogue = composition.now.catalogue();
  if (const auto found = catalogue.find_department(composition.bulletin.occasion.department)) {
    composition.bulletin.department = &catalogue.departments()[*found];
  }
}

// A part is counted under its parent, but its department owes its report.
std::size_t overdue_parts(const Picture& picture, std::string_view department) {
  std::size_t count = 0;
  for (const TargetView& view : picture.targets(department)) {
    count += view.target->is_part() && view.assessment.report_overdue ? 1 : 0;
  }
  return count;
}

void put_targets(Composition& composition) {
  composition.bulletin.targets = composition.now.counted(composition.bulletin.occasion.department);
  for (const TargetView& view : composition.bulletin.targets)
    composition.bulletin.counts.add(view.assessment);
  composition.bulletin.counts.report_overdue +=
      overdue_parts(composition.now, composition.bulletin.occasion.department);
  const auto known = composition.bulletin.occasion.known_at;
  const std::string text = composition.clock.text_of(known);
  composition.bulletin.known_text =
      wording::date(composition.clock.date_at(known)) + text.substr(text.find(' ') + 1);
}

// Another programme's targets are no news of this one's.
void put_before(Composition& composition) {
  BulletinCounts counts;
  bool has_values = false;
  std::set<std::string> programmes;
  for (const TargetView& view : composition.bulletin.targets) {
    programmes.insert(composition.now.catalogue().programme_of(*view.target).id);
  }
  for (const TargetView& view :
       composition.before.counted(composition.bulletin.occasion.department)) {
    if (!programmes.contains(composition.before.catalogue().programme_of(*view.target).id)) {
      continue;
    }
    counts.add(view.assessment);
    has_values = has_values || view.assessment.as_of.has_value();
    composition.before_of.emplace(view.target->key, view.assessment);
  }
  counts.report_overdue +=
      overdue_parts(composition.before, composition.bulletin.occasion.department);
  if (has_values) composition.bulletin.before = counts;
}

void put_title(Composition& composition) {
  const std::string period =
      wording::period(composition.bulletin.occasion.kind, composition.bulletin.period);
  const std::string whose = composition.bulletin.department != nullptr
                                ? composition.bulletin.department->name_on(composition.on())
                                : std::string{};
  switch (composition.bulletin.occasion.kind) {
    case BulletinKind::daily:
      composition.bulletin.title = whose + "目标任务进展日报（" + period + "）";
      return;
    case BulletinKind::weekly:
      composition.bulletin.title = whose + "目标任务进展周报（" + period + "）";
      return;
    case BulletinKind::monthly:
    case BulletinKind::quarterly:
    case BulletinKind::annual:
      composition.bulletin.title = "关于" + whose + period + "目标任务进展情况的通报";
  }
}

void put_changes(Composition& composition) {
  for (const TargetView& view : composition.bulletin.targets) {
    const auto found = composition.before_of.find(view.target->key);
    const Assessment& a = view.assessment;
    if (found == composition.before_of.end()) {
      if (composition.bulletin.before) {
        composition.bulletin.changes.push_back(
            {view, composition.name_of(view) + "新列入目标库。", BulletinChange::Direction::other});
      }
      continue;
    }
    const Assessment& then = found->second;
    if (then.report_overdue != a.report_overdue || then.reports_missing != a.reports_missing) {
      composition.bulletin.reports_changed = true;
    }
    if (then.status == a.status && then.is_unreported == a.is_unreported) continue;
    auto direction = BulletinChange::Direction::other;
    if (is_judged(then.status) && is_judged(a.status) && has_same_terms(then, a)) {
      direction = urgency_of(a.status) > urgency_of(then.status) ? BulletinChange::Direction::better
                                                                 : BulletinChange::Direction::worse;
    }
    composition.bulletin.changes.push_back(
        {view,
         composition.name_of(view) + "由" + std::string{status_words(*view.target, then)} + "转为" +
             std::string{status_words(*view.target, a)} +
             (has_same_terms(then, a) ? "：" : "（目标或期限已调整）：") + wording::standing(view) +
             "。",
         direction});
  }
  std::stable_sort(composition.bulletin.changes.begin(), composition.bulletin.changes.end(),
                   [](const auto& x, const auto& y) {
                     const auto key = [](const BulletinChange& c) {
                       return c.direction == BulletinChange::Direction::worse    ? 0
                              : c.direction == BulletinChange::Direction::better ? 1
                                                                                 : 2;
                     };
                     return key(x) < key(y);
                   });
}

// The newest value of each month, where every month has one.
std::vector<Reading> value_a_month(std::span<const Reading> readings,
                                   const std::vector<Date>& month_ends) {
  std::vector<Reading> values;
  for (const Date end : month_ends) {
    const auto after =
        std::upper_bound(readings.begin(), readings.end(), end,
                         [](Date d, const Reading& reading) { return d < reading.as_of; });
    if (after == readings.begin() || std::prev(after)->as_of < period_start(Cadence::month, end)) {
      return {};
    }
    values.push_back(*std::prev(after));
  }
  return values;
}

// Month ends of the year up to the period's last day, by what adds up, has a schedule by months
// and a figure of each of them: the same targets at every point.
void put_curve(Composition& composition) {
  const Date last = composition.bulletin.period.last;
  const auto year = static_cast<int>(std::chrono::year_month_day{last}.year());
  std::vector<Date> ends;
  for (unsigned month = 1; month <= 12; ++month) {
    const Date end = period_end(Cadence::month, date_of(year, month, 1));
    if (end <= last) ends.push_back(end);
  }
  std::vector<CurvePoint> points(ends.size());
  std::size_t counted = 0;
  for (Catalogue::Index i = 0; i < composition.now.catalogue().targets().size(); ++i) {
    const Target& target = composition.now.catalogue()[i];
    if (target.kind != Kind::cumulative || target.direction != Direction::at_least) continue;
    if (!composition.now[i].in_force || target.is_part()) continue;
    if (!composition.concerns(
            composition.now.catalogue().department_of(target, composition.now.on())))
      continue;
    const auto values = value_a_month(composition.now.readings_of(i), ends);
    if (values.empty()) continue;
    ++counted;
    for (std::size_t p = 0; p < points.size(); ++p) {
      const Target& version = target.version_on(ends[p], composition.now.on());
      points[p].progress +=
          (values[p].value - *version.baseline) / (*version.goal - *version.baseline);
      points[p].expected += schedule_share(version.start, version.deadline, ends[p]);
    }
  }
  composition.bulletin.curve_targets = counted;
  if (counted == 0) return;
  for (std::size_t p = 0; p < points.size(); ++p) {
    const auto n = static_cast<double>(counted);
    composition.bulletin.curve.push_back({ends[p], points[p].progress / n, points[p].expected / n});
  }
}

void put_not_reached(Composition& composition) {
  for (const TargetView& view : composition.bulletin.targets) {
    if (lags(view.assessment)) composition.bulletin.not_reached.push_back(view);
  }
  std::stable_sort(composition.bulletin.not_reached.begin(), composition.bulletin.not_reached.end(),
                   [](const TargetView& x, const TargetView& y) {
                     return is_worse(x.assessment, y.assessment);
                   });
}

}  // namespace

std::string Composition::day(Date date) const { return wording::day(date, on()); }

std::string Composition::name_of(const TargetView& view) const {
  return bulletin.department != nullptr ? view.target->name
                                        : view.target->name + "（" + view.department_name() + "）";
}

std::string Composition::scope() const {
  return bulletin.department != nullptr ? bulletin.department->name_on(on())
                                        : wording::whole_of(bulletin.district);
}

bool Composition::concerns(const Department& department) const {
  return bulletin.department == nullptr || department.id == bulletin.department->id;
}

bool is_worse(const Assessment& a, const Assessment& b) {
  const auto key = [](const Assessment& one) {
    return std::tuple{urgency_of(one.last_status.value_or(one.status)),
                      one.deviation.value_or(std::numeric_limits<double>::infinity()),
                      one.progress.value_or(0)};
  };
  return key(a) < key(b);
}

bool has_same_terms(const Assessment& then, const Assessment& a) {
  return then.goal == a.goal && then.deadline == a.deadline;
}

bool is_judged(Status status) { return light_of(status) == Light::green || is_not_reached(status); }

bool lags(const Assessment& a) {
  return is_not_reached(a.status) || (a.last_status && light_of(*a.last_status) == Light::red);
}

bool is_not_reached(Status status) {
  return light_of(status) == Light::yellow || light_of(status) == Light::red;
}

namespace {

// Whether what was published of the period before would have been another light:
// "，上期通报的达进度应为 欠进度"; "" where it would not.
std::string revised_light(const Composition& composition, const Correction& correction) {
  if (!composition.bulletin.before) return {};
  const auto then = composition.before_of.find(correction.target);
  const auto index = composition.revised.catalogue().find_key(correction.target);
  if (then == composition.before_of.end() || !index) return {};
  const Assessment& revised = composition.revised[*index];
  const Target& target = composition.revised.catalogue()[*index];
  if (!revised.in_force || revised.status == then->second.status) return {};
  return "，上期通报的" + std::string{status_words(target, then->second)} + "应为" +
         std::string{status_words(target, revised)};
}

}  // namespace

void BulletinCounts::add(const Assessment& a) {
  OnSchedule::add(a);
  if (a.report_overdue) ++report_overdue;
}

std::vector<std::string> change_sentences(const Composition& composition) {
  std::vector<std::string> sentences;
  for (const BulletinChange& change : composition.bulletin.changes) {
    sentences.push_back(change.text);
  }
  return sentences;
}

std::string projected_word(Basis basis) { return basis == Basis::projected ? "预计" : ""; }

std::vector<std::string> correction_sentences(const Composition& composition) {
  std::vector<std::string> sentences;
  std::unordered_map<std::string, const Correction*> last_of;
  for (const Correction& one : composition.corrections) last_of[one.target] = &one;
  for (const Correction& one : composition.corrections) {
    const auto found = composition.now.catalogue().find_key(one.target);
    if (!found) continue;
    const TargetView view = composition.now.target(*found);
    if (!view.assessment.in_force || !composition.concerns(*view.department)) continue;
    std::string text =
        composition.name_of(view) + "截至" + wording::as_of(one.as_of, composition.on()) + "的";
    if (one.value.is_withdrawn()) {
      text += "数据撤回";
      // A withdrawal is corrected by another one where its note changes.
      if (view.target->kind != Kind::pledge && !one.value_before.is_withdrawn()) {
        text += "，原为" + wording::value(*view.target, one.value_before.number());
      }
    } else if (one.value_before.is_withdrawn()) {
      text += "数据撤回后重新报送";
      if (view.target->kind != Kind::pledge) {
        text += "，为" + wording::value(*view.target, one.value.number());
      }
    } else if ((one.value == one.value_before && one.basis == one.basis_before) ||
               view.target->kind == Kind::pledge) {
      text += "说明作了更正";
    } else {
      text += "数据由" + projected_word(one.basis_before) +
              wording::value(*view.target, one.value_before.number()) + "更正为" +
              projected_word(one.basis) + wording::value(*view.target, one.value.number());
    }
    text += "（" + composition.day(composition.clock.date_at(one.received_at)) + "报送" +
            (one.note.empty() ? "" : "，说明：" + one.note) + "）";
    if (last_of.at(one.target) == &one) text += revised_light(composition, one);
    sentences.push_back(text + "。");
  }
  return sentences;
}

std::span<const std::string> Bulletin::sentences_of(std::string_view section) const {
  const auto found =
      std::find_if(sections.begin(), sections.end(),
                   [&](const ComposedSection& one) { return one.section.name == section; });
  if (found == sections.end()) return {};
  return found->sentences;
}

Bulletin compose(Occasion occasion, std::string district, std::string issuer,
                 const DistrictClock& clock, const BulletinPictures& pictures,
                 const std::vector<Correction>& corrections,
                 std::span<const BulletinSection> sections) {
  Bulletin bulletin;
  bulletin.period = period_of(occasion.kind, occasion.on);
  bulletin.occasion = std::move(occasion);
  bulletin.district = std::move(district);
  bulletin.issuer = std::move(issuer);
  Composition composition{bulletin,         clock,       pictures.now, pictures.before,
                          pictures.revised, corrections, {},           0};
  put_department(composition);
  put_targets(composition);
  put_before(composition);
  put_title(composition);
  put_changes(composition);
  put_curve(composition);
  put_departments(composition);
  put_not_reached(composition);
  for (const BulletinSection& section : sections) {
    bulletin.sections.push_back({section, section.compose != nullptr ? section.compose(composition)
                                                                     : std::vector<std::string>{}});
  }
  return bulletin;
}

}  // namespace districtd
