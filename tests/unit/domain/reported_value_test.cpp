#include "daemon/domain/reported_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "daemon/domain/reading.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(ReportedValueTest, AWithdrawalHasNoNumber) {
  EXPECT_FALSE(ReportedValue(12.6e8).is_withdrawn());
  EXPECT_EQ(ReportedValue(12.6e8).number(), 12.6e8);
  EXPECT_TRUE(ReportedValue::withdrawn().is_withdrawn());
  EXPECT_DEATH(static_cast<void>(ReportedValue::withdrawn().number()), "no number");
}

TEST(ReportedValueTest, EqualIsWhatIsTheSameNumberOrWithdrawnBothTimes) {
  EXPECT_EQ(ReportedValue(1), ReportedValue(1));
  EXPECT_NE(ReportedValue(1), ReportedValue(2));
  EXPECT_NE(ReportedValue(0), ReportedValue::withdrawn());
  EXPECT_EQ(ReportedValue::withdrawn(), ReportedValue::withdrawn());
}

// docs/store.md: a value of Infinity takes back what was said; nothing else is ever infinite.
TEST(ReportedValueTest, TheFileSaysInfinityForAWithdrawal) {
  EXPECT_EQ(ReportedValue::withdrawn().to_column(), kInfinity);
  EXPECT_TRUE(ReportedValue::from_column(kInfinity).is_withdrawn());
  EXPECT_EQ(ReportedValue::from_column(-3.5), ReportedValue(-3.5));
  EXPECT_DEATH(ReportedValue{kInfinity}, "finite");
}

TEST(ReportedValueTest, ItTakesNoMoreRoomThanItsNumber) {
  EXPECT_EQ(sizeof(ReportedValue), sizeof(double));
  EXPECT_EQ(sizeof(ReportedReading), sizeof(Reading));
}

TEST(ReadingsTest, AWithdrawalRemovesTheReadingOfItsDayAndIsACorrection) {
  const Date may{std::chrono::days{20'000}};
  const Date june{std::chrono::days{20'030}};
  Readings readings;
  readings.record("t", {june, ReportedValue::withdrawn()});
  EXPECT_THAT(readings.corrections_of("t"), IsEmpty()) << "there was nothing to withdraw";
  readings.record("t", {may, 1});
  readings.record("t", {june, 2});
  readings.record("t", {june, ReportedValue::withdrawn()});
  EXPECT_THAT(readings.of("t"), ElementsAre(Reading{may, 1, {}}));
  EXPECT_THAT(readings.corrections_of("t"), ElementsAre(Corrections{june, 1}));
  readings.record("t", {june, 3, june});
  EXPECT_THAT(readings.of("t"), ElementsAre(Reading{may, 1, {}}, Reading{june, 3, june}));
}

}  // namespace
}  // namespace districtd
