#include "collectors/media_type.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

TEST(MediaTypeTest, GoesByTheEndingInAnyCase) {
  EXPECT_EQ(media_type_by_ending("6月.csv"), "text/csv");
  EXPECT_EQ(media_type_by_ending("JUNE.CSV"), "text/csv");
  EXPECT_EQ(media_type_by_ending("a.Json"), "application/json");
  EXPECT_EQ(media_type_by_ending("6月.xlsx"), kXlsx);
}

TEST(MediaTypeTest, LeavesEveryOtherEndingToIntake) {
  EXPECT_EQ(media_type_by_ending("figures"), "");
  EXPECT_EQ(media_type_by_ending("csv"), "");
  EXPECT_EQ(media_type_by_ending("a.csv.txt"), "");
}

TEST(MediaTypeTest, ContentTypeLosesParametersCaseAndBlanks) {
  EXPECT_EQ(media_type_of("Text/CSV; charset=GBK"), "text/csv");
  EXPECT_EQ(media_type_of("  application/json  "), "application/json");
  EXPECT_EQ(media_type_of(""), "");
  EXPECT_EQ(media_type_of(" ;x"), "");
}

}  // namespace
}  // namespace districtd
