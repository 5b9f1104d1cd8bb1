#include "base/csv_cell.h"

#include <gtest/gtest.h>

#include "tests/unit/base/formulas.h"

namespace districtd {
namespace {

// RFC 4180 section 2, rules 6 and 7.
TEST(CsvCellTest, QuotesCommasQuotesAndLineBreaks) {
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(csv_cell("a\nb"), "\"a\nb\"");
  EXPECT_EQ(csv_cell("plain"), "plain");
  EXPECT_EQ(csv_cell(""), "");
}

// OWASP, CSV Injection.
TEST(CsvCellTest, TakesTheSpellOffFormulas) {
  EXPECT_EQ(csv_cell("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
  EXPECT_EQ(csv_cell("=HYPERLINK(\"http://x\",1)"), "\"'=HYPERLINK(\"\"http://x\"\",1)\"");
  EXPECT_EQ(csv_cell("+1+1"), "'+1+1");
  EXPECT_EQ(csv_cell("-2-3"), "'-2-3");
  EXPECT_EQ(csv_cell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv_cell("\t=1"), "'\t=1");
  EXPECT_EQ(csv_cell("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(csv_cell("-"), "'-");
}

TEST(CsvCellTest, LeavesPlainNumbersAlone) {
  EXPECT_EQ(csv_cell("-8.0"), "-8.0");
  EXPECT_EQ(csv_cell("+5"), "+5");
  EXPECT_EQ(csv_cell("-3.5%"), "-3.5%");
  EXPECT_EQ(csv_cell("-5.55111512313e-17"), "-5.55111512313e-17");
  EXPECT_EQ(csv_cell("-1E+21"), "-1E+21");
  EXPECT_EQ(csv_cell("-1e"), "'-1e");
  EXPECT_EQ(csv_cell("-1e5+A1"), "'-1e5+A1");
  EXPECT_EQ(csv_cell("-1,234.5"), "\"-1,234.5\"");
}

TEST(CsvCellTest, NoFormulaIsRunWhateverStandsBeforeIt) {
  EXPECT_GT(formulas().size(), 900u);
  for (const std::string& formula : formulas()) {
    EXPECT_TRUE(is_run(formula));
    const auto cells = cells_of(csv_cell(formula));
    ASSERT_EQ(cells.size(), 1u) << formula;
    EXPECT_EQ(cells[0], "'" + formula);
    EXPECT_FALSE(is_run(cells[0]));
  }
}

TEST(CsvCellTest, WhatIsNoFormulaStaysAsItIs) {
  for (const char* text : {"文旅投资", " 12.6", "\u00A012.6亿元", "a=1", "\u200B", "\uFEFF",
                           "1-6月", "（＝）", "《＋》", "－8.0", "\u22125%", " -3", "\u3000+5"}) {
    EXPECT_EQ(csv_cell(text), text);
  }
}

}  // namespace
}  // namespace districtd
