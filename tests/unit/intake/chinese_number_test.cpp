// The grammar of chinese_number.h, case by case.
#include <gtest/gtest.h>

#include <string>

#include "daemon/intake/chinese_number.h"

namespace districtd {
namespace {

struct Numeral {
  std::string text;
  double value;
  bool is_spoken;
};

TEST(ChineseNumberTest, ReadsWhatIsWrittenAndWhatIsSpoken) {
  for (const Numeral& each : {
           Numeral{"五", 5, false},
           {"十二", 12, false},
           {"三十五", 35, false},
           {"一百零五", 105, false},
           {"三百五", 350, true},
           {"三百五十", 350, false},
           {"一百二十三", 123, false},
           {"两千三", 2300, true},
           {"一千二", 1200, true},
           {"三千零五", 3005, false},
           {"三千二百五", 3250, true},
           {"三万五", 35000, true},
           {"三万零五", 30005, false},
           {"三万五千", 35000, false},
           {"三万五百", 30500, false},
           {"三千二百万", 32'000'000, false},
           {"十二亿六", 1'260'000'000, true},
           {"一亿二千万", 120'000'000, false},
           {"十二亿零六万", 1'200'060'000, false},
           {"壹拾贰亿", 1'200'000'000, false},
           {"十二点六", 12.6, false},
       }) {
    const auto number = read_chinese_number(each.text);
    ASSERT_TRUE(number) << each.text;
    EXPECT_DOUBLE_EQ(number->value, each.value) << each.text;
    EXPECT_EQ(number->is_spoken, each.is_spoken) << each.text;
    EXPECT_EQ(number->rest, "") << each.text;
  }
}

TEST(ChineseNumberTest, WhatIsNotWellFormedIsNoNumber) {
  for (const std::string text : {"", "点五", "一二", "十二三", "三千百", "一百零", "十二亿六万",
                                 "三千五万", "三百五点二", "元"}) {
    EXPECT_FALSE(read_chinese_number(text)) << text;
  }
}

TEST(ChineseNumberTest, WhatFollowsTheNumeralIsLeft) {
  EXPECT_EQ(read_chinese_number("三千五人")->rest, "人");
  EXPECT_EQ(read_chinese_number("十二点六亿元")->rest, "亿元");
}

}  // namespace
}  // namespace districtd
