#include "daemon/config/district_clock.h"

#include <date/tz.h>

#include <utility>

namespace districtd {

DistrictClock::DistrictClock(const std::string& time_zone, std::function<KnownTime()> now)
    : now_(std::move(now)), zone_(date::locate_zone(time_zone)) {}

Date DistrictClock::date_at(Time time) const {
  const auto local = zone_->to_local(time);
  return Date{std::chrono::floor<std::chrono::days>(local).time_since_epoch()};
}

std::string DistrictClock::text_of(Time time) const {
  return date::format("%F %H:%M", std::chrono::floor<std::chrono::minutes>(zone_->to_local(time)));
}

Time DistrictClock::end_of(Date date) const {
  const date::local_days next{date.time_since_epoch() + std::chrono::days{1}};
  const auto midnight = zone_->to_sys(next, date::choose::earliest);
  return std::chrono::time_point_cast<std::chrono::milliseconds>(midnight) -
         std::chrono::milliseconds{1};
}

Time DistrictClock::time_at(Date date, std::chrono::minutes of_day) const {
  const date::local_days day{date.time_since_epoch()};
  return std::chrono::time_point_cast<std::chrono::milliseconds>(
      zone_->to_sys(day + of_day, date::choose::earliest));
}

}  // namespace districtd
