#include "daemon/config/catalogue_file.h"

#include <gmock/gmock.h>

#include "tests/unit/config/files.h"

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

class CatalogueFileTest : public FilesTest {
 protected:
  Findings findings_of(std::string_view text) {
    auto loaded = load_catalogue({write("c.toml", text)});
    return std::holds_alternative<Findings>(loaded) ? std::get<Findings>(loaded) : Findings{};
  }
  Findings findings_of_target(std::string_view lines) {
    return findings_of(std::string{kHead} + target(lines));
  }
  Target target_of(std::string_view lines) {
    auto loaded = load_catalogue({write("c.toml", std::string{kHead} + target(lines))});
    if (auto* const findings = std::get_if<Findings>(&loaded)) {
      ADD_FAILURE() << to_string(findings->front());
      return {};
    }
    return std::get<LoadedCatalogue>(loaded).catalogue[0];
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
                  "unknown key 'atrisk' in [tolerance]"},
        BadTarget{"UnitIsNone",
                  "kind = \"cumulative\"\ngoal = 3\nunit = \"3 元\"\n" + std::string{kDates},
                  "unit '3 元' is none"},
        BadTarget{"GraceNegative", kGood + "grace_days = -1\n",
                  "expected an integer from 0 to 366"}),
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
  EXPECT_THAT(std::get<Findings>(load_catalogue({folder_ / "none.toml"}))[0].message,
              HasSubstr("cannot be read: No such file"));
  EXPECT_FALSE(findings_of("").empty());
}

TEST_F(CatalogueFileTest, CatalogueOfTheDistrictLoads) {
  const auto loaded =
      load_catalogue({std::filesystem::path{PROJECT_ROOT} / "config/targets/2026-dagan.toml"});
  if (const auto* const findings = std::get_if<Findings>(&loaded)) {
    FAIL() << to_string(findings->front());
  }
  const Catalogue& catalogue = std::get<LoadedCatalogue>(loaded).catalogue;
  EXPECT_EQ(catalogue.departments().size(), 11U);
  EXPECT_TRUE(catalogue.find_id("culture-tourism.investment").has_value());
}

}  // namespace
}  // namespace districtd
