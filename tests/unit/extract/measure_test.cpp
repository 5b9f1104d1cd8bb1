// The labelled passages: a floor under what docs/extraction.md says was measured.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "base/toml_table.h"
#include "tests/extract/measure/evaluation.h"
#include "tests/unit/extract/rules_fixture.h"

namespace districtd::extract {
namespace {

struct Measured {
  Evaluation result;
  std::size_t targets = 0;
  std::size_t traps = 0;
};

Measured measured(std::string_view half) {
  Measured m;
  const auto folder = std::filesystem::path(PROJECT_ROOT) / "tests/extract" / half;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto text = read_text(entry.path());
    const auto passages = parse_passages(*text, entry.path().string());
    if (!passages) {
      ADD_FAILURE() << to_string(passages.error().front());
      continue;
    }
    for (const Passage& passage : *passages) {
      m.targets += passage.targets.size();
      m.traps += passage.traps.size();
      evaluate(passage, built_in(), m.result);
    }
  }
  return m;
}

TEST(MeasureTest, TheSetIsAsLargeAsItIsSaidToBe) {
  const Measured a = measured("development");
  const Measured b = measured("measuring");
  EXPECT_GE(a.result.passages + b.result.passages, 40U);
  EXPECT_GE(a.targets + b.targets, 150U);
  EXPECT_GE(a.traps + b.traps, 150U);
  EXPECT_GE(std::min(a.result.passages, b.result.passages), 20U);
}

TEST(MeasureTest, TheMeasuringHalfKeepsItsFloor) {
  const Evaluation result = measured("measuring").result;
  EXPECT_GE(result.precision.value(), 0.95);
  EXPECT_GE(result.recall.value(), 0.95);
  EXPECT_GE(result.traps.value(), 0.98);
  for (std::size_t i = 0; i < result.fields.size(); ++i) {
    EXPECT_GE(result.fields[i].value(), 0.95) << Evaluation::kFields[i];
  }
}

TEST(MeasureTest, TheDevelopmentHalfIsReadWithoutAFault) {
  const Evaluation result = measured("development").result;
  for (const std::string& fault : result.faults) ADD_FAILURE() << fault;
}

TEST(MeasureTest, AMissAFalseTargetAndATrapAreCounted) {
  constexpr std::string_view kText =
      "@ p year=2026\n完成投资30亿元,新增企业5家。\n---\n"
      "+ 30亿元 | 别的名字 | level | 30 | 亿元\n+ 投资 | 没有的 | milestone\n- 5家 | 试验\n";
  const auto passages = parse_passages(kText, "p.txt");
  Evaluation result;
  evaluate(passages->at(0), built_in(), result);
  EXPECT_EQ(result.recall.good, 1U);
  EXPECT_EQ(result.recall.all, 2U);
  EXPECT_EQ(result.precision.good, 1U);
  EXPECT_EQ(result.precision.all, 2U);
  EXPECT_EQ(result.traps.good, 0U);
  EXPECT_EQ(result.fields[0].good, 0U);  // name
  EXPECT_EQ(result.fields[2].good, 0U);  // kind
}

TEST(MeasureTest, MistakesInLabelsHaveTheirPlace) {
  const auto passages =
      parse_passages("@ p year=2026\n文字\n---\n+ 没有 | 名 | level | 1 | 个\n", "p.txt");
  ASSERT_FALSE(passages);
  EXPECT_EQ(to_string(passages.error().at(0)),
            "p.txt:4:1: the anchor '没有' does not stand in the passage");
}

}  // namespace
}  // namespace districtd::extract
