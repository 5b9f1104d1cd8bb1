#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace districtd {
namespace {

// RFC 3629 section 4, the ABNF of UTF8-octets: each range's first and last, and what lies beside.
TEST(Utf8Test, KnowsTheLengthOfEachCharacter) {
  EXPECT_EQ(utf8::character_length("a"), 1u);
  EXPECT_EQ(utf8::character_length("\xC2\x80"), 2u);
  EXPECT_EQ(utf8::character_length("\xDF\xBF"), 2u);
  EXPECT_EQ(utf8::character_length("\xE0\xA0\x80"), 3u);
  EXPECT_EQ(utf8::character_length("区"), 3u);
  EXPECT_EQ(utf8::character_length("\xED\x9F\xBF"), 3u);
  EXPECT_EQ(utf8::character_length("\xEE\x80\x80"), 3u);
  EXPECT_EQ(utf8::character_length("\xF0\x90\x80\x80"), 4u);
  EXPECT_EQ(utf8::character_length("\xF4\x8F\xBF\xBF"), 4u);
}

TEST(Utf8Test, WhatIsNoCharacterHasNoLength) {
  for (const char* text : {"", "\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x61",
                           "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE5\x8C", "\xF0\x8F\xBF\xBF",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_EQ(utf8::character_length(text), 0u) << text;
    EXPECT_EQ(utf8::is_valid(text), *text == '\0') << text;
  }
}

// Unicode 15, table 3-7, "Well-Formed UTF-8 Byte Sequences": both ends of every row, and one
// beyond.
TEST(Utf8Test, TellsWellFormedUtf8FromIllFormedAtTheEdgesOfEveryRange) {
  for (const std::string_view good :
       {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xE0\xBF\xBF", "\xE1\x80\x80",
        "\xEC\xBF\xBF", "\xED\x80\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80", "\xF3\xBF\xBF\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(utf8::is_valid(good)) << testing::PrintToString(good);
  }
  for (const std::string_view bad :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x7F", "\xDF\xC0", "\xE0\x9F\xBF",
        "\xE0\xA0", "\xE1\x80\xC0", "\xED\xA0\x80", "\xEF\xBF", "\xF0\x8F\xBF\xBF", "\xF0\x90\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_EQ(utf8::valid_prefix(bad), 0U) << testing::PrintToString(bad);
  }
}

TEST(Utf8Test, GivesTheOffsetOfTheFirstBadByteWhereverItStands) {
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string text = std::string(before, 'a') + "督查\xFF" + std::string(9, 'b');
    EXPECT_EQ(utf8::valid_prefix(text), before + 6);
  }
}

// Where a block of a longer file may end, and where it may not.
TEST(Utf8Test, ACharacterThatIsCutOffWouldBeOneWithMoreBytes) {
  for (const std::string_view cut :
       {"\xC2", "\xE5", "\xE5\x8C", "\xE0\xA0", "\xF0\x90", "\xF4\x8F\xBF"}) {
    EXPECT_TRUE(utf8::is_cut_character(cut)) << testing::PrintToString(cut);
  }
  for (const std::string_view other : {"", "a", "\x80", "\xC1", "\xFF", "\xE5z", "\xE0\x80",
                                       "\xED\xA0", "\xF4\x90", "\xC2\x80", "区"}) {
    EXPECT_FALSE(utf8::is_cut_character(other)) << testing::PrintToString(other);
  }
}

TEST(Utf8Test, EachByteThatIsNoCharacterIsReplaced) {
  EXPECT_EQ(utf8::repaired("金东区"), "金东区");
  EXPECT_EQ(utf8::repaired("\xFF金\xE5\x8C"), "\uFFFD金\uFFFD\uFFFD");
  EXPECT_EQ(utf8::repaired("a\x80\x62"), "a\uFFFDb");
  EXPECT_EQ(utf8::repaired(""), "");
}

TEST(Utf8Test, ACutEndsAtACharacter) {
  EXPECT_EQ(utf8::cut("金东", 6), "金东");
  EXPECT_EQ(utf8::cut("金东", 5), "金");
  EXPECT_EQ(utf8::cut("金东", 2), "");
}

TEST(Utf8Test, EveryCharacterReadsBackAsItWasWritten) {
  for (char32_t c = 1; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 257) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    utf8::append(text, c);
    const utf8::CodePoint read = utf8::decode(text);
    ASSERT_EQ(read.value, c);
    ASSERT_EQ(read.bytes, text.size());
    ASSERT_EQ(utf8::count_characters(text), 1u);
  }
  EXPECT_EQ(utf8::decode("\xED\xA0\x80").bytes, 0u);
}

}  // namespace
}  // namespace districtd
