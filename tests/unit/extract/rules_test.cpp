// The rule files: what a maintainer may write, and where a mistake is found.
#include "daemon/extract/rules/rules.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/unit/extract/rules_fixture.h"
#include "tests/unit/fixture/files_test.h"

namespace districtd::extract {
namespace {

using testing::HasSubstr;

class RulesTest : public FilesTest {
 protected:
  // The built-in files in a folder, one of them changed.
  Result<Rules, Findings> with(std::string_view name, std::string_view from, std::string_view to) {
    for (const RuleFile& file : built_in_rules()) {
      std::string text = file.text;
      if (file.name == name) {
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
      }
      write(file.name, text);
    }
    return load_rules(folder_);
  }

  static std::string finding(const Result<Rules, Findings>& loaded) {
    return loaded ? "" : to_string(loaded.error().front());
  }
};

TEST_F(RulesTest, AWordThatIsAddedWorksWithoutACompiler) {
  const std::string text = "撬动社会资本30亿元。";
  EXPECT_EQ(draft_of(text).name, "撬动社会资本");
  const auto loaded = with("words.toml", "take = [", "take = [\"撬动\", ");
  ASSERT_TRUE(loaded) << finding(loaded);
  const auto drafts = extract(text, *loaded, 2026);
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_EQ(drafts[0].name, "社会资本");
}

TEST_F(RulesTest, ANameThatIsAddedIsNoTargetAnyMore) {
  const std::string text = "实施重点项目9个。";
  EXPECT_EQ(drafts_of(text).size(), 1U);
  const auto loaded = with("patterns.toml", "names = [", "names = [\"重点项目{n}个\", ");
  ASSERT_TRUE(loaded) << finding(loaded);
  EXPECT_TRUE(extract(text, *loaded, 2026).empty());
}

TEST_F(RulesTest, ADoubtWeighsWhatItsTableSays) {
  const std::string text = "2026年,建成滨河公园。";
  EXPECT_NEAR(draft_of(text).confidence, 0.95 - 0.1 - 0.05, 1e-9);  // undated, no department
  const auto loaded = with("doubts.toml", "name = \"done_thing\"\nby = 0\nundated = 0.1",
                           "name = \"done_thing\"\nby = 0\nundated = 0.4");
  ASSERT_TRUE(loaded) << finding(loaded);
  EXPECT_NEAR(extract(text, *loaded, 2026).at(0).confidence, 0.95 - 0.4 - 0.05, 1e-9);
  EXPECT_THAT(finding(with("doubts.toml", "name = \"done_thing\"", "name = \"done_thin\"")),
              HasSubstr("'done_thin' is no doubt of this program"));
  EXPECT_THAT(
      finding(with("doubts.toml", "name = \"pledge\"\nby = 0", "name = \"pledge\"\nby = 2")),
      HasSubstr("expected 0 to 1"));
}

TEST_F(RulesTest, MistakesHaveTheirPlace) {
  EXPECT_THAT(finding(with("patterns.toml", "\"第{n}\"", "\"第{m}\"")),
              testing::AllOf(HasSubstr("patterns.toml:5:3"), HasSubstr("{m} is none")));
  EXPECT_THAT(finding(with("units.toml", "class = \"ratio\"", "class = \"rate\"")),
              testing::AllOf(HasSubstr("units.toml:7:9"), HasSubstr("expected one of: ratio")));
  EXPECT_THAT(finding(with("words.toml", "\nstrive = ", "\nstriv = ")),
              HasSubstr("the list 'strive' is missing"));
  EXPECT_THAT(finding(with("structure.toml", "id = \"health\"", "id = \"Health\"")),
              HasSubstr("expected [a-z0-9-]+"));
  EXPECT_THAT(finding(with("patterns.toml", "date = \"month-day\"", "date = \"monthday\"")),
              HasSubstr("expected month-end, month-day"));
  EXPECT_THAT(finding(with("pledges.toml", "most = 3", "most = 99")),
              HasSubstr("expected an integer from 0 to 20"));
  EXPECT_THAT(finding(with("words.toml", "strive = [", "strive = [1, ")),
              testing::ContainsRegex("words\\.toml:[0-9]+:[0-9]+"));
}

TEST_F(RulesTest, AFileThatIsMissingIsNamed) {
  EXPECT_THAT(finding(load_rules(folder_)), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace districtd::extract
