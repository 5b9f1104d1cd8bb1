// Whose submissions are decoded at all, in each format alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xlsxwriter.h>

#include <array>
#include <string>

#include "tests/unit/fixture/temporary_folder.h"
#include "tests/unit/intake/example_catalogue.h"

namespace districtd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Submission csv() { return csv_of("target,as_of,value\n文旅投资,2026-06-30,12.6\n"); }

Submission json() {
  return json_of(R"({"observations":[{"target":"文旅投资","as_of":"2026-06-30","value":12.6}]})");
}

Submission xlsx() {
  const TemporaryFolder folder;
  const auto file = folder.path() / "6月.xlsx";
  lxw_workbook* const workbook = workbook_new(file.c_str());
  lxw_worksheet* const sheet = workbook_add_worksheet(workbook, nullptr);
  lxw_row_t row = 0;
  for (const auto& cells :
       {std::array{"target", "as_of", "value"}, std::array{"文旅投资", "2026-06-30", "12.6"}}) {
    for (lxw_col_t column = 0; column < 3; ++column) {
      worksheet_write_string(sheet, row, column, cells.at(column), nullptr);
    }
    ++row;
  }
  EXPECT_EQ(workbook_close(workbook), LXW_NO_ERROR);
  Submission submission = csv_of(read_file(file));
  submission.media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  submission.name = "6月.xlsx";
  return submission;
}

struct Format {
  const char* name;
  Submission (*submission)();
};

class DepartmentTest : public testing::TestWithParam<Format> {};

TEST_P(DepartmentTest, OneOfTheCatalogueIsDecoded) {
  const Decoded decoded = decode_example(GetParam().submission());
  EXPECT_THAT(error_places(decoded), IsEmpty());
  EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-06-30 1.26e+09"));
}

TEST_P(DepartmentTest, OneThatTheCatalogueDoesNotKnowIsRefusedAsAWhole) {
  Submission submission = GetParam().submission();
  submission.department = "nobody";
  const Decoded decoded = decode_example(submission);
  EXPECT_EQ(decoded.outcome, Outcome::refused);
  EXPECT_THAT(error_places(decoded), ElementsAre("0::unknown_department"));
  EXPECT_EQ(decoded.receipt.errors.at(0).message, "目标库中没有部门“nobody”；请与督查室联系。");
  EXPECT_EQ(decoded.receipt.rows, 0);
  EXPECT_THAT(readings(decoded), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Formats, DepartmentTest,
                         testing::Values(Format{"csv", csv}, Format{"json", json},
                                         Format{"xlsx", xlsx}),
                         [](const auto& one) { return std::string{one.param.name}; });

}  // namespace
}  // namespace districtd
