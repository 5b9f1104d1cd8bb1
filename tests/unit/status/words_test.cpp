// The design page, "Judging": shares to one decimal, deviations in percentage points to two at
// most.
#include "daemon/status/words.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::level;
using testing::milestone;

TEST(WordsTest, ADeviationCarriesItsUnit) {
  EXPECT_EQ(format_deviation(-0.08, DeviationUnit::points), "-8.0 个百分点");
  EXPECT_EQ(format_deviation(-0.0725, DeviationUnit::points), "-7.25 个百分点");
  EXPECT_EQ(format_deviation(0.1, DeviationUnit::points), "+10.0 个百分点");
  EXPECT_EQ(format_deviation(-0.129, DeviationUnit::per_cent), "-12.9%");
  EXPECT_EQ(format_deviation(0.05, DeviationUnit::per_cent), "+5.0%");
}

// 四舍五入: what a printed bulletin says of 91 in 112.
TEST(WordsTest, AHalfIsRoundedUp) {
  EXPECT_EQ(format_share(91.0 / 112), "81.3%");
  EXPECT_EQ(format_share(0.0005), "0.1%");
  EXPECT_EQ(format_signed(-0.00125), "-0.13");
  EXPECT_EQ(format_share(0.9995), "100.0%");
  EXPECT_EQ(format_share(0.4449999), "44.5%");
  EXPECT_EQ(format_share(0.44444), "44.4%");
}

TEST(WordsTest, NoughtHasNoSign) {
  for (const double nought : {0.0, -0.0, 1e-9, -1e-9}) {
    EXPECT_EQ(format_signed(nought), "0.0");
    EXPECT_EQ(format_size(nought), "0.0");
    EXPECT_EQ(format_share(nought), "0.0%");
  }
}

TEST(WordsTest, ASizeIsTheSameOnBothSides) {
  EXPECT_EQ(format_size(-0.08), "8.0");
  EXPECT_EQ(format_size(0.08), "8.0");
}

TEST(WordsTest, ValuesAreInTheUnitOfTheCatalogue) {
  EXPECT_EQ(format_value(cumulative(30, "亿元"), 1.26e9), "12.6 亿元");
  EXPECT_EQ(format_value(level(95, "%"), 0.9466), "94.66%");
  EXPECT_EQ(format_value(milestone(), 0.6), "60.0%");
  EXPECT_EQ(format_value(cumulative(3, "亿元"), 1e8 / 3), "0.3333 亿元");
}

TEST(WordsTest, AForecastIsNeverSure) {
  EXPECT_EQ(format_probability(0.001), "<1%");
  EXPECT_EQ(format_probability(0.734), "73%");
  EXPECT_EQ(format_probability(0.999), ">99%");
}

TEST(WordsTest, LightsAreToldApartByWordAndByMark) {
  std::set<std::string_view> words;
  std::set<std::string_view> marks;
  for (const Light light : {Light::green, Light::yellow, Light::red, Light::grey, Light::none}) {
    words.insert(words_of(light).word);
    marks.insert(words_of(light).mark);
  }
  EXPECT_EQ(words.size(), kLights);
  EXPECT_EQ(marks.size(), kLights);
  EXPECT_EQ(words_of(Light::red).word, "red");
  EXPECT_EQ(words_of(Light::red).chinese, "红灯");
  EXPECT_EQ(words_of(Light::none).chinese, "不亮灯");
}

TEST(WordsTest, WhatACountNeedsIsWholeTowardsItsGoal) {
  EXPECT_EQ(format_required(cumulative(1900, "套"), 158.3333), "159 套");
  EXPECT_EQ(format_required(cumulative(1900, "套"), 158.0000000001), "158 套");
  EXPECT_EQ(format_required(testing::ceiling(cumulative(100, "件")), 8.9), "8 件");
  EXPECT_EQ(format_required(cumulative(30, "亿元"), 2.95e8), "2.95 亿元");
}

// A ceiling is kept, not reached; 完成 and 超进度 are not said of debt.
TEST(WordsTest, ACeilingHasWordsOfItsOwn) {
  const Target most = testing::ceiling(cumulative(100, "件"));
  EXPECT_EQ(status_words(most, Status::achieved), "控制在目标内");
  EXPECT_EQ(status_words(most, Status::on_track), "控制在序时内");
  EXPECT_EQ(status_words(most, Status::at_risk), "接近上限");
  EXPECT_EQ(status_words(most, Status::behind), "超出控制");
  EXPECT_EQ(status_words(most, Status::overdue, true), "超出控制");
  EXPECT_EQ(status_words(most, Status::overdue, false), "期满未报");
  EXPECT_EQ(status_words(most, Status::stale), "停报");
  Target floor = cumulative(80, "件");  // not to fall below 80 from 100
  floor.baseline = 100;
  EXPECT_EQ(status_words(floor, Status::on_track), "控制在序时内");
  Target reduction = testing::ceiling(floor);  // from 100 down to 80: reached as any goal
  EXPECT_EQ(status_words(reduction, Status::on_track), "达进度");
  EXPECT_EQ(status_words(milestone(), Status::on_track), "推进中");
  EXPECT_EQ(status_words(testing::pledge(), Status::reported), "已报送");
}

TEST(WordsTest, EveryWordOfAStatusStandsOnceWithItsLight) {
  std::set<std::string_view> texts;
  for (const StatusWords& words : all_status_words()) {
    EXPECT_TRUE(texts.insert(words.text).second) << words.text;
  }
  for (const Target& target :
       {cumulative(1, "个"), testing::ceiling(cumulative(1, "个")), milestone(), level(1, "%")}) {
    for (const Status status : kAllStatuses) {
      EXPECT_TRUE(texts.contains(status_words(target, status)));
      EXPECT_TRUE(texts.contains(status_words(target, status, false)));
    }
  }
}

}  // namespace
}  // namespace districtd
