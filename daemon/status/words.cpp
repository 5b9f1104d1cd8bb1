#include "daemon/status/words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "daemon/domain/on_schedule.h"

namespace districtd {

namespace {

// In the order of the enumerators of Light.
constexpr std::array<LightWords, kLights> kLightWords = {{
    {"green", "绿灯", "🟢", "●", "\033[32m"},
    {"yellow", "黄灯", "🟡", "▲", "\033[33m"},
    {"red", "红灯", "🔴", "■", "\033[31m"},
    {"grey", "灰灯", "⚪", "□", "\033[90m"},
    {"none", "不亮灯", "· ", "－", "\033[90m"},
}};

// Of a ceiling, which is kept, not reached.
constexpr std::array kCeilingWords = {
    std::pair{Status::achieved, std::string_view{"控制在目标内"}},
    std::pair{Status::on_track, std::string_view{"控制在序时内"}},
    std::pair{Status::at_risk, std::string_view{"接近上限"}},
    std::pair{Status::behind, std::string_view{"超出控制"}},
    std::pair{Status::overdue, std::string_view{"超出控制"}},
};
constexpr std::string_view kCeilingUnreported = "期满未报";
constexpr std::string_view kUnderWay = "推进中";  // of what expects nothing before its deadline

bool is_nought(std::string_view digits) {
  return digits.find_first_of("123456789") == std::string_view::npos;
}

// A half is rounded up (四舍五入), as people reckon: 91 of 112 are 81.3 %. printf takes the even
// digit.
std::string fixed(double value, int decimals) {
  constexpr double kRounding = 1e-9;  // 0.8125 by a division may be a little less
  const double scale = std::pow(10, decimals);
  const double scaled = std::abs(value) * scale;
  // Of what is too large for that there are no decimals.
  if (scaled < 1e15) value = std::copysign(std::floor(scaled + 0.5 + kRounding) / scale, value);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  // "-0.0" reads as a fault where there is none.
  const std::string_view digits{text.data()};
  return std::string{digits.starts_with('-') && is_nought(digits) ? digits.substr(1) : digits};
}

}  // namespace

std::string format_value(const Target& target, double base_value) {
  if (target.kind == Kind::milestone) return format_share(base_value);
  const Unit& unit = target.unit;
  // More than four decimals are noise of a clerk's division.
  std::string text = fixed(unit.from_base(base_value), 4);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  if (unit.symbol().empty()) return text;
  return unit.is_percentage() ? text + unit.symbol() : text + " " + unit.symbol();
}

std::string format_required(const Target& target, double base_value) {
  if (!target.unit.is_count()) return format_value(target, base_value);
  constexpr double kRounding = 1e-9;  // 3 by a division is not 4
  const bool is_least = target.direction == Direction::at_least;
  return format_value(
      target, is_least ? std::ceil(base_value - kRounding) : std::floor(base_value + kRounding));
}

std::string format_share(double ratio) { return fixed(ratio * 100, 1) + "%"; }

std::string format_signed(double ratio) {
  std::string text = fixed(ratio * 100, 2);
  if (text.ends_with('0')) text.pop_back();
  return ratio > 0 && !is_nought(text) ? "+" + text : text;
}

std::string format_size(double ratio) {
  std::string text = format_signed(std::abs(ratio));
  if (text.starts_with('+')) text.erase(0, 1);
  return text;
}

std::string_view unit_word(DeviationUnit unit) {
  return unit == DeviationUnit::points ? " 个百分点" : "%";
}

std::string format_deviation(double deviation, DeviationUnit unit) {
  return format_signed(deviation) + std::string{unit_word(unit)};
}

std::string format_probability(double probability) {
  if (probability < 0.01) return "<1%";
  if (probability > 0.99) return ">99%";
  return fixed(probability * 100, 0) + "%";
}

std::string node_words(const Target& target, const Assessment& assessment) {
  const bool is_missed = assessment.node_missed.has_value();
  if (!is_missed && !assessment.node_next) return "";
  const TargetNode& node = target.node(is_missed ? *assessment.node_missed : *assessment.node_next);
  return (is_missed ? "节点“" : "下一节点“") + node.name + "”（" + to_string(node.due) +
         " 应完成 " + format_share(node.share) + "）" + (is_missed ? "未完成" : "");
}

std::string_view schedule_word(const Target& version) {
  return version.pace == Pace::nodes ? "节点应完成" : "序时进度";
}

std::string partial_words(const Catalogue& catalogue, const Target& target,
                          const Assessment& assessment) {
  if (!assessment.partial_sum) return "";
  constexpr std::size_t kMostNames = 10;
  const PartialSum& sum = *assessment.partial_sum;
  std::string text = "分项合计 " + format_value(target, sum.value) + "（截至 " +
                     to_string(sum.as_of) + "），尚缺 ";
  for (std::size_t i = 0; i < std::min(sum.missing.size(), kMostNames); ++i) {
    text += (i == 0 ? "" : "、") + catalogue[sum.missing[i]].name;
  }
  if (sum.missing.size() > kMostNames) text += " 等 " + std::to_string(sum.missing.size()) + " 项";
  return text;
}

std::string_view period_word(Cadence cadence) {
  switch (cadence) {
    case Cadence::week:
      return "周";
    case Cadence::quarter:
      return "季度";
    case Cadence::month:
    case Cadence::none:
      return "月";
  }
  return "月";
}

std::string_view status_words(const Target& version, Status status, bool has_final_value) {
  if (is_ceiling(version)) {
    if (status == Status::overdue && !has_final_value) return kCeilingUnreported;
    for (const auto& [of_status, text] : kCeilingWords) {
      if (of_status == status) return text;
    }
  }
  if (version.pace == Pace::deadline && status == Status::on_track) return kUnderWay;
  return to_chinese(status);
}

std::vector<StatusWords> all_status_words() {
  std::vector<StatusWords> all;
  const auto add = [&](std::string_view text, Status status) {
    const bool is_known = std::any_of(all.begin(), all.end(),
                                      [&](const StatusWords& one) { return one.text == text; });
    if (!is_known) all.push_back({text, light_of(status)});
  };
  for (const StatusRow& row : kStatusTable) add(row.chinese, row.status);
  for (const auto& [status, text] : kCeilingWords) add(text, status);
  add(kUnderWay, Status::on_track);
  add(kCeilingUnreported, Status::overdue);
  add(kUnreportedWord, Status::no_data);
  return all;
}

std::string_view status_words(const Target& target, const Assessment& assessment) {
  if (assessment.is_unreported) return kUnreportedWord;
  return status_words(target.version(assessment.version), assessment.status,
                      assessment.has_final_value);
}

const LightWords& words_of(Light light) { return kLightWords[static_cast<std::size_t>(light)]; }

}  // namespace districtd
