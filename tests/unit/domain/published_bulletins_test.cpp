// Judging against bulletins that governments have published: their figures, not ours. Each row
// names its source. Published shares and points are rounded, mostly to one decimal.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/domain/board.h"
#include "daemon/domain/pace.h"
#include "daemon/domain/split.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::end_of;
using testing::judged;
using testing::level;

std::string one_decimal(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

TEST(PublishedBulletinsTest, ScheduleOfTheMonthIsTheOneTheBulletinsCountBy) {
  struct Row {
    unsigned month;
    std::string schedule;
    std::string source;
  };
  const std::array rows = {
      Row{2, "16.7", "自贡市重点项目, 1-2月: 完成率19%, 超序时进度2.3个百分点"},
      Row{3, "25.0", "宣城市2021年1-3月, xuancheng.gov.cn/OpennessContent/show/2123502.html"},
      Row{6, "50.0", "宣城市2021年1-6月, xuancheng.gov.cn/OpennessContent/show/2189601.html"},
      Row{7, "58.3", "广东省发展改革委2018年1-7月: 63.9%, 超过时间进度5.6个百分点"},
      Row{8, "66.7", "三元区2010年1-8月: 74%, 超序时进度7.33个百分点"},
      Row{10, "83.3", "达州市重点项目, 1-10月: 75%, 欠目标进度8.3个百分点"},
      Row{11, "91.7", "宣城市2020年1-11月, xuancheng.gov.cn/OpennessContent/show/2044556.html"},
  };
  for (const auto& row : rows) {
    const double share = expected_share(cumulative(30, "亿元"), end_of(row.month));
    EXPECT_EQ(one_decimal(100 * share), row.schedule) << row.source;
  }
}

// A target of money, as published: goal, what was done by the month's end, its share of the goal
// and how many percentage points that is before (+) or behind (-) the schedule.
struct Published {
  std::string unit;
  double goal;
  double actual;
  unsigned month;
  double share;   // %
  double points;  // 个百分点
  Status status;
  std::string source;
};

TEST(PublishedBulletinsTest, SharesAndDeviationsAreThosePublished) {
  const std::array rows = {
      Published{"亿元", 30, 12.6, 6, 42.0, -8.0, Status::behind, "the design page's example"},
      Published{
          "亿元", 647.4, 629.0, 10, 97.2, 13.8, Status::ahead,
          "江门市发展和改革局, 全市重点建设项目444项, 1-10月: 占97.2%, 超过时间进度13.8个百分点"},
      Published{"亿元", 6000, 3836.5, 7, 63.9, 5.6, Status::on_track,
                "广东省发展改革委, 2018-07-23, 省重点项目1-7月: 占63.9%, 超过时间进度5.6个百分点"},
      Published{"亿元", 55.28, 43.77, 8, 79.17, 12.51, Status::ahead,
                "恩平市, 2022年8月重点项目进展: 79.17%, 比序时进度快12.51个百分点"},
      Published{"亿元", 57.35, 45.22, 8, 78.86, 12.19, Status::ahead,
                "恩平市, 2022年8月重点项目进展: 78.86%, 比序时进度快12.19个百分点"},
      Published{"亿元", 118, 22.37, 2, 19.0, 2.3, Status::on_track,
                "自贡市重点项目, 1-2月: 投资完成率19%, 超序时进度2.3个百分点"},
      Published{"亿美元", 7, 3.73, 9, 53.3, -21.7, Status::behind,
                "市政府督查室, 2019-10-17, 前三季度实际利用外资: 53.3%, 低于目标21.7个百分点"},
      Published{"%", 100, 75, 10, 75.0, -8.3, Status::behind,
                "达州市150个重点项目, 1-10月: 占年度投资计划75%, 欠目标进度8.3个百分点"},
      Published{"%", 100, 74, 8, 74.0, 7.33, Status::on_track,
                "三明市三元区, 2010-09-18, 1-8月: 占年计划74%, 超序时进度7.33个百分点"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.source);
    const Assessment result = judged(cumulative(row.goal, row.unit), end_of(row.month), row.actual);
    ASSERT_TRUE(result.progress && result.deviation);
    EXPECT_NEAR(100 * *result.progress, row.share, 0.05);
    EXPECT_NEAR(100 * *result.deviation, row.points, 0.05);
    EXPECT_EQ(result.status, row.status);
  }
}

TEST(PublishedBulletinsTest, TheExampleOfTheDesignReads42Against50) {
  const Assessment result = judged(cumulative(30, "亿元"), day(2026, 6, 30), 12.6);
  EXPECT_EQ(one_decimal(100 * *result.progress), "42.0");
  EXPECT_EQ(one_decimal(100 * *result.expected_share), "50.0");
  EXPECT_EQ(one_decimal(100 * *result.deviation), "-8.0");
  EXPECT_EQ(to_chinese(result.status), "欠进度");
}

// 市政府督查室, 2019-10-17, 《政府工作报告》重点目标任务前三季度: growth rates against their goals.
// The points are as published; the light compares them with the goal, 0.9 of 7 is 12.9 %.
TEST(PublishedBulletinsTest, GrowthRatesAreJudgedInPointsAgainstTheWholeGoal) {
  struct Row {
    std::string name;
    double goal;
    double actual;
    double points;
    Status status;
  };
  const std::array rows = {
      Row{"地区生产总值: 增长6.1%, 低于目标0.9个百分点", 7, 6.1, -0.9, Status::behind},
      Row{"一般公共预算收入: 增长3.9%, 低于目标11.1个百分点", 15, 3.9, -11.1, Status::behind},
      Row{"固定资产投资: 增长6%, 低于目标3个百分点", 9, 6, -3, Status::behind},
      Row{"工业投资: 增长14.6%, 低于目标0.4个百分点", 15, 14.6, -0.4, Status::at_risk},
      Row{"外贸进出口总额: 下降8%, 低于目标15个百分点", 7, -8, -15, Status::behind},
      Row{"城镇居民人均可支配收入: 增长8.2%, 低于目标0.3个百分点", 8.5, 8.2, -0.3, Status::at_risk},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Assessment result = judged(level(row.goal, "%"), day(2026, 9, 30), row.actual);
    EXPECT_NEAR(100 * *result.deviation, row.points, 1e-9);
    EXPECT_NEAR(*result.expected, row.goal / 100, 1e-15);
    EXPECT_EQ(result.status, row.status);
  }
}

// Amounts, goals and completion rates that were published together.
TEST(PublishedBulletinsTest, CompletionRatesAreThosePublished) {
  struct Row {
    std::string unit;
    double goal;
    double actual;
    std::string rate;  // as printed
    std::string source;
  };
  const std::array rows = {
      Row{"万元", 16900, 10764, "63.7",
          "青阳县某镇1-10月: 规模工业增加值10764万元, 占任务数16900万元的63.7%, "
          "ahqy.gov.cn/OpennessContent/show/962092.html"},
      Row{"亿元", 2823.2, 1414.4, "50.1",
          "某市统计局2013年1-6月: 固定资产投资1414.4亿元, 完成年度目标任务的50.1%"},
      Row{"亿元", 647.4, 629.0, "97.2", "江门市1-10月: 占97.2%"},
  };
  for (const auto& row : rows) {
    const Assessment result = judged(cumulative(row.goal, row.unit), end_of(10), row.actual);
    EXPECT_EQ(one_decimal(100 * *result.progress), row.rate) << row.source;
  }
}

// 绥化市(imanhei.com/zfsj/sjjd/8413028.html), 1-4月: 省、市级重点项目投资完成率43.2%、37.8%,
// 分别超时序进度9.9个、4.5个百分点.
TEST(PublishedBulletinsTest, PointsAheadOfTheScheduleInApril) {
  for (const auto& [rate, points] : {std::pair{43.2, "9.9"}, std::pair{37.8, "4.5"}}) {
    const Assessment result = judged(cumulative(100, "%"), end_of(4), rate);
    EXPECT_EQ(one_decimal(100 * *result.deviation), points);
  }
}

// 全区规上工业增加值同比下降15.7% (bigelectronix.com/sjfb/gysj/60841929.html): a growth rate below
// zero against a goal above it.
TEST(PublishedBulletinsTest, AGrowthRateBelowZeroIsFarBehindAndHasNoShareOfItsGoal) {
  const Assessment result = judged(level(5, "%"), end_of(6), -15.7);
  EXPECT_EQ(one_decimal(100 * *result.deviation), "-20.7");
  EXPECT_EQ(result.progress, std::nullopt);
  EXPECT_EQ(result.status, Status::behind);
}

// 金寨县委督查办, 2025年上半年《政府工作报告》(ahjinzhai.gov.cn/public/6596281/38062166.html):
// 222个 具体工作内容, 欠进度17个占7.7%, 超进度10个占4.5%, 已完成24个占10.8%, 其它9个占4.1%,
// 达进度162个 占72.9%. By itself 162 of 222 is 73.0 %; printed so that the five add up to 100.
TEST(PublishedBulletinsTest, JinzhaisFiveClassesAddUpAsPrinted) {
  const std::array<std::size_t, 5> counts = {17, 10, 24, 9, 162};
  EXPECT_EQ(split_tenths(counts), (std::vector<int>{77, 45, 108, 41, 729}));

  // The same list as the judgement counts it.
  std::vector<Target> targets;
  std::vector<std::optional<Reading>> newest;
  const auto add = [&](std::size_t count, double value) {
    for (std::size_t i = 0; i < count; ++i) {
      Target target = cumulative(100, "个");
      target.id = "county.t" + std::to_string(targets.size());
      newest.emplace_back(Reading{end_of(6), value, {}});
      targets.push_back(std::move(target));
    }
  };
  add(17, 40);                   // 欠进度
  add(10, 65);                   // 超进度
  add(24, 100);                  // 已完成
  add(162, 51);                  // 达进度
  for (int i = 0; i < 9; ++i) {  // 其它: without a figure
    Target target = cumulative(100, "个");
    target.id = "county.other" + std::to_string(i);
    targets.push_back(std::move(target));
    newest.emplace_back(std::nullopt);
  }
  const auto catalogue = std::make_shared<const Catalogue>(
      std::vector<Report>{}, std::vector<Department>{{"county", "县委督查办"}}, targets);
  const Board board = testing::board_of(catalogue, newest, day(2026, 7, 9));
  EXPECT_EQ(board.counts(0).of(Status::behind), 17U);
  EXPECT_EQ(board.counts(0).of(Status::ahead), 10U);
  EXPECT_EQ(board.counts(0).of(Status::achieved), 24U);
  EXPECT_EQ(board.counts(0).of(Status::no_data), 9U);
  EXPECT_EQ(board.counts(0).of(Status::on_track), 162U);
}

TEST(PublishedBulletinsTest, NothingSplitsIntoNothing) {
  EXPECT_EQ(split_tenths(std::vector<std::size_t>{0, 0}), (std::vector<int>{0, 0}));
  EXPECT_EQ(split_tenths(std::vector<std::size_t>{1, 1, 1}), (std::vector<int>{334, 333, 333}));
}

// 宣城市2020年1-11月: 量化指标任务55项, 达到序时进度44项, 占比80.0%, 未达到11项, 占比20.0%. A
// figure misses the schedule when its share is below 91.7% or its growth below the goal.
TEST(PublishedBulletinsTest, XuanchengCounts44Of55AsOnSchedule) {
  const Date as_of = end_of(11);
  std::vector<Target> targets;
  std::vector<std::optional<Reading>> newest;
  const auto add = [&](Target target, double value) {
    target.id = "culture-tourism.t" + std::to_string(targets.size());
    target.name = target.id;
    newest.emplace_back(testing::reading(target, as_of, value));
    targets.push_back(std::move(target));
  };
  for (int i = 0; i < 20; ++i) add(cumulative(30, "亿元"), 27.5);  // 11/12 to the last digit
  for (int i = 0; i < 10; ++i) add(cumulative(90, "户"), 83);      // 92.2%
  for (int i = 0; i < 8; ++i) add(cumulative(5, "个"), 5);         // done
  for (int i = 0; i < 6; ++i) add(level(80, "%"), 80.5);
  for (int i = 0; i < 4; ++i) add(cumulative(80, "亿元"), 73.3);  // 91.6%
  for (int i = 0; i < 3; ++i) add(cumulative(100, "户"), 60);
  for (int i = 0; i < 4; ++i) add(level(80, "%"), 79.9);
  const auto catalogue = std::make_shared<const Catalogue>(
      std::vector<Report>{}, std::vector<Department>{{"culture-tourism", "区文旅局"}}, targets);
  const Board board = testing::board_of(catalogue, newest, day(2026, 12, 10));

  const std::size_t reached = board.counts(0).of(Status::achieved) +
                              board.counts(0).of(Status::ahead) +
                              board.counts(0).of(Status::on_track);
  const std::size_t missed =
      board.counts(0).of(Status::at_risk) + board.counts(0).of(Status::behind);
  EXPECT_EQ(reached, 44U);
  EXPECT_EQ(missed, 11U);
  EXPECT_EQ(one_decimal(100.0 * static_cast<double>(reached) / 55), "80.0");
  EXPECT_EQ(one_decimal(100.0 * static_cast<double>(missed) / 55), "20.0");
}

}  // namespace
}  // namespace districtd
