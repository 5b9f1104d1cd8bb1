#include "daemon/config/report_text.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "tests/unit/fixture/files_test.h"

namespace districtd {
namespace {

using testing::HasSubstr;

class ReportTextTest : public FilesTest {
 protected:
  LoadedCatalogue catalogue(std::string_view quote, std::string_view section = "区文旅局") {
    const std::string text = R"([report]
id = "r"
publisher = "p"
published = 2026-03-06
title = "大干2026"
[[department]]
id = "culture-tourism"
name = "区文旅局"
[[department]]
id = "audit"
name = "区审计局"
[[target]]
id = "culture-tourism.investment"
name = "文旅投资"
kind = "cumulative"
goal = 30
start = 2026-01-01
deadline = 2026-12-31
section = ")" + std::string{section} +
                             "\"\nquote = \"" + std::string{quote} + "\"\n";
    return *load_catalogue({write("c.toml", text)});
  }
  static constexpr std::string_view kText =
      "大干2026\n区文旅局\n完成文旅投资30亿元以上,优化格局。\n区审计局 \r\n敢审敢严。\n";
};

TEST_F(ReportTextTest, QuoteInItsSectionIsProved) {
  const auto proof = prove(catalogue("完成文旅投资30亿元以上"), kText, "r.txt");
  EXPECT_EQ(proof.proved, 1U);
  EXPECT_TRUE(proof.findings.empty());
}

TEST_F(ReportTextTest, QuoteOfAnotherSectionIsAFindingAtTheQuote) {
  const auto proof = prove(catalogue("敢审敢严"), kText, "r.txt");
  ASSERT_EQ(proof.findings.size(), 1U);
  EXPECT_THAT(proof.findings[0].message, HasSubstr("stands in the section '区审计局'"));
  EXPECT_EQ(proof.findings[0].line, 20U);
}

TEST_F(ReportTextTest, ChangedQuoteIsAFinding) {
  const auto proof = prove(catalogue("完成文旅投资35亿元以上"), kText, "r.txt");
  ASSERT_EQ(proof.findings.size(), 1U);
  EXPECT_THAT(proof.findings[0].message, HasSubstr("does not stand in the report"));
}

TEST_F(ReportTextTest, UnknownSectionIsAFinding) {
  const auto proof = prove(catalogue("完成", "区体育局"), kText, "r.txt");
  ASSERT_EQ(proof.findings.size(), 1U);
  EXPECT_THAT(proof.findings[0].message, HasSubstr("has no section '区体育局'"));
}

TEST_F(ReportTextTest, AnotherReportIsAFinding) {
  const auto proof = prove(catalogue("完成文旅投资30亿元以上"), "别的报道\n", "r.txt");
  ASSERT_FALSE(proof.findings.empty());
  EXPECT_THAT(proof.findings[0].message, HasSubstr("is another report"));
}

TEST_F(ReportTextTest, EveryQuoteOfTheDistrictStandsInTheReport) {
  const std::filesystem::path root{PROJECT_ROOT};
  const auto report = root.parent_path() / "shared/report/2026-03-06-jinri-jindong.txt";
  if (!std::filesystem::exists(report)) GTEST_SKIP() << "the source report is not on this machine";
  std::ifstream in(report, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto loaded = load_catalogue({root / "config/targets/2026-dagan.toml"});
  const auto& catalogue = *loaded;
  const auto proof = prove(catalogue, text, report);
  for (const Finding& finding : proof.findings) ADD_FAILURE() << to_string(finding);
  EXPECT_EQ(proof.proved, catalogue.catalogue.targets().size());
}

}  // namespace
}  // namespace districtd
