#include "daemon/bulletins/composition.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/bulletins/wording.h"

namespace districtd {

namespace {

using wording::list;
using wording::share_of;

std::string missing_report(const Composition& composition, const TargetView& view) {
  const Assessment& a = view.assessment;
  std::string text = view.target->name + "（";
  if (a.report_overdue_since) {
    text += "应于" + composition.day(*a.report_overdue_since - std::chrono::days{1}) + "前报送";
  }
  if (a.reports_missing > 1) text += "，已连续" + std::to_string(a.reports_missing) + "期未报";
  if (!a.as_of) text += "，从未报送";
  return text + "）";
}

// What owes reports: parts too, and no sum of them.
std::vector<TargetView> owing(const Composition& composition) {
  auto views = composition.now.targets(composition.bulletin.occasion.department);
  std::erase_if(views, [](const TargetView& view) { return view.target->sum_of_parts; });
  return views;
}

// The next report that each target owes, by period and due day.
void reports_to_come(const Composition& composition, std::vector<std::string>& text) {
  std::map<std::pair<Date, Date>, std::size_t> due;
  const WorkingDays& working_days = composition.now.catalogue().working_days();
  for (const TargetView& view : owing(composition)) {
    const Target& target = *view.target;
    const Assessment& a = view.assessment;
    if (target.cadence == Cadence::none) continue;
    const bool is_done = is_reached(a.status);
    if (target.kind == Kind::milestone && is_done) continue;
    const Target& version = target.decided_on(composition.on());
    Date from = std::max(version.start, composition.on() - std::chrono::days{150});
    if (a.as_of) from = std::max(from, period_end(target.cadence, *a.as_of) + std::chrono::days{1});
    while (from <= version.deadline) {
      const Date end = std::min(period_end(target.cadence, from), version.deadline);
      const Date by = report_due(target, working_days, end);
      if (by >= composition.on()) {
        ++due[{by, end}];
        break;
      }
      from = end + std::chrono::days{1};
    }
  }
  for (const auto& [when, targets] : due) {
    text.push_back("截至" + wording::as_of(when.second, composition.on()) + "的数据（" +
                   wording::items(targets) + "目标），请于" + composition.day(when.first) +
                   "前报送。");
  }
}

void deadlines_to_come(const Composition& composition, std::vector<std::string>& text) {
  std::vector<const TargetView*> near;
  for (const TargetView& view : composition.bulletin.targets) {
    const Assessment& a = view.assessment;
    if (a.status == Status::achieved || view.target->kind == Kind::pledge) continue;
    if (a.deadline < composition.on() || a.deadline > composition.on() + std::chrono::days{60})
      continue;
    near.push_back(&view);
  }
  // Of many the first are named: those that are the farthest behind.
  std::stable_sort(near.begin(), near.end(), [](const TargetView* x, const TargetView* y) {
    return is_worse(x->assessment, y->assessment);
  });
  std::map<Date, std::vector<std::string>> by_date;
  for (const TargetView* const view : near) {
    by_date[view->assessment.deadline].push_back(composition.name_of(*view));
  }
  for (const auto& [deadline, names] : by_date) {
    text.push_back(composition.day(deadline) + "到期、尚未完成的目标有" +
                   wording::items(names.size()) + "：" + list(names, 12, "项") + "。");
  }
}

// Of a bulletin about one department those that were due while another one had the target are not
// its own.
std::pair<std::size_t, std::size_t> reports_counted(const Composition& composition,
                                                    const TargetView& view) {
  int due = view.assessment.reports_due;
  int on_time = view.assessment.reports_on_time;
  if (composition.bulletin.department != nullptr) {
    const Catalogue& catalogue = composition.now.catalogue();
    for (const HandedOver& before : view.assessment.handed_over) {
      const Date last = before.handover - std::chrono::days{1};
      if (composition.concerns(catalogue.department_of(*view.target, last))) continue;
      due -= before.reports.due;
      on_time -= before.reports.on_time;
    }
  }
  return {static_cast<std::size_t>(due), static_cast<std::size_t>(on_time)};
}

}  // namespace

std::vector<std::string> discipline_sentences(const Composition& composition) {
  std::size_t due = 0;
  std::size_t on_time = 0;
  std::map<std::string, std::vector<const TargetView*>> overdue;
  std::vector<std::string> order;
  const std::vector<TargetView> views = owing(composition);
  for (const TargetView& view : views) {
    const auto [own_due, own_on_time] = reports_counted(composition, view);
    due += own_due;
    on_time += own_on_time;
    if (!view.assessment.report_overdue) continue;
    auto& of = overdue[view.department_name()];
    if (of.empty()) order.push_back(view.department_name());
    of.push_back(&view);
  }
  std::vector<std::string> text;
  if (due > 0) {
    text.push_back("本期应报数据" + std::to_string(due) + "项次，按时报送" +
                   std::to_string(on_time) + "项次，按时报送率" + share_of(on_time, due) + "。");
  }
  if (overdue.empty()) {
    text.emplace_back(due > 0 ? "目前没有逾期未报的数据。" : "本期没有到期应报的数据。");
    return text;
  }
  text.push_back("目前逾期未报的有" + wording::items(composition.bulletin.counts.report_overdue) +
                 (composition.bulletin.department != nullptr
                      ? "："
                      : "，涉及" + std::to_string(overdue.size()) + "个部门（单位）："));
  for (const std::string& department : order) {
    auto& of = overdue[department];
    std::stable_sort(of.begin(), of.end(), [](const TargetView* x, const TargetView* y) {
      return x->assessment.reports_missing > y->assessment.reports_missing;
    });
    std::vector<std::string> names;
    for (const TargetView* const view : of) names.push_back(missing_report(composition, *view));
    text.push_back((composition.bulletin.department != nullptr
                        ? ""
                        : department + wording::items(of.size()) + "：") +
                   list(names, 20, "项") + "。");
  }
  return text;
}

std::vector<std::string> next_step_sentences(const Composition& composition) {
  std::vector<std::string> text;
  if (composition.bulletin.counts.report_overdue > 0) {
    std::set<std::string> names;
    for (const TargetView& view : owing(composition)) {
      if (view.assessment.report_overdue) names.insert(view.department_name());
    }
    text.push_back("请" +
                   (composition.bulletin.department != nullptr
                        ? composition.bulletin.department->name_on(composition.on())
                        : list({names.begin(), names.end()}, 8, "个部门（单位）")) +
                   "抓紧补报逾期未报的" +
                   wording::items(composition.bulletin.counts.report_overdue) + "数据。");
  }
  reports_to_come(composition, text);
  deadlines_to_come(composition, text);
  return text;
}

}  // namespace districtd
