#include "daemon/extract/drafts/comparison.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "tests/unit/extract/rules_fixture.h"
#include "tests/unit/fixture/catalogue_text.h"

namespace districtd::extract {
namespace {

constexpr std::string_view kCatalogue = R"([report]
id = "r"
publisher = "p"
published = 2026-03-06
title = "大会"
[[department]]
id = "culture"
name = "区文旅局"
[[target]]
id = "culture.investment"
name = "文旅投资"
kind = "cumulative"
goal = 25
unit = "亿元"
start = 2026-01-01
deadline = 2026-12-31
section = "区文旅局"
quote = "完成文旅投资30亿元以上"
[[target]]
id = "culture.museum"
name = "新博物馆"
kind = "milestone"
start = 2026-01-01
deadline = 2026-12-31
section = "区文旅局"
quote = "建成新博物馆"
)";

TEST(ComparisonTest, WhatIsMissingUnsaidAndDifferent) {
  const std::string report = "大会\n区文旅局\n完成文旅投资30亿元以上,新增民宿50家。\n";
  const auto loaded = parsed_catalogue(std::string{kCatalogue});
  const auto drafts = drafts_of(report);
  const Comparison result = compare(loaded.catalogue, drafts, report);
  EXPECT_EQ(result.matched, 1U);
  ASSERT_EQ(result.missing.size(), 1U);
  EXPECT_EQ(drafts[result.missing[0]].name, "新增民宿");
  ASSERT_EQ(result.unsaid.size(), 1U);
  EXPECT_EQ(loaded.catalogue[result.unsaid[0]].id, "culture.museum");
  ASSERT_EQ(result.different.size(), 1U);
  EXPECT_EQ(result.different[0].field, "goal");
  EXPECT_EQ(result.different[0].catalogue, "25亿元");
  EXPECT_EQ(result.different[0].report, "30亿元");
}

TEST(ComparisonTest, TheSameAmountInAnotherUnitIsNoDifference) {
  std::string text{kCatalogue};
  text.replace(text.find("goal = 25\nunit = \"亿元\""),
               std::string_view("goal = 25\nunit = \"亿元\"").size(),
               "goal = 300000\nunit = \"万元\"");
  const std::string report = "大会\n区文旅局\n完成文旅投资30亿元以上。\n";
  const auto loaded = parsed_catalogue(text);
  EXPECT_TRUE(compare(loaded.catalogue, drafts_of(report), report).different.empty());
}

// The catalogue that was made by hand, against its report: everything found, no trap taken.
TEST(ComparisonTest, TheReportOfTheDistrictGivesItsCatalogue) {
  const std::filesystem::path file =
      std::filesystem::path(PROJECT_ROOT) / "../shared/report/2026-03-06-jinri-jindong.txt";
  std::ifstream in(file, std::ios::binary);
  if (!in) GTEST_SKIP() << "the source report is not on this machine";
  const std::string report{std::istreambuf_iterator<char>{in}, {}};
  auto loaded =
      load_catalogue({std::filesystem::path(PROJECT_ROOT) / "config/targets/2026-dagan.toml"});
  ASSERT_TRUE(loaded);
  const Catalogue& catalogue = loaded->catalogue;
  const auto drafts = drafts_of(report, planned_year(report));
  const Comparison result = compare(catalogue, drafts, report);
  EXPECT_EQ(result.matched, catalogue.targets().size());
  for (const auto d : result.missing) ADD_FAILURE() << "no target: " << drafts[d].quote;
  for (const auto t : result.unsaid) ADD_FAILURE() << "unsaid: " << catalogue[t].id;
  for (const auto t : result.unrecognised) ADD_FAILURE() << "not found: " << catalogue[t].id;
  for (const auto& d : result.different) {
    ADD_FAILURE() << catalogue[d.target].id << " " << d.field << ": " << d.report;
  }
}

}  // namespace
}  // namespace districtd::extract
