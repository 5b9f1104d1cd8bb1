// The terminal table of target_view.h.
#include <array>

#include "daemon/domain/split.h"
#include "daemon/status/target_view.h"
#include "daemon/status/terminal.h"

namespace districtd {

namespace {

std::string_view lamp(Light light) {
  switch (light) {
    case Light::green:
      return "🟢";
    case Light::yellow:
      return "🟡";
    case Light::red:
      return "🔴";
    case Light::grey:
      return "⚪";
    case Light::none:
      return "· ";
  }
  return "  ";
}

std::string_view colour_of(Light light) {
  switch (light) {
    case Light::green:
      return "\033[32m";
    case Light::yellow:
      return "\033[33m";
    case Light::red:
      return "\033[31m";
    case Light::grey:
    case Light::none:
      return "\033[90m";
  }
  return "";
}

// Until its deadline such a schedule expects nothing, so that neither share nor deviation says
// anything to a reader.
bool expects_nothing_yet(const TargetView& view) {
  return view.target->version_on(view.on).pace == Pace::deadline &&
         view.assessment.expected_share.value_or(1) <= 0;
}

// Rates move in percentage points; other levels by a share of what is expected.
std::string deviation_text(const TargetView& view) {
  if (!view.assessment.deviation || expects_nothing_yet(view)) return "";
  const std::string text = format_points(*view.assessment.deviation);
  return text.substr(0, text.find(' '));
}

// What a reader asks next: for how long, will it be reached, who is late.
std::string remarks_of(const TargetView& view, bool colour) {
  const Assessment& a = view.assessment;
  std::string text;
  if (a.periods_behind > 1) {
    text += "  连续第 " + std::to_string(a.periods_behind) + " 个" +
            std::string{period_word(view.target->cadence)};
  }
  // What is past its deadline has missed it, whatever the values before it promised.
  if (a.forecast && a.status != Status::achieved && a.status != Status::overdue) {
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
  const Light light = light_of(a.status);
  const std::string status = left(to_chinese(a.status), 10);
  std::string line = std::string{lamp(light)} + " " +
                     (colour ? std::string{colour_of(light)} + status + "\033[0m" : status) + " " +
                     left(target.name, kNameWidth);
  line += right(a.actual ? format_value(target, *a.actual) : "", 14);
  line += right(a.goal ? format_value(target, *a.goal) : "", 12);
  line += right(a.progress ? format_share(*a.progress) : "", 8);
  const bool has_share = a.expected_share && !expects_nothing_yet(view);
  line += right(has_share ? format_share(*a.expected_share) : "", 10);
  line += right(deviation_text(view), 9);
  line += "  " + left(a.as_of ? to_string(*a.as_of) : "", 10);
  line += remarks_of(view, colour);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string header() {
  return "   " + left("亮灯", 10) + " " + left("指标", kNameWidth) + right("完成", 14) +
         right("目标", 12) + right("完成率", 8) + right("序时进度", 10) + right("偏差", 9) + "  " +
         "截至日期\n";
}

// "已完成 24 项（10.8%）、超进度 …": the split that bulletins print, adding up to 100.
std::string split_of(const std::vector<TargetView>& views) {
  std::array<std::size_t, kAllStatuses.size()> counts{};
  for (const TargetView& view : views) {
    ++counts[static_cast<std::size_t>(view.assessment.status)];
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

std::string summary(const std::vector<TargetView>& views) {
  std::array<std::size_t, 5> lights{};
  std::size_t overdue = 0;
  for (const TargetView& view : views) {
    ++lights[static_cast<std::size_t>(light_of(view.assessment.status))];
    overdue += view.assessment.report_overdue ? 1 : 0;
  }
  const auto count = [&](Light light) {
    return std::to_string(lights[static_cast<std::size_t>(light)]);
  };
  return "共 " + std::to_string(views.size()) + " 项：🟢 " + count(Light::green) + "  🟡 " +
         count(Light::yellow) + "  🔴 " + count(Light::red) + "  ⚪ 未报送 " + count(Light::grey) +
         "  · 已报送（无量化目标） " + count(Light::none) + "；迟报 " + std::to_string(overdue) +
         " 项。偏差单位：个百分点。\n" + split_of(views);
}

}  // namespace

std::string to_table(const std::vector<TargetView>& views, std::string_view title, bool colour) {
  std::string out = std::string{title} + "\n\n" + header();
  const Department* department = nullptr;
  for (const TargetView& view : views) {
    if (view.department != department) {
      department = view.department;
      out += (colour ? "\033[1m" + department->name + "\033[0m" : department->name) + "\n";
    }
    out += line_of(view, colour);
  }
  return out + "\n" + summary(views);
}

}  // namespace districtd
