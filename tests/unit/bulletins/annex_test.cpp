#include "daemon/bulletins/annex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "tests/unit/base/formulas.h"
#include "tests/unit/bulletins/district.h"
#include "tests/unit/fixture/files_test.h"

namespace districtd {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>{in}, {}};
}

class AnnexTest : public FilesTest {
 protected:
  AnnexTest()
      : now_(district_.picture(testing::kJuly8, testing::june())),
        bulletin_(district_.compose(
            district_.occasion(BulletinKind::monthly, testing::kJuly8, testing::kJune8), now_,
            now_)) {}

  testing::SmallDistrict district_;
  Picture now_;
  Bulletin bulletin_;
};

TEST_F(AnnexTest, CsvHasARowATargetWithNumbersAsNumbers) {
  const std::string csv = annex_csv(bulletin_);
  EXPECT_THAT(csv, StartsWith("\xEF\xBB\xBF序号,目标编号,目标,"));
  EXPECT_THAT(csv, HasSubstr("\r\n1,culture-tourism.investment,文旅投资,区文旅局,30,亿元,12.6,0.42,"
                             "0.5,-8,欠进度,2026-06-30,2026-06-30,2026-12-31,"));
  EXPECT_THAT(csv, HasSubstr("\r\n4,post.points,服务点,区邮政管理局,10,个,,,"));
}

TEST_F(AnnexTest, CsvKeepsFormulasFromSpreadsheets) {
  testing::SmallDistrict district;
  district.targets[0].name = "=HYPERLINK(\"x\")";
  const Picture now = district.picture(testing::kJuly8, {});
  const Bulletin bulletin = district.compose(
      district.occasion(BulletinKind::monthly, testing::kJuly8, testing::kJune8), now, now);
  EXPECT_THAT(annex_csv(bulletin), HasSubstr(",\"'=HYPERLINK(\"\"x\"\")\","));
}

TEST_F(AnnexTest, DeviationsAreBlankWhileNothingIsExpectedAndTheirColumnSaysTheirUnits) {
  testing::SmallDistrict district;
  district.targets[0] = testing::milestone();
  district.targets[1].unit = testing::unit_of("家");
  district.targets[1].goal = 200;
  const std::vector<testing::Said> said = {
      {district.targets[0].id, testing::day(2026, 6, 30), 0.85, testing::day(2026, 7, 5)},
      {"health.rate", testing::day(2026, 6, 30), 180, testing::day(2026, 7, 5)}};
  const Picture now = district.picture(testing::kJuly8, said);
  const std::string csv = annex_csv(district.compose(
      district.occasion(BulletinKind::monthly, testing::kJuly8, testing::kJune8), now, now));
  EXPECT_THAT(csv, HasSubstr(",0.85,0.85,,,推进中,"));
  EXPECT_THAT(csv, HasSubstr(",200,家,180,,,-10,欠进度,"));
  EXPECT_THAT(csv, HasSubstr(",偏差（百分点；非百分比的水平类为%）,"));
  EXPECT_THAT(annex_csv(bulletin_), HasSubstr(",偏差（百分点）,"));
}

TEST_F(AnnexTest, WorkbookOfTheSameBulletinHasTheSameBytes) {
  write_annex_workbook(bulletin_, folder_ / "a.xlsx");
  write_annex_workbook(bulletin_, folder_ / "b.xlsx");
  const std::string bytes = bytes_of(folder_ / "a.xlsx");
  EXPECT_THAT(bytes, StartsWith("PK"));
  EXPECT_EQ(bytes, bytes_of(folder_ / "b.xlsx"));
}

TEST_F(AnnexTest, WorkbookThatCannotBeWrittenSaysWhereAndLeavesNothing) {
  try {
    write_annex_workbook(bulletin_, folder_ / "absent" / "a.xlsx");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("absent/a.xlsx"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(AnnexTest, CsvRunsNoFormulaWhateverStandsBeforeIt) {
  for (const std::string& formula : formulas()) {
    testing::SmallDistrict district;
    district.targets[0].name = district.targets[0].quote = formula;
    const Picture now = district.picture(testing::kJuly8, {});
    const Bulletin bulletin = district.compose(
        district.occasion(BulletinKind::monthly, testing::kJuly8, testing::kJune8), now, now);
    const auto cells = cells_of(annex_csv(bulletin));
    EXPECT_EQ(std::count(cells.begin(), cells.end(), "'" + formula), 2) << formula;
    EXPECT_TRUE(std::none_of(cells.begin(), cells.end(), is_run)) << formula;
  }
}

}  // namespace
}  // namespace districtd
