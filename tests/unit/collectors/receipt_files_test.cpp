#include "collectors/inbox/receipt_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/unit/base/formulas.h"

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

TEST(ErrorsCsvTest, NoFormulaIsRunWhateverStandsBeforeIt) {
  for (const std::string& formula : formulas()) {
    Receipt receipt = refused_rows();
    receipt.preamble = {{formula}};
    receipt.header[2] = formula;
    receipt.refused[0].cells = {formula, formula, formula, formula};
    receipt.errors[0].message = formula;
    const auto cells = cells_of(errors_csv(receipt));
    EXPECT_EQ(std::count(cells.begin(), cells.end(), "'" + formula), 7) << formula;
    EXPECT_TRUE(std::none_of(cells.begin(), cells.end(), is_run)) << formula;
  }
}

}  // namespace
}  // namespace districtd
