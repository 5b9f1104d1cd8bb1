#include "base/text.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace districtd {
namespace {

TEST(TextTest, TrimTakesEveryBlankOfASpreadsheetOff) {
  EXPECT_EQ(trim(" \t\r\n文旅 投资\u00A0\u3000\u200B\uFEFF"), "文旅 投资");
  EXPECT_EQ(trim("\uFEFF\u3000"), "");
  EXPECT_EQ(trim("\u3001a\u2003"), "\u3001a\u2003");  // signs that share bytes with blanks stay
}

TEST(TextTest, NarrowerTrimsLeaveTheWiderBlanks) {
  EXPECT_EQ(trim_ascii("\v\f\n a b\r\n"), "a b");
  EXPECT_EQ(trim_ascii("\u3000a "), "\u3000a");
  EXPECT_EQ(trim_blanks(" \ta\n "), "a\n");
  EXPECT_EQ(trim_ascii("\n"), "");
  EXPECT_EQ(trim_blanks(""), "");
}

TEST(TextTest, TakeAnyRemovesTheFirstWordThatFits) {
  constexpr std::array<std::string_view, 3> kWords = {"至今", "至", "到"};
  std::string_view text = "至6月";
  EXPECT_TRUE(take_any(text, kWords));
  EXPECT_EQ(text, "6月");
  EXPECT_FALSE(take_any(text, kWords));
  EXPECT_EQ(text, "6月");
}

TEST(TextTest, LowerCaseIsOfAsciiOnly) { EXPECT_EQ(lower_ascii("AZ[@`zÉ区"), "az[@`zÉ区"); }

// U+FF01..U+FF5E, both ends and one beyond.
TEST(TextTest, FullWidthSignsBecomeNarrow) {
  EXPECT_EQ(narrow("！１２．６％～"), "!12.6%~");
  EXPECT_EQ(narrow("\uFF00\uFF5F\u3002"), "\uFF00\uFF5F\u3002");
  EXPECT_EQ(narrow("\u22125"), "-5");
  EXPECT_EQ(narrow("\xEF\xBC"), "\xEF\xBC");
}

}  // namespace
}  // namespace districtd
