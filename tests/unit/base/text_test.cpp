#include "base/text.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

#include "base/percent_encoding.h"
#include "tests/unit/base/hidden_controls.h"

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

TEST(TextTest, PrintableShowsWhatIsHiddenAndLeavesTheRest) {
  EXPECT_EQ(printable("a\"b\\c\nd\x01\xFF"), "a\"b\\c\\nd\\u0001\uFFFD");
  EXPECT_EQ(printable("\x1b[2J\x07"), "\\u001b[2J\\u0007");
  EXPECT_EQ(printable("\u009B\u202E督查\u2069"), "\\u009b\\u202e督查\\u2069");
  const std::string shown = "“督查”　① é \u00A0\u2027\u2030\u206A\u061B\u061D🟢";
  EXPECT_EQ(printable(shown), shown);
}

TEST(TextTest, NoHiddenControlIsPrinted) {
  for (const std::string& one : hidden_controls()) {
    EXPECT_FALSE(has_hidden_control(printable("x" + one + "y"))) << printable(one);
    EXPECT_EQ(printable(one).front(), '\\');
    EXPECT_EQ(printable(one + "y").back(), 'y');
  }
}

TEST(PercentEncodingTest, EncodesWhatIsToBeEncodedAndNothingElse) {
  const auto is_reserved = [](char c) { return !is_unreserved(c); };
  EXPECT_EQ(percent_encoded("aZ09-_.~", is_reserved), "aZ09-_.~");
  EXPECT_EQ(percent_encoded("+/= %督\x01\xFF", is_reserved), "%2B%2F%3D%20%25%E7%9D%A3%01%FF");
  EXPECT_EQ(percent_encoded("a?b", [](char c) { return c == '?'; }), "a%3Fb");
  EXPECT_EQ(percent_encoded("", is_reserved), "");
}

}  // namespace
}  // namespace districtd
