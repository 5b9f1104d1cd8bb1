// DESIGN, Interfaces: several rows for one target and day in one submission.
#include "daemon/intake/several_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/intake/example_catalogue.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(SeveralRowsTest, EqualOnesCountOnceWhateverUnitTheyAreIn) {
  const Decoded decoded = decode_example(
      csv_of("指标,截至日期,数值\n文旅投资,2026-06-30,12.6\n文旅投资,2026-06-30,126000万元\n"
             "文旅投资,2026年6月,1260000000元\n"));
  EXPECT_THAT(error_places(decoded), IsEmpty());
  ASSERT_EQ(decoded.observations.size(), 3U);
  for (const Observation& one : decoded.observations) {
    EXPECT_EQ(one.reading.value, decoded.observations[0].reading.value);
  }
}

TEST(SeveralRowsTest, DifferentOnesAreAllRefusedAndNameEachOther) {
  const Decoded decoded = decode_example(csv_of(
      "指标,截至日期,数值\n文旅投资,2026-06-30,12\n用地,2026-06-30,3\n文旅投资,2026-06-30,13\n"
      "文旅投资,2026-06-30,12\n"));
  EXPECT_THAT(error_places(decoded),
              ElementsAre("2:数值:several_rows", "4:数值:several_rows", "5:数值:several_rows"));
  EXPECT_THAT(decoded.receipt.errors[0].message, HasSubstr("第 4、5 行"));
  EXPECT_THAT(decoded.receipt.errors[1].message, HasSubstr("第 2、5 行"));
  EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.land 2026-06-30 2000"));
  EXPECT_EQ(decoded.receipt.refused.size(), 3U);
}

TEST(SeveralRowsTest, ARowRefusedForAnotherReasonBlocksNone) {
  const Decoded decoded =
      decode_example(csv_of("指标,截至日期,数值\n文旅投资,2026-06-30,12\n文旅投资,2026-06-30,约13\n"
                            "文旅投资,2026-06-30,7亩\n"));
  EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-06-30 1.2e+09"));
  EXPECT_EQ(decoded.receipt.rejected, 2);
}

TEST(SeveralRowsTest, TheOneThatTheTableCallsTheTotalCounts) {
  const Decoded decoded = decode_example(csv_of(
      "指标,范围,截至日期,累计完成\n文旅投资,孝顺镇,2026-06-30,3\n文旅投资,全区,2026-06-30,12.6\n"
      "文旅投资,塘雅镇,2026-06-30,4\n"));
  EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-06-30 1.26e+09"));
  EXPECT_EQ(decoded.receipt.rejected, 2);
}

TEST(SeveralRowsTest, PlansAndTheLikeBesideATotalAreNotReadAndAreNoFault) {
  const Decoded decoded = decode_example(
      csv_of("指标,类别,截至日期,数值\n文旅投资,实际,2026-06-30,12.6\n文旅投资,计划,2026-06-30,15\n"
             "招商引资,计划,2026-06-30,40\n"));
  EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-06-30 1.26e+09"));
  EXPECT_THAT(error_places(decoded), ElementsAre("4:数值:not_the_total"));
  EXPECT_THAT(decoded.receipt.notes, ElementsAre(HasSubstr("第 3 行的“计划”是计划数")));
}

TEST(SeveralRowsTest, AWithdrawalBesideAFigureIsOneOfSeveral) {
  const Decoded decoded = decode_example(
      csv_of("指标,截至日期,数值\n文旅投资,2026-06-30,撤回\n文旅投资,2026-06-30,13\n"));
  EXPECT_THAT(error_places(decoded), ElementsAre("2:数值:several_rows", "3:数值:several_rows"));
}

TEST(SeveralRowsTest, RowsOfJsonAreComparedToo) {
  const Decoded decoded = decode_example(json_of(
      R"({"observations":[{"target":"文旅投资","as_of":"2026-06-30","value":1},
                          {"target":"文旅投资","as_of":"2026-06-30","value":2}]})"));
  EXPECT_THAT(error_places(decoded), ElementsAre("1:value:several_rows", "2:value:several_rows"));
}

TEST(SeveralRowsTest, ManyOfOneDayAreToldInTimeLinearInThem) {
  std::string body = "指标,截至日期,数值\n";
  for (int i = 0; i < 20'000; ++i) body += "文旅投资,2026-06-30," + std::to_string(i) + "\n";
  const Decoded decoded = decode_example(csv_of(body));
  EXPECT_EQ(decoded.receipt.rejected, 20'000);
  EXPECT_THAT(decoded.receipt.errors[0].message, HasSubstr("第 3、4、5、6、7 行等 19999 行"));
  EXPECT_THAT(decoded.receipt.errors[9].message, HasSubstr("第 2、3、4、5、6 行等 19999 行"));
}

TEST(SeveralRowsTest, FiguresFarApartInTimeAndTargetAreComparedToo) {
  std::vector<Observation> observations(3);
  observations[0].target = 4'000'000'000U;
  observations[0].reading.as_of = date_of(2026, 1, 1);
  observations[1].target = 1;
  observations[1].reading.as_of = date_of(1900, 1, 1);
  observations[2] = observations[0];
  observations[2].row = 7;
  observations[2].reading.value = 3;
  EXPECT_EQ(judge_several(observations, {}).size(), 2U);
}

}  // namespace
}  // namespace districtd
