// Units: what a number in the catalogue or in a cell is counted in, and its base unit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace districtd {

// A unit such as 亿元, %, 亩, 万人. Values are held in base units everywhere inside (yuan, ratio,
// square metres, US dollars, single things) and converted once on the way in and once on the way
// out.
class Unit {
 public:
  // No unit: a bare number, the unit of milestones.
  Unit() = default;

  // Understands a scale (十, 百, 千, 万, 亿, 万亿 ...) before a known noun: "亿元", "万美元",
  // "万人", "%", "％", "个百分点", "亩", "万亩", "公顷", "平方公里". A noun it does not know ("吨",
  // "公里") is a dimension of its own. nullopt for text that cannot be a unit: with digits, blanks
  // or controls.
  static std::optional<Unit> parse(std::string_view text);

  const std::string& symbol() const { return symbol_; }  // as written in the catalogue

  // True for % and its kin: values are ratios, and deviations percentage points.
  bool is_percentage() const { return dimension_ == "ratio"; }

  // True for what is counted in whole things: 个, 人, 套, 万人.
  bool is_count() const { return dimension_ == "count"; }

  // False for a noun of which only the name is known ("吨"), true for no noun at all.
  bool is_known() const { return is_known_; }

  // The base value of `value` in the unit of a cell, for a target in this unit; nullopt where the
  // two are not compatible. Counts (条, 个, 名, 家, 项, 件, 人 ...) are compatible with one
  // another; a cell's unit that is only a scale ("万") takes this unit's noun, except for %; % goes
  // with no unit at all (a milestone's share).
  std::optional<double> base_of(double value, const Unit& cell) const;

  double to_base(double value) const { return value * scale_ * numerator_ / denominator_; }

  // Base units in one of this unit: 1e8 for 亿元.
  double base_units() const { return to_base(1); }

  // Rounded to 15 significant digits, so that 0.57 is 57 % and not 56.99999999999999 %.
  double from_base(double value) const;

  friend bool operator==(const Unit& a, const Unit& b) { return a.symbol_ == b.symbol_; }

 private:
  std::string symbol_;
  bool is_known_ = true;
  std::string dimension_;  // "CNY", "USD", "ratio", "m2", "count", "" or the unknown noun itself
  double scale_ = 1;       // base = value * scale * numerator / denominator
  double numerator_ = 1;
  double denominator_ = 1;
};

}  // namespace districtd
