#include "daemon/bulletins/wording.h"

#include <gtest/gtest.h>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::ceiling;
using testing::cumulative;
using testing::day;
using testing::level;

const Department kDepartment{"culture-tourism", "区文旅局"};

TargetView view(const Target& target, Date as_of, double value, Date on) {
  return {&target, &kDepartment,
          testing::assess(target, testing::reading(target, as_of, value), on), on};
}

TEST(WordingTest, DatesReadAsInDocuments) {
  EXPECT_EQ(wording::date(day(2026, 7, 8)), "2026年7月8日");
  EXPECT_EQ(wording::day(day(2025, 12, 31), day(2026, 1, 8)), "2025年12月31日");
  EXPECT_EQ(wording::as_of(day(2026, 6, 30), day(2026, 7, 8)), "6月底");
  EXPECT_EQ(wording::as_of(day(2024, 2, 28), day(2024, 7, 8)), "2月28日") << "a leap year";
}

TEST(WordingTest, SectionsAreNumberedInChinese) {
  EXPECT_EQ(wording::ordinal(1), "一");
  EXPECT_EQ(wording::ordinal(10), "十");
  EXPECT_EQ(wording::ordinal(12), "十二");
  EXPECT_EQ(wording::ordinal(20), "二十");
  EXPECT_EQ(wording::ordinal(35), "三十五");
}

TEST(WordingTest, PeriodsReadAsInTitles) {
  EXPECT_EQ(
      wording::period(BulletinKind::monthly, period_of(BulletinKind::monthly, day(2026, 2, 8))),
      "2026年1月");
  EXPECT_EQ(
      wording::period(BulletinKind::quarterly, period_of(BulletinKind::quarterly, day(2026, 7, 8))),
      "2026年二季度");
  EXPECT_EQ(wording::period(BulletinKind::annual, period_of(BulletinKind::annual, day(2026, 7, 8))),
            "2025年度");
  EXPECT_EQ(wording::period(BulletinKind::weekly, period_of(BulletinKind::weekly, day(2026, 1, 8))),
            "2025年12月29日至2026年1月4日");
}

TEST(WordingTest, ListsEndInAnAndOrANumber) {
  EXPECT_EQ(wording::list({"甲"}, 3, "个"), "甲");
  EXPECT_EQ(wording::list({"甲", "乙", "丙"}, 3, "个"), "甲、乙和丙");
  EXPECT_EQ(wording::list({"甲", "乙", "丙"}, 2, "个"), "甲、乙等3个");
}

OnSchedule counted(std::size_t on_track, std::size_t behind) {
  OnSchedule counts;
  counts.total = on_track + behind;
  counts.by_status[static_cast<std::size_t>(Status::on_track)] = on_track;
  counts.by_status[static_cast<std::size_t>(Status::behind)] = behind;
  return counts;
}

TEST(WordingTest, SharesOfAWholeAddUp) {
  for (std::size_t one = 0; one <= 400; ++one) {
    const auto [a, b] = wording::shares_of(counted(one, 400 - one));
    EXPECT_NEAR(std::stod(a) + std::stod(b), 100, 1e-9) << one;
  }
  // 宣城市 2020 年 1-11 月: 55 项, 44 项达到, 11 项未达到
  EXPECT_EQ(wording::shares_of(counted(44, 11)),
            (std::pair<std::string, std::string>{"80.0%", "20.0%"}));
}

TEST(WordingTest, WholeIsNamedByTheDistrictsOwnWord) {
  EXPECT_EQ(wording::whole_of("金义新区(金东区)"), "全区");
  EXPECT_EQ(wording::whole_of("寿县"), "全县");
  EXPECT_EQ(wording::whole_of("高新技术产业园"), "本地");
}

TEST(WordingTest, StandingFollowsTheSignOfTheDeviation) {
  const Target target = cumulative(30, "亿元");
  const Date on = day(2026, 7, 8);
  EXPECT_EQ(wording::standing(view(target, day(2026, 6, 30), 12.6, on)),
            "目标30亿元，截至6月底完成12.6亿元，完成率42.0%，序时进度50.0%，欠8.0个百分点");
  EXPECT_EQ(wording::standing(view(target, day(2026, 6, 30), 18, on)),
            "目标30亿元，截至6月底完成18亿元，完成率60.0%，序时进度50.0%，超10.0个百分点");
  EXPECT_EQ(wording::standing(view(target, day(2026, 6, 30), 15, on)),
            "目标30亿元，截至6月底完成15亿元，完成率50.0%，序时进度50.0%，与序时进度持平");
}

TEST(WordingTest, LevelsAndCeilingsAreSaidByTheSideTheyMiss) {
  const Date on = day(2026, 7, 8);
  const Target rate = level(95, "%");
  EXPECT_EQ(wording::standing(view(rate, day(2026, 6, 30), 93.6, on)),
            "目标95%，截至6月底实际93.6%，低于目标1.4个百分点");
  const Target most = ceiling(level(5, "%"));
  EXPECT_EQ(wording::standing(view(most, day(2026, 6, 30), 5.5, on)),
            "控制目标5%，截至6月底实际5.5%，高于控制目标0.5个百分点");
}

TEST(WordingTest, MilestonesSayTheirDeadlineAndNoSchedule) {
  const Target hospital = testing::milestone();
  EXPECT_EQ(wording::standing(view(hospital, day(2026, 10, 31), 0.6, day(2026, 11, 25))),
            "期限12月31日，截至10月底形象进度60.0%，距期限不足60天尚未完成");
  EXPECT_EQ(wording::standing(view(hospital, day(2026, 12, 31), 0.6, day(2027, 1, 8))),
            "截至2026年12月底形象进度60.0%，期限2026年12月31日已过，逾期未完成");
}

TEST(WordingTest, WhatIsOverOrSilentSaysItAfterItsLastFigure) {
  const Target sum = cumulative(30, "亿元");
  EXPECT_EQ(
      wording::standing(view(sum, day(2026, 11, 30), 28, day(2027, 1, 4))),
      "目标30亿元，截至2026年11月底完成28亿元，完成率93.3%，期限2026年12月31日已过，期满数据应"
      "于1月10日前报送");
  EXPECT_EQ(
      wording::standing(view(sum, day(2026, 11, 30), 28, day(2027, 1, 11))),
      "目标30亿元，截至2026年11月底完成28亿元，完成率93.3%，期限2026年12月31日已过，期满数据未"
      "报，逾期未完成");
  EXPECT_EQ(wording::standing(view(sum, day(2027, 2, 3), 30, day(2027, 2, 8))),
            "目标30亿元，截至2月3日完成30亿元，完成率100.0%，期限2026年12月31日之后完成，逾期完成");
  const TargetView silent = view(sum, day(2026, 3, 31), 1, day(2026, 6, 11));
  EXPECT_EQ(wording::standing(silent), "目标30亿元，截至3月底完成1亿元，完成率3.3%，此后未再报送");
  EXPECT_EQ(wording::since(silent), "自6月11日起停报，停报前欠进度");
  for (const Date on : {day(2027, 1, 4), day(2027, 1, 11)}) {
    EXPECT_EQ(wording::outlook(view(sum, day(2026, 11, 30), 28, on)), "")
        << "nothing about the future of what is over";
  }
}

TEST(WordingTest, ACeilingOnWhatAddsUpIsNotSaidToBeFinished) {
  const Target most = ceiling(cumulative(100, "件"));
  EXPECT_EQ(wording::standing(view(most, day(2026, 6, 30), 60, day(2026, 7, 8))),
            "控制目标100件，截至6月底实际60件，已占上限的60.0%，序时进度50.0%，超序时10.0个百分点");
}

TEST(WordingTest, ALevelThatWaitsForItsDeadlineIsBelowNothingYet) {
  const Target rate = testing::with_pace(level(80, "%"), Pace::deadline);
  EXPECT_EQ(wording::standing(view(rate, day(2026, 6, 30), 60, day(2026, 7, 8))),
            "目标80%，截至6月底实际60%");
  EXPECT_EQ(wording::standing(view(rate, day(2026, 11, 30), 60, day(2026, 12, 8))),
            "目标80%，截至11月底实际60%，期限12月31日，距期限不足60天尚未完成");
}

TEST(WordingTest, ALevelThatIsNoPercentageMissesByPerCent) {
  EXPECT_EQ(wording::standing(view(level(200, "家"), day(2026, 6, 30), 180, day(2026, 7, 8))),
            "目标200家，截至6月底实际180家，低于目标10.0%");
}

TEST(WordingTest, NothingIsSaidOfAForecastThatIsNotThere) {
  const Target target = testing::pledge();
  EXPECT_EQ(wording::outlook({&target, &kDepartment, {}, day(2026, 7, 8)}), "");
}

}  // namespace
}  // namespace districtd
