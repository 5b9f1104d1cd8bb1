#include "daemon/config/catalogue_file.h"

#include <gmock/gmock.h>

#include "tests/unit/fixture/files_test.h"

namespace districtd {
namespace {

using testing::HasSubstr;

constexpr std::string_view kHead = R"([report]
id = "r"
publisher = "p"
published = 2026-03-06
title = "t"

[[department]]
id = "culture-tourism"
name = "区文旅局"

)";

// A target whose lines a test replaces or extends: later keys of the same name are not allowed in
// TOML, so each case gives all that differs.
std::string target(std::string_view lines) {
  return "[[target]]\nid = \"culture-tourism.investment\"\nname = \"文旅投资\"\n"
         "section = \"区文旅局\"\nquote = \"完成文旅投资30亿元以上\"\n" +
         std::string{lines};
}

constexpr std::string_view kDates = "start = 2026-01-01\ndeadline = 2026-12-31\n";
constexpr std::string_view kSum = "kind = \"cumulative\"\ngoal = 30\nunit = \"亿元\"\n";

constexpr std::string_view kHolidays = R"(year = 2026
source = "国务院办公厅关于2026年部分节假日安排的通知"
[[holiday]]
name = "国庆节"
from = 2026-10-01
to = 2026-10-07
working_days = [2026-09-20, 2026-10-10]
)";

class CatalogueFileTest : public FilesTest {
 protected:
  Findings findings_of(std::string_view text) {
    auto loaded = load_catalogue({write("c.toml", text)});
    return loaded ? Findings{} : loaded.error();
  }
  Findings findings_of_target(std::string_view lines) {
    return findings_of(std::string{kHead} + target(lines));
  }
  Target target_of(std::string_view lines) {
    auto loaded = load_catalogue({write("c.toml", std::string{kHead} + target(lines))});
    if (!loaded) {
      ADD_FAILURE() << to_string(loaded.error().front());
      return {};
    }
    return loaded->catalogue[0];
  }
};

TEST_F(CatalogueFileTest, GoalIsHeldInBaseUnitsAndDefaultsAreTheDesigns) {
  const Target t = target_of(std::string{kSum} + std::string{kDates});
  EXPECT_EQ(t.goal, 3e9);
  EXPECT_EQ(t.baseline, 0.0);
  EXPECT_EQ(t.pace, Pace::monthly);
  EXPECT_EQ(t.cadence, Cadence::month);
  EXPECT_EQ(t.grace_days, 10);
  EXPECT_EQ(t.tolerance.behind, 0.05);
  EXPECT_EQ(t.commitment, Commitment::must);
}

TEST_F(CatalogueFileTest, MilestoneIsDoneAtOneAndPacedByItsDeadline) {
  const Target t = target_of("kind = \"milestone\"\n" + std::string{kDates});
  EXPECT_EQ(t.goal, 1.0);
  EXPECT_EQ(t.pace, Pace::deadline);
}

TEST_F(CatalogueFileTest, MilestoneInPercentIsDoneAtAHundred) {
  const Target t = target_of("kind = \"milestone\"\nunit = \"%\"\n" + std::string{kDates});
  EXPECT_EQ(t.unit.from_base(t.goal.value_or(0)), 100);
}

TEST_F(CatalogueFileTest, LevelHasNoBaselineUnlessGiven) {
  const Target t = target_of("kind = \"level\"\ngoal = 95\nunit = \"%\"\n" + std::string{kDates});
  EXPECT_DOUBLE_EQ(t.goal.value_or(0), 0.95);
  EXPECT_EQ(t.baseline, std::nullopt);
}

TEST_F(CatalogueFileTest, UnknownKeyIsNamedWithItsPlaceAndTheNearestOne) {
  const auto findings = findings_of_target(std::string{kSum} + std::string{kDates} + "gaol = 3\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].line, 21U);
  EXPECT_EQ(findings[0].column, 1U);
  EXPECT_THAT(findings[0].message, HasSubstr("unknown key 'gaol' in [[target]]"));
  EXPECT_THAT(findings[0].message, HasSubstr("did you mean 'goal'?"));
}

struct BadTarget {
  std::string_view name;
  std::string lines;
  std::string_view message;
};

void PrintTo(const BadTarget& target, std::ostream* out) { *out << target.name; }

class BadTargetTest : public CatalogueFileTest, public testing::WithParamInterface<BadTarget> {};

TEST_P(BadTargetTest, IsRefusedAtItsPlace) {
  const auto findings = findings_of_target(GetParam().lines);
  ASSERT_FALSE(findings.empty());
  EXPECT_THAT(findings[0].message, HasSubstr(std::string{GetParam().message}));
  EXPECT_THAT(findings[0].file, testing::EndsWith("c.toml"));
  EXPECT_GT(findings[0].line, 10U);
  EXPECT_GT(findings[0].column, 0U);
}

const std::string kGood = std::string{kSum} + std::string{kDates};

INSTANTIATE_TEST_SUITE_P(
    , BadTargetTest,
    testing::Values(
        BadTarget{"WrongType", "kind = 3\n" + std::string{kDates},
                  "'kind' in [[target]] is an integer; expected a string"},
        BadTarget{"GoalIsText", "kind = \"cumulative\"\ngoal = \"30\"\n" + std::string{kDates},
                  "'goal' in [[target]] is a string; expected a finite number"},
        BadTarget{"UnknownKind", "kind = \"cumulativ\"\ngoal = 3\n" + std::string{kDates},
                  "did you mean 'cumulative'?"},
        BadTarget{"NoKind", "goal = 3\n" + std::string{kDates}, "the key 'kind' is missing"},
        BadTarget{"GoalEqualsBaseline", kGood + "baseline = 30\n", "goal equal to its baseline"},
        BadTarget{"NoGoal", "kind = \"level\"\n" + std::string{kDates}, "has no goal"},
        BadTarget{"GoalOfPledge", "kind = \"pledge\"\ngoal = 3\n" + std::string{kDates},
                  "is a pledge, which has no goal"},
        BadTarget{"DeadlineBeforeStart",
                  std::string{kSum} + "start = 2026-12-31\ndeadline = 2026-01-01\n",
                  "deadline 2026-01-01 before its start 2026-12-31"},
        BadTarget{"DateAsText",
                  std::string{kSum} + "start = \"2026-01-01\"\ndeadline = 2026-12-31\n",
                  "expected a date such as 2026-12-31, without quotes"},
        BadTarget{"NoDeadline", std::string{kSum} + "start = 2026-01-01\n",
                  "the key 'deadline' is missing"},
        BadTarget{"PlanWithoutPace", kGood + "plan = [[2026-12-31, 1.0]]\n",
                  "expected pace = \"plan\""},
        BadTarget{"PaceWithoutPlan", kGood + "pace = \"plan\"\n", "has pace 'plan' but no plan"},
        BadTarget{"PlanFalls",
                  kGood + "pace = \"plan\"\nplan = [[2026-06-30, 0.6], [2026-09-30, 0.5], "
                          "[2026-12-31, 1.0]]\n",
                  "it does not at 2026-09-30"},
        BadTarget{"PlanEndsEarly", kGood + "pace = \"plan\"\nplan = [[2026-06-30, 0.6]]\n",
                  "does not end at 1"},
        BadTarget{"PlanIsNoList", kGood + "pace = \"plan\"\nplan = [0.4, 1.0]\n",
                  "expected an array of [date, share]"},
        BadTarget{"ToleranceUpsideDown", kGood + "tolerance = { at_risk = 0.1, behind = 0.05 }\n",
                  "expected 0 <= at_risk <= behind"},
        BadTarget{"ToleranceUnknownKey", kGood + "tolerance = { atrisk = 0.1 }\n",
                  "unknown key 'atrisk' in [target.tolerance]"},
        BadTarget{"UnitIsNone",
                  "kind = \"cumulative\"\ngoal = 3\nunit = \"3 元\"\n" + std::string{kDates},
                  "unit '3 元' is none"},
        BadTarget{"PlanByQuarterTooShort",
                  kGood + "pace = \"plan\"\nplan_by_quarter = [0.15, 0.4, 1.0]\n",
                  "has 3 shares; expected 4, one for each quarter from 2026-01-01 to 2026-12-31"},
        BadTarget{"PlanByQuarterFalls",
                  kGood + "pace = \"plan\"\nplan_by_quarter = [0.4, 0.15, 0.7, 1.0]\n",
                  "it does not at 2026-06-30"},
        BadTarget{"PlanIsNotANumber",
                  kGood + "pace = \"plan\"\nplan = [[2026-06-30, nan], [2026-12-31, 1.0]]\n",
                  "expected an array of [date, share]"},
        BadTarget{"QuarterIsNotANumber",
                  kGood + "pace = \"plan\"\nplan_by_quarter = [0.1, nan, 0.7, 1.0]\n",
                  "expected an array of shares"},
        BadTarget{"ChangeEndsBeforeItBegins",
                  kGood + "[[target.change]]\nfrom = 2026-07-01\nreason = \"会议\"\n"
                          "deadline = 2026-06-01\n",
                  "before the day 2026-07-01 from which it counts"},
        BadTarget{"ChangeMovesAPlansEnd",
                  kGood + "pace = \"plan\"\nplan = [[2026-12-31, 1.0]]\n[[target.change]]\n"
                          "from = 2026-07-01\nreason = \"会议\"\ndeadline = 2027-03-31\n",
                  "expected a plan up to 2027-03-31"},
        BadTarget{"TwoPlans",
                  kGood + "pace = \"plan\"\nplan = [[2026-12-31, 1.0]]\n"
                          "plan_by_quarter = [0.15, 0.4, 0.7, 1.0]\n",
                  "more than one of plan, plan_by_quarter and plan_by_month"},
        BadTarget{"WeightNegative", kGood + "weight = -1\n", "'weight' is negative"},
        BadTarget{"MarginNegative", kGood + "tolerance = { margin = -0.01 }\n", "margin >= 0"},
        BadTarget{"FlagIsText", kGood + "due_on_working_day = \"yes\"\n", "expected true or false"},
        BadTarget{"WithdrawnWithoutReason", kGood + "withdrawn = 2026-08-01\n",
                  "without 'withdrawal_reason'"},
        BadTarget{"WithdrawnBeforeAdded",
                  kGood + "added = 2026-09-01\nwithdrawn = 2026-08-01\n"
                          "withdrawal_reason = \"会议\"\n",
                  "before it was added on 2026-09-01"},
        BadTarget{"LastYearFalls",
                  kGood + "last_year = [[2025-06-30, 11], [2025-09-30, 9], [2025-12-31, 20]]\n",
                  "expected at least 3 values that rise, from 2025-01-01 on"},
        BadTarget{"YearBeforeLastEndsEarly",
                  kGood + "last_year = [[2024-03-31, 1], [2024-06-30, 2], [2024-11-30, 4],\n"
                          "[2025-06-30, 10], [2025-09-30, 16], [2025-12-31, 20]]\n",
                  "the last as of 2024-12-31, or none of that year"},
        BadTarget{"LastYearWithoutLastYear",
                  kGood + "last_year = [[2024-03-31, 1], [2024-06-30, 2], [2024-12-31, 4]]\n",
                  "the last as of 2025-12-31"},
        BadTarget{"LastYearTooLongAgo",
                  kGood + "last_year = [[2022-12-31, 1], [2023-03-31, 1], [2023-06-30, 2], "
                          "[2023-12-31, 4],\n"
                          "[2025-06-30, 10], [2025-09-30, 16], [2025-12-31, 20]]\n",
                  "from 2023-01-01 on"},
        BadTarget{"LastYearEndsEarly",
                  kGood + "last_year = [[2025-03-31, 3], [2025-06-30, 9], [2025-11-30, 20]]\n",
                  "the last as of 2025-12-31"},
        BadTarget{"ChangesOverlap",
                  kGood + "[[target.change]]\nfrom = 2026-07-01\nreason = \"会议\"\ngoal = 36\n"
                          "[[target.change]]\nfrom = 2026-07-01\nreason = \"会议\"\ngoal = 40\n",
                  "overlaps the one before it, from 2026-07-01"},
        BadTarget{"ChangeOnTheFirstDay",
                  kGood + "[[target.change]]\nfrom = 2026-01-01\nreason = \"会议\"\ngoal = 36\n",
                  "expected a day after the start 2026-01-01"},
        BadTarget{"ChangeWithoutReason",
                  kGood + "[[target.change]]\nfrom = 2026-07-01\ngoal = 36\n",
                  "the key 'reason' is missing"},
        BadTarget{"ChangeOfAnUnknownKey",
                  kGood + "[[target.change]]\nfrom = 2026-07-01\nreason = \"会议\"\ngaol = 36\n",
                  "did you mean 'goal'?"},
        BadTarget{"ChangedPlanDoesNotEndAtOne",
                  kGood + "[[target.change]]\nfrom = 2026-07-01\nreason = \"会议\"\n"
                          "pace = \"plan\"\nplan = [[2026-12-31, 0.9]]\n",
                  "does not end at 1"},
        BadTarget{"ChangeDecidedBeforeTheProgramme",
                  kGood + "[[target.change]]\nfrom = 2026-07-01\nreason = \"会议\"\ngoal = 36\n"
                          "decided = 2025-12-20\n",
                  "was decided on 2025-12-20, before its programme '2026' began on 2026-01-01; "
                  "write what had been decided by then into the [[target]] itself"},
        BadTarget{"ChangesNotInTheOrderOfDecision",
                  kGood + "[[target.change]]\nfrom = 2026-07-01\ndecided = 2026-09-01\n"
                          "reason = \"会议\"\ngoal = 36\n"
                          "[[target.change]]\nfrom = 2026-08-01\nreason = \"会议\"\ngoal = 40\n",
                  "was decided on 2026-08-01, before the one above it, decided on 2026-09-01"},
        BadTarget{"ChangeAfterADeadlineThatStays",
                  kGood + "[[target.change]]\nfrom = 2027-01-05\nreason = \"会议\"\ngoal = 20\n",
                  "has its deadline 2026-12-31 before the day 2027-01-05 from which it counts; "
                  "write a later deadline with it"},
        BadTarget{"ChangeWithoutAReason",
                  kGood + "[[target.change]]\nfrom = 2026-07-01\ngoal = 36\n",
                  "the key 'reason' is missing"},
        BadTarget{"ChangeWithAnEmptyReason",
                  kGood + "[[target.change]]\nfrom = 2026-07-01\nreason = \"\"\ngoal = 36\n",
                  "'reason' in [[change]] is empty"},
        BadTarget{"GraceNegative", kGood + "grace_days = -1\n",
                  "expected an integer from 0 to 366"}),
    [](const auto& tested) { return std::string{tested.param.name}; });

TEST_F(CatalogueFileTest, PlansByQuarterAndMonthEndWithTheirPeriods) {
  const Target quarters =
      target_of(kGood + "pace = \"plan\"\nplan_by_quarter = [0.15, 0.40, 0.70, 1.0]\n");
  ASSERT_EQ(quarters.plan.size(), 4U);
  EXPECT_EQ(quarters.plan[0].date, date_of(2026, 3, 31));
  EXPECT_EQ(quarters.plan[2].share, 0.70);
  // From the middle of May to the middle of August: three month's ends and the deadline.
  const Target months = target_of(std::string{kSum} +
                                  "start = 2026-05-15\ndeadline = 2026-08-15\npace = \"plan\"\n"
                                  "plan_by_month = [0.1, 0.4, 0.9, 1]\n");
  ASSERT_EQ(months.plan.size(), 4U);
  EXPECT_EQ(months.plan[0].date, date_of(2026, 5, 31));
  EXPECT_EQ(months.plan[3].date, date_of(2026, 8, 15));
}

TEST_F(CatalogueFileTest, AChangeIsAWholeVersionWithItsDay) {
  const Target t = target_of(kGood +
                             "tolerance = { margin = 0.02 }\n"
                             "[[target.change]]\nfrom = 2026-07-01\nreason = \"会议\"\ngoal = 36\n"
                             "[[target.change]]\nfrom = 2026-09-01\nreason = \"再次会议\"\n"
                             "deadline = 2027-03-31\n");
  EXPECT_EQ(t.goal, 3e9);
  ASSERT_EQ(t.changes.size(), 2U);
  const Date on = date_of(2026, 12, 1);
  EXPECT_EQ(t.version_on(date_of(2026, 6, 30), on).goal, 3e9);
  EXPECT_EQ(t.version_on(date_of(2026, 7, 1), on).goal, 3.6e9);
  EXPECT_EQ(t.version_on(date_of(2026, 9, 1), on).goal, 3.6e9) << "on the version before";
  EXPECT_EQ(t.changes[0].decided, date_of(2026, 7, 1)) << "as from, where it is not said";
  EXPECT_EQ(t.last_deadline(), date_of(2027, 3, 31));
  EXPECT_EQ(t.changes[1].tolerance.margin, 0.02);
  EXPECT_EQ(t.changes[1].change_reason, "再次会议");
}

TEST_F(CatalogueFileTest, AnExtensionMayBeDecidedAfterTheDeadline) {
  const Target t = target_of(kGood +
                             "[[target.change]]\nfrom = 2026-12-31\ndecided = 2027-02-10\n"
                             "reason = \"会议\"\ndeadline = 2027-06-30\n"
                             "[[target.change]]\nfrom = 2027-07-05\nreason = \"再次会议\"\n"
                             "deadline = 2027-12-31\n");
  ASSERT_EQ(t.changes.size(), 2U);
  EXPECT_EQ(t.changes[0].decided, date_of(2027, 2, 10));
  EXPECT_EQ(t.deadline_on(date_of(2027, 2, 9)), date_of(2026, 12, 31));
  EXPECT_EQ(t.deadline_on(date_of(2027, 2, 10)), date_of(2027, 6, 30));
  EXPECT_EQ(t.deadline_on(date_of(2027, 7, 5)), date_of(2027, 12, 31));
}

TEST_F(CatalogueFileTest, DefaultsOfAFileHoldWhereATargetSaysNothing) {
  const std::string defaults =
      "[defaults]\ncadence = \"week\"\ngrace_days = 3\ndue_on_working_day = true\nweight = 2\n"
      "tolerance = { margin = 0 }\n";
  auto loaded = load_catalogue({write("c.toml", defaults + std::string{kHead} + target(kGood))});
  ASSERT_TRUE(loaded);
  const Target& t = loaded->catalogue[0];
  EXPECT_EQ(t.cadence, Cadence::week);
  EXPECT_EQ(t.grace_days, 3);
  EXPECT_TRUE(t.due_on_working_day);
  EXPECT_EQ(t.weight, 2);
  EXPECT_EQ(t.tolerance.margin, 0);
}

TEST_F(CatalogueFileTest, LastYearBecomesSharesOfItsTotal) {
  const Target t =
      target_of(kGood + "last_year = [[2025-06-30, 10], [2025-09-30, 16], [2025-12-31, 20]]\n");
  ASSERT_EQ(t.last_year.size(), 3U);
  EXPECT_EQ(t.last_year[0].share, 0.5);
  EXPECT_EQ(t.last_year[2].share, 1.0);
}

TEST_F(CatalogueFileTest, LastYearMayBeTwoOrThreeYearsEachWithItsOwnTotal) {
  const Target t = target_of(kGood +
                             "last_year = [[2023-06-30, 1], [2023-09-30, 2], [2023-12-31, 4],\n"
                             "[2025-06-30, 10], [2025-09-30, 16], [2025-12-31, 20]]\n");
  ASSERT_EQ(t.last_year.size(), 6U);
  EXPECT_EQ(t.last_year[0].share, 0.25);
  EXPECT_EQ(t.last_year[2].share, 1.0);
  EXPECT_EQ(t.last_year[3].share, 0.5);
  EXPECT_EQ(shapes_of_last_years(t).size(), 2U);
}

TEST_F(CatalogueFileTest, TheKeptTextsMakeTheSameCatalogue) {
  const auto file = write("c.toml", std::string{kHead} + target(kGood));
  const auto holidays = write("2026.toml", kHolidays);
  auto loaded = load_catalogue({file}, {holidays});
  ASSERT_TRUE(loaded);
  const CatalogueSources sources = loaded->sources;
  ASSERT_EQ(sources.size(), 2U);
  EXPECT_EQ(sources[1].role, CatalogueSource::Role::holidays);
  auto again = parse_catalogue(sources);
  ASSERT_TRUE(again);
  const Catalogue& catalogue = again->catalogue;
  EXPECT_EQ(catalogue[0].goal, 3e9);
  EXPECT_FALSE(catalogue.working_days().is_working_day(date_of(2026, 10, 1)));
  EXPECT_TRUE(catalogue.working_days().is_working_day(date_of(2026, 10, 10)));
}

TEST_F(CatalogueFileTest, HolidaysOfTheDistrictLoad) {
  auto loaded = load_catalogue(
      {write("c.toml", std::string{kHead} + target(kGood))},
      {PROJECT_ROOT "/config/holidays/2025.toml", PROJECT_ROOT "/config/holidays/2026.toml"});
  ASSERT_TRUE(loaded);
  const WorkingDays& days = loaded->catalogue.working_days();
  EXPECT_TRUE(days.knows(2026));
  EXPECT_EQ(days.on_or_after(date_of(2026, 2, 15)), date_of(2026, 2, 24));
}

TEST_F(CatalogueFileTest, ASecondFileForAYearIsRefused) {
  auto loaded = load_catalogue({write("c.toml", std::string{kHead} + target(kGood))},
                               {write("a.toml", kHolidays), write("b.toml", kHolidays)});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(to_string(loaded.error().front()),
              HasSubstr("b.toml:1:1: is a second holidays file for 2026"));
}

struct BadHolidays {
  std::string_view name;
  std::string_view text;
  std::string_view message;
};

void PrintTo(const BadHolidays& holidays, std::ostream* out) { *out << holidays.name; }

class BadHolidaysTest : public FilesTest, public testing::WithParamInterface<BadHolidays> {};

TEST_P(BadHolidaysTest, AreRefusedAtTheirPlace) {
  auto loaded = load_catalogue({write("c.toml", std::string{kHead} + target(kGood))},
                               {write("holidays.toml", GetParam().text)});
  ASSERT_FALSE(loaded);
  const Finding& finding = loaded.error().front();
  EXPECT_THAT(finding.message, HasSubstr(std::string{GetParam().message}));
  EXPECT_THAT(finding.file, testing::EndsWith("holidays.toml"));
  EXPECT_GT(finding.line, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    , BadHolidaysTest,
    testing::Values(
        BadHolidays{"ImpossibleDate",
                    "year = 2026\nsource = \"s\"\n[[holiday]]\nname = \"n\"\nfrom = 2026-02-30\n",
                    "is not valid TOML"},
        BadHolidays{"AnotherYear",
                    "year = 2026\nsource = \"s\"\n[[holiday]]\nname = \"n\"\nfrom = 2025-10-01\n",
                    "expected days of 2026"},
        BadHolidays{"EndsBeforeItBegins",
                    "year = 2026\nsource = \"s\"\n[[holiday]]\nname = \"n\"\nfrom = 2026-10-07\n"
                    "to = 2026-10-01\n",
                    "before it begins on 2026-10-07"},
        BadHolidays{"AWeekdayWorkedInstead",
                    "year = 2026\nsource = \"s\"\n[[holiday]]\nname = \"n\"\nfrom = 2026-10-01\n"
                    "working_days = [2026-10-12]\n",
                    "is no Saturday or Sunday"},
        BadHolidays{"OffAndWorked",
                    "year = 2026\nsource = \"s\"\n[[holiday]]\nname = \"n\"\nfrom = 2026-10-01\n"
                    "to = 2026-10-04\nworking_days = [2026-10-04]\n",
                    "both a day off and a working day"},
        BadHolidays{"TwiceOff",
                    "year = 2026\nsource = \"s\"\n[[holiday]]\nname = \"a\"\nfrom = 2026-10-01\n"
                    "[[holiday]]\nname = \"b\"\nfrom = 2026-10-01\n",
                    "is a day off by two holidays"},
        BadHolidays{"NoSource", "year = 2026\n[[holiday]]\nname = \"n\"\nfrom = 2026-10-01\n",
                    "the key 'source' is missing"}),
    [](const auto& tested) { return std::string{tested.param.name}; });

TEST_F(CatalogueFileTest, TwoTargetsWithOneIdNameBothPlaces) {
  const auto findings = findings_of(std::string{kHead} + target(kGood) + target(kGood));
  ASSERT_FALSE(findings.empty());
  EXPECT_THAT(findings[0].message,
              HasSubstr("two targets have the id 'culture-tourism.investment'"));
  EXPECT_THAT(findings[0].message, HasSubstr("c.toml:12:"));
}

TEST_F(CatalogueFileTest, TargetOfNoDepartmentIsRefused) {
  const auto findings = findings_of(
      std::string{kHead} +
      "[[target]]\nid = \"sports.x\"\nname = \"n\"\nsection = \"s\"\nquote = \"q\"\n" + kGood);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].message, HasSubstr("which no [[department]] names"));
}

TEST_F(CatalogueFileTest, EveryFindingIsReportedAtOnce) {
  EXPECT_EQ(findings_of_target("kind = \"sum\"\ngoal = \"x\"\nstart = 3\nfoo = 1\n").size(), 5U);
}

TEST_F(CatalogueFileTest, BrokenTomlIsPlaced) {
  const auto findings = findings_of("[report\nid = 3");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].line, 1U);
  EXPECT_THAT(findings[0].message, HasSubstr("is not valid TOML"));
}

TEST_F(CatalogueFileTest, MissingFileAndEmptyFileAreFindings) {
  EXPECT_THAT(load_catalogue({folder_ / "none.toml"}).error()[0].message,
              HasSubstr("cannot be read: No such file"));
  EXPECT_FALSE(findings_of("").empty());
}

TEST_F(CatalogueFileTest, CatalogueOfTheDistrictLoads) {
  const auto loaded =
      load_catalogue({std::filesystem::path{PROJECT_ROOT} / "config/targets/2026-dagan.toml"});
  if (!loaded) {
    FAIL() << to_string(loaded.error().front());
  }
  const Catalogue& catalogue = loaded->catalogue;
  EXPECT_EQ(catalogue.departments().size(), 11U);
  EXPECT_TRUE(catalogue.find_id("culture-tourism.investment").has_value());
}

constexpr std::string_view kGood2027 =
    "kind = \"cumulative\"\ngoal = 30\nunit = \"亿元\"\n"
    "start = 2027-01-01\ndeadline = 2027-12-31\n";

TEST_F(CatalogueFileTest, TheSameIdsAndNamesMayStandInTheFilesOfTwoProgrammes) {
  const auto loaded = load_catalogue({write("a.toml", std::string{kHead} + target(kGood)),
                                      write("b.toml", std::string{kHead} + target(kGood2027))});
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  ASSERT_EQ(loaded->catalogue.targets().size(), 2U);
  EXPECT_EQ(loaded->catalogue[0].key, "2026/culture-tourism.investment");
  EXPECT_EQ(loaded->catalogue[1].key, "2027/culture-tourism.investment");
  EXPECT_EQ(loaded->programmes.size(), 2U);
}

TEST_F(CatalogueFileTest, NotInTwoFilesOfOneProgramme) {
  const std::string text = std::string{kHead} + target(kGood);
  const auto loaded = load_catalogue({write("a.toml", text), write("b.toml", text)});
  ASSERT_FALSE(loaded);
  ASSERT_EQ(loaded.error().size(), 2U);
  EXPECT_THAT(loaded.error()[0].file, HasSubstr("b.toml"));
  EXPECT_EQ(loaded.error()[0].line, 12U);
  EXPECT_THAT(loaded.error()[0].message, HasSubstr("a.toml:12:"));
  EXPECT_THAT(loaded.error()[1].message, HasSubstr("are called '文旅投资'"));
}

}  // namespace
}  // namespace districtd
