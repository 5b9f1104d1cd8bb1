// The departments' scores and ranks: the design page, "Score of a department".
#include "daemon/domain/standing.h"

#include <tuple>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::end_of;
using testing::judged;

TEST(ScoreTest, IsOnePlusTheDeviationUpToOne) {
  const Target target = cumulative(100, "个");
  EXPECT_NEAR(*judged(target, end_of(6), 42).score, 0.92, 1e-9);
  EXPECT_EQ(judged(target, end_of(6), 80).score, 1.0);
  EXPECT_NEAR(*judged(testing::level(95, "%"), end_of(6), 93).score, 93.0 / 95, 1e-9);
  EXPECT_EQ(judged(testing::pledge(), end_of(6), 1).score, std::nullopt);
}

TEST(ScoreTest, WhatWasNeverReportedIsNothingFromItsDueDayOn) {
  const Target target = cumulative(100, "个");
  EXPECT_EQ(testing::assess(target, std::nullopt, day(2026, 2, 10)).score, std::nullopt);
  EXPECT_EQ(testing::assess(target, std::nullopt, day(2026, 2, 11)).score, 0.0);
}

TEST(ScoreTest, WhatIsOverdueHasItsProgress) {
  const Target target = cumulative(100, "个");
  const Reading june{end_of(6), 50, end_of(6)};
  EXPECT_EQ(testing::assess(target, june, day(2026, 7, 31)).score, 1.0);
  EXPECT_EQ(testing::assess(target, june, day(2026, 12, 31)).score, 0.0) << "stale";
  EXPECT_EQ(testing::assess(target, june, day(2027, 1, 11)).score, 0.0) << "no final value";
  const Reading december{end_of(12), 50, end_of(12)};
  EXPECT_EQ(testing::assess(target, december, day(2027, 1, 1)).score, 0.5);
}

TEST(ScoreTest, TheOneBeforeIsOfTheMonthBefore) {
  EXPECT_EQ(period_before(day(2026, 7, 8)), end_of(5));
  EXPECT_EQ(period_before(day(2026, 7, 31)), end_of(5));
  EXPECT_EQ(period_before(day(2026, 8, 1)), end_of(6));
  EXPECT_EQ(period_before(day(2026, 1, 15)), day(2025, 11, 30));
  const Target target = cumulative(100, "个");
  const std::vector<Reading> readings = {{end_of(5), 30, end_of(5)}, {end_of(6), 50, end_of(6)}};
  const Assessment july = assess(target, WorkingDays{}, readings, day(2026, 7, 8));
  EXPECT_EQ(july.score, 1.0);
  EXPECT_NEAR(*july.score_before, 1 + 0.30 - 5.0 / 12, 1e-9);
}

// One target a department, with the score and the weight.
std::vector<Standing> standings_of(
    const std::vector<std::vector<std::pair<std::optional<double>, double>>>& scores) {
  std::vector<Department> departments;
  std::vector<Target> targets;
  std::vector<Assessment> assessments;
  for (std::uint32_t d = 0; d < scores.size(); ++d) {
    departments.push_back({"d" + std::to_string(d), "部门" + std::to_string(d)});
    for (const auto& [score, weight] : scores[d]) {
      Target target = cumulative(100, "个");
      target.id = "d" + std::to_string(d) + ".t" + std::to_string(targets.size());
      target.department = d;
      target.weight = weight;
      targets.push_back(target);
      assessments.emplace_back().score = score;
    }
  }
  return standings(Catalogue({}, departments, targets), assessments, day(2026, 7, 20));
}

TEST(StandingTest, IsTheWeightedMean) {
  const auto result = standings_of({{{0.9, 2}, {0.6, 1}, {std::nullopt, 5}}});
  EXPECT_NEAR(*result[0].score, (2 * 0.9 + 0.6) / 3, 1e-12);
  EXPECT_EQ(result[0].counted, 2U);
  EXPECT_EQ(result[0].in_force, 3U);
  EXPECT_EQ(result[0].rank, 1U);
}

TEST(StandingTest, TiesAreTiesAndTheNextCountsThem) {
  const auto result =
      standings_of({{{0.5, 1}}, {{0.9, 1}}, {{0.3, 1}, {0.6, 2}}, {{std::nullopt, 1}}, {{0.9, 7}}});
  EXPECT_EQ(result[1].rank, 1U);
  EXPECT_EQ(result[4].rank, 1U);
  EXPECT_EQ(result[0].rank, 3U);
  EXPECT_EQ(result[2].rank, 3U) << "0.5 by another sum";
  EXPECT_EQ(result[3].rank, std::nullopt) << "nothing counts, so there is no place";
}

// [scoring]: half a point for a period in which a report was late, one where one is missing, not
// for each target, ten at the most.
TEST(StandingTest, LateAndMissingReportsAreDeductedOnceAPeriod) {
  const auto fault = [](unsigned month, bool is_missing, Cadence cadence = Cadence::month) {
    return ReportFault{cadence, day(2026, month, 1), day(2026, month + 1, 10), is_missing};
  };
  const auto of = [&](std::vector<std::vector<ReportFault>> targets_faults, Scoring scoring = {}) {
    std::vector<Target> targets;
    std::vector<Assessment> assessments;
    for (auto& faults : targets_faults) {
      Target target = cumulative(100, "个");
      target.id = "d.t" + std::to_string(targets.size());
      target.name = target.id;
      targets.push_back(target);
      assessments.emplace_back().score = 0.9;
      assessments.back().report_faults = std::move(faults);
    }
    std::vector<Programme> programmes = {programme_of_years(2026, 2026)};
    programmes[0].scoring = scoring;
    return standings(Catalogue({}, {{"d", "部门"}}, targets, {}, programmes), assessments,
                     day(2026, 7, 20))[0];
  };
  const Standing late = of({{fault(3, false)}, {fault(3, false)}});
  EXPECT_EQ(late.periods_late, 1U);
  EXPECT_NEAR(late.deducted, 0.005, 1e-12);
  EXPECT_NEAR(*late.score, 0.895, 1e-12);
  EXPECT_NEAR(*late.mean, 0.9, 1e-12);
  const Standing both = of({{fault(3, false)}, {fault(3, true), fault(2, false)}});
  EXPECT_EQ(both.periods_missing, 1U) << "missing where one is";
  EXPECT_EQ(both.periods_late, 1U);
  EXPECT_NEAR(both.deducted, 0.015, 1e-12);
  EXPECT_EQ(of({{fault(4, true, Cadence::quarter), fault(4, true)}}).periods_missing, 2U)
      << "a quarter is another period than its first month";
  std::vector<ReportFault> many;
  for (unsigned month = 1; month <= 11; ++month) many.push_back(fault(month, true));
  EXPECT_NEAR(of({many}).deducted, 0.10, 1e-12);
  EXPECT_NEAR(of({many}, {.missing_report = 2, .most = 15}).deducted, 0.15, 1e-12);
  EXPECT_EQ(of({many}, {.missing_report = 0}).deducted, 0.0) << "0 switches off";
  EXPECT_EQ(of({many}, {.rank = false}).rank, std::nullopt);
  EXPECT_TRUE(of({many}, {.rank = false}).score);
}

TEST(StandingTest, ADepartmentInWhichNothingIsScoredHasNoRank) {
  Assessment assessment = judged(testing::pledge(), end_of(6), 1);
  assessment.report_faults = {{Cadence::quarter, day(2026, 1, 1), day(2026, 4, 10), true}};
  const Standing standing = standings(Catalogue({}, {{"d", "部门"}}, {testing::pledge()}),
                                      std::vector{assessment}, day(2026, 7, 20))[0];
  EXPECT_EQ(standing.score, std::nullopt);
  EXPECT_EQ(standing.rank, std::nullopt);
  EXPECT_EQ(standing.in_force, 1U);
}

TEST(StandingTest, WeightsOfNothingGiveNoScore) {
  EXPECT_EQ(standings_of({{{0.9, 0}}})[0].score, std::nullopt);
}

// Two departments in two programmes, better in one and worse in the other.
TEST(StandingTest, EachProgrammeHasItsOwnScoresRanksAndDeductions) {
  std::vector<Programme> programmes = {programme_of_years(2026, 2026),
                                       programme_of_years(2027, 2027)};
  programmes[1].scoring.missing_report = 4;
  std::vector<Target> targets;
  std::vector<Assessment> assessments;
  for (const auto& [programme, department, score] :
       std::vector<std::tuple<std::uint32_t, std::uint32_t, double>>{
           {0, 0, 0.9}, {0, 1, 0.5}, {1, 0, 0.2}, {1, 1, 0.8}}) {
    Target target = cumulative(100, "个");
    target.id = department == 0 ? "a.t" : "b.t";
    target.programme = programme;
    target.department = department;
    targets.push_back(target);
    assessments.emplace_back().score = score;
    assessments.back().reports_due = 1;
    assessments.back().report_faults = {{Cadence::month, day(2027, 1, 1), day(2027, 2, 10), true}};
  }
  const Catalogue catalogue({}, {{"a", "甲"}, {"b", "乙"}}, targets, {}, programmes);
  const auto result = standings(catalogue, assessments, day(2027, 3, 1));
  ASSERT_EQ(result.size(), 4U);
  const auto of = [&](std::uint32_t programme, std::uint32_t department) {
    for (std::size_t g = 0; g < result.size(); ++g) {
      if (catalogue.groups()[g] == Group{programme, department}) return result[g];
    }
    return Standing{};
  };
  EXPECT_NEAR(*of(0, 0).score, 0.89, 1e-12);
  EXPECT_NEAR(*of(0, 1).score, 0.49, 1e-12);
  EXPECT_NEAR(*of(1, 0).score, 0.16, 1e-12) << "by its own [scoring]";
  EXPECT_NEAR(*of(1, 1).score, 0.76, 1e-12);
  EXPECT_EQ(of(0, 0).rank, 1U);
  EXPECT_EQ(of(0, 1).rank, 2U);
  EXPECT_EQ(of(1, 0).rank, 2U);
  EXPECT_EQ(of(1, 1).rank, 1U);
  EXPECT_EQ(of(0, 0).reports_due, 1U) << "nothing is added up";
}

TEST(StandingTest, RanksAreSwitchedOffOfOneProgrammeAlone) {
  std::vector<Programme> programmes = {programme_of_years(2026, 2026),
                                       programme_of_years(2027, 2027)};
  programmes[0].scoring.rank = false;
  std::vector<Target> targets(2, cumulative(100, "个"));
  targets[1].programme = 1;
  std::vector<Assessment> assessments(2);
  for (Assessment& one : assessments) one.score = 0.9;
  const auto result = standings(Catalogue({}, {{"d", "部门"}}, targets, {}, programmes),
                                assessments, day(2027, 1, 15));
  EXPECT_EQ(result[0].rank, std::nullopt);
  EXPECT_EQ(result[1].rank, 1U);
}

}  // namespace
}  // namespace districtd
