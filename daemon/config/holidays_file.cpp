#include "daemon/config/holidays_file.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/toml_table.h"

namespace districtd {

namespace {

bool is_in(int year, Date date) {
  return static_cast<int>(std::chrono::year_month_day{date}.year()) == year;
}

bool is_weekend(Date date) {
  const std::chrono::weekday day{date};
  return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

bool holds(const std::vector<Date>& dates, Date date) {
  return std::find(dates.begin(), dates.end(), date) != dates.end();
}

void read_holiday(TomlTable& table, HolidayYear& year) {
  const std::string name = table.text("name", true).value_or("");
  const auto from = table.date("from", true);
  const auto to = table.has("to") ? table.date("to") : from;
  const auto worked = table.dates("working_days");
  table.finish();
  if (!from || !to) return;
  if (*to < *from) {
    table.add_finding("to", "'" + name + "' ends on " + to_string(*to) + ", before it begins on " +
                                to_string(*from));
    return;
  }
  if (!is_in(year.year, *from) || !is_in(year.year, *to)) {
    table.add_finding("from", "'" + name + "' lies from " + to_string(*from) + " to " +
                                  to_string(*to) + "; expected days of " +
                                  std::to_string(year.year) +
                                  " (days of another year belong into that year's file)");
    return;
  }
  for (Date day = *from; day <= *to; day += std::chrono::days{1}) {
    if (holds(year.days_off, day)) {
      table.add_finding(
          "from", to_string(day) + " is a day off by two holidays; '" + name + "' is the second");
      return;
    }
    if (holds(year.working_days, day)) {
      table.add_finding("from", to_string(day) +
                                    " is a working day by an earlier holiday, and a day off by '" +
                                    name + "'");
      return;
    }
    year.days_off.push_back(day);
  }
  for (const Date day : worked) {
    if (!is_in(year.year, day)) {
      table.add_finding("working_days", to_string(day) + " is not in " + std::to_string(year.year));
    } else if (!is_weekend(day)) {
      table.add_finding(
          "working_days",
          to_string(day) + " is no Saturday or Sunday; only those are worked instead (调休)");
    } else if (holds(year.working_days, day)) {
      table.add_finding("working_days", to_string(day) + " is named twice");
    } else {
      year.working_days.push_back(day);
      if (holds(year.days_off, day)) {
        table.add_finding("working_days", to_string(day) + " is both a day off and a working day");
      }
    }
  }
}

}  // namespace

std::optional<HolidayYear> read_holidays(std::string_view text, const std::string& name,
                                         Findings& findings) {
  const std::size_t before = findings.size();
  auto parsed = parse_toml(text, name);
  if (!parsed) {
    findings.push_back(std::move(parsed.error()));
    return std::nullopt;
  }
  TomlTable root{*parsed, "the holidays file", {name, &findings}};
  HolidayYear year;
  if (!root.has("year")) root.add_finding("year", "the key 'year' is missing in the holidays file");
  year.year = static_cast<int>(root.integer("year", 1949, 2200).value_or(0));
  year.source = root.text("source", true).value_or("");
  root.date("published");
  root.text("url");
  auto tables = root.tables("holiday");
  if (year.year != 0) {
    for (TomlTable& table : tables) read_holiday(table, year);
  }
  root.finish();
  if (tables.empty()) root.add_finding("holiday", "the holidays file has no [[holiday]]");
  if (findings.size() > before) return std::nullopt;
  return year;
}

}  // namespace districtd
