#include "daemon/bulletins/wording.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "daemon/status/words.h"

namespace districtd::wording {
namespace {

using std::chrono::year_month_day;

std::string month_of(Date date) {
  return std::to_string(static_cast<unsigned>(year_month_day{date}.month()));
}
std::string day_of(Date date) {
  return std::to_string(static_cast<unsigned>(year_month_day{date}.day()));
}

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

// "欠8.0个百分点": by the sign alone, so that what hovers at a threshold is said as it is.
std::string gap(double deviation, std::string_view less, std::string_view more,
                std::string_view unit) {
  const std::string size = points(deviation);
  if (size.find_first_of("123456789") == std::string::npos) return "与序时进度持平";
  return std::string{deviation < 0 ? less : more} + size + std::string{unit};
}

std::string standing_of_level(const TargetView& view) {
  const Target& target = *view.target;
  const Assessment& a = view.assessment;
  std::string text = "实际" + value(target, *a.actual);
  if (a.expected && a.goal && *a.expected != *a.goal)
    text += "，应达" + without_blanks(format_required(target, *a.expected));
  if (!a.deviation) return text;
  const std::string unit = without_blanks(std::string{unit_word(a.deviation_unit)});
  const bool is_ceiling = target.direction == Direction::at_most;
  const std::string size = points(*a.deviation);
  if (size.find_first_of("123456789") == std::string::npos) return text + "，与目标持平";
  const bool is_short = *a.deviation < 0;
  return text + "，" + (is_short == is_ceiling ? "高于" : "低于") +
         (is_ceiling ? "控制目标" : "目标") + size + unit;
}

}  // namespace

std::string date(Date date) {
  return std::to_string(year_of(date)) + "年" + month_of(date) + "月" + day_of(date) + "日";
}

std::string day(Date date, Date on) {
  if (year_of(date) != year_of(on)) return wording::date(date);
  return month_of(date) + "月" + day_of(date) + "日";
}

std::string as_of(Date date, Date on) {
  if (period_end(Cadence::month, date) != date) return day(date, on);
  return (year_of(date) == year_of(on) ? "" : std::to_string(year_of(date)) + "年") +
         month_of(date) + "月底";
}

std::string period(BulletinKind kind, const BulletinPeriod& period) {
  const std::string year = std::to_string(year_of(period.last)) + "年";
  switch (kind) {
    case BulletinKind::daily:
      return wording::date(period.last);
    case BulletinKind::weekly:
      return wording::date(period.first) + "至" + day(period.last, period.first);
    case BulletinKind::monthly: {
      const std::string month = month_of(period.last);
      return year + (month == "1" ? "1月" : "1—" + month + "月");
    }
    case BulletinKind::quarterly: {
      constexpr std::array kQuarters = {"一季度", "二季度", "三季度", "四季度"};
      return year + kQuarters[(static_cast<unsigned>(year_month_day{period.last}.month()) - 1) / 3];
    }
    case BulletinKind::annual:
      break;
  }
  return year + "度";
}

std::string value(const Target& target, double base_value) {
  return without_blanks(format_value(target, base_value));
}

std::string points(double ratio) { return format_size(ratio); }

std::string share_of(std::size_t part, std::size_t whole) {
  return format_share(whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole));
}

std::pair<std::string, std::string> shares_of(const OnSchedule& counts) {
  const auto tenths = static_cast<int>(std::lround(counts.share().value_or(0) * 1000));
  const auto text = [](int share) {
    return std::to_string(share / 10) + "." + std::to_string(share % 10) + "%";
  };
  return {text(tenths), text(1000 - tenths)};
}

std::string whole_of(std::string_view district) {
  // What stands in brackets is another name of the same.
  district = district.substr(0, std::min(district.find('('), district.find("（")));
  for (const std::string_view word : {"区", "县", "市", "州", "盟", "旗", "镇", "乡", "街道"}) {
    if (district.ends_with(word)) return "全" + std::string{word};
  }
  return "本地";
}

std::string ordinal(std::size_t number) {
  constexpr std::array<std::string_view, 10> kDigits = {"",   "一", "二", "三", "四",
                                                        "五", "六", "七", "八", "九"};
  DISTRICT_CHECK(number >= 1 && number <= 99, "a section's number has at most two digits");
  std::string text;
  if (number >= 20) text += kDigits[number / 10];
  if (number >= 10) text += "十";
  return text.append(kDigits[number % 10]);
}

std::string items(std::size_t count) { return std::to_string(count) + "项"; }

std::string list(const std::vector<std::string>& names, std::size_t most,
                 std::string_view measure) {
  const std::size_t shown = std::min(names.size(), most);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == names.size() ? "和" : "、";
    text += names[i];
  }
  if (names.size() > shown) {
    text += "等" + std::to_string(names.size()) + std::string{measure};
  }
  return text;
}

std::string change(std::size_t now, std::size_t before) {
  if (now == before) return "持平";
  return now > before ? "增加" + std::to_string(now - before) + "项"
                      : "减少" + std::to_string(before - now) + "项";
}

// What is over, or silent, is said after its last figure.
std::string over(const TargetView& view) {
  const Assessment& a = view.assessment;
  if (a.is_unreported) return "本期未报";
  const std::string deadline = "期限" + day(a.deadline, view.on);
  switch (a.status) {
    case Status::overdue: {
      const std::string words{status_words(*view.target, a)};
      std::string text = a.has_final_value ? deadline + "已过，" + words
                                           : deadline + "已过，期满数据未报，" + words;
      if (a.completed_later) text += "，已于" + day(*a.completed_later, view.on) + "完成";
      return text;
    }
    case Status::achieved_late:
      return deadline + "之后完成，逾期完成";
    case Status::settling:
      return deadline + "已过，期满数据应于" + day(*a.settling_until, view.on) + "前报送" +
             (a.completed_later ? "，已于" + day(*a.completed_later, view.on) + "完成" : "");
    case Status::stale:
      return "此后未再报送";
    default:
      return {};
  }
}

std::string standing(const TargetView& view) {
  const Target& target = *view.target;
  const Assessment& a = view.assessment;
  std::string text;
  if (target.kind != Kind::milestone && a.goal) {
    text = (target.direction == Direction::at_most ? "控制目标" : "目标") + value(target, *a.goal) +
           "，";
  }
  const std::string ending = over(view);
  if (target.kind == Kind::milestone && (ending.empty() || a.status == Status::stale)) {
    text = "期限" + day(a.deadline, view.on) + "，";
  }
  if (a.is_extended) text += "已延期，";
  if (!a.as_of) return text + (ending.empty() ? "尚未报送数据" : "从未报送数据，" + ending);
  text += "截至" + as_of(*a.as_of, view.on);
  if (!a.actual) return text + "已报送进展" + (ending.empty() ? "" : "，" + ending);
  if (a.is_projected) text += "预计";
  const bool is_level = target.kind == Kind::level;
  if (is_level && !a.expects_nothing_yet) {
    return text + standing_of_level(view) + (ending.empty() ? "" : "，" + ending);
  }
  const bool is_kept = is_ceiling(view.version());
  text += target.kind == Kind::milestone ? "形象进度" : is_level || is_kept ? "实际" : "完成";
  text += value(target, *a.actual);
  if (target.kind == Kind::cumulative && a.progress) {
    text += (is_kept ? "，已占上限的" : "，完成率") + format_share(*a.progress);
  }
  if (!ending.empty()) return text + "，" + ending;
  if (view.version().pace == Pace::deadline) {
    if (a.status == Status::at_risk && target.kind != Kind::milestone) {
      text += "，期限" + day(a.deadline, view.on);
    }
    if (a.status == Status::at_risk) {
      text += "，距期限不足" + std::to_string(view.version().warn_days) + "天尚未完成";
    }
    return text;
  }
  if (a.expected_share) {
    text += "，" + std::string(schedule_word(view.version())) + format_share(*a.expected_share);
  }
  if (const std::string node = node_words(target, a); !node.empty()) text += "，" + node;
  if (a.deviation) {
    text += "，" + (is_kept ? gap(*a.deviation, "超序时", "低于序时", "个百分点")
                            : gap(*a.deviation, "欠", "超", "个百分点"));
  }
  return text;
}

std::string since(const TargetView& view) {
  const Assessment& a = view.assessment;
  const Light light = light_of(a.status);
  if (a.is_unreported && a.last_status && light_of(*a.last_status) == Light::red) {
    return "此前" + std::string{status_words(view.version(), *a.last_status)};
  }
  if (!a.status_since) return {};
  const std::string from = "自" + as_of(*a.status_since, view.on) + "起";
  if (a.status == Status::stale) {
    return from + "停报" +
           (a.last_status ? "，停报前" + std::string{status_words(view.version(), *a.last_status)}
                          : "");
  }
  if (a.status == Status::achieved_late) return {};
  if (light == Light::yellow) return from + "亮黄灯";
  if (light != Light::red) return {};
  if (a.periods_behind < 2) return from + "亮红灯";
  return from + std::string{status_words(*view.target, a)} + "，连续" +
         std::to_string(a.periods_behind) + "个" + std::string{period_word(view.target->cadence)} +
         "亮红灯";
}

std::string outlook(const TargetView& view) {
  const Target& target = *view.target;
  const Assessment& a = view.assessment;
  std::string text;
  if (a.status == Status::achieved) return text;
  if (a.forecast) {
    const Forecast& f = *a.forecast;
    text = "按目前进度预测，";
    if (f.progress) {
      text +=
          (is_ceiling(view.version()) ? "到期占上限的" : "到期完成率") + format_share(*f.progress);
      if (f.lower && f.upper) {
        text += "（80%的可能在" + format_share(*f.lower) + "至" + format_share(*f.upper) + "之间）";
      }
      text += "，";
    }
    const std::string probability = format_probability(f.goal_probability);
    text += "实现目标的可能性";
    if (probability.starts_with('<')) {
      text += "不足" + probability.substr(1);
    } else if (probability.starts_with('>')) {
      text += "超过" + probability.substr(1);
    } else {
      text += "为" + probability;
    }
  }
  if (target.kind == Kind::cumulative && a.required_pace && *a.required_pace > 0) {
    const double span = std::abs(*view.version().goal - *view.version().baseline);
    if (!text.empty()) text += "；";
    text += "今后月均需完成" + without_blanks(format_required(target, *a.required_pace * span)) +
            "方可如期达到目标";
  }
  return text;
}

}  // namespace districtd::wording
