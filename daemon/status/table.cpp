// The terminal table of target_view.h.
#include <algorithm>
#include <array>

#include "daemon/status/target_view.h"

namespace districtd {

namespace {

// Columns that a terminal gives the text: two for East Asian wide characters and emoji, by the
// ranges of Unicode's EastAsianWidth.txt (W and F) that Chinese text and the lights use.
std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? lead : lead & (0x3FU >> (length - 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      code = (code << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    const bool is_wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                         (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                         (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
                         (code >= 0xFFE0 && code <= 0xFFE6) ||
                         (code >= 0x1F300 && code <= 0x1FAFF) || code == 0x26AA || code == 0x2B55;
    width += is_wide ? 2 : 1;
    i += length;
  }
  return width;
}

// The longest beginning that fits, with … where something is cut.
std::string cut(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string{text};
  std::size_t end = 0;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t next = i + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
    if (display_width(text.substr(0, next)) > width - 1) break;
    end = next;
    i = next;
  }
  return std::string{text.substr(0, end)} + "…";
}

std::string left(std::string_view text, std::size_t width) {
  const std::string shown = cut(text, width);
  return shown + std::string(width - display_width(shown), ' ');
}

std::string right(std::string_view text, std::size_t width) {
  const std::string shown = cut(text, width);
  return std::string(width - display_width(shown), ' ') + shown;
}

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
  return view.target->pace == Pace::deadline && view.assessment.expected_share.value_or(1) <= 0;
}

// Rates move in percentage points; other levels by a share of what is expected.
std::string deviation_text(const TargetView& view) {
  if (!view.assessment.deviation || expects_nothing_yet(view)) return "";
  const std::string text = format_points(*view.assessment.deviation);
  return text.substr(0, text.find(' '));
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
  line += right(target.goal ? format_value(target, *target.goal) : "", 12);
  line += right(a.progress ? format_share(*a.progress) : "", 8);
  const bool has_share = a.expected_share && !expects_nothing_yet(view);
  line += right(has_share ? format_share(*a.expected_share) : "", 10);
  line += right(deviation_text(view), 9);
  line += "  " + left(a.as_of ? to_string(*a.as_of) : "", 10);
  if (a.report_overdue) line += colour ? "  \033[31m迟报\033[0m" : "  迟报";
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string header() {
  return "   " + left("亮灯", 10) + " " + left("指标", kNameWidth) + right("完成", 14) +
         right("目标", 12) + right("完成率", 8) + right("序时进度", 10) + right("偏差", 9) + "  " +
         "截至日期\n";
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
         " 项。偏差单位：个百分点。\n";
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
