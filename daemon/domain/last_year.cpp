#include "daemon/domain/last_year.h"

#include <algorithm>

namespace districtd {

namespace {

Date a_year_before(Date day) {
  const std::chrono::year_month_day ymd{day};
  const auto month_end = ymd.year() / ymd.month() / std::chrono::last;
  const auto before = std::chrono::year_month_day{ymd} - std::chrono::years{1};
  if (!before.ok() || day == Date{month_end}) {
    return Date{before.year() / before.month() / std::chrono::last};
  }
  return Date{before};
}

}  // namespace

std::optional<LastYear> last_year_of(const Target& target, const Assessment& assessment) {
  if (target.last_year_total == 0 || !assessment.as_of || !assessment.actual) return std::nullopt;
  if (target.version(assessment.version).definition != target.definition) return std::nullopt;
  const Date day = a_year_before(*assessment.as_of);
  const auto found = std::find_if(target.last_year.begin(), target.last_year.end(),
                                  [&](const PlanPoint& point) { return point.date == day; });
  if (found == target.last_year.end()) return std::nullopt;
  LastYear result{day, found->share * target.last_year_total, std::nullopt};
  if (result.value > 0) result.change = (*assessment.actual - result.value) / result.value;
  return result;
}

}  // namespace districtd
