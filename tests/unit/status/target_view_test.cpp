// What `districtd status` and GET /api/v1/targets print of a target.
#include "daemon/status/target_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include <boost/json.hpp>

#include "tests/unit/base/formulas.h"
#include "tests/unit/base/hidden_controls.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

namespace json = boost::json;
using testing::cumulative;
using testing::day;
using testing::end_of;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::level;
using testing::milestone;
using ::testing::Not;

const Department kDepartment{"c", "区文旅局"};

TargetView view(const Target& target, Date as_of, double value, Date on) {
  return {&target, &kDepartment,
          testing::assess(target, testing::reading(target, as_of, value), on), on};
}

std::string table_of(const std::vector<TargetView>& views) {
  return to_table(views, "标题", false);
}

// The line of the table that names the target.
std::string line_of(const Target& target, const std::vector<TargetView>& views) {
  const std::string table = table_of(views);
  const auto begin = table.rfind('\n', table.find(target.name)) + 1;
  return table.substr(begin, table.find('\n', begin) - begin);
}

TEST(TargetViewTest, NumbersAreInTheCataloguesUnitAndAbsentOnesAreNull) {
  const Target target = cumulative(30, "亿元");
  const auto one = json::parse(to_json(view(target, end_of(6), 12.6, day(2026, 7, 8)))).as_object();
  EXPECT_EQ(one.at("actual").to_number<double>(), 12.6);
  EXPECT_EQ(one.at("expected").to_number<double>(), 15);
  EXPECT_EQ(one.at("deviation").to_number<double>(), -0.08);
  EXPECT_EQ(one.at("status"), "behind");
  EXPECT_EQ(one.at("light"), "red");
  EXPECT_EQ(one.at("as_of"), "2026-06-30");
  EXPECT_TRUE(one.at("forecast").is_null());
  EXPECT_TRUE(one.at("report_overdue_since").is_null());
  const auto more =
      json::parse(to_json(view(target, end_of(6), 12.6, day(2026, 7, 8)), R"("rows":[1,2])"));
  EXPECT_EQ(more.at("rows").as_array().size(), 2U);
}

TEST(TargetViewTest, AListIsAnArrayALineAnElement) {
  const Target target = cumulative(30, "亿元");
  const TargetView one = view(target, end_of(6), 12.6, day(2026, 7, 8));
  EXPECT_EQ(to_json(std::vector<TargetView>{}), "[]\n");
  const std::string two = to_json(std::vector<TargetView>{one, one});
  EXPECT_THAT(two, HasSubstr("},\n {"));
  EXPECT_EQ(json::parse(two).as_array().size(), 2U);
}

TEST(TargetViewTest, AMilestoneBeforeItsDeadlineHasNoScheduleAndNoDeviation) {
  const Target target = milestone();
  const TargetView before = view(target, end_of(10), 0.85, day(2026, 11, 20));
  ASSERT_EQ(before.assessment.status, Status::at_risk);
  const auto one = json::parse(to_json(before)).as_object();
  for (const char* const name : {"expected", "expected_share", "deviation"}) {
    EXPECT_TRUE(one.at(name).is_null()) << name;
  }
  EXPECT_THAT(to_csv({before}), HasSubstr(",at_risk,2026-10-31,0.85,1,,0.85,,,"));
  EXPECT_THAT(line_of(target, {before}), HasSubstr("85.0%                     2026-10-31"));
}

TEST(TargetViewTest, NodesPeopleAndTheValueAYearAgoAreNamed) {
  Target target = milestone();
  target.pace = Pace::nodes;
  target.nodes = {{"结顶", end_of(6), 0.5}, {"竣工", day(2026, 12, 31), 1}};
  target.leader = "张三";
  const TargetView missed = view(target, end_of(6), 0.42, day(2026, 7, 8));
  const auto one = json::parse(to_json(missed)).as_object();
  EXPECT_EQ(one.at("node_missed").at("name"), "结顶");
  EXPECT_EQ(one.at("node_missed").at("due"), "2026-06-30");
  EXPECT_EQ(one.at("node_missed").at("share").to_number<double>(), 0.5);
  EXPECT_EQ(one.at("node_next").at("name"), "竣工");
  EXPECT_EQ(one.at("leader"), "张三");
  for (const char* const none : {"owner", "definition", "parent", "partial_sum", "last_year"}) {
    EXPECT_TRUE(one.at(none).is_null()) << none;
  }
  EXPECT_THAT(line_of(target, {missed}), HasSubstr("节点“结顶”（2026-06-30 应完成 50.0%）未完成"));

  Target sum = cumulative(30, "亿元");
  sum.last_year = {{day(2025, 3, 31), 0.2}, {day(2025, 6, 30), 0.4}, {day(2025, 12, 31), 1}};
  sum.last_year_total = 27.5e8;
  const auto year = json::parse(to_json(view(sum, end_of(6), 12.1, day(2026, 7, 8)))).as_object();
  EXPECT_EQ(year.at("last_year").to_number<double>(), 11);
  EXPECT_EQ(year.at("last_year_as_of"), "2025-06-30");
  EXPECT_EQ(year.at("last_year_change").to_number<double>(), 0.1);
}

TEST(TableTest, PartsAreNotCountedBesideTheirParent) {
  Target part = cumulative(30, "亿元");
  part.parent = "culture-tourism.all";
  part.name = "北镇投资";
  const Target other = cumulative(30, "亿元");
  const Date on = day(2026, 7, 8);
  const std::string table =
      table_of({view(part, end_of(6), 1, on), view(other, end_of(6), 15, on)});
  EXPECT_THAT(table, HasSubstr("共 1 项（分项 1 项不另计）：🟢 1"));
  EXPECT_THAT(table, HasSubstr("🔴 0"));
}

// The version of the value's day decides, whatever has changed since.
TEST(TargetViewTest, AScheduleThatBeganAfterTheValueSaysNothingOfIt) {
  Target target = testing::with_pace(cumulative(10, "个"), Pace::deadline);
  target.quote = "旧";
  Target later = testing::with_pace(target, Pace::monthly);
  later.changed_from = later.decided = day(2026, 7, 1);
  later.quote = "新";
  target.changes.push_back(later);
  const TargetView june = view(target, end_of(6), 1, day(2026, 8, 3));
  EXPECT_EQ(&june.version(), &target);
  const auto one = json::parse(to_json(june)).as_object();
  EXPECT_EQ(one.at("quote"), "旧");
  EXPECT_TRUE(one.at("deviation").is_null());
  EXPECT_EQ(view(target, end_of(7), 1, day(2026, 8, 3)).version().quote, "新");
}

TEST(TableTest, DeviationsArePercentagePointsUnlessTheySayOtherwise) {
  Target investment = cumulative(30, "亿元");
  Target firms = level(200, "家");
  firms.name = "企业数";
  const Date on = day(2026, 7, 8);
  const TargetView points = view(investment, end_of(6), 12.6, on);
  const TargetView per_cent = view(firms, end_of(6), 180, on);
  EXPECT_THAT(table_of({points}), HasSubstr("偏差单位：个百分点。"));
  const std::string both = table_of({points, per_cent});
  EXPECT_THAT(both, HasSubstr("偏差单位：个百分点，带 % 的为应达值的百分之几。"));
  EXPECT_THAT(line_of(investment, {points, per_cent}), HasSubstr(" -8.0  2026-06-30"));
  EXPECT_THAT(line_of(firms, {points, per_cent}), HasSubstr(" -10.0%  2026-06-30"));
}

TEST(CsvTest, NoCellIsRunAsAFormula) {
  Target target = cumulative(30, "亿元");
  target.name = "=HYPERLINK(\"http://a\")";
  target.quote = "@确保,完成";
  const Department department{"c", "+区文旅局"};
  TargetView one = view(target, end_of(6), 12.6, day(2026, 7, 8));
  one.department = &department;
  const std::string csv = to_csv({one});
  EXPECT_THAT(csv, HasSubstr(R"csv(,"'=HYPERLINK(""http://a"")",c,'+区文旅局,)csv"));
  EXPECT_THAT(csv, HasSubstr(R"csv(,"'@确保,完成",)csv"));
  EXPECT_THAT(csv, HasSubstr(",-0.08,")) << "a number stays one";
  EXPECT_THAT(csv, EndsWith("\r\n"));
  EXPECT_THAT(csv, Not(HasSubstr("null")));
}

TEST(CsvTest, NoFormulaIsRunWhateverStandsBeforeIt) {
  for (const std::string& formula : formulas()) {
    Target target = cumulative(30, "亿元");
    target.id = target.name = target.quote = formula;
    const Department department{formula, formula};
    TargetView one = view(target, end_of(6), 12.6, day(2026, 7, 8));
    one.department = &department;
    const auto cells = cells_of(to_csv({one}));
    EXPECT_EQ(std::count(cells.begin(), cells.end(), "'" + formula), 5) << formula;
    EXPECT_TRUE(std::none_of(cells.begin(), cells.end(), is_run)) << formula;
  }
}

TEST(TableTest, NothingIsHiddenFromATerminal) {
  for (const std::string& hidden : hidden_controls()) {
    Target target = cumulative(30, "亿元");
    target.name = "指" + hidden + "标";
    const Department department{"c", "部" + hidden + "门"};
    TargetView one = view(target, end_of(6), 12.6, day(2026, 7, 8));
    one.department = &department;
    const std::string table = to_table({one}, "标" + hidden + "题", false);
    EXPECT_FALSE(has_hidden_control(table)) << table;
    EXPECT_THAT(table, HasSubstr("部\\"));
  }
}

// Where there are several programmes each has a section with its own summary.
TEST(TargetTableTest, ProgrammesAreSectionsOfTheirOwn) {
  const Programme first = programme_of_years(2026, 2026);
  const Programme second = programme_of_years(2027, 2027);
  const Target target = cumulative(30, "亿元");
  TargetView one = view(target, end_of(6), 12.6, day(2026, 7, 8));
  one.programme = &first;
  TargetView other = one;
  other.programme = &second;
  EXPECT_THAT(table_of({one}), Not(HasSubstr("年度"))) << "as before where there is one";
  EXPECT_THAT(table_of({one}), ::testing::StartsWith("标题\n\n   亮灯"));
  const std::string both = table_of({one, other});
  EXPECT_THAT(both, HasSubstr("标题\n\n2026 年度\n\n   亮灯"));
  EXPECT_THAT(both, HasSubstr("\n\n2027 年度\n\n   亮灯"));
  EXPECT_THAT(both, Not(HasSubstr("共 2 项"))) << "nothing of two programmes is one number";
  one.is_settled = true;
  EXPECT_THAT(table_of({one}),
              ::testing::StartsWith("标题　2026 年度（已于 2027-02-28 结账）\n\n"));
  EXPECT_THAT(to_json(one), HasSubstr(R"("settled":true)"));
  EXPECT_THAT(to_json(other), HasSubstr(R"("settled":false)"));
}

}  // namespace
}  // namespace districtd
