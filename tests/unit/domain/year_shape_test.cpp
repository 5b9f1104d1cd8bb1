// What a forecast knows of the shape of a year before its first value.
#include "daemon/domain/year_shape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/domain/catalogue.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;

// Ends of the quarters of a year.
std::vector<PlanPoint> quarters(int year, double first, double second, double third) {
  return {{day(year, 3, 31), first},
          {day(year, 6, 30), second},
          {day(year, 9, 30), third},
          {day(year, 12, 31), 1}};
}

TEST(YearShapeTest, IsLastYearsWithATwentiethOfAnEvenYear) {
  Target target = cumulative(100, "个");
  target.last_year = quarters(2025, 0.1, 0.3, 0.6);
  const auto shapes = shapes_of_last_years(target);
  ASSERT_EQ(shapes.size(), 1U);
  EXPECT_NEAR(shapes[0].share[3], 0.95 * 0.1 + 0.05 * 0.25, 1e-9);
  EXPECT_NEAR(shapes[0].share[6], 0.95 * 0.3 + 0.05 * 0.5, 1e-9);
  EXPECT_NEAR(shapes[0].share[1], 0.95 * 0.1 / 3 + 0.05 / 12, 1e-9) << "a line in between";
  EXPECT_EQ(shapes[0].share[0], 0);
  EXPECT_EQ(shapes[0].share[kTwelfths], 1);
}

TEST(YearShapeTest, YearsAreSplitByTheirDatesAndTheNewestComesFirst) {
  Target target = cumulative(100, "个");
  for (const auto& year : {quarters(2023, 0.3, 0.5, 0.8), quarters(2024, 0.2, 0.4, 0.7),
                           quarters(2025, 0.1, 0.3, 0.6)}) {
    target.last_year.insert(target.last_year.end(), year.begin(), year.end());
  }
  const auto shapes = shapes_of_last_years(target);
  ASSERT_EQ(shapes.size(), 3U);
  EXPECT_LT(shapes[0].share[3], shapes[1].share[3]);
  EXPECT_LT(shapes[1].share[3], shapes[2].share[3]);
}

TEST(YearShapeTest, APeriodOfNineMonthsHasItsOwnTwelfths) {
  Target target = cumulative(100, "个");
  target.start = day(2026, 3, 1);
  target.deadline = day(2026, 11, 30);
  target.last_year = {{day(2025, 5, 31), 0.2}, {day(2025, 8, 31), 0.5}, {day(2025, 11, 30), 1}};
  const auto shapes = shapes_of_last_years(target);
  ASSERT_EQ(shapes.size(), 1U);
  EXPECT_NEAR(shapes[0].share[4], 0.95 * 0.2 + 0.05 / 3, 1e-9) << "a third of the time";
}

TEST(YearShapeTest, WhatWasReportedInTheYearsBeforeTellsTheirs) {
  const Target target = cumulative(100, "个");
  std::vector<Reading> readings;
  for (const int year : {2024, 2025}) {
    for (unsigned month = 1; month <= 12; ++month) {
      readings.push_back({period_end(Cadence::month, day(year, month, 1)), 10. * month, {}});
    }
  }
  readings.push_back({day(2026, 1, 31), 5, {}});
  EXPECT_EQ(shapes_of_earlier_readings(target, readings).size(), 2U);
  // A year that falls, or that ends in October, tells nothing.
  readings[20].value = 0;
  EXPECT_EQ(shapes_of_earlier_readings(target, readings).size(), 1U);
  readings.erase(readings.begin() + 10, readings.begin() + 12);
  EXPECT_EQ(shapes_of_earlier_readings(target, readings).size(), 0U);
}

TEST(CommonShapesTest, ManyStandForAllAndTheSameOnesCountOnce) {
  std::vector<YearShape> shapes;
  for (int i = 0; i < 200; ++i) {
    Target target = cumulative(100, "个");
    const double first = 0.05 + 0.001 * (i % 100) * 2;
    target.last_year = quarters(2025, first, first + 0.2, first + 0.4);
    shapes.push_back(shapes_of_last_years(target)[0]);
  }
  const auto common = common_shapes(shapes);
  ASSERT_EQ(common.size(), kMostCommonShapes);
  double weight = 0;
  for (const CommonShape& one : common) weight += one.weight;
  EXPECT_EQ(weight, 100);
  std::reverse(shapes.begin(), shapes.end());
  const auto again = common_shapes(shapes);
  for (std::size_t i = 0; i < common.size(); ++i) EXPECT_EQ(again[i].shape, common[i].shape);
  EXPECT_TRUE(common_shapes({}).empty());
}

TEST(CatalogueShapesTest, ATargetKnowsItsOwnYearsAndThoseOfItsDepartmentOverTheSameDays) {
  std::vector<Target> targets;
  for (std::uint32_t i = 0; i < 4; ++i) {
    Target target = cumulative(100, "个");
    target.id = "d.t" + std::to_string(i);
    target.name = "目标" + std::to_string(i);
    target.department = i == 3 ? 1 : 0;
    if (i != 0) target.last_year = quarters(2025, 0.1 * i, 0.5, 0.8);
    targets.push_back(target);
  }
  targets[2].deadline = day(2026, 11, 30);
  targets[2].last_year = {{day(2025, 5, 31), 0.2}, {day(2025, 8, 31), 0.5}, {day(2025, 11, 30), 1}};
  const Catalogue catalogue({}, {{"d", "部门"}, {"e", "别的部门"}}, targets);
  EXPECT_TRUE(catalogue.known_shapes(0).own.empty());
  ASSERT_EQ(catalogue.known_shapes(0).others.size(), 1U) << "of the same days and department";
  EXPECT_EQ(catalogue.known_shapes(0).others[0].shape, catalogue.known_shapes(1).own[0]);
  EXPECT_EQ(catalogue.known_shapes(2).others.size(), 1U);
  EXPECT_EQ(catalogue.known_shapes(3).others.size(), 1U);
}

}  // namespace
}  // namespace districtd
