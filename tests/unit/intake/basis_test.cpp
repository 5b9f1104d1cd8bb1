// 数据性质, in each way in: what is projected, what is not, and what is refused by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "daemon/intake/basis_words.h"
#include "tests/unit/intake/containers.h"
#include "tests/unit/intake/example_catalogue.h"

namespace districtd {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Decoded read(const std::string& body) { return decode_example(csv_of(body)); }

// Of the one figure of 文旅投资 as of the end of June, under this word.
Decoded with_basis(const std::string& word) {
  return read("指标,截至日期,数值,数据性质\n文旅投资,2026-06-30,12.6亿元," + word + "\n");
}

TEST(BasisWordsTest, TheListIsClosed) {
  for (const char* const word :
       {"预计", " 预计 ", "预计数", "预估", "预估数", "Projected", "预 计"}) {
    EXPECT_EQ(read_basis(word), Basis::projected) << word;
  }
  for (const char* const word : {"", "—", "/", "实际", "实际数", "快报", "快报数", "actual"}) {
    EXPECT_EQ(read_basis(word), Basis::actual) << word;
  }
  for (const char* const word :
       {"计划", "估算", "预计（快报）", "初步", "是", "1", "不是预计", "预计完成", "projection"}) {
    EXPECT_EQ(read_basis(word), std::nullopt) << word;
  }
}

TEST(BasisTest, AProjectedFigureIsTakenAndSaysSoInTheReceipt) {
  const Decoded decoded = with_basis("预计");
  ASSERT_EQ(decoded.observations.size(), 1U);
  EXPECT_EQ(decoded.observations[0].reading.basis, Basis::projected);
  EXPECT_THAT(decoded.receipt.notes, Contains(HasSubstr("“文旅投资”是预计数")));
}

TEST(BasisTest, QuickAndActualFiguresAndNoneAreActualWithoutAWord) {
  for (const char* const word : {"实际", "快报", ""}) {
    const Decoded decoded = with_basis(word);
    ASSERT_EQ(decoded.observations.size(), 1U) << word;
    EXPECT_EQ(decoded.observations[0].reading.basis, Basis::actual) << word;
    EXPECT_THAT(decoded.receipt.notes, IsEmpty()) << word;
  }
}

TEST(BasisTest, AnyOtherWordIsRefusedByNameWithTheList) {
  const Decoded decoded = with_basis("估算");
  ASSERT_EQ(decoded.receipt.errors.size(), 1U);
  const RowError& error = decoded.receipt.errors[0];
  EXPECT_EQ(error.code, "unknown_basis");
  EXPECT_EQ(error.column, "数据性质");
  EXPECT_EQ(error.value, "估算");
  for (const char* const word : {"“估算”", "“预计”", "“实际”", "“快报”"}) {
    EXPECT_THAT(error.message, HasSubstr(word));
  }
}

TEST(BasisTest, EveryContainerSaysItAlike) {
  const TableCells rows = {{"区文旅局 6 月报表"},
                           {"序号", "指标名称", "数据性质", "累计完成", "截至日期"},
                           {"1", "文旅投资", "预计", "12.6亿元", "2026-06-30"}};
  for (const Container container : kContainers) {
    const Decoded decoded = decode_example(in_container(container, rows));
    ASSERT_EQ(decoded.observations.size(), 1U) << static_cast<int>(container);
    EXPECT_EQ(decoded.observations[0].reading.basis, Basis::projected)
        << static_cast<int>(container);
  }
  for (const char* const key : {"basis", "数据性质"}) {
    for (const char* const word : {"projected", "预计"}) {
      const Decoded decoded = decode_example(json_of(
          std::string(R"({"observations":[{"target":"文旅投资",)") +
          R"("as_of":"2026-06-30","value":"12.6亿元",")" + key + R"(":")" + word + R"("}]})"));
      ASSERT_EQ(decoded.observations.size(), 1U) << key;
      EXPECT_EQ(decoded.observations[0].reading.basis, Basis::projected) << key;
    }
  }
}

TEST(BasisTest, TheSameNumberOnTwoBasesMayMeanTwoThings) {
  const Decoded decoded = read(
      "指标,截至日期,数值,数据性质\n文旅投资,2026-06-30,12.6亿元,预计\n"
      "文旅投资,2026-06-30,12.6亿元,实际\n");
  EXPECT_THAT(decoded.observations, IsEmpty());
  ASSERT_EQ(decoded.receipt.errors.size(), 2U);
  EXPECT_EQ(decoded.receipt.errors[0].code, "several_rows");
  const Decoded same = read(
      "指标,截至日期,数值,数据性质\n文旅投资,2026-06-30,12.6亿元,快报\n"
      "文旅投资,2026-06-30,12.6亿元,实际\n");
  EXPECT_EQ(same.observations.size(), 2U);
}

TEST(BasisTest, AWithdrawalHasNoBasis) {
  const Decoded decoded = read("指标,截至日期,数值,数据性质\n文旅投资,2026-06-30,撤回,预计\n");
  ASSERT_EQ(decoded.observations.size(), 1U);
  EXPECT_EQ(decoded.observations[0].reading.basis, Basis::actual);
}

// A heading or a cell that says 预计 may be a plan, or what is expected of the whole year.
TEST(BasisTest, OnlyTheColumnSaysThatATotalIsProjected) {
  for (const char* const body :
       {"指标,截至日期,预计完成\n文旅投资,2026-06-30,12.6亿元\n",
        "指标,截至日期,预计数\n文旅投资,2026-06-30,12.6亿元\n",
        "指标,截至日期,预计完成,数据性质\n文旅投资,2026-06-30,12.6亿元,预计\n"}) {
    EXPECT_THAT(read(body).observations, IsEmpty()) << body;
  }
  for (const char* const cell : {"12.6亿元（预计）", "约12.6亿元（预计）", "预计12.6亿元"}) {
    const Decoded decoded =
        read("指标,截至日期,数值\n文旅投资,2026-06-30," + std::string(cell) + "\n");
    ASSERT_EQ(decoded.receipt.errors.size(), 1U) << cell;
    EXPECT_THAT(decoded.receipt.errors[0].message, HasSubstr("“数据性质”填“预计”")) << cell;
  }
  const Decoded labelled = read("指标,类别,截至日期,数值\n文旅投资,预计,2026-06-30,12.6亿元\n");
  ASSERT_EQ(labelled.receipt.errors.size(), 1U);
  EXPECT_EQ(labelled.receipt.errors[0].code, "not_the_total");
  EXPECT_THAT(labelled.receipt.errors[0].message, HasSubstr("“数据性质”填“预计”"));
}

}  // namespace
}  // namespace districtd
