#include "daemon/backtest/real_years.h"

#include <charconv>
#include <cstddef>
#include <span>

#include "base/check.h"

namespace districtd {

namespace {

std::vector<std::string_view> split_at_commas(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t comma = 0; comma != std::string_view::npos;) {
    comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma != std::string_view::npos) line.remove_prefix(comma + 1);
  }
  return fields;
}

template <typename Number>
Number number_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  DISTRICT_CHECK(error == std::errc{} && end == text.data() + text.size(),
                 "real_years.csv has numbers where its first lines say so");
  return number;
}

MonthlySums sums_of(std::span<const std::string_view> fields) {
  MonthlySums sums;
  DISTRICT_CHECK(fields.size() == sums.size(), "a year of real_years.csv has twelve months");
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (!fields[i].empty()) sums[i] = number_of<double>(fields[i]);
  }
  return sums;
}

RealYears read(std::string_view text) {
  RealYears result;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    const auto all = split_at_commas(line);
    const std::span<const std::string_view> fields = all;
    if (fields[0] == "source") {
      result.sources.push_back(
          {std::string{fields[1]}, std::string{fields[2]}, std::string{fields[3]}});
    } else if (fields[0] == "year") {
      result.years.push_back({std::string{fields[1]},
                              std::string{fields[2]},
                              number_of<int>(fields[3]),
                              sums_of(fields.subspan(4)),
                              {}});
    } else if (fields[0] == "before") {
      result.years.back().before.push_back(sums_of(fields.subspan(1)));
    } else {
      DISTRICT_CHECK(fields[0] == "other", "real_years.csv has four kinds of rows");
      result.others[{std::string{fields[1]}, number_of<int>(fields[2])}].push_back(
          sums_of(fields.subspan(3)));
    }
  }
  return result;
}

}  // namespace

const RealYears& real_years() {
  static const RealYears all = read(real_years_text());
  return all;
}

}  // namespace districtd
