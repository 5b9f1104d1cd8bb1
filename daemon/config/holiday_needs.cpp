#include "daemon/config/holiday_needs.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "daemon/domain/reports.h"

namespace districtd {

namespace {

struct TargetsDue {
  std::size_t count = 0;
  const Target* first = nullptr;
};

// By the year in which their reports are due, day off or not.
std::map<int, TargetsDue> targets_by_year(const Catalogue& catalogue) {
  std::map<int, TargetsDue> by_year;
  for (const Target& target : catalogue.targets()) {
    if (!target.due_on_working_day) continue;
    const Date deadline = target.last_deadline();
    const Date first = target.cadence == Cadence::none ? deadline : first_day(target);
    const int last = year_of(deadline + std::chrono::days{target.grace_days});
    for (int year = year_of(first); year <= last; ++year) {
      TargetsDue& due = by_year[year];
      if (due.count++ == 0) due.first = &target;
    }
  }
  return by_year;
}

void add_targets(const std::map<int, TargetsDue>& by_year, int year,
                 std::vector<std::string>& needs) {
  const auto found = by_year.find(year);
  if (found == by_year.end()) return;
  const auto& [count, first] = found->second;
  needs.push_back("reports of " + std::to_string(count) +
                  (count == 1 ? " target that are" : " targets that are") +
                  " due on working days (due_on_working_day), such as '" + first->id + "'");
}

// What goes on from year to year.
std::vector<std::string> needs_of(const Configuration& configuration) {
  std::vector<std::string> needs;
  for (const BulletinEntry& entry : configuration.bulletins.entries) {
    if (!entry.schedule.asks_for_working_days()) continue;
    needs.push_back("the bulletin '" + entry.name +
                    "' (next_working_day, or working days in its "
                    "schedule)");
  }
  if (configuration.alerting && configuration.alerting->working_days_only) {
    needs.emplace_back("quiet days off of alerts ([alerting] working_days_only)");
  }
  return needs;
}

std::map<int, std::vector<std::string>> missing_of(const std::set<int>& years,
                                                   const Configuration& configuration,
                                                   const Catalogue& catalogue) {
  std::map<int, std::vector<std::string>> missing;
  const bool are_known = std::all_of(
      years.begin(), years.end(), [&](int year) { return catalogue.working_days().knows(year); });
  if (are_known) return missing;
  const auto by_year = targets_by_year(catalogue);
  for (const int year : years) {
    if (catalogue.working_days().knows(year)) continue;
    std::vector<std::string> needs;
    add_targets(by_year, year, needs);
    for (std::string& need : needs_of(configuration)) needs.push_back(std::move(need));
    if (!needs.empty()) missing.emplace(year, std::move(needs));
  }
  return missing;
}

std::set<int> years_at_hand(Date today) {
  const int year = year_of(today);
  std::set<int> years = {year};
  if (today >= holidays_awaited_from(year + 1)) years.insert(year + 1);
  return years;
}

}  // namespace

Date holidays_awaited_from(int year) { return date_of(year - 1, 11, 1); }

std::map<int, std::vector<std::string>> holidays_missing(const Configuration& configuration,
                                                         const Catalogue& catalogue, Date today) {
  std::set<int> years = years_at_hand(today);
  for (const auto& [year, due] : targets_by_year(catalogue)) years.insert(year);
  for (const Target& target : catalogue.targets()) {
    const int last = year_of(target.last_deadline());
    for (int year = year_of(target.start); year <= last; ++year) years.insert(year);
  }
  return missing_of(years, configuration, catalogue);
}

std::map<int, std::vector<std::string>> holidays_missing_now(const Configuration& configuration,
                                                             const Catalogue& catalogue,
                                                             Date today) {
  return missing_of(years_at_hand(today), configuration, catalogue);
}

}  // namespace districtd
