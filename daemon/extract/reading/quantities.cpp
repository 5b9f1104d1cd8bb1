#include "daemon/extract/reading/quantities.h"

#include <algorithm>
#include <array>

#include "daemon/extract/text/numerals.h"

namespace districtd::extract {

namespace {

bool is_scale(char32_t c) { return c == U'万' || c == U'亿' || c == U'千' || c == U'百'; }

bool is_dash(char32_t c) { return c == U'-' || c == U'~' || c == U'至' || c == U'到'; }

bool is_latin(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || c == U'+' || c == U'/';
}

struct UnitRead {
  std::size_t end = 0;
  UnitClass unit_class = UnitClass::none;
  bool is_refused = false;  // a word that says: this number is no quantity
};

// The unit at text[at]: scales, then a word of units.toml. Scales alone are a unit: 突破500万.
UnitRead read_unit(std::u32string_view text, std::size_t at, const Rules& rules) {
  UnitRead unit{at, UnitClass::none, false};
  std::size_t i = at;
  for (;; ++i) {
    const auto match = rules.units.longest(text, i);
    if (match.length > 0) {
      unit.end = i + match.length;
      for (unsigned k = 0; k <= static_cast<unsigned>(UnitClass::none); ++k) {
        if ((match.classes >> k & 1U) != 0) {
          unit.unit_class = static_cast<UnitClass>(k);
          break;
        }
      }
      unit.is_refused = unit.unit_class == UnitClass::none;
      // 微克/立方米, 元/吨: a unit per another.
      if (unit.end < text.size() && text[unit.end] == U'/') {
        const auto per = rules.units.longest(text, unit.end + 1);
        if (per.length > 0) unit.end += 1 + per.length;
      }
      return unit;
    }
    if (i >= text.size() || !is_scale(text[i])) break;
  }
  if (i > at) {
    unit.end = i;
    // 百亿 says money, 500万 may be people.
    unit.unit_class = text[i - 1] == U'亿' ? UnitClass::money : UnitClass::count;
  }
  return unit;
}

class Finder {
 public:
  Finder(const NormalText& text, const Rules& rules, Quantities& out, int item)
      : text_(&text), chars_(text.chars), rules_(&rules), out_(&out), item_(item) {}

  void run() {
    out_->list.clear();
    out_->named.clear();
    std::size_t named_until = 0;
    for (std::size_t i = 0; i < chars_.size();) {
      if (const std::size_t end = item_at(i); end > i) {
        i = end;
        continue;
      }
      if (const std::size_t end = years_at(i); end > i) {
        i = end;
        continue;
      }
      if (const std::size_t end = name_at(i); end > i) {
        if (!out_->named.empty() && i < named_until) {
          out_->named.back().end = std::max(out_->named.back().end, end);
        } else {
          out_->named.push_back({i, end});
        }
        named_until = std::max(named_until, end);
        // A name may begin inside another, a quantity may not.
        i = is_digit(chars_[i]) ? end_of_number(i) : i + 1;
        continue;
      }
      if (i < named_until) {
        ++i;
        continue;
      }
      const char32_t c = chars_[i];
      if (c == U'翻' && read_doubling(i)) continue;
      if (c == U'百' && read_percent(i)) continue;
      // 千家万户, 百姓, 一体化: words, not numbers.
      if (is_chinese_digit(c)) {
        const auto word = rules_->words.longest(chars_, i);
        if (word.length > 1 && (word.classes & bit(Word::not_a_word)) != 0) {
          i += word.length;
          continue;
        }
      }
      if (!is_digit(c) && !is_chinese_digit(c)) {
        ++i;
        continue;
      }
      i = read(i);
    }
  }

 private:
  std::size_t end_of_number(std::size_t i) const {
    const auto numeral = read_numeral(chars_, i);
    return numeral ? std::max(numeral->end, i + 1) : i + 1;
  }

  std::size_t name_at(std::size_t i) {
    std::size_t end = i;
    // A number that goes on to the left is another number.
    if (i > 0 && is_digit(chars_[i]) && (is_digit(chars_[i - 1]) || chars_[i - 1] == U'.')) {
      return end;
    }
    const auto numeral = read_numeral(chars_, i);
    rules_->name_index.candidates(chars_, i, numeral, [&](std::uint16_t index) {
      if (rules_->names[index].matches(chars_, i, match_, &numeral)) {
        end = std::max(end, match_.end);
      }
    });
    return end;
  }

  bool read_doubling(std::size_t& i) {
    const auto numeral = read_numeral(chars_, i + 1);
    const bool is_once = i + 1 < chars_.size() && chars_[i + 1] == U'番';  // 翻番
    if (!is_once && (!numeral || numeral->end >= chars_.size() || chars_[numeral->end] != U'番')) {
      return false;
    }
    const std::size_t end = is_once ? i + 2 : numeral->end + 1;
    Quantity q;
    q.number = q.span = {i, end};
    q.value = 1;
    const int times = is_once ? 1 : static_cast<int>(numeral->value);
    for (int k = 0; k < std::min(times, 10); ++k) q.value *= 2;
    q.unit = "倍";
    q.unit_class = UnitClass::times;
    q.is_doubling = true;
    out_->list.push_back(std::move(q));
    i = end;
    return true;
  }

  // 平均受教育年限达到12年: years that are a level, no date.
  std::size_t years_at(std::size_t i) {
    if (!is_digit(chars_[i]) || i < 3 || is_digit(chars_[i - 1]) || chars_[i - 1] == U'.') return i;
    const auto numeral = read_numeral(chars_, i);
    if (!numeral || numeral->end >= chars_.size() || chars_[numeral->end] != U'年') return i;
    if (numeral->value > 100) return i;
    const auto before = chars_.substr(i > 8 ? i - 8 : 0, std::min<std::size_t>(i, 8));
    if (before.find(U"年限") == std::u32string_view::npos) return i;
    Quantity q;
    q.value = numeral->value;
    q.unit = "年";
    q.unit_class = UnitClass::time;
    q.number = {i, numeral->end + 1};
    q.span = {i, read_bounds(numeral->end + 1, q)};
    const std::size_t end = q.span.end;
    out_->list.push_back(std::move(q));
    return end;
  }

  // 百分之三十 is 30%.
  bool read_percent(std::size_t& i) {
    constexpr std::u32string_view kPercent = U"百分之";
    if (!chars_.substr(i).starts_with(kPercent)) return false;
    const auto numeral = read_numeral(chars_, i + kPercent.size());
    if (!numeral) return false;
    Quantity q;
    q.value = numeral->value;
    q.unit = "%";
    q.unit_class = UnitClass::ratio;
    q.is_unclear = numeral->is_unclear;
    q.number = {i, numeral->end};
    q.span = {i, read_bounds(numeral->end, q)};
    i = q.span.end;
    out_->list.push_back(std::move(q));
    return true;
  }

  // "…。2.50个小区": the number of an item in the middle of a paragraph.
  std::size_t item_at(std::size_t i) {
    if (!is_digit(chars_[i])) return i;
    constexpr std::u32string_view kBefore = U"。;:";
    // The number of the text itself was taken off before: what it begins with is a figure.
    if (i == 0 || kBefore.find(chars_[i - 1]) == std::u32string_view::npos) return i;
    bool may_be_item = false;
    if (const std::size_t end = glued_item_end(*text_, i, item_, *rules_, may_be_item); end > 0) {
      ++item_;
      return end;
    }
    if (may_be_item) may_be_item_at_ = i;
    std::size_t end = i;
    int value = 0;
    while (end < chars_.size() && end < i + 2 && is_digit(chars_[end])) {
      value = value * 10 + static_cast<int>(chars_[end++] - U'0');
    }
    const bool has_sign = end + 1 < chars_.size() && (chars_[end] == U'.' || chars_[end] == U'、');
    if (has_sign && !is_digit(chars_[end + 1])) item_ = value;
    return i;
  }

  // 以上, 左右 and the like behind a number; returns where they end.
  std::size_t read_bounds(std::size_t i, Quantity& q) const {
    for (;;) {
      const auto match = rules_->words.longest(chars_, i);
      if (match.length == 0) return i;
      if ((match.classes & bit(Word::or_more)) != 0) {
        q.has_or_more = true;
      } else if ((match.classes & bit(Word::or_less)) != 0) {
        q.has_or_less = true;
      } else if ((match.classes & bit(Word::about_after)) != 0) {
        q.is_about = true;
      } else {
        return i;
      }
      i += match.length;
    }
  }

  // 3万5千, 1亿2000万, 三万五千: goes on behind a scale. The value is then in what follows `end`.
  void read_compound(Numeral& numeral) const {
    const std::size_t i = numeral.end;
    if (i + 1 >= chars_.size() || (chars_[i] != U'万' && chars_[i] != U'亿')) return;
    double scale = chars_[i] == U'万' ? 1e4 : 1e8;
    const std::size_t from = chars_[i + 1] == U'零' ? i + 2 : i + 1;
    auto more = read_numeral(chars_, from);
    if (!more || more->is_chinese != numeral.is_chinese || more->value >= scale) return;
    std::size_t end = more->end;
    double factor = 1;
    if (end < chars_.size() && chars_[end] == U'万' && scale > 1e4) {
      scale /= 1e4;  // the unit keeps its 万
    } else if (end < chars_.size() && (chars_[end] == U'千' || chars_[end] == U'百')) {
      factor = chars_[end] == U'千' ? 1000 : 100;
      ++end;
    }
    numeral = {end, numeral.value * scale + more->value * factor, numeral.is_chinese,
               numeral.is_unclear || more->is_unclear};
  }

  // Returns where to look on.
  std::size_t read(std::size_t at) {
    auto numeral = read_numeral(chars_, at);
    if (!numeral) return at + 1;
    read_compound(*numeral);
    std::size_t first_end = numeral->end;
    // 百分之三十 is rare enough to be left to the reviewer; a Latin letter before makes it a name.
    if (at > 0 && is_latin(chars_[at - 1]) && chars_[at - 1] != U'/') return first_end;
    // 数百名, 几十家, 上千户 say no number.
    constexpr std::u32string_view kUncertain = U"几数上成过";
    if (numeral->is_chinese && at > 0 &&
        kUncertain.find(chars_[at - 1]) != std::u32string_view::npos) {
      return first_end;
    }
    Quantity q;
    q.value = numeral->value;
    q.is_chinese = numeral->is_chinese;
    q.is_unclear = numeral->is_unclear;
    q.may_be_item = may_be_item_at_ == at;
    q.is_round = numeral->is_chinese && numeral->value >= 100;
    std::size_t i = first_end;
    if (numeral->is_chinese && i < chars_.size() && chars_[i] == U'大') {
      q.number = q.span = {at, i + 1};
      q.unit = "个";
      q.unit_class = UnitClass::count;
      q.is_great = true;
      if (i + 1 < chars_.size()) out_->list.push_back(std::move(q));
      return i + 1;
    }
    if (i < chars_.size() && (chars_[i] == U'余' || chars_[i] == U'多')) {
      q.is_vague = true;
      ++i;
    }
    UnitRead unit = read_unit(chars_, i, *rules_);
    // 8千余户
    if (unit.end > i && unit.end + 1 < chars_.size() && is_scale(chars_[unit.end - 1]) &&
        (chars_[unit.end] == U'余' || chars_[unit.end] == U'多')) {
      const UnitRead behind = read_unit(chars_, unit.end + 1, *rules_);
      if (behind.unit_class != UnitClass::none) {
        q.is_vague = true;
        unit = behind;
      }
    }
    i = unit.end;
    // A range: 5.0%-5.5%, 12-15家, 5%至6%.
    if (i < chars_.size() && is_dash(chars_[i]) && !unit.is_refused) {
      const auto upper = read_numeral(chars_, i + 1);
      if (upper && upper->is_chinese == numeral->is_chinese) {
        const UnitRead second = read_unit(chars_, upper->end, *rules_);
        const bool is_same =
            unit.unit_class == UnitClass::none || unit.unit_class == second.unit_class;
        if (second.unit_class != UnitClass::none && is_same && upper->value > q.value) {
          q.upper = upper->value;
          unit = second;
          first_end = upper->end;
          i = second.end;
        }
      }
    }
    if (unit.unit_class == UnitClass::none) return std::max(i, numeral->end);
    // 二期, 三期 number what is built; 12期 counts.
    if (numeral->is_chinese && chars_[i - 1] == U'期') return i;
    std::size_t unit_begin = first_end;
    if (q.is_vague) ++unit_begin;
    std::u32string unit_text{chars_.substr(unit_begin, i - unit_begin)};
    std::erase_if(unit_text, [](char32_t c) { return c == U'余' || c == U'多'; });
    q.unit = to_utf8(unit_text);
    q.unit_class = unit.unit_class;
    if (i < chars_.size() && (chars_[i] == U'余' || chars_[i] == U'多')) {
      q.is_vague = true;
      ++i;
    }
    q.number = {at, i};
    // 600套(户)
    if (i + 2 < chars_.size() && chars_[i] == U'(' && chars_[i + 2] == U')') i += 3;
    i = read_bounds(i, q);
    q.span = {at, i};
    out_->list.push_back(std::move(q));
    return i;
  }

  const NormalText* text_;
  std::u32string_view chars_;
  const Rules* rules_;
  Quantities* out_;
  int item_;                               // of the last numbered item
  std::size_t may_be_item_at_ = SIZE_MAX;  // where a number may begin with an item's
  Pattern::Match match_;
};

}  // namespace

void find_quantities(const NormalText& text, const Rules& rules, Quantities& out, int item) {
  Finder(text, rules, out, item).run();
}

std::size_t glued_item_end(const NormalText& text, std::size_t at, int last, const Rules& rules,
                           bool& may_be_item) {
  const std::u32string_view chars = text.chars;
  std::size_t point = at;
  int item = 0;
  while (point < chars.size() && point < at + 2 && is_digit(chars[point])) {
    item = item * 10 + static_cast<int>(chars[point++] - U'0');
  }
  if (point == at || point + 1 >= chars.size() || chars[point] != U'.') return 0;
  if (!is_digit(chars[point + 1])) return 0;
  const auto figure = read_numeral(chars, point + 1);
  if (!figure) return 0;
  const UnitRead unit = read_unit(chars, figure->end, rules);
  if (unit.unit_class == UnitClass::none) return 0;
  // A blank behind the point, or the number that follows the last item's.
  const bool has_blank = text.begins[point + 1] > text.ends[point];
  const bool is_next = item == last + 1 && last > 0;
  const bool has_scale = is_scale(chars[figure->end]);
  // 50个 can be a whole number only; 1.5亿元 can be both.
  const bool is_whole = unit.unit_class == UnitClass::count && !has_scale;
  if (has_blank || is_next || is_whole) return point + 1;
  may_be_item = item == 1 && last == 0;
  return 0;
}

}  // namespace districtd::extract
