#include "collectors/receipt_files.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

Receipt refused_rows() {
  Receipt receipt;
  receipt.header = {"指标", "截至日期", "数值"};
  receipt.errors = {{3, "数值", "abc", "value", "数值应为数字。"},
                    {5, "截至日期", "", "date", "日期为空。"},
                    {5, "指标", "x", "target", "没有这个指标。"}};
  receipt.refused = {{3, {"文旅投资", "2026-06-30", "abc"}}, {5, {"x", "", "1"}}};
  return receipt;
}

TEST(ErrorsCsvTest, RepeatsTheRefusedRowsWithWhatIsWrongWithEach) {
  EXPECT_EQ(errors_csv(refused_rows()),
            "\xEF\xBB\xBF"
            "指标,截至日期,数值,需要更正\r\n"
            "文旅投资,2026-06-30,abc,数值应为数字。\r\n"
            "x,,1,日期为空。;没有这个指标。\r\n");
}

TEST(ErrorsCsvTest, KeepsTheMessageInItsColumnWhereRowsAreShortOrLong) {
  Receipt receipt = refused_rows();
  receipt.errors = {{2, "", "", "columns", "列数不对。"}};
  receipt.refused = {{2, {"a"}}, {3, {"a", "b", "c", "d"}}};
  EXPECT_EQ(errors_csv(receipt),
            "\xEF\xBB\xBF"
            "指标,截至日期,数值,需要更正\r\n"
            "a,,,列数不对。\r\n"
            "a,b,c,,d\r\n");
}

TEST(ErrorsCsvTest, IsEmptyWithoutHeaderOrRefusedRows) {
  Receipt no_header = refused_rows();
  no_header.header.clear();
  EXPECT_EQ(errors_csv(no_header), "");
  Receipt none_refused = refused_rows();
  none_refused.refused.clear();
  EXPECT_EQ(errors_csv(none_refused), "");
}

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
  EXPECT_EQ(csv_cell("-1,234.5"), "\"-1,234.5\"");
}

}  // namespace
}  // namespace districtd
