// Years that were published, with where they are from: what the forecast is measured on.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace districtd {

// What there was at the end of each month, added up; empty where nothing was published for it. The
// last month always is.
using MonthlySums = std::array<std::optional<double>, 12>;

struct RealSource {
  std::string id;    // cn_fai
  std::string from;  // who published it, and where the numbers were taken from
  std::string what;
};

// One year of one series.
struct RealYear {
  std::string source;
  std::string key;  // of the series, within the source
  int year = 0;
  MonthlySums sums;                 // in parts of its own total
  std::vector<MonthlySums> before;  // one, two, three years before, in parts of the total of `sums`
};

struct RealYears {
  std::vector<RealSource> sources;
  std::vector<RealYear> years;  // by source
  // By source and year: the years before of other series of that source, in parts of their totals.
  std::map<std::pair<std::string, int>, std::vector<MonthlySums>> others;
};

// As the program was built with them.
const RealYears& real_years();

// The text of real_years.csv, whose first lines say what its rows are.
std::string_view real_years_text();

}  // namespace districtd
