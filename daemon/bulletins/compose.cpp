#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "daemon/bulletins/bulletin.h"
#include "daemon/bulletins/wording.h"

namespace districtd {
namespace {

using wording::list;
using wording::share_of;

std::string count(std::size_t number) { return std::to_string(number) + "项"; }

bool is_not_reached(Status status) {
  return light_of(status) == Light::yellow || light_of(status) == Light::red;
}

class Composer {
 public:
  Composer(Bulletin& bulletin, const DistrictClock& clock, const Picture& now,
           const Picture& before, const std::vector<Correction>& corrections)
      : b_(bulletin), clock_(clock), now_(now), before_(before), corrections_(corrections) {}

  void compose() {
    take_department();
    take_targets();
    take_before();
    title();
    overall();
    changes();
    curve();
    departments();
    not_reached();
    discipline();
    corrections();
    next_steps();
  }

 private:
  Date on() const { return b_.occasion.on; }
  std::string day(Date date) const { return wording::day(date, on()); }
  std::string name_of(const TargetView& view) const {
    return b_.department != nullptr ? view.target->name
                                    : view.target->name + "（" + view.department->name + "）";
  }
  std::string scope() const {
    return b_.department != nullptr ? b_.department->name : wording::whole_of(b_.district);
  }
  bool concerns(const Department& department) const {
    return b_.department == nullptr || department.id == b_.department->id;
  }

  void take_department() {
    const Catalogue& catalogue = now_.catalogue();
    if (const auto found = catalogue.find_department(b_.occasion.department)) {
      b_.department = &catalogue.departments()[*found];
    }
  }

  void take_targets() {
    b_.targets = now_.targets(b_.occasion.department);
    for (const TargetView& view : b_.targets) b_.counts.add(view.assessment);
    const auto known = b_.occasion.known_at;
    const std::string text = clock_.text_of(known);
    b_.known_text = wording::date(clock_.date_at(known)) + text.substr(text.find(' ') + 1);
  }

  void take_before() {
    BulletinCounts counts;
    bool has_values = false;
    for (const TargetView& view : before_.targets(b_.occasion.department)) {
      counts.add(view.assessment);
      has_values = has_values || view.assessment.as_of.has_value();
      before_of_.emplace(view.target->id, view.assessment);
    }
    if (has_values) b_.before = counts;
  }

  void title() {
    const std::string period = wording::period(b_.occasion.kind, b_.period);
    const std::string whose = b_.department != nullptr ? b_.department->name : std::string{};
    switch (b_.occasion.kind) {
      case BulletinKind::daily:
        b_.title = whose + "目标任务进展日报（" + period + "）";
        return;
      case BulletinKind::weekly:
        b_.title = whose + "目标任务进展周报（" + period + "）";
        return;
      case BulletinKind::monthly:
      case BulletinKind::quarterly:
      case BulletinKind::annual:
        b_.title = "关于" + whose + period + "目标任务进展情况的通报";
    }
  }

  void overall() {
    const BulletinCounts& c = b_.counts;
    std::string text = scope() + "共有目标" + count(c.total);
    if (c.total == 0) {
      b_.overall = {scope() + "目前没有列入目标库的目标。"};
      return;
    }
    std::vector<std::string> parts;
    if (c.judged() > 0) parts.push_back("可评判进度的" + count(c.judged()));
    if (c.of(Status::reported) > 0)
      parts.push_back("无量化目标、已报送进展的" + count(c.of(Status::reported)));
    if (c.of(Status::no_data) > 0) parts.push_back("尚未报送数据的" + count(c.of(Status::no_data)));
    b_.overall.push_back(parts.size() == 1 && c.judged() == c.total
                             ? text + "，均可评判进度。"
                             : text + "，其中" + list(parts, parts.size(), "") + "。");
    if (c.judged() > 0) b_.overall.push_back(against_the_schedule());
    if (const std::string late = older_values(); !late.empty()) b_.overall.push_back(late);
    if (b_.before) b_.overall.push_back(compared());
  }

  std::string against_the_schedule() const {
    const BulletinCounts& c = b_.counts;
    std::string text = "截至" + wording::as_of(b_.period.last, on()) + "，" +
                       (c.judged() == c.total ? scope() + count(c.total) + "目标中，"
                                              : "可评判的" + count(c.judged()) + "目标中，");
    if (c.not_reached() == 0) return text + "全部达到序时进度。";
    std::vector<std::string> parts;
    for (const Status status : kAllStatuses) {
      if (!is_not_reached(status) || c.of(status) == 0) continue;
      parts.push_back(std::string{to_chinese(status)} + count(c.of(status)));
    }
    const std::string lights =
        parts.size() == 1 && c.not_reached() > 1
            ? "（均为" + parts.front().substr(0, parts.front().find_first_of("0123456789")) + "）"
            : "（" + list(parts, parts.size(), "") + "）";
    if (c.reached() == 0) {
      return text + "没有达到序时进度的，" + count(c.judged()) + "均未达到序时进度" + lights + "。";
    }
    const auto [reached, not_reached] = wording::shares_of(c.reached(), c.not_reached());
    return text + "达到序时进度的" + count(c.reached()) + "，占" + reached + "；未达到序时进度的" +
           count(c.not_reached()) + "，占" + not_reached + lights + "。";
  }

  // What is judged by values that are older than the period is said to be.
  std::string older_values() const {
    const auto older = static_cast<std::size_t>(
        std::count_if(b_.targets.begin(), b_.targets.end(), [&](const TargetView& view) {
          const Assessment& a = view.assessment;
          return a.as_of && *a.as_of < b_.period.last && view.target->kind != Kind::pledge &&
                 a.status != Status::achieved;
        }));
    if (older == 0) return {};
    return "其中" + count(older) + "的最近一次数据早于" + wording::as_of(b_.period.last, on()) +
           "，按数据截至日期的序时进度评判。";
  }

  std::string compared() const {
    const BulletinCounts& c = b_.counts;
    const BulletinCounts& p = *b_.before;
    std::string text = "与上次（" + day(b_.occasion.before) + "）相比，";
    if (c.reached() == p.reached() && c.not_reached() == p.not_reached()) {
      text += "达到和未达到序时进度的目标项数均持平";
    } else {
      text += "达到序时进度的" + wording::change(c.reached(), p.reached()) + "，未达到序时进度的" +
              wording::change(c.not_reached(), p.not_reached());
    }
    const auto changed = [&](auto is) {
      return static_cast<std::size_t>(
          std::count_if(b_.targets.begin(), b_.targets.end(), [&](const TargetView& view) {
            const auto found = before_of_.find(view.target->id);
            return found != before_of_.end() && is(found->second, view.assessment);
          }));
    };
    const auto judged = [](const Assessment& a) {
      return a.status != Status::no_data && a.status != Status::reported;
    };
    const std::size_t better = changed([&](const Assessment& then, const Assessment& a) {
      return judged(then) && judged(a) && urgency_of(a.status) > urgency_of(then.status);
    });
    const std::size_t worse = changed([&](const Assessment& then, const Assessment& a) {
      return judged(then) && judged(a) && urgency_of(a.status) < urgency_of(then.status);
    });
    if (better == 0 && worse == 0) return text + "。";
    text += "；";
    if (better > 0) text += count(better) + "转好";
    if (better > 0 && worse > 0) text += "，";
    if (worse > 0) text += count(worse) + "转差";
    return text + "。";
  }

  void changes() {
    for (const TargetView& view : b_.targets) {
      const auto found = before_of_.find(view.target->id);
      const Assessment& a = view.assessment;
      if (found == before_of_.end()) {
        if (b_.before) {
          b_.changes.push_back(
              {view, name_of(view) + "新列入目标库。", BulletinChange::Direction::other});
        }
        continue;
      }
      const Assessment& then = found->second;
      if (then.report_overdue != a.report_overdue || then.reports_missing != a.reports_missing) {
        b_.reports_changed = true;
      }
      if (then.status == a.status) continue;
      auto direction = BulletinChange::Direction::other;
      if (then.status != Status::no_data && a.status != Status::no_data) {
        direction = urgency_of(a.status) > urgency_of(then.status)
                        ? BulletinChange::Direction::better
                        : BulletinChange::Direction::worse;
      }
      b_.changes.push_back({view,
                            name_of(view) + "由" + std::string{to_chinese(then.status)} + "转为" +
                                std::string{to_chinese(a.status)} + "：" + wording::standing(view) +
                                "。",
                            direction});
    }
    std::stable_sort(b_.changes.begin(), b_.changes.end(), [](const auto& x, const auto& y) {
      const auto key = [](const BulletinChange& c) {
        return c.direction == BulletinChange::Direction::worse    ? 0
               : c.direction == BulletinChange::Direction::better ? 1
                                                                  : 2;
      };
      return key(x) < key(y);
    });
  }

  // Month ends of the year so far, by what adds up and has a schedule by months.
  void curve() {
    const auto year = std::chrono::year_month_day{b_.period.last}.year();
    for (unsigned month = 1; month <= 12; ++month) {
      const Date end = period_end(Cadence::month, date_of(static_cast<int>(year), month, 1));
      if (end > on()) break;
      double progress = 0;
      double expected = 0;
      std::size_t counted = 0;
      for (Catalogue::Index i = 0; i < now_.catalogue().targets().size(); ++i) {
        const Target& target = now_.catalogue()[i];
        if (target.kind != Kind::cumulative || target.direction != Direction::at_least) continue;
        if (!target.is_in_force(end) || !now_[i].in_force) continue;
        if (!concerns(now_.catalogue().department_of(target))) continue;
        const auto readings = now_.readings_of(i);
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
      b_.curve.push_back({end, progress / n, expected / n});
    }
  }

  void departments() {
    std::unordered_map<const Department*, std::size_t> position;
    std::vector<BulletinDepartment> all;
    for (const DepartmentView& view : now_.departments()) {
      position.emplace(view.department, all.size());
      all.push_back({view.department, view.standing, {}, true});
    }
    for (const TargetView& view : now_.targets()) {
      BulletinDepartment& line = all[position.at(view.department)];
      line.counts.add(view.assessment);
      if (view.assessment.as_of) line.has_sent_nothing = false;
    }
    std::size_t ranked = 0;
    for (BulletinDepartment& line : all) {
      ranked += line.standing.rank.has_value();
      if (line.counts.total > 0 && concerns(*line.department)) {
        b_.departments.push_back(line);
      }
    }
    std::stable_sort(b_.departments.begin(), b_.departments.end(),
                     [](const auto& x, const auto& y) {
                       constexpr std::uint32_t kNone = 0xffffffff;
                       return x.standing.rank.value_or(kNone) < y.standing.rank.value_or(kNone);
                     });
    b_.department == nullptr ? compare_departments() : place_department(ranked);
  }

  void compare_departments() {
    std::vector<std::string> full;
    std::vector<std::string> silent;
    std::vector<std::string> last;
    std::uint32_t last_rank = 0;
    for (const BulletinDepartment& line : b_.departments) {
      const std::string& name = line.department->name;
      if (line.has_sent_nothing) silent.push_back(name);
      if (line.counts.judged() > 0 && line.counts.not_reached() == 0 &&
          line.counts.of(Status::no_data) == 0) {
        full.push_back(name);
      }
      if (line.standing.rank) last_rank = std::max(last_rank, *line.standing.rank);
    }
    for (const BulletinDepartment& line : b_.departments) {
      if (line.standing.rank && *line.standing.rank == last_rank && !line.has_sent_nothing) {
        last.push_back(line.department->name);
      }
    }
    auto& text = b_.department_sentences;
    const auto departments = [](std::size_t n) { return std::to_string(n) + "个部门（单位）"; };
    if (!full.empty()) {
      text.push_back(list(full, 8, "个部门（单位）") + (full.size() == 1
                                                            ? "可评判的目标全部达到序时进度。"
                                                            : "，可评判的目标全部达到序时进度。"));
    }
    if (last_rank > 1 && !last.empty()) {
      text.push_back("得分居后的是" + list(last, 5, "个部门（单位）") + "。");
    }
    if (!silent.empty()) {
      text.push_back((silent.size() == 1 ? silent.front()
                                         : list(silent, 8, "个部门（单位）") + "，共" +
                                               departments(silent.size()) + "，") +
                     "至今未报送任何数据。");
    }
  }

  void place_department(std::size_t ranked) {
    if (b_.departments.empty()) return;
    const BulletinDepartment& line = b_.departments.front();
    const std::string& name = line.department->name;
    if (line.has_sent_nothing) {
      b_.department_sentences.push_back(name + "至今未报送任何数据。");
    }
    const Standing& s = line.standing;
    if (!s.score || !s.rank) return;
    std::string text = name + "得分" + wording::points(*s.score) + "分，在参评的" +
                       std::to_string(ranked) + "个部门（单位）中列第" + std::to_string(*s.rank) +
                       "位";
    if (s.rank_before) {
      if (*s.rank_before == *s.rank) text += "，位次与上期持平";
      if (*s.rank_before > *s.rank) {
        text += "，比上期上升" + std::to_string(*s.rank_before - *s.rank) + "位";
      }
      if (*s.rank_before < *s.rank) {
        text += "，比上期下降" + std::to_string(*s.rank - *s.rank_before) + "位";
      }
    }
    b_.department_sentences.push_back(text + "。");
  }

  void not_reached() {
    for (const TargetView& view : b_.targets) {
      if (is_not_reached(view.assessment.status)) b_.not_reached.push_back(view);
    }
    std::stable_sort(
        b_.not_reached.begin(), b_.not_reached.end(), [](const auto& x, const auto& y) {
          // What expects nothing yet comes after what is measurably behind, by what is done of it.
          const auto key = [](const TargetView& v) {
            const Assessment& a = v.assessment;
            return std::tuple{urgency_of(a.status),
                              a.deviation.value_or(std::numeric_limits<double>::infinity()),
                              a.progress.value_or(0)};
          };
          return key(x) < key(y);
        });
  }

  void discipline() {
    std::size_t due = 0;
    std::size_t on_time = 0;
    std::map<std::string, std::vector<const TargetView*>> overdue;
    std::vector<std::string> order;
    for (const TargetView& view : b_.targets) {
      due += static_cast<std::size_t>(view.assessment.reports_due);
      on_time += static_cast<std::size_t>(view.assessment.reports_on_time);
      if (!view.assessment.report_overdue) continue;
      auto& of = overdue[view.department->name];
      if (of.empty()) order.push_back(view.department->name);
      of.push_back(&view);
    }
    auto& text = b_.discipline;
    if (due > 0) {
      text.push_back("今年以来应报数据" + std::to_string(due) + "项次，按时报送" +
                     std::to_string(on_time) + "项次，按时报送率" + share_of(on_time, due) + "。");
    }
    if (overdue.empty()) {
      text.emplace_back(due > 0 ? "目前没有逾期未报的数据。" : "目前没有到期应报的数据。");
      return;
    }
    text.push_back("目前逾期未报的有" + count(b_.counts.report_overdue) +
                   (b_.department != nullptr
                        ? "："
                        : "，涉及" + std::to_string(overdue.size()) + "个部门（单位）："));
    for (const std::string& department : order) {
      const auto& of = overdue[department];
      std::vector<std::string> names;
      for (const TargetView* const view : of) names.push_back(missing_report(*view));
      text.push_back((b_.department != nullptr ? "" : department + count(of.size()) + "：") +
                     list(names, 20, "项") + "。");
    }
  }

  std::string missing_report(const TargetView& view) const {
    const Assessment& a = view.assessment;
    std::string text = view.target->name + "（";
    if (a.report_overdue_since) {
      text += "应于" + day(*a.report_overdue_since - std::chrono::days{1}) + "前报送";
    }
    if (a.reports_missing > 1) text += "，已连续" + std::to_string(a.reports_missing) + "期未报";
    if (!a.as_of) text += "，从未报送";
    return text + "）";
  }

  void corrections() {
    for (const Correction& one : corrections_) {
      const auto found = now_.catalogue().find_id(one.target);
      if (!found) continue;
      const TargetView view = now_.target(*found);
      if (!view.assessment.in_force || !concerns(*view.department)) continue;
      std::string text = name_of(view) + "截至" + wording::as_of(one.as_of, on()) + "的";
      if (one.value == kTakenBack) {
        text += "数据撤回";
        if (view.target->kind != Kind::pledge) {
          text += "，原为" + wording::value(*view.target, one.value_before);
        }
      } else if (one.value_before == kTakenBack) {
        text += "数据撤回后重新报送";
        if (view.target->kind != Kind::pledge) {
          text += "，为" + wording::value(*view.target, one.value);
        }
      } else if (one.value == one.value_before || view.target->kind == Kind::pledge) {
        text += "说明作了更正";
      } else {
        text += "数据由" + wording::value(*view.target, one.value_before) + "更正为" +
                wording::value(*view.target, one.value);
      }
      text += "（" + day(clock_.date_at(one.received_at)) + "报送）。";
      b_.corrections.push_back(std::move(text));
    }
  }

  void next_steps() {
    auto& text = b_.next_steps;
    if (b_.counts.report_overdue > 0) {
      std::set<std::string> names;
      for (const TargetView& view : b_.targets) {
        if (view.assessment.report_overdue) names.insert(view.department->name);
      }
      text.push_back("请" +
                     (b_.department != nullptr
                          ? b_.department->name
                          : list({names.begin(), names.end()}, 8, "个部门（单位）")) +
                     "抓紧补报逾期未报的" + count(b_.counts.report_overdue) + "数据。");
    }
    reports_to_come();
    deadlines_to_come();
  }

  // The next report that each target owes, by period and due day.
  void reports_to_come() {
    std::map<std::pair<Date, Date>, std::size_t> due;
    const WorkingDays& working_days = now_.catalogue().working_days();
    for (const TargetView& view : b_.targets) {
      const Target& target = *view.target;
      const Assessment& a = view.assessment;
      if (target.cadence == Cadence::none) continue;
      if (target.kind == Kind::milestone && a.status == Status::achieved) continue;
      const Target& version = target.version_on(on());
      Date from = std::max(version.start, on() - std::chrono::days{150});
      if (a.as_of)
        from = std::max(from, period_end(target.cadence, *a.as_of) + std::chrono::days{1});
      while (from <= version.deadline) {
        const Date end = std::min(period_end(target.cadence, from), version.deadline);
        const Date by = report_due(target, working_days, end);
        if (by >= on()) {
          ++due[{by, end}];
          break;
        }
        from = end + std::chrono::days{1};
      }
    }
    for (const auto& [when, targets] : due) {
      b_.next_steps.push_back("截至" + wording::as_of(when.second, on()) + "的数据（" +
                              count(targets) + "目标），请于" + day(when.first) + "前报送。");
    }
  }

  void deadlines_to_come() {
    std::vector<const TargetView*> near;
    for (const TargetView& view : b_.targets) {
      const Assessment& a = view.assessment;
      if (a.status == Status::achieved || a.status == Status::reported) continue;
      if (a.deadline < on() || a.deadline > on() + std::chrono::days{60}) continue;
      near.push_back(&view);
    }
    std::map<Date, std::vector<std::string>> by_date;
    for (const TargetView* const view : near) {
      by_date[view->assessment.deadline].push_back(name_of(*view));
    }
    for (const auto& [deadline, names] : by_date) {
      b_.next_steps.push_back(day(deadline) + "到期、尚未完成的目标有" + count(names.size()) +
                              "：" + list(names, 12, "项") + "。");
    }
  }

  Bulletin& b_;
  const DistrictClock& clock_;
  const Picture& now_;
  const Picture& before_;
  const std::vector<Correction>& corrections_;
  std::unordered_map<std::string, Assessment> before_of_;
};

}  // namespace

void BulletinCounts::add(const Assessment& a) {
  ++total;
  if (a.report_overdue) ++report_overdue;
  ++by_status[static_cast<std::size_t>(a.status)];
}

std::size_t BulletinCounts::of(Light light) const {
  std::size_t count = 0;
  for (const Status status : kAllStatuses) {
    if (light_of(status) == light) count += of(status);
  }
  return count;
}

Bulletin compose(Occasion occasion, std::string district, std::string issuer,
                 const DistrictClock& clock, const Picture& now, const Picture& before,
                 const std::vector<Correction>& corrections) {
  Bulletin bulletin;
  bulletin.period = period_of(occasion.kind, occasion.on);
  bulletin.occasion = std::move(occasion);
  bulletin.district = std::move(district);
  bulletin.issuer = std::move(issuer);
  Composer{bulletin, clock, now, before, corrections}.compose();
  return bulletin;
}

}  // namespace districtd
