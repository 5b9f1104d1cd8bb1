#include "daemon/domain/plausibility.h"

#include <algorithm>
#include <cmath>

namespace districtd {

namespace {

constexpr double kJump = 3;  // times the goal

// By every decision that the catalogue has.
const Target& version_at(const Target& target, Date as_of) {
  return target.version_on(as_of, Date::max());
}

}  // namespace

std::string_view to_string(Oddity oddity) {
  switch (oddity) {
    case Oddity::decrease:
      return "decrease";
    case Oddity::jump:
      return "jump";
    case Oddity::over_100_percent:
      return "over_100_percent";
    case Oddity::repeated:
      break;
  }
  return "repeated";
}

bool is_share(const Target& target) {
  if (target.is_share) return *target.is_share;
  return target.kind == Kind::level && target.unit.is_percentage() && target.goal &&
         *target.goal >= 0.5 && *target.goal <= 1;
}

bool is_fraction_of_a_count(const Target& target, double value) {
  constexpr double kRounding = 1e-9;  // of a sum of doubles
  if (target.kind != Kind::cumulative || !target.unit.is_count()) return false;
  if (target.unit.base_units() != 1) return false;
  const auto is_whole = [](double number) {
    return std::abs(number - std::round(number)) <= kRounding * std::max(1.0, std::abs(number));
  };
  const bool counts_in_whole =
      is_whole(target.goal.value_or(0)) && is_whole(target.baseline.value_or(0));
  return counts_in_whole && !is_whole(value);
}

Oddities oddities(const Target& target, const Reading& reading,
                  const std::optional<Reading>& before) {
  Oddities found = 0;
  const auto add = [&](Oddity oddity) {
    found = static_cast<Oddities>(found | static_cast<std::uint8_t>(oddity));
  };
  if (target.kind == Kind::pledge) return found;
  if (target.kind != Kind::level && before && reading.value < before->value) {
    add(Oddity::decrease);
  }
  if (target.kind == Kind::milestone) return found;
  const Target& version = version_at(target, reading.as_of);
  const double limit = kJump * version.goal.value_or(0);
  if (limit > 0 && reading.value > limit && !(before && before->value > limit)) add(Oddity::jump);
  if (reading.value > 1 && is_share(target)) add(Oddity::over_100_percent);
  return found;
}

bool may_not_repeat(const Target& target, const Reading& reading) {
  if (target.kind == Kind::level) return true;
  if (target.kind != Kind::cumulative) return false;
  const Target& version = version_at(target, reading.as_of);
  if (!version.goal) return false;
  const bool reached = target.direction == Direction::at_least ? reading.value >= *version.goal
                                                               : reading.value <= *version.goal;
  return !reached;
}

std::string sentence(Oddity oddity, const Target& target, const Reading& reading,
                     std::string_view shown, const std::optional<Reading>& before,
                     std::string_view before_shown, AfterOddity after) {
  std::string text = "“" + target.name + "”截至 " + to_string(reading.as_of) + " 为 ";
  text += shown;
  switch (oddity) {
    case Oddity::decrease:
      text += "，小于此前截至 " + (before ? to_string(before->as_of) : "") + " 的 ";
      text += before_shown;
      text +=
          target.kind == Kind::milestone ? "，而形象进度一般不会倒退" : "，而累计数一般不会减少";
      break;
    case Oddity::jump:
      text += "，超过目标的三倍，可能是单位或小数点有误";
      break;
    case Oddity::over_100_percent:
      text += "，而这个比率不应超过 100%";
      break;
    case Oddity::repeated:
      text += "，连续三期没有变化";
      break;
  }
  switch (after) {
    case AfterOddity::taken:
      return text + "；已收下，请核实，有误请更正。";
    case AfterOddity::explained:
      return text + "；已连同核实说明收下。";
    case AfterOddity::held:
      return text + "；已暂存，经督查室确认后才计入。";
    case AfterOddity::unexplained:
      break;
  }
  return text +
         "；已暂存，没有计入：请在“核实说明”列写明原因后重新报送（“核实无误”“情况属实”一类的话、"
         "与上期相同的说明不算），有误请更正。";
}

}  // namespace districtd
