#include "daemon/bulletins/wording.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "daemon/domain/split.h"
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
  if (a.expected && a.goal && *a.expected != *a.goal) text += "，应达" + value(target, *a.expected);
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

std::pair<std::string, std::string> shares_of(std::size_t one, std::size_t other) {
  const std::array counts = {one, other};
  const std::vector<int> tenths = split_tenths(counts);
  const auto text = [](int share) {
    return std::to_string(share / 10) + "." + std::to_string(share % 10) + "%";
  };
  return {text(tenths[0]), text(tenths[1])};
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

std::string standing(const TargetView& view) {
  const Target& target = *view.target;
  const Assessment& a = view.assessment;
  std::string text;
  if (target.kind != Kind::milestone && a.goal) {
    text = (target.direction == Direction::at_most ? "控制目标" : "目标") + value(target, *a.goal) +
           "，";
  }
  if (target.kind == Kind::milestone && a.status != Status::overdue) {
    text = "期限" + day(a.deadline, view.on) + "，";
  }
  if (!a.as_of) return text + "尚未报送数据";
  text += "截至" + as_of(*a.as_of, view.on);
  if (!a.actual) return text + "已报送进展";
  const bool is_level = target.kind == Kind::level;
  if (is_level && !a.expects_nothing_yet) return text + standing_of_level(view);
  text += target.kind == Kind::milestone ? "形象进度" : is_level ? "实际" : "完成";
  text += value(target, *a.actual);
  if (target.kind == Kind::cumulative && a.progress) {
    text += "，完成率" + format_share(*a.progress);
  }
  if (a.status == Status::overdue) {
    return text + "，期限" + day(a.deadline, view.on) + "已过，逾期未完成";
  }
  if (view.version().pace == Pace::deadline) {
    if (a.status == Status::at_risk && target.kind != Kind::milestone) {
      text += "，期限" + day(a.deadline, view.on);
    }
    if (a.status == Status::at_risk) {
      text += "，距期限不足" + std::to_string(view.version().warn_days) + "天尚未完成";
    }
    return text;
  }
  if (a.expected_share) text += "，序时进度" + format_share(*a.expected_share);
  if (a.deviation) text += "，" + gap(*a.deviation, "欠", "超", "个百分点");
  return text;
}

std::string since(const TargetView& view) {
  const Assessment& a = view.assessment;
  const Light light = light_of(a.status);
  if (!a.status_since || (light != Light::red && light != Light::yellow)) return {};
  const std::string from = "自" + as_of(*a.status_since, view.on) + "起";
  if (light == Light::yellow) return from + "亮黄灯";
  if (a.periods_behind < 2) return from + "亮红灯";
  return from + std::string{to_chinese(a.status)} + "，连续" + std::to_string(a.periods_behind) +
         "个" + std::string{period_word(view.target->cadence)} + "亮红灯";
}

std::string outlook(const TargetView& view) {
  const Target& target = *view.target;
  const Assessment& a = view.assessment;
  std::string text;
  if (a.forecast && a.status != Status::overdue) {
    const Forecast& f = *a.forecast;
    text = "按目前进度预测，";
    if (f.progress) {
      text += "到期完成率" + format_share(*f.progress);
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
  if (target.kind == Kind::cumulative && a.required_pace && *a.required_pace > 0 && a.goal &&
      target.baseline) {
    const double baseline = view.version().baseline.value_or(*target.baseline);
    if (!text.empty()) text += "；";
    text += "今后月均需完成" + value(target, *a.required_pace * (*a.goal - baseline)) +
            "方可如期达到目标";
  }
  return text;
}

}  // namespace districtd::wording
