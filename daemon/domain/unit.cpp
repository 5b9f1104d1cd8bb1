#include "daemon/domain/unit.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace districtd {

namespace {

struct Scale {
  std::string_view word;
  double factor;
};

// They multiply, in any number: 万亿元, 千万元, 百亿元, 万千瓦.
constexpr std::array<Scale, 5> kScales = {
    {{"亿", 1e8}, {"万", 1e4}, {"千", 1e3}, {"百", 1e2}, {"十", 1e1}}};

struct Noun {
  std::string_view word;
  std::string_view dimension;
  double numerator;
  double denominator;
};

// 1 亩 = 2000/3 square metres (国务院关于在我国统一实行法定计量单位的命令, 1984).
constexpr std::array kNouns = {
    Noun{"元", "CNY", 1, 1},         Noun{"人民币", "CNY", 1, 1},
    Noun{"美元", "USD", 1, 1},       Noun{"%", "ratio", 1, 100},
    Noun{"％", "ratio", 1, 100},     Noun{"个百分点", "ratio", 1, 100},
    Noun{"百分点", "ratio", 1, 100}, Noun{"‰", "ratio", 1, 1000},
    Noun{"亩", "m2", 2000, 3},       Noun{"公顷", "m2", 10000, 1},
    Noun{"平方公里", "m2", 1e6, 1},  Noun{"平方千米", "m2", 1e6, 1},
    Noun{"平方米", "m2", 1, 1},      Noun{"㎡", "m2", 1, 1},
    Noun{"条", "count", 1, 1},       Noun{"个", "count", 1, 1},
    Noun{"名", "count", 1, 1},       Noun{"家", "count", 1, 1},
    Noun{"项", "count", 1, 1},       Noun{"件", "count", 1, 1},
    Noun{"人", "count", 1, 1},       Noun{"户", "count", 1, 1},
    Noun{"处", "count", 1, 1},       Noun{"次", "count", 1, 1},
    Noun{"座", "count", 1, 1},       Noun{"所", "count", 1, 1},
    Noun{"场", "count", 1, 1},       Noun{"宗", "count", 1, 1},
    Noun{"批", "count", 1, 1},       Noun{"位", "count", 1, 1},
    Noun{"人次", "count", 1, 1},     Noun{"例", "count", 1, 1},
    Noun{"辆", "count", 1, 1},       Noun{"套", "count", 1, 1},
    Noun{"张", "count", 1, 1},       Noun{"起", "count", 1, 1},
    Noun{"支", "count", 1, 1},       Noun{"村", "count", 1, 1},
};

bool may_be_unit(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7f || (c >= '0' && c <= '9')) return false;
    if (c == '.' || c == ',' || c == '+' || c == '-' || c == '"' || c == '\'') return false;
  }
  return true;
}

}  // namespace

std::optional<Unit> Unit::parse(std::string_view text) {
  if (text.size() > 64 || !may_be_unit(text)) return std::nullopt;
  Unit unit;
  unit.symbol_ = text;
  const auto set_noun = [&unit](std::string_view word) {
    for (const Noun& noun : kNouns) {
      if (noun.word != word) continue;
      unit.dimension_ = noun.dimension;
      unit.numerator_ = noun.numerator;
      unit.denominator_ = noun.denominator;
      return true;
    }
    return false;
  };
  const auto take_scale = [&unit, &text] {
    for (const Scale& scale : kScales) {
      if (!text.starts_with(scale.word)) continue;
      unit.scale_ *= scale.factor;
      text.remove_prefix(scale.word.size());
      return true;
    }
    return false;
  };
  // A noun may begin like a scale (百分点), so what is left is tried as a noun first.
  while (!text.empty() && !set_noun(text)) {
    if (take_scale()) continue;
    unit.dimension_ = text;
    unit.is_known_ = false;
    break;
  }
  return unit;
}

std::optional<double> Unit::base_of(double value, const Unit& cell) const {
  if (cell.dimension_ == dimension_) return cell.to_base(value);
  if (cell.dimension_.empty() && !is_percentage()) {
    return value * cell.scale_ * numerator_ / denominator_;
  }
  if (symbol_.empty() && cell.is_percentage()) return cell.to_base(value);
  return std::nullopt;
}

double Unit::from_base(double value) const {
  const double exact = value * denominator_ / (scale_ * numerator_);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.15g", exact);
  return std::strtod(text.data(), nullptr);
}

}  // namespace districtd
