#include "daemon/intake/refusals.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/text.h"
#include "base/utf8.h"

namespace districtd {
namespace {

TEST(RefusalsTest, EveryCodeIsUniqueAndMadeOfLowerCaseWords) {
  std::set<std::string_view> codes;
  for (const RefusalText& text : refusal_texts()) {
    EXPECT_EQ(text.code.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789"),
              std::string_view::npos)
        << text.code;
    EXPECT_TRUE(codes.insert(text.code).second) << text.code;
  }
}

TEST(RefusalsTest, EverySentenceIsOneChineseSentence) {
  for (const RefusalText& text : refusal_texts()) {
    EXPECT_TRUE(text.sentence.ends_with("。")) << text.code;
    EXPECT_EQ(text.sentence.find("。"), text.sentence.size() - std::string_view("。").size())
        << text.code;
  }
}

TEST(RefusalsTest, FillsTheSentenceAndKeepsOtherBraces) {
  const RowError error = explain(Refusal::bad_json, 0, "", "", {"这里有误"});
  EXPECT_TRUE(error.message.starts_with("这里有误；应为 {\"observations\":[{")) << error.message;
}

TEST(RefusalsTest, CutsLargeTextsAtACharacterBoundary) {
  std::string large = "a";
  for (int i = 0; i < 100'000; ++i) large += "督";
  const RowError error = explain(Refusal::unknown_target, 2, "target", large, {large, ""});
  EXPECT_EQ(error.value.size(), 199U);  // 1 + 66 characters of 3 bytes
  EXPECT_TRUE(utf8::is_valid(error.value));
  EXPECT_TRUE(utf8::is_valid(error.message));
  EXPECT_LT(error.message.size(), 500U);
}

TEST(TextTest, TrimsTheBlanksThatSpreadsheetsLeave) {
  EXPECT_EQ(trim(" \t\xC2\xA0文旅 投资\xE3\x80\x80\r\n"), "文旅 投资");
  EXPECT_EQ(trim("\xEF\xBB\xBF"), "");
  EXPECT_EQ(trim("　"), "");
  // Ends in the bytes that a wide blank begins or ends with, without being one.
  EXPECT_EQ(trim("¢À　€"), "¢À　€");
}

}  // namespace
}  // namespace districtd
