#include "daemon/config/district_clock.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

using namespace std::chrono_literals;

Time at(int y, unsigned m, unsigned d, std::chrono::milliseconds of_day) {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(date_of(y, m, d)) + of_day;
}

TEST(DistrictClockTest, NewDayBeginsAtMidnightOfTheDistrict) {
  const DistrictClock clock{"Asia/Shanghai"};
  EXPECT_EQ(clock.date_at(at(2026, 6, 30, 15h + 59min)), date_of(2026, 6, 30));
  EXPECT_EQ(clock.date_at(at(2026, 6, 30, 16h)), date_of(2026, 7, 1));
}

TEST(DistrictClockTest, EndOfADayIsItsLastMillisecond) {
  const DistrictClock clock{"Asia/Shanghai"};
  EXPECT_EQ(clock.end_of(date_of(2026, 6, 30)), at(2026, 6, 30, 16h - 1ms));
}

TEST(DistrictClockTest, DayOfChangedClocksEndsAtMidnightToo) {
  const DistrictClock clock{"Europe/Berlin"};
  EXPECT_EQ(clock.date_at(clock.end_of(date_of(2026, 3, 29))), date_of(2026, 3, 29));
  EXPECT_EQ(clock.date_at(clock.end_of(date_of(2026, 10, 25)) + 1ms), date_of(2026, 10, 26));
}

TEST(DistrictClockTest, UnknownZoneThrows) {
  EXPECT_THROW(DistrictClock{"Asia/Jinhua"}, std::runtime_error);
}

}  // namespace
}  // namespace districtd
