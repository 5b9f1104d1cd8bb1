#include <algorithm>
#include <limits>
#include <tuple>

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

void put_targets(Composition& composition) {
  composition.bulletin.targets = composition.now.targets(composition.bulletin.occasion.department);
  for (const TargetView& view : composition.bulletin.targets)
    composition.bulletin.counts.add(view.assessment);
  const auto known = composition.bulletin.occasion.known_at;
  const std::string text = composition.clock.text_of(known);
  composition.bulletin.known_text =
      wording::date(composition.clock.date_at(known)) + text.substr(text.find(' ') + 1);
}

void put_before(Composition& composition) {
  BulletinCounts counts;
  bool has_values = false;
  for (const TargetView& view :
       composition.before.targets(composition.bulletin.occasion.department)) {
    counts.add(view.assessment);
    has_values = has_values || view.assessment.as_of.has_value();
    composition.before_of.emplace(view.target->id, view.assessment);
  }
  if (has_values) composition.bulletin.before = counts;
}

void put_title(Composition& composition) {
  const std::string period =
      wording::period(composition.bulletin.occasion.kind, composition.bulletin.period);
  const std::string whose = composition.bulletin.department != nullptr
                                ? composition.bulletin.department->name
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
    const auto found = composition.before_of.find(view.target->id);
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
    if (then.status == a.status) continue;
    auto direction = BulletinChange::Direction::other;
    if (is_judged(then.status) && is_judged(a.status)) {
      direction = urgency_of(a.status) > urgency_of(then.status) ? BulletinChange::Direction::better
                                                                 : BulletinChange::Direction::worse;
    }
    composition.bulletin.changes.push_back(
        {view,
         composition.name_of(view) + "由" + std::string{status_words(*view.target, then)} + "转为" +
             std::string{status_words(*view.target, a)} + "：" + wording::standing(view) + "。",
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

// Month ends of the year so far, by what adds up and has a schedule by months.
void put_curve(Composition& composition) {
  const auto year = std::chrono::year_month_day{composition.bulletin.period.last}.year();
  for (unsigned month = 1; month <= 12; ++month) {
    const Date end = period_end(Cadence::month, date_of(static_cast<int>(year), month, 1));
    if (end > composition.on()) break;
    double progress = 0;
    double expected = 0;
    std::size_t counted = 0;
    for (Catalogue::Index i = 0; i < composition.now.catalogue().targets().size(); ++i) {
      const Target& target = composition.now.catalogue()[i];
      if (target.kind != Kind::cumulative || target.direction != Direction::at_least) continue;
      if (!target.is_in_force(end) || !composition.now[i].in_force) continue;
      if (!composition.concerns(composition.now.catalogue().department_of(target))) continue;
      const auto readings = composition.now.readings_of(i);
      const auto after =
          std::upper_bound(readings.begin(), readings.end(), end,
                           [](Date d, const Reading& reading) { return d < reading.as_of; });
      const Target& version = target.version_on(end);
      // A month without a figure says nothing, rather than that nothing was done.
      if (after == readings.begin() ||
          std::prev(after)->as_of < period_start(Cadence::month, end)) {
        continue;
      }
      progress +=
          (std::prev(after)->value - *version.baseline) / (*version.goal - *version.baseline);
      expected += schedule_share(version.start, version.deadline, end);
      ++counted;
    }
    if (counted == 0) continue;
    const auto n = static_cast<double>(counted);
    composition.bulletin.curve.push_back({end, progress / n, expected / n});
  }
}

void put_not_reached(Composition& composition) {
  for (const TargetView& view : composition.bulletin.targets) {
    if (lags(view.assessment)) composition.bulletin.not_reached.push_back(view);
  }
  std::stable_sort(composition.bulletin.not_reached.begin(), composition.bulletin.not_reached.end(),
                   [](const auto& x, const auto& y) {
                     // What expects nothing yet comes after what is measurably behind, by what is
                     // done of it.
                     const auto key = [](const TargetView& v) {
                       const Assessment& a = v.assessment;
                       return std::tuple{
                           urgency_of(a.last_status.value_or(a.status)),
                           a.deviation.value_or(std::numeric_limits<double>::infinity()),
                           a.progress.value_or(0)};
                     };
                     return key(x) < key(y);
                   });
}

}  // namespace

std::string Composition::day(Date date) const { return wording::day(date, on()); }

std::string Composition::name_of(const TargetView& view) const {
  return bulletin.department != nullptr ? view.target->name
                                        : view.target->name + "（" + view.department->name + "）";
}

std::string Composition::scope() const {
  return bulletin.department != nullptr ? bulletin.department->name
                                        : wording::whole_of(bulletin.district);
}

bool Composition::concerns(const Department& department) const {
  return bulletin.department == nullptr || department.id == bulletin.department->id;
}

bool is_judged(Status status) { return light_of(status) == Light::green || is_not_reached(status); }

bool lags(const Assessment& a) {
  return is_not_reached(a.status) || (a.last_status && light_of(*a.last_status) == Light::red);
}

bool is_not_reached(Status status) {
  return light_of(status) == Light::yellow || light_of(status) == Light::red;
}

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
    text += "（" + composition.day(composition.clock.date_at(one.received_at)) + "报送）。";
    sentences.push_back(std::move(text));
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
                 const DistrictClock& clock, const Picture& now, const Picture& before,
                 const std::vector<Correction>& corrections,
                 std::span<const BulletinSection> sections) {
  Bulletin bulletin;
  bulletin.period = period_of(occasion.kind, occasion.on);
  bulletin.occasion = std::move(occasion);
  bulletin.district = std::move(district);
  bulletin.issuer = std::move(issuer);
  Composition composition{bulletin, clock, now, before, corrections, {}, 0};
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
