// The words and numbers that people read. Table, JSON, explanation, log and bulletins take them
// from here, so that each looks the same everywhere. Ratios come in, percentages go out. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/assessment.h"

namespace districtd {

// A value in the catalogue's unit, four decimals at most: "12.6 亿元", "95%"; of a milestone its
// share, "60.0%".
std::string format_value(const Target& target, double base_value);

// A value that is asked for: of a count the whole number that is enough, "159 套" for 158.3.
std::string format_required(const Target& target, double base_value);

std::string format_share(double ratio);  // "42.0%"

// With a sign where it is not nought, to two decimals at most and one at least: "-8.0", "+7.25".
std::string format_signed(double ratio);
// The same without the sign: "8.0".
std::string format_size(double ratio);

std::string_view unit_word(DeviationUnit unit);  // " 个百分点", "%"
// "-8.0 个百分点", "-12.9%".
std::string format_deviation(double deviation, DeviationUnit unit);

// "73%"; "<1%" and ">99%" at the ends: a forecast is never sure.
std::string format_probability(double probability);

// What of its nodes a reader is to know, "" where it is nothing: "节点“主体结顶”（2026-06-30 应完成
// 50.0%）未完成" of the one that is missed, else "下一节点“竣工”（2026-12-31 应完成 100.0%）".
std::string node_words(const Target& target, const Assessment& assessment);

// "序时进度", of a target with nodes "节点应完成": before a share that is expected.
std::string_view schedule_word(const Target& version);

// "分项合计 12.6 亿元（截至 2026-06-30），尚缺 曹宅镇投资、塘雅镇投资", "" where no sum is partial.
std::string partial_words(const Catalogue& catalogue, const Target& target,
                          const Assessment& assessment);

// "月", "季度", "周", of periods that are counted.
std::string_view period_word(Cadence cadence);

// What people read of a status: the table's word, but 推进中 of what expects nothing before its
// deadline, and words of its own of a ceiling, which is kept, not reached: 控制在序时内, 接近上限,
// 超出控制, 期满未报 (overdue without a final value), 控制在目标内. `version`: of the target.
std::string_view status_words(const Target& version, Status status, bool has_final_value = true);
// The same of how the target stands.
std::string_view status_words(const Target& target, const Assessment& assessment);

// Every text that status_words() may give, with its light; a text stands there once.
struct StatusWords {
  std::string_view text;
  Light light;
};
std::vector<StatusWords> all_status_words();

// A light in words and signs. A sign tells the lights apart without their colours.
struct LightWords {
  std::string_view word;     // "green", as JSON says it
  std::string_view chinese;  // "绿灯"
  std::string_view lamp;     // "🟢", for a terminal
  std::string_view mark;     // "●", for print
  std::string_view colour;   // begins the colour in a terminal
};
const LightWords& words_of(Light light);

}  // namespace districtd
