// Stage 3, quantities: every number with a unit, its bounds, and whether it is one of those that
// are names. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/extract/rules/rules.h"
#include "daemon/extract/text/normal_text.h"

namespace districtd::extract {

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
  bool holds(std::size_t i) const { return begin <= i && i < end; }
};

struct Quantity {
  Span span;         // with what follows the unit: 以上, 左右
  Span number;       // digits and unit only
  double value = 0;  // of a range: the lower
  std::optional<double> upper;
  std::string unit;  // as written, in simplified characters: 亿元, 万个
  UnitClass unit_class = UnitClass::none;
  bool is_chinese = false;   // 八大, 百名
  bool is_round = false;     // 百, 千: a Chinese number of hundreds or more
  bool is_great = false;     // 八大: counts what follows
  bool is_doubling = false;  // 翻一番
  bool is_about = false;
  bool is_vague = false;     // 30余家
  bool is_unclear = false;   // the digits can be read otherwise: 12 5, 三五
  bool may_be_item = false;  // "1.5亿元" at the front: perhaps item 1, and 5
  bool has_or_more = false;
  bool has_or_less = false;
};

// In the order of the text. What `names` of patterns.toml matches is not among them; those places
// are returned in `named`, in order.
struct Quantities {
  std::vector<Quantity> list;
  std::vector<Span> named;
};
// `item` is the number of the list item that the text is, or of the last one before it; 0: none.
void find_quantities(const NormalText& text, const Rules& rules, Quantities& out, int item = 0);

// "2.50个小区": where the list number that is glued to a figure at text[at] ends, behind its point;
// 0 where it is a decimal. `last` is the number of the item before. `may_be_item` is set where both
// readings stand.
std::size_t glued_item_end(const NormalText& text, std::size_t at, int last, const Rules& rules,
                           bool& may_be_item);

}  // namespace districtd::extract
