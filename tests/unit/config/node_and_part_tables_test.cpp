// [[target.node]], people, parts: what is read, and what is refused at which place.
#include <gmock/gmock.h>

#include "daemon/config/catalogue_file.h"
#include "tests/unit/fixture/files_test.h"

namespace districtd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kHead = R"([report]
id = "r"
publisher = "p"
published = 2026-03-06
title = "t"

[[department]]
id = "culture-tourism"
name = "区文旅局"
[[department]]
id = "finance"
name = "区财政局"
)";

// In order from line 13 on: id and name, then the lines.
std::string target(std::string_view name, std::string_view lines) {
  return "[[target]]\nid = \"culture-tourism." + std::string{name} + "\"\nname = \"" +
         std::string{name} + "\"\nsection = \"区文旅局\"\nquote = \"引文\"\n" +
         "start = 2026-01-01\ndeadline = 2026-12-31\n" + std::string{lines};
}

constexpr std::string_view kMilestone = "kind = \"milestone\"\n";
constexpr std::string_view kSum = "kind = \"cumulative\"\ngoal = 30\nunit = \"亿元\"\n";

std::string node(std::string_view name, std::string_view due, std::string_view share) {
  return "[[target.node]]\nname = \"" + std::string{name} + "\"\ndue = " + std::string{due} +
         "\nshare = " + std::string{share} + "\n";
}

class NodeAndPartTablesTest : public FilesTest {
 protected:
  Result<LoadedCatalogue, Findings> load(std::string_view targets) {
    return load_catalogue({write("c.toml", std::string{kHead} + std::string{targets})});
  }
  Finding finding_of(std::string_view targets) {
    auto loaded = load(targets);
    if (loaded) {
      ADD_FAILURE() << "it is taken:\n" << targets;
      return {};
    }
    EXPECT_EQ(loaded.error().size(), 1U) << to_string(loaded.error().back());
    return loaded.error().front();
  }
};

TEST_F(NodeAndPartTablesTest, NodesMakeThePace) {
  auto loaded =
      load(target("centre", std::string{kMilestone} + node("主体结顶", "2026-06-30", "0.5") +
                                node("竣工", "2026-12-31", "1")));
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const Target& t = loaded->catalogue[0];
  EXPECT_EQ(t.pace, Pace::nodes);
  ASSERT_EQ(t.nodes.size(), 2U);
  EXPECT_EQ(t.nodes[0].name, "主体结顶");
  EXPECT_EQ(t.nodes[0].due, date_of(2026, 6, 30));
  EXPECT_EQ(t.nodes[0].share, 0.5);
}

TEST_F(NodeAndPartTablesTest, AChangeBringsTheWholeList) {
  auto loaded =
      load(target("centre", std::string{kMilestone} + node("结顶", "2026-06-30", "0.5") +
                                node("竣工", "2026-12-31", "1") +
                                "[[target.change]]\nfrom = 2026-05-01\nreason = \"会议\"\n"
                                "deadline = 2027-03-31\nleader = \"李四\"\nwith = [\"finance\"]\n"
                                "[[target.change.node]]\nname = \"竣工\"\ndue = 2027-03-31\n"
                                "share = 1.0\n"));
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const Target& later = loaded->catalogue[0].changes.at(0);
  ASSERT_EQ(later.nodes.size(), 1U);
  EXPECT_EQ(later.nodes[0].due, date_of(2027, 3, 31));
  EXPECT_EQ(later.leader, "李四");
  EXPECT_THAT(later.with, ElementsAre(1));
  EXPECT_TRUE(loaded->catalogue[0].with.empty());
}

struct BadNodes {
  std::string_view name;
  std::string lines;
  std::uint32_t line;  // of the file; the target begins in line 13, its own lines in 20
  std::uint32_t column;
  std::string_view message;
};
void PrintTo(const BadNodes& one, std::ostream* out) { *out << one.name; }

class BadNodesTest : public NodeAndPartTablesTest, public testing::WithParamInterface<BadNodes> {};

TEST_P(BadNodesTest, AreRefusedAtTheirPlace) {
  const Finding finding = finding_of(target("centre", GetParam().lines));
  EXPECT_THAT(finding.message, HasSubstr(GetParam().message));
  EXPECT_THAT(finding.message, HasSubstr("expected"));
  EXPECT_EQ(finding.line, GetParam().line);
  EXPECT_EQ(finding.column, GetParam().column);
}

const std::string kM{kMilestone};
INSTANTIATE_TEST_SUITE_P(
    Faults, BadNodesTest,
    testing::Values(
        BadNodes{"AfterTheDeadline",
                 kM + node("a", "2026-06-30", "0.5") + node("b", "2027-01-31", "1"), 27, 7,
                 "after the deadline 2026-12-31"},
        BadNodes{"BeforeTheStart",
                 kM + node("a", "2025-06-30", "0.5") + node("b", "2026-12-31", "1"), 23, 7,
                 "before the start 2026-01-01"},
        BadNodes{"SharesFall",
                 kM + node("a", "2026-03-31", "0.5") + node("b", "2026-06-30", "0.4") +
                     node("c", "2026-12-31", "1"),
                 28, 9, "expected more than 0.5"},
        BadNodes{"SharesStand",
                 kM + node("a", "2026-03-31", "0.5") + node("b", "2026-06-30", "0.5") +
                     node("c", "2026-12-31", "1"),
                 28, 9, "expected more than 0.5"},
        BadNodes{"ShareAboveOne",
                 kM + node("a", "2026-06-30", "0.5") + node("b", "2026-12-31", "100"), 28, 9,
                 "at most 1"},
        BadNodes{"DaysFall",
                 kM + node("a", "2026-06-30", "0.3") + node("b", "2026-03-31", "0.5") +
                     node("c", "2026-12-31", "1"),
                 27, 7, "not after 'a' on 2026-06-30"},
        BadNodes{"LastIsNotOne",
                 kM + node("a", "2026-06-30", "0.5") + node("b", "2026-12-31", "0.9"), 28, 9,
                 "expected share = 1 and due = 2026-12-31"},
        BadNodes{"LastIsNotAtTheDeadline", kM + node("a", "2026-06-30", "0.5"), 23, 7,
                 "due = 2026-12-31, the deadline"},
        BadNodes{"NoMilestone", std::string{kSum} + node("a", "2026-12-31", "1"), 25, 7,
                 "only a milestone has nodes"},
        BadNodes{"AnotherPace", kM + "pace = \"monthly\"\n" + node("a", "2026-12-31", "1"), 21, 8,
                 "its pace is 'monthly'"},
        BadNodes{"NodesWithoutAny", kM + "pace = \"nodes\"\n", 21, 8, "no [[target.node]]"},
        BadNodes{"ALongName", kM + node(std::string(201, 'x'), "2026-12-31", "1"), 22, 8,
                 "expected at most 200 bytes"},
        BadNodes{"UnknownDepartment", kM + "with = [\"water\"]\n", 21, 8,
                 "names 'water', which no [[department]] names"},
        BadNodes{"ItsOwnDepartment", kM + "with = [\"culture-tourism\"]\n", 21, 8,
                 "its own department"},
        BadNodes{"ADepartmentTwice", kM + "with = [\"finance\", \"finance\"]\n", 21, 8, "twice"},
        BadNodes{"ALongLeader", kM + "leader = \"" + std::string(201, 'x') + "\"\n", 21, 10,
                 "at most 200 bytes"},
        BadNodes{"ADefinitionOfLines", kM + "definition = \"一\\n二\"\n", 21, 14, "in one line"},
        BadNodes{"ACommonWithBlanks", kM + "common = \"culture investment\"\n", 21, 10,
                 "at most 64 of [a-z0-9.-]"}),
    [](const auto& tested) { return std::string{tested.param.name}; });

TEST_F(NodeAndPartTablesTest, PeopleAndDefinitionAreRead) {
  auto loaded = load(target("investment", std::string{kSum} +
                                              "with = [\"finance\"]\nleader = \"张三\"\n"
                                              "owner = \"李四\"\ndefinition = \"含在建项目\"\n"
                                              "common = \"culture-investment\"\n"));
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const Target& t = loaded->catalogue[0];
  EXPECT_THAT(t.with, ElementsAre(1));
  EXPECT_EQ(t.leader, "张三");
  EXPECT_EQ(t.owner, "李四");
  EXPECT_EQ(t.definition, "含在建项目");
  EXPECT_EQ(t.common, "culture-investment");
}

std::string part(std::string_view name, std::string_view parent, std::string_view lines = kSum) {
  return target(name,
                std::string{lines} + "parent = \"culture-tourism." + std::string{parent} + "\"\n");
}

TEST_F(NodeAndPartTablesTest, PartsMayStandBeforeTheirParent) {
  auto loaded =
      load(part("north", "all") + target("all", std::string{kSum} + "sum_of_parts = true\n"));
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  EXPECT_THAT(loaded->catalogue.parts_of(1), ElementsAre(0));
}

struct BadParts {
  std::string_view name;
  std::string targets;
  std::uint32_t line;
  std::string_view message;
};
void PrintTo(const BadParts& one, std::ostream* out) { *out << one.name; }

class BadPartsTest : public NodeAndPartTablesTest, public testing::WithParamInterface<BadParts> {};

TEST_P(BadPartsTest, AreRefusedAtTheirPlace) {
  auto loaded = load(GetParam().targets);
  ASSERT_FALSE(loaded);
  const Finding& finding = loaded.error().front();
  EXPECT_THAT(finding.message, HasSubstr(GetParam().message));
  EXPECT_THAT(finding.message, HasSubstr("expected"));
  EXPECT_EQ(finding.line, GetParam().line);
  EXPECT_GT(finding.column, 1U);
}

const std::string kAll = target("all", std::string{kSum} + "sum_of_parts = true\n");  // 11 lines
INSTANTIATE_TEST_SUITE_P(
    Faults, BadPartsTest,
    testing::Values(
        BadParts{"UnknownParent", part("north", "none"), 23, "which no [[target]] has as its id"},
        BadParts{"Itself", part("north", "north"), 23, "itself"},
        BadParts{"Circle", part("a", "b") + part("b", "a"), 23, "a circle"},
        BadParts{"APartOfAPart", kAll + part("b", "all") + part("c", "b"), 45,
                 "which is a part of 'culture-tourism.all'"},
        BadParts{"AnotherUnit",
                 kAll + part("b", "all", "kind = \"cumulative\"\ngoal = 3\nunit = \"个\"\n"), 33,
                 "unit = \"亿元\""},
        BadParts{"AnotherKind",
                 kAll + part("b", "all", "kind = \"level\"\ngoal = 3\nunit = \"亿元\"\n"), 31,
                 "kind = \"cumulative\""},
        BadParts{"NoParts", kAll, 23, "has none"},
        BadParts{"ASumOfALevel",
                 target("all", "kind = \"level\"\ngoal = 3\nunit = \"%\"\nsum_of_parts = true\n"),
                 23, "which does not add up"},
        BadParts{"ASumThatIsAPart",
                 kAll + target("b", std::string{kSum} +
                                        "parent = \"culture-tourism.all\"\nsum_of_parts = true\n"),
                 35, "parts are one level deep"},
        BadParts{"AnEmptyParent", target("b", std::string{kSum} + "parent = \"\"\n"), 23,
                 "is empty"}),
    [](const auto& tested) { return std::string{tested.param.name}; });

TEST_F(NodeAndPartTablesTest, AParentOfAnotherProgrammeIsNamed) {
  const auto other = write("b.toml", R"([report]
id = "s"
publisher = "p"
published = 2025-03-06
title = "t"
programme = "2025"
period = [2025-01-01, 2025-12-31]
[[department]]
id = "culture-tourism"
name = "区文旅局"
[[target]]
id = "culture-tourism.old"
name = "旧"
section = "区文旅局"
quote = "引文"
kind = "cumulative"
goal = 30
unit = "亿元"
start = 2025-01-01
deadline = 2025-12-31
)");
  auto loaded = load_catalogue({write("c.toml", std::string{kHead} + part("north", "old")), other});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().front().message, HasSubstr("of the programme 2025"));
  EXPECT_EQ(loaded.error().front().line, 23U);
}

TEST_F(NodeAndPartTablesTest, LastYearsTotalMakesAmountsOfItsShares) {
  const std::string values = "last_year = [[2025-06-30, 10], [2025-09-30, 16], [2025-12-31, 20]]\n";
  auto loaded = load(target("a", std::string{kSum} + values + "last_year_total = 20\n"));
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  EXPECT_EQ(loaded->catalogue[0].last_year_total, 20e8);
  EXPECT_THAT(
      finding_of(target("a", std::string{kSum} + values + "last_year_total = 21\n")).message,
      HasSubstr("is not the last value"));
  EXPECT_THAT(finding_of(target("a", std::string{kSum} + "last_year_total = 21\n")).message,
              HasSubstr("beside 'last_year'"));
}

}  // namespace
}  // namespace districtd
