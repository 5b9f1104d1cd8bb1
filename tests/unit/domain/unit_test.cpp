// The design page, "Targets": units convert to base units once, on the way in: 亿元 and 万元 to
// yuan, % to a ratio, 亩 to square metres, 亿美元 and 万美元 to US dollars, counts as they are.
#include "daemon/domain/unit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

bool is_compatible(const Unit& cell, const Unit& target) {
  return target.base_of(1, cell).has_value();
}

using testing::unit_of;

struct BaseCase {
  std::string symbol;
  double value;
  double base;
};

TEST(UnitTest, ValuesConvertToTheBaseUnit) {
  const std::vector<BaseCase> cases = {
      {"亿元", 30, 3e9},
      {"亿元", 12.6, 1.26e9},
      {"万元", 3200, 3.2e7},
      {"万亿元", 1.2, 1.2e12},
      {"千万元", 2, 2e7},
      {"百万元", 2, 2e6},
      {"百亿元", 3, 3e10},
      {"千亿元", 1.5, 1.5e11},
      {"元", 5, 5},
      {"亿美元", 3.73, 3.73e8},
      {"万美元", 50, 5e5},
      {"美元", 50, 50},
      {"%", 95, 0.95},
      {"％", 95, 0.95},
      {"个百分点", 0.5, 0.005},
      {"百分点", 2, 0.02},
      {"‰", 5, 0.005},
      {"亩", 15, 10000},  // 15 亩 are one hectare (State Council order on legal units, 1984)
      {"万亩", 1.5, 1e7},
      {"公顷", 2, 20000},
      {"平方公里", 3, 3e6},
      {"平方米", 7, 7},
      {"万平方米", 7, 70000},
      {"条", 8, 8},
      {"个", 8, 8},
      {"名", 8, 8},
      {"家", 8, 8},
      {"项", 8, 8},
      {"件", 8, 8},
      {"人", 8, 8},
      {"万人", 1.5, 15000},
      {"万人次", 120, 1.2e6},
      {"吨", 9, 9},
      {"万吨", 9, 90000},
      {"公里", 9, 9},
      {"万", 3, 30000},
      {"亿", 3, 3e8},
  };
  for (const auto& c : cases) {
    const auto unit = Unit::parse(c.symbol);
    ASSERT_TRUE(unit) << c.symbol;
    EXPECT_DOUBLE_EQ(unit->to_base(c.value), c.base) << c.symbol;
    EXPECT_EQ(unit->from_base(c.base), c.value) << c.symbol;
    EXPECT_EQ(unit->symbol(), c.symbol);
  }
}

TEST(UnitTest, NoUnitLeavesTheNumberAlone) {
  const Unit none;
  EXPECT_EQ(none.symbol(), "");
  EXPECT_EQ(none.to_base(0.3), 0.3);
  EXPECT_EQ(none.from_base(0.3), 0.3);
  EXPECT_FALSE(none.is_percentage());
}

TEST(UnitTest, OnlyPercentAndItsKinArePercentages) {
  for (const auto* symbol : {"%", "％", "个百分点", "百分点"}) {
    EXPECT_TRUE(unit_of(symbol).is_percentage()) << symbol;
  }
  for (const auto* symbol : {"亿元", "亩", "个", "吨", "万"}) {
    EXPECT_FALSE(unit_of(symbol).is_percentage()) << symbol;
  }
}

TEST(UnitTest, PeopleSeeTheNumberThatWasWrittenNotItsRounding) {
  const Unit percent = unit_of("%");
  EXPECT_EQ(percent.from_base(0.57), 57.0);  // 0.57 * 100 is 56.99999999999999
  EXPECT_EQ(percent.from_base(0.07), 7.0);   // 0.07 * 100 is 7.000000000000001
  EXPECT_EQ(percent.from_base(0.29), 29.0);
  EXPECT_EQ(percent.from_base(-0.57), -57.0);
}

TEST(UnitPropertyTest, EveryNumberOfTwoDecimalsComesBackExactly) {
  for (const auto* symbol : {"%", "‰", "亿元", "万元", "万亿元", "亩", "万亩", "公顷", "万人"}) {
    const Unit unit = unit_of(symbol);
    for (int hundredths = -12000; hundredths <= 12000; ++hundredths) {
      const double written = hundredths / 100.0;
      ASSERT_EQ(unit.from_base(unit.to_base(written)), written) << symbol;
    }
  }
}

TEST(UnitTest, UnitsOfOneDimensionAreCompatibleBothWays) {
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"万元", "亿元"},  {"元", "万亿元"},   {"亿美元", "万美元"},   {"%", "％"},
      {"%", "个百分点"}, {"‰", "%"},         {"亩", "公顷"},         {"万亩", "平方公里"},
      {"条", "个"},      {"家", "户"},       {"万人", "名"},         {"人次", "万人次"},
      {"吨", "万吨"},    {"千瓦", "万千瓦"}, {"千瓦时", "亿千瓦时"},
  };
  for (const auto& [a, b] : pairs) {
    EXPECT_TRUE(is_compatible(unit_of(a), unit_of(b))) << a << " for " << b;
    EXPECT_TRUE(is_compatible(unit_of(b), unit_of(a))) << b << " for " << a;
  }
}

TEST(UnitTest, UnitsOfDifferentDimensionsAreNot) {
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"亿元", "亿美元"}, {"元", "%"},        {"亩", "亿元"},     {"条", "亿元"},
      {"%", "个"},        {"吨", "公里"},     {"万吨", "条"},     {"亩", "个"},
      {"万吨", "元"},     {"个百分点", "亩"}, {"千瓦", "千瓦时"}, {"吨", "平方米"},
  };
  for (const auto& [a, b] : pairs) {
    EXPECT_FALSE(is_compatible(unit_of(a), unit_of(b))) << a << " for " << b;
    EXPECT_FALSE(is_compatible(unit_of(b), unit_of(a))) << b << " for " << a;
  }
}

TEST(UnitTest, ScalesOfTheSameNounAgreeHoweverTheyAreWritten) {
  EXPECT_DOUBLE_EQ(unit_of("万吨").to_base(1), 10000 * unit_of("吨").to_base(1));
  EXPECT_DOUBLE_EQ(unit_of("万千瓦").to_base(1), 10000 * unit_of("千瓦").to_base(1));
  EXPECT_DOUBLE_EQ(unit_of("亿千瓦时").to_base(1), 1e8 * unit_of("千瓦时").to_base(1));
}

TEST(UnitTest, ABareScaleTakesTheTargetsNoun) {
  for (const auto* symbol : {"亿元", "万美元", "条", "万人", "吨"}) {
    EXPECT_EQ(unit_of(symbol).base_of(3, unit_of("万")), 30000) << symbol;
  }
  EXPECT_DOUBLE_EQ(unit_of("万亩").base_of(1.2, unit_of("万")).value_or(0),
                   unit_of("亩").to_base(12000));
  EXPECT_EQ(unit_of("%").base_of(1, unit_of("万")), std::nullopt);
}

TEST(UnitTest, PercentDoesForAMilestoneAndMoneyDoesNot) {
  EXPECT_TRUE(is_compatible(unit_of("%"), Unit{}));
  EXPECT_FALSE(is_compatible(unit_of("亿元"), Unit{}));
  EXPECT_FALSE(is_compatible(unit_of("个"), Unit{}));
}

TEST(UnitTest, WhatCannotBeAUnitIsRefused) {
  using std::string_literals::operator""s;
  for (const std::string& text :
       {" "s, "亿 元"s, "亿元 "s, "3亿元"s, "元\n"s, "\t"s, "元\0"s, "m2"s, "元,"s, "\"元\""s}) {
    EXPECT_EQ(Unit::parse(text), std::nullopt) << text;
  }
  EXPECT_EQ(Unit::parse(std::string(5000, 'x')), std::nullopt);
}

}  // namespace
}  // namespace districtd
