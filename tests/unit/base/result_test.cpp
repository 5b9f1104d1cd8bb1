#include "base/result.h"

#include <memory>
#include <string>
#include <gtest/gtest.h>

namespace districtd {
namespace {

Result<int, std::string> half_of(int number) {
  if (number % 2 != 0) return "odd: " + std::to_string(number);
  return number / 2;
}

TEST(ResultTest, HoldsTheValueOrWhyThereIsNone) {
  const auto good = half_of(8);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 4);
  const auto bad = half_of(7);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), "odd: 7");
}

TEST(ResultTest, GivesUpWhatCannotBeCopied) {
  Result<std::unique_ptr<int>, std::string> owned = std::make_unique<int>(3);
  const std::unique_ptr<int> taken = *std::move(owned);
  EXPECT_EQ(*taken, 3);
}

using ResultDeathTest = testing::Test;

TEST(ResultDeathTest, AskingForWhatIsNotThereEndsTheProgramWithItsPlace) {
  EXPECT_DEATH((void)*half_of(7), "fault of the program at .*result.h.*the result is a value");
  EXPECT_DEATH((void)half_of(8).error(), "the result is an error");
}

TEST(CheckDeathTest, SaysWhatShouldHaveHeld) {
  const int rows = 3;
  DISTRICT_CHECK(rows == 3, "rows are counted");
  EXPECT_DEATH(DISTRICT_CHECK(rows == 4, "rows are counted"),
               "rows are counted \\(rows == 4\\).*start it again");
}

}  // namespace
}  // namespace districtd
