// Several rows for one target and day in one submission. DESIGN: equal ones count once, the one
// that the table itself calls the total counts, otherwise all are refused.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "daemon/intake/above.h"
#include "daemon/intake/intake.h"

namespace districtd {

// One figure of one submission. A row of a wide table has several.
struct FigureKey {
  std::uint16_t sheet = 0;  // as Observation::sheet
  std::int64_t row = 0;
  Catalogue::Index target = 0;
  Date as_of{};
  friend auto operator<=>(const FigureKey&, const FigureKey&) = default;
};

// What is known of a submission only once all of it was read, so that it is read again with it.
struct Hindsight {
  // What remarks say of the figures above them, by sheet (0 where there is only one).
  std::map<std::uint16_t, SaidBelow> below;
  // Figures that are refused because of others; the text names those: "第 3、5 行".
  std::map<FigureKey, std::string> several;
  // Figures that are plans, growth rates and the like beside a total of the same target and day:
  // not read, and no fault of the sender's.
  std::set<FigureKey> beside;
  // Figures of bare months ("5月", "6月") of one row that fall where they should add up: they may
  // be of single months.
  std::set<FigureKey> falling;
};

// The figures of one row of bare months that fall from one to the next: all of the row's. `months`
// are indices of observations of cumulative targets, in order of row.
std::set<FigureKey> falling_months(const std::vector<Observation>& observations,
                                   std::span<const std::size_t> months);

// Judges the observations of one submission, in order of row. Where the values of one target and
// day are the same but for rounding (1e-12), the later ones become the first one's. `totals` are
// the indices of those whose row says that it is the total (实际, 全区), in order. Gives the
// figures that are refused, with what names the others. Linear in time for what reports look like.
std::map<FigureKey, std::string> judge_several(std::vector<Observation>& observations,
                                               std::span<const std::size_t> totals);

}  // namespace districtd
