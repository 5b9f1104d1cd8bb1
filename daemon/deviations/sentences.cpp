#include "daemon/deviations/sentences.h"

#include "daemon/status/words.h"

namespace districtd {
namespace {

// A state of an earlier version's store that this one does not know is said as it stands there.
std::string chinese_status(const Target& version, std::string_view word) {
  const auto status = parse_status(word);
  return std::string(status ? status_words(version, *status) : word);
}

// What is announced of it.
std::string announced_words(const Target& target, const Assessment& now) {
  std::string words(status_words(target.version(now.version), now.announced, now.has_final_value));
  if (now.is_extended) words += "（延期）";
  return words;
}

// How the target stands, "" where there is nothing to say but its status.
std::string standing(const Target& target, const Assessment& now) {
  if (!now.actual) return {};
  const bool is_level = target.kind == Kind::level;
  std::string text;
  if (target.kind == Kind::milestone) {
    text = "形象进度 " + format_share(*now.actual);
  } else {
    const bool is_kept = is_ceiling(target.version(now.version));
    text = (is_level || is_kept ? "实际 " : "完成 ") + format_value(target, *now.actual);
    if (now.progress && !is_level) {
      text += (is_ceiling(target.version(now.version)) ? "，已占上限的 " : "，完成率 ") +
              format_share(*now.progress);
    }
  }
  const std::string node = node_words(target, now);
  const std::string of_node = node.empty() ? "" : "，" + node;
  if (now.expects_nothing_yet) return text + of_node + "，期限 " + to_string(now.deadline);
  if (is_level && now.expected) text += "，应达 " + format_required(target, *now.expected);
  if (!is_level && now.expected_share) {
    text += "，" + std::string(schedule_word(target.version(now.version))) + " " +
            format_share(*now.expected_share);
  }
  if (now.deviation) text += "，偏差 " + format_deviation(*now.deviation, now.deviation_unit);
  text += of_node;
  if (now.status == Status::overdue || now.status == Status::achieved_late) {
    text += "，期限 " + to_string(now.deadline);
  }
  if (now.settling_until) text += "，期满数据最迟应于 " + to_string(*now.settling_until) + " 报送";
  return text;
}

}  // namespace

std::string title_of(const Catalogue& catalogue, const Target& target, Date on) {
  return target.name + "（" + catalogue.department_of(target, on).name_on(on) + "）";
}

std::string status_changed_sentence(const Catalogue& catalogue, const Target& target, Date on,
                                    std::string_view from, const Assessment& now) {
  std::string text = title_of(catalogue, target, on) + "由 " +
                     chinese_status(target.version(now.version), from) + " 转为 " +
                     announced_words(target, now);
  const std::string details = standing(target, now);
  if (!details.empty()) text += "：" + details;
  if (now.as_of) text += "（截至 " + to_string(*now.as_of) + "）";
  return text;
}

std::string row_of_periods(const Target& target, const Assessment& now) {
  return "连续第 " + std::to_string(now.periods_behind) + " 个" +
         std::string(period_word(target.cadence));
}

std::string still_behind_sentence(const Catalogue& catalogue, const Target& target, Date on,
                                  const Assessment& now) {
  std::string text = title_of(catalogue, target, on) + row_of_periods(target, now) + "亮红灯：" +
                     announced_words(target, now);
  const std::string details = standing(target, now);
  if (!details.empty()) text += "，" + details;
  if (now.as_of) text += "（截至 " + to_string(*now.as_of) + "）";
  return text;
}

std::string withdrawn_sentence(const Catalogue& catalogue, const Target& target, Date on) {
  if (!target.withdrawn) {
    return title_of(catalogue, target, on) + "自 " +
           to_string(target.added.value_or(target.start)) + " 起才列入目标库，此前不作评判";
  }
  return title_of(catalogue, target, on) + "自 " + to_string(*target.withdrawn) + " 起撤销：" +
         target.withdrawal_reason;
}

std::string report_overdue_sentence(const Catalogue& catalogue, const Target& target, Date on,
                                    Date period, Date due_by, const Assessment& now) {
  return title_of(catalogue, target, on) + "迟报：截至 " + to_string(period) + " 的数据最迟应于 " +
         to_string(due_by) + " 报送，" +
         (now.as_of ? "最近一次报送截至 " + to_string(*now.as_of) : "至今未报送过") +
         (now.reports_missing > 1
              ? "；已连续 " + std::to_string(now.reports_missing) + " 期未报（自 " +
                    to_string(*now.report_overdue_since) + " 起）"
              : "");
}

std::string report_arrived_sentence(const Catalogue& catalogue, const Target& target, Date on,
                                    const Assessment& now) {
  return title_of(catalogue, target, on) + "迟报的数据已报送（截至 " + to_string(*now.as_of) + "）";
}

}  // namespace districtd
