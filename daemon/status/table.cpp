// The terminal table of target_view.h.
#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.h"
#include "daemon/domain/changes.h"
#include "daemon/domain/on_schedule.h"
#include "daemon/domain/split.h"
#include "daemon/status/programme_sections.h"
#include "daemon/status/target_view.h"
#include "daemon/status/terminal.h"
#include "daemon/status/words.h"

namespace districtd {

namespace {

constexpr std::string_view kNoColour = "\033[0m";

// The line at the end says that deviations are percentage points; those that are not say so here.
std::string deviation_text(const Assessment& a) {
  if (!a.deviation) return "";
  return a.deviation_unit == DeviationUnit::points
             ? format_signed(*a.deviation)
             : format_deviation(*a.deviation, a.deviation_unit);
}

// What a reader asks next: for how long, will it be reached, who is late.
std::string remarks_of(const TargetView& view, bool colour) {
  const Assessment& a = view.assessment;
  std::string text;
  if (a.periods_behind > 1) {
    text += "  连续第 " + std::to_string(a.periods_behind) + " 个" +
            std::string{period_word(view.target->cadence)};
  }
  if (a.is_extended) {
    text += "  延期";
    const int extensions = extensions_of(*view.target, view.on);
    if (extensions > 1) text += " " + std::to_string(extensions) + " 次";
    text += "（原期限 " + to_string(view.target->deadline) + "）";
  }
  if (a.is_projected) text += "  预计";
  if (a.last_status && light_of(*a.last_status) == Light::red) {
    text += "  停报前" + std::string{status_words(view.version(), *a.last_status)};
  }
  if (a.settling_until) text += "  最迟 " + to_string(*a.settling_until).substr(5) + " 报送";
  if (view.target->is_part()) text += "  分项";
  if (a.node_missed || (a.node_next && a.status == Status::at_risk)) {
    text += "  " + node_words(*view.target, a);
  }
  if (view.catalogue != nullptr && a.partial_sum) {
    text += "  " + partial_words(*view.catalogue, *view.target, a);
  }
  if (a.forecast && a.status != Status::achieved) {
    text += "  达标概率 " + format_probability(a.forecast->goal_probability);
  }
  if (a.report_overdue) {
    text += colour ? "  \033[31m迟报\033[0m" : "  迟报";
    if (a.reports_missing > 1) text += " " + std::to_string(a.reports_missing) + " 期";
    text += "（自 " + to_string(*a.report_overdue_since).substr(5) + "）";
  }
  return text;
}

constexpr std::size_t kNameWidth = 34;

std::string line_of(const TargetView& view, bool colour) {
  const Target& target = *view.target;
  const Assessment& a = view.assessment;
  const LightWords& light = words_of(light_of(a.status));
  const std::string status = pad_right(status_words(target, a), 12);
  std::string line = std::string{light.lamp} + " ";
  line += colour ? std::string{light.colour} + status + std::string{kNoColour} : status;
  line += " " + pad_right(target.name, kNameWidth);
  line += pad_left(a.actual ? format_value(target, *a.actual) : "", 14);
  line += pad_left(a.goal ? format_value(target, *a.goal) : "", 12);
  line += pad_left(a.progress ? format_share(*a.progress) : "", 8);
  line += pad_left(a.expected_share ? format_share(*a.expected_share) : "", 10);
  line += pad_left(deviation_text(a), 9);
  line += "  " + pad_right(a.as_of ? to_string(*a.as_of) : "", 10);
  line += remarks_of(view, colour);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string header() {
  return "   " + pad_right("亮灯", 12) + " " + pad_right("指标", kNameWidth) +
         pad_left("完成", 14) + pad_left("目标", 12) + pad_left("完成率", 8) +
         pad_left("序时进度", 10) + pad_left("偏差", 9) + "  " + "截至日期\n";
}

// "已完成 24 项（10.8%）、超进度 …": the split that bulletins print, adding up to 100.
std::string split_of(const std::vector<const TargetView*>& views) {
  std::array<std::size_t, kAllStatuses.size()> counts{};
  for (const TargetView* view : views) {
    if (view->target->is_part()) continue;
    ++counts[static_cast<std::size_t>(view->assessment.status)];
  }
  const auto tenths = split_tenths(counts);
  std::string text;
  for (const Status status : kAllStatuses) {
    const auto i = static_cast<std::size_t>(status);
    if (counts[i] == 0) continue;
    if (!text.empty()) text += "、";
    text += std::string{to_chinese(status)} + " " + std::to_string(counts[i]) + " 项（" +
            format_share(tenths[i] / 1000.0) + "）";
  }
  return text.empty() ? "" : text + "。\n";
}

// "达到序时进度 44 项，占可评判的 55 项的 80.0%；未计入：停报 1 项。"
std::string share_of(const OnSchedule& counts) {
  const auto share = counts.share();
  if (!share) return "";
  const std::string left_out = left_out_of(counts);
  return "达到序时进度 " + std::to_string(counts.reached()) + " 项，占可评判的 " +
         std::to_string(counts.judged()) + " 项的 " + format_share(*share) +
         (left_out.empty() ? "" : "；未计入：" + left_out) + "。\n";
}

std::string summary(const std::vector<const TargetView*>& views) {
  OnSchedule counts;
  std::size_t overdue = 0;
  bool has_per_cent = false;
  std::size_t parts = 0;
  for (const TargetView* view : views) {
    const Assessment& a = view->assessment;
    overdue += a.report_overdue ? 1 : 0;
    if (view->target->is_part()) {
      ++parts;
      continue;
    }
    counts.add(a);
    has_per_cent = has_per_cent || (a.deviation && a.deviation_unit == DeviationUnit::per_cent);
  }
  const auto count = [&](Light light) { return std::to_string(counts.of(light)); };
  return "共 " + std::to_string(counts.total) + " 项" +
         (parts > 0 ? "（分项 " + std::to_string(parts) + " 项不另计）" : "") + "：🟢 " +
         count(Light::green) + "  🟡 " + count(Light::yellow) + "  🔴 " + count(Light::red) +
         "  ⚪ " + count(Light::grey) + "  · 已报送（无量化目标） " + count(Light::none) +
         "；迟报 " + std::to_string(overdue) + " 项。偏差单位：个百分点" +
         (has_per_cent ? "，带 % 的为应达值的百分之几" : "") + "。\n" + share_of(counts) +
         split_of(views);
}

// In the order of the catalogue, with those that came from another department behind its own.
std::vector<const TargetView*> by_department(std::vector<const TargetView*> views) {
  std::unordered_map<const Department*, std::size_t> place;
  for (const TargetView* view : views) place.emplace(view->department, place.size());
  std::stable_sort(views.begin(), views.end(), [&](const TargetView* a, const TargetView* b) {
    return place.at(a->department) < place.at(b->department);
  });
  return views;
}

std::string table_of(const std::vector<const TargetView*>& views, bool colour) {
  std::string out = header();
  const Department* department = nullptr;
  for (const TargetView* view : by_department(views)) {
    if (view->department != department) {
      department = view->department;
      const std::string name = printable(view->department_name());
      out += (colour ? "\033[1m" + name + "\033[0m" : name) + "\n";
    }
    out += line_of(*view, colour);
  }
  return out + "\n" + summary(views);
}

}  // namespace

std::string to_table(const std::vector<TargetView>& views, std::string_view title, bool colour) {
  const auto sections = sections_by_programme(views);
  std::string out = printable(title);
  if (sections.size() == 1 && views.front().is_settled) {
    out += "　" + programme_heading(*views.front().programme, true);
  }
  out += "\n";
  for (const auto& section : sections) {
    out += "\n";
    if (sections.size() > 1) {
      out += programme_heading(*section.front()->programme, section.front()->is_settled) + "\n\n";
    }
    out += table_of(section, colour);
  }
  return sections.empty() ? out + "\n" + table_of({}, colour) : out;
}

}  // namespace districtd
