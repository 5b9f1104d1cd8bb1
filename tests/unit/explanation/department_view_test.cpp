// A department's score with the arithmetic that led to it.
#include "daemon/status/department_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/base/hidden_controls.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using ::testing::HasSubstr;

class DepartmentViewTest : public ::testing::Test {
 protected:
  DepartmentView view_of(std::size_t targets) {
    targets_.clear();
    for (std::size_t i = 0; i < targets; ++i) {
      targets_.push_back(testing::cumulative(100, "个"));
      targets_.back().weight = i == 0 ? 2 : 1;
    }
    DepartmentView view{&department_, &programme_, {}, {}};
    double points = 0;
    for (std::size_t i = 0; i < targets; ++i) {
      Assessment assessment;
      assessment.status = i == 0 ? Status::behind : Status::on_track;
      assessment.score = i == 0 ? 0.92 : 1.0;
      points += targets_[i].weight * *assessment.score;
      view.counted.push_back({&targets_[i], &department_, assessment, testing::end_of(6)});
    }
    view.standing.score = points / static_cast<double>(targets + 1);
    view.standing.rank = 2;
    view.standing.rank_before = 4;
    view.standing.score_before = 0.9;
    view.standing.reports_due = 3;
    view.standing.reports_on_time = 2;
    return view;
  }

  Department department_{"culture-tourism", "区文旅局"};
  Programme programme_ = programme_of_years(2026, 2026);
  Programme next_ = programme_of_years(2027, 2027);
  std::vector<Target> targets_;
};

TEST_F(DepartmentViewTest, TheArithmeticCanBeReckonedAgain) {
  EXPECT_EQ(arithmetic_of(view_of(2)), "（2×0.92＋1×1）÷3＝0.9467");
  EXPECT_THAT(arithmetic_of(view_of(23)), HasSubstr("＋…（另 3 项））÷24＝"));
  EXPECT_EQ(arithmetic_of({&department_, &programme_, {}, {}}), "");
}

TEST_F(DepartmentViewTest, JsonHasScoreRankAndTheirParts) {
  const std::string json = to_json(view_of(2));
  EXPECT_THAT(json, HasSubstr(R"("score":0.946666666667,"mean":null,"deducted":0,)"));
  EXPECT_THAT(json, HasSubstr(R"("rank":2,"score_before":0.9)"));
  EXPECT_THAT(json, HasSubstr(R"("reports_corrected":0,"corrected_rate":0)"));
  EXPECT_THAT(json, HasSubstr(R"("on_time_rate":0.666666666667)"));
  EXPECT_THAT(json, HasSubstr(R"("status":"behind","weight":2,"score":0.92})"));
  EXPECT_THAT(to_json(DepartmentView{&department_, &programme_, {}, {}}),
              HasSubstr(R"("score":null,"mean":null)"));
}

TEST_F(DepartmentViewTest, TheTableIsByRankAndSaysWhatChanged) {
  DepartmentView second = view_of(2);
  Department other{"health", "区卫健局"};
  DepartmentView first{&other, &programme_, {}, {}};
  first.standing.score = 1;
  first.standing.rank = 1;
  const std::string table = to_table(std::vector<DepartmentView>{second, first});
  EXPECT_LT(table.find("区卫健局"), table.find("区文旅局"));
  EXPECT_THAT(table, HasSubstr("↑2"));
  EXPECT_THAT(table, HasSubstr("66.7%（2/3）"));
}

TEST_F(DepartmentViewTest, TheTextSaysScoreAndPlaceInOneSentence) {
  const std::string text = to_text(view_of(2), testing::end_of(6));
  EXPECT_THAT(
      text, HasSubstr("得分：（2×0.92＋1×1）÷3＝0.9467，即 94.7%，第 2 名；上期 90.0%，第 4 名。"));
  EXPECT_THAT(to_text({&department_, &programme_, {}, {}}, testing::end_of(6)),
              HasSubstr("不排名"));
}

TEST_F(DepartmentViewTest, WhatIsDeductedStandsInTheArithmetic) {
  DepartmentView view = view_of(2);
  view.standing.periods_late = 1;
  view.standing.periods_missing = 2;
  view.standing.deducted = 0.025;
  *view.standing.score -= 0.025;
  EXPECT_EQ(arithmetic_of(view), "（2×0.92＋1×1）÷3－0.025＝0.9217");
  view.standing.reports_corrected = 1;
  const std::string text = to_text(view, testing::end_of(6));
  EXPECT_THAT(text, HasSubstr("报送：迟报 1 期、漏报 2 期，扣 2.5 分。"));
  EXPECT_THAT(text, HasSubstr("按时报送率 66.7%（2/3），更正率 33.3%（1/3）。"));
  EXPECT_THAT(to_json(view), HasSubstr(R"("periods_late":1,"periods_missing":2)"));
}

TEST_F(DepartmentViewTest, RanksThatAreSwitchedOffAreNotSaid) {
  DepartmentView view = view_of(2);
  view.standing.rank = view.standing.rank_before = std::nullopt;
  EXPECT_EQ(to_text(view, testing::end_of(6)).find(" 名"), std::string::npos);
}

TEST_F(DepartmentViewTest, NothingIsHiddenFromATerminal) {
  for (const std::string& hidden : hidden_controls()) {
    department_.name = "部" + hidden + "门";
    DepartmentView view = view_of(2);
    targets_[0].name = "指" + hidden + "标";
    const std::string text = to_text(view, testing::day(2026, 7, 8));
    EXPECT_FALSE(has_hidden_control(text)) << text;
    EXPECT_FALSE(has_hidden_control(to_table(std::vector<DepartmentView>{view})));
    EXPECT_THAT(text, HasSubstr("指\\"));
  }
}

// The same department in two programmes: nothing of the two stands in one table.
TEST_F(DepartmentViewTest, ProgrammesAreTablesOfTheirOwn) {
  const DepartmentView first = view_of(2);
  DepartmentView second{&department_, &next_, {}, {}};
  const std::string one = to_table(std::vector<DepartmentView>{first});
  EXPECT_THAT(one, ::testing::Not(HasSubstr("年度")));
  DepartmentView settled = first;
  settled.is_settled = true;
  const std::string both = to_table(std::vector<DepartmentView>{settled, second});
  EXPECT_THAT(both, ::testing::StartsWith("2026 年度（已于 2027-02-28 结账）\n名次"));
  EXPECT_THAT(both, HasSubstr("\n\n2027 年度\n名次"));
  EXPECT_THAT(to_json(settled), HasSubstr(R"("programme":"2026","settled":true)"));
  EXPECT_THAT(to_text(settled, testing::end_of(12)),
              HasSubstr("2026 年度（已于 2027-02-28 结账）"));
}

}  // namespace
}  // namespace districtd
