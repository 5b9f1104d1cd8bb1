#include "base/media_type.h"

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
  EXPECT_EQ(parse_media_type("Text/CSV; charset=GBK").type, "text/csv");
  EXPECT_EQ(parse_media_type("  application/json  ").type, "application/json");
  EXPECT_EQ(parse_media_type("").type, "");
  EXPECT_EQ(parse_media_type(" ;x").type, "");
}

}  // namespace
}  // namespace districtd
