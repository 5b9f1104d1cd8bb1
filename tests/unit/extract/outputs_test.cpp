// The drafts as a catalogue: what is written is read back, and proved.
#include "daemon/extract/drafts/outputs.h"

#include <gmock/gmock.h>

#include <sstream>
#include <boost/json.hpp>

#include "daemon/config/catalogue_file.h"
#include "daemon/config/report_text.h"
#include "tests/unit/extract/rules_fixture.h"

namespace districtd::extract {
namespace {

using testing::HasSubstr;

std::string toml_of(std::string_view text, int year = 2026) {
  std::ostringstream out;
  TomlOutput toml(out, built_in());
  toml.begin(read_head(text, "2026-03-06-报告.txt", year));
  ReportSummary summary;
  for (const Draft& draft : extract(text, built_in(), year, &summary)) toml.add(draft);
  toml.finish(summary.drafts);
  return out.str();
}

void expect_proved(std::string_view text, std::size_t targets) {
  const std::string toml = toml_of(text);
  const auto loaded = parse_catalogue({{CatalogueSource::Role::targets, "draft.toml", toml}});
  if (!loaded) {
    FAIL() << to_string(loaded.error().front()) << "\n" << toml;
  }
  const auto& catalogue = *loaded;
  EXPECT_EQ(catalogue.catalogue.targets().size(), targets);
  const ReportProof proof = prove(catalogue, text, "report.txt");
  EXPECT_EQ(proof.proved, targets);
  for (const Finding& finding : proof.findings) ADD_FAILURE() << to_string(finding);
}

TEST(OutputsTest, ADraftIsACatalogueWhoseQuotesAreProved) {
  expect_proved(
      "全区大会\n区文旅局\n完成文旅投资30亿元以上,创成AAAA级旅游景区。\n区教育局:新增学位3200个,"
      "入园率达95%左右。\n",
      4);
}

TEST(OutputsTest, WithoutAnyHeadingTheWholeReportIsTheSection) {
  expect_proved("2026年,完成投资30亿元以上,新增企业5家。", 2);
}

TEST(OutputsTest, HeadingsThatOccurTwiceAreNoTrouble) {
  expect_proved(
      "大会\n区文旅局\n完成投资30亿元。\n区教育局\n新增学位300个。\n区文旅局\n新增民宿50家。\n", 3);
}

TEST(OutputsTest, StepsAreNodesAndWhoSupportsIsNamed) {
  const std::string report =
      "大会\n区水务局\n引水工程3月底前完成征地,6月底前管线贯通,12月底前通水。(牵头单位:区水务局;"
      "配合单位:区财政局、区自然资源局)\n";
  expect_proved(report, 1);
  const auto loaded =
      parse_catalogue({{CatalogueSource::Role::targets, "draft.toml", toml_of(report)}});
  ASSERT_TRUE(loaded);
  const Target& target = loaded->catalogue[0];
  EXPECT_EQ(target.pace, Pace::nodes);
  ASSERT_EQ(target.nodes.size(), 3U);
  EXPECT_EQ(target.nodes[1].name, "6月底前管线贯通");
  EXPECT_EQ(to_string(target.nodes[1].due), "2026-06-30");
  EXPECT_EQ(target.nodes[1].share, 0.66);
  EXPECT_EQ(target.nodes[2].share, 1);
  ASSERT_EQ(target.with.size(), 2U);
  EXPECT_EQ(loaded->catalogue.departments()[target.with[0]].name, "区财政局");
  EXPECT_THAT(toml_of(report), HasSubstr("按节点均分,请核对"));
}

TEST(OutputsTest, EqualNamesAreToldApart) {
  expect_proved("大会\n区文旅局\n新增民宿50家。下半年,新增民宿20家。\n", 2);
}

TEST(OutputsTest, QuotesWithQuotationMarksAndTabsAreEscaped) {
  expect_proved("大会\n区文旅局\n打造\"最美\"民宿50家、景区\\酒店2家。\n", 2);
}

TEST(OutputsTest, DoubtfulDraftsAreMarkedWithReasons) {
  const std::string toml = toml_of("大会\n区卫健局\n深入实施“百名大学生村医”培养计划。\n");
  EXPECT_THAT(toml, HasSubstr("请核对:"));
  EXPECT_THAT(toml, HasSubstr("数在名称里"));
  EXPECT_THAT(toml, HasSubstr("published = 2026-03-06"));
  EXPECT_THAT(toml, HasSubstr("id = \"health.t001\""));
}

TEST(OutputsTest, AboutIsATolerance) {
  EXPECT_THAT(toml_of("大会\n区发改局\n地区生产总值增长6%左右。\n"),
              HasSubstr("tolerance = { at_risk = 0.005, behind = 0.05 }"));
}

TEST(OutputsTest, JsonHasTheUnitAsWritten) {
  std::ostringstream out;
  JsonOutput json(out);
  for (const Draft& draft : drafts_of("区卫健局\n建档3.2万个,建档率达95%以上。\n")) json.add(draft);
  json.finish();
  const auto value = boost::json::parse(out.str());
  const auto& first = value.as_array().at(0).as_object();
  EXPECT_EQ(first.at("goal").as_double(), 3.2);
  EXPECT_EQ(first.at("unit").as_string(), "万个");
  EXPECT_EQ(value.as_array().at(1).as_object().at("goal").as_int64(), 95);
  for (const char* key : {"department", "name", "kind", "goal", "goal_upper", "unit", "direction",
                          "deadline", "commitment", "quote", "offset", "confidence"}) {
    EXPECT_TRUE(first.contains(key)) << key;
  }
  EXPECT_TRUE(first.at("goal_upper").is_null());
}

TEST(OutputsTest, NoDraftsAreAnEmptyArray) {
  std::ostringstream out;
  JsonOutput json(out);
  json.finish();
  EXPECT_TRUE(boost::json::parse(out.str()).as_array().empty());
}

}  // namespace
}  // namespace districtd::extract
