#include "daemon/intake/charset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace districtd {
namespace {

using ::testing::HasSubstr;

RowError refused(std::string_view body) {
  const auto checked = check_text(body);
  const auto* error = std::get_if<RowError>(&checked);
  return error != nullptr ? *error : RowError{};
}

// Unicode 15, table 3-7, "Well-Formed UTF-8 Byte Sequences": both ends of every row, and one
// beyond.
TEST(CharsetTest, TellsWellFormedUtf8FromIllFormedAtTheEdgesOfEveryRange) {
  for (const std::string_view good :
       {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xE0\xBF\xBF", "\xE1\x80\x80",
        "\xEC\xBF\xBF", "\xED\x80\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80", "\xF3\xBF\xBF\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(first_invalid_utf8(good), std::string_view::npos) << testing::PrintToString(good);
  }
  for (const std::string_view bad :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x7F", "\xDF\xC0", "\xE0\x9F\xBF",
        "\xE0\xA0", "\xE1\x80\xC0", "\xED\xA0\x80", "\xEF\xBF", "\xF0\x8F\xBF\xBF", "\xF0\x90\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_EQ(first_invalid_utf8(bad), 0U) << testing::PrintToString(bad);
  }
}

TEST(CharsetTest, GivesTheOffsetOfTheFirstBadByteWhereverItStands) {
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string text = std::string(before, 'a') + "督查\xFF" + std::string(9, 'b');
    EXPECT_EQ(first_invalid_utf8(text), before + 6);
  }
}

TEST(CharsetTest, SkipsTheByteOrderMark) {
  const auto checked = check_text("\xEF\xBB\xBF指标");
  ASSERT_TRUE(std::holds_alternative<std::string_view>(checked));
  EXPECT_EQ(std::get<std::string_view>(checked), "指标");
}

TEST(CharsetTest, RefusesGbkWithItsPlaceAndWhatToDo) {
  const RowError error = refused("target\n\xCE\xC4\xC2\xC3,1\n");  // 文旅 in GBK
  EXPECT_EQ(error.code, "not_utf8");
  EXPECT_EQ(error.row, 0);
  EXPECT_THAT(error.message, HasSubstr("第 2 行（第 8 字节）"));
  EXPECT_THAT(error.message, HasSubstr("请另存为 CSV UTF-8"));
}

TEST(CharsetTest, RefusesUtf16) {
  EXPECT_EQ(refused(std::string_view("\xFF\xFE\x07\x63", 4)).code, "not_utf8");
  EXPECT_THAT(refused(std::string_view("\xFE\xFFt\0", 4)).message, HasSubstr("UTF-16"));
}

TEST(CharsetTest, RefusesBinariesByName) {
  EXPECT_THAT(refused("PK\x03\x04rest").message, HasSubstr("xlsx"));
  EXPECT_EQ(refused("\xD0\xCF\x11\xE0").code, "binary");
  EXPECT_THAT(refused("%PDF-1.7").message, HasSubstr("PDF"));
}

TEST(CharsetTest, RefusesNulBytesWithTheirLine) {
  const RowError error = refused(std::string_view("a,b\n1\0,2\n", 9));
  EXPECT_EQ(error.code, "binary");
  EXPECT_THAT(error.message, HasSubstr("第 2 行（第 6 字节）"));
}

TEST(CharsetTest, RefusesWhatHasNoText) {
  for (const std::string_view empty : {"", "\xEF\xBB\xBF", "\r\n \n", "\xE3\x80\x80"}) {
    EXPECT_EQ(refused(empty).code, "empty_submission");
  }
}

}  // namespace
}  // namespace districtd
