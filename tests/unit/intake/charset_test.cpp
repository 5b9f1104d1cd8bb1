#include "daemon/intake/charset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace districtd {
namespace {

using ::testing::HasSubstr;

RowError refused(std::string_view body) {
  const auto checked = decode_text(body);
  return checked ? RowError{} : checked.error();
}

struct Encoded {
  std::string body;
  std::string_view encoding;
  std::string_view text;
};

TEST(CharsetTest, ReadsEveryEncodingThatOfficesSaveAndNamesIt) {
  const std::vector<Encoded> cases = {
      {"指标", "UTF-8", "指标"},
      {"\xEF\xBB\xBF指标", "UTF-8", "指标"},
      {"target,1", "UTF-8", "target,1"},
      {"\xD6\xB8\xB1\xEA,1", "GB18030", "指标,1"},  // GB2312
      {"\x88\xD2\x97\xC9", "GB18030", "堃椛"},      // GBK beyond GB2312
      {"\x81\x39\xEF\x30", "GB18030", "㐁"},        // four bytes
      {"\xC1\xAA\xCD\xA8,\xB2\xBF\xC3\xC5", "GB18030", "联通,部门"},
      {std::string("\xFF\xFE\x07\x63\x07\x68,\0", 8), "UTF-16LE", "指标,"},
      {std::string("\xFE\xFF\x63\x07\x68\x07\0,", 8), "UTF-16BE", "指标,"},
      {std::string("\xFF\xFE\x40\xD8\x0B\xDC", 6), "UTF-16LE", "𠀋"},
  };
  for (const Encoded& each : cases) {
    const auto decoded = decode_text(each.body);
    ASSERT_TRUE(decoded) << each.text;
    EXPECT_EQ(decoded->encoding, each.encoding) << each.text;
    EXPECT_EQ(decoded->text(), each.text);
  }
}

TEST(CharsetTest, RefusesTextThatIsValidInNoEncodingWithItsPlace) {
  const RowError error = refused("target\n\xCE\xC4\xC2\xC3,1\xFF\n");
  EXPECT_EQ(error.code, "bad_encoding");
  EXPECT_EQ(error.row, 0);
  EXPECT_THAT(error.message, HasSubstr("第 2 行（第 14 字节）"));
  EXPECT_THAT(error.message, HasSubstr("UTF-8、GB18030"));
  EXPECT_THAT(error.message, HasSubstr("请另存为 CSV UTF-8"));
}

// 文旅投资完 in UTF-8 with one byte changed would be other characters in GB18030.
TEST(CharsetTest, DoesNotTakeDamagedUtf8ForGb18030) {
  const RowError error = refused("文旅投资,\xE5\xAE,1\n");
  EXPECT_EQ(error.code, "bad_encoding");
  EXPECT_THAT(error.message, HasSubstr("第 1 行（第 14 字节）"));
  EXPECT_EQ(refused("\xEF\xBB\xBFtarget,\xB1\xEA").code, "bad_encoding");
}

TEST(CharsetTest, RefusesUtf16ThatEndsInTheMiddle) {
  EXPECT_EQ(refused(std::string_view("\xFF\xFE\x07\x63\x07", 5)).code, "bad_encoding");
  EXPECT_THAT(refused(std::string_view("\xFF\xFE\x40\xD8,\0", 6)).message, HasSubstr("第 3 字节"));
}

TEST(CharsetTest, RefusesBinariesByName) {
  EXPECT_EQ(refused("\x89PNG\r\n\x1A\n").code, "binary");
  EXPECT_EQ(refused("\xB1\xEA\x01").code, "binary");  // a control character
  EXPECT_EQ(refused("\xD0\xCF\x11\xE0").code, "other_workbook");
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
