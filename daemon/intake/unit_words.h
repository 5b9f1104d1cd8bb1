// Units as tables say them: above and below the figures, in headings and in a column of units.
// Pure. docs/填报说明.md lists the wordings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/catalogue.h"

namespace districtd {

// The units that one place of a table says: mostly one, several in "单位：万元、人".
struct UnitsSaid {
  std::vector<Unit> units;
  std::string text;         // as written, narrowed
  bool is_unknown = false;  // something is said there that cannot be a unit: nothing bare is read

  bool empty() const { return units.empty() && !is_unknown; }
  friend bool operator==(const UnitsSaid& a, const UnitsSaid& b) {
    return a.units == b.units && a.is_unknown == b.is_unknown;
  }
};

// The unit in which bare figures of a target are meant, of those said: the one that it can be
// converted from. `doubt` where two would give different figures, or one was not understood.
// Of none that fits, the first: converting by it fails, and the message names it.
struct ChosenUnit {
  const Unit* unit = nullptr;
  bool doubt = false;
};
ChosenUnit choose_unit(const UnitsSaid& said, const Unit& of_target);

// A cell or brackets that hold nothing but a unit: "万元", "人民币万元", "万元(人民币)". A noun
// that is not known is a unit too ("吨标煤"); nullopt for "" and what Unit::parse refuses.
std::optional<Unit> unit_in_words(std::string_view text);

// Whether a text behind "单位：" or in a column 单位 names who reports and not a unit: a department
// of the catalogue, or it ends as offices do (局, 委, 办, 镇, 中心, 公司 ...).
bool names_organisation(std::string_view text, const Catalogue& catalogue);

// What stands in brackets behind a heading: "累计完成(万元)". Empty for what is no unit: "(必填)",
// "(1-6月)". `bracketed` as compared() gives it.
UnitsSaid units_in_brackets(std::string_view bracketed);

// What a text above or below a table says: "金额单位：人民币万元", "单 位：亿元", "以万元为单位",
// "注：单位为万元". Empty where it says none, as in "填报单位：区文旅局". `is_title`: the text
// stands in a row of its own, so that brackets at its end, and a unit alone, count too:
// "完成情况(万元)".
UnitsSaid units_said_in(std::string_view written, bool is_title, const Catalogue& catalogue);

// Adds what another place says; the same unit once.
void add_units(UnitsSaid& said, const UnitsSaid& more);

}  // namespace districtd
