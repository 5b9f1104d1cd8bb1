#include "daemon/intake/number_format.h"

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "daemon/intake/refusals.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;

std::string shows(double value, std::string_view code) {
  return shown(value, number_format(code), false);
}

bool is_refused(std::string_view cell) { return cell_fault(cell) == Refusal::cell_not_as_shown; }

TEST(NumberFormatTest, ACommaBehindTheDigitsDividesByAThousand) {
  EXPECT_EQ(shows(1260000000, "0.00,,"), "1260");
  EXPECT_EQ(shows(126000, "0,"), "126");
  EXPECT_EQ(shows(126000, "0,.00"), "126");
  EXPECT_EQ(shows(126000, "#,##0"), "126000");
  EXPECT_EQ(shows(126000, R"(#,##0.0,"千元")"), "126千元");
}

// Excel has no format that divides by ten thousand: "!" before a point that is none makes one.
TEST(NumberFormatTest, LiteralsAmongTheDigitsAreSeenAsTheyStand) {
  EXPECT_EQ(shows(32000000, R"(0!.0,"万元")"), "3200.0万元");
  EXPECT_EQ(shows(4000000, R"(0\.0,)"), "400.0");
  EXPECT_EQ(shows(4000000, R"(0"."0,)"), "400.0");
  EXPECT_EQ(shows(32012345, R"(0!.0,"万元")"), "3201.2万元");
  EXPECT_EQ(shows(4500, R"(0!.0,"万元")"), "0.5万元");  // halves go up
  EXPECT_EQ(shows(2500, R"(0!.0,"万元")"), "0.3万元");
  EXPECT_EQ(shows(1260000000, R"(0!.00,,"亿元")"), "12.60亿元");
  EXPECT_EQ(shows(5000000, R"(0!.00,,"亿元")"), "0.05亿元");
  EXPECT_EQ(shows(1260000000, R"(0"亿"0000"万",)"), "126亿0000万");
}

TEST(NumberFormatTest, ANumberThatIsOnlyRoundedIsWhole) {
  EXPECT_EQ(shows(12.5678, "0.0"), "12.5678");
  EXPECT_EQ(shows(12.5678, "0"), "12.5678");
  EXPECT_EQ(shows(0.9555, "0.0%"), "95.55%");
  EXPECT_EQ(shows(95, R"(0.0"%")"), "95%");
  EXPECT_EQ(shows(0.5, "# ?/?"), "0.5");
  EXPECT_EQ(shows(1260000000, "0.00E+00"), "1260000000");
}

TEST(NumberFormatTest, ConditionsChooseTheSection) {
  const auto format = number_format(R"([>=100000000]0!.00,,"亿元";[>=10000]0!.0,"万元";0"元")");
  std::vector<std::string> texts;
  for (const double value : {1260000000.0, 32000000.0, 99.0, 0.0}) {
    texts.push_back(shown(value, format, false));
  }
  EXPECT_THAT(texts, ElementsAre("12.60亿元", "3200.0万元", "99元", "0元"));
  EXPECT_EQ(shows(1, R"([=1]"已完成";[=0]"未完成")"), "已完成");
  EXPECT_EQ(shows(0, R"([=1]"已完成";[=0]"未完成")"), "未完成");
  EXPECT_TRUE(is_refused(shows(0.5, R"([=1]"已完成";[=0]"未完成")")));
  EXPECT_TRUE(is_refused(shows(50, "[>100]0")));
  // Excel and LibreOffice differ on whether a minus is seen.
  EXPECT_TRUE(is_refused(shows(-99, R"([>=10000]0,"千";0)")));
}

TEST(NumberFormatTest, ANegativeNumberThatDoesNotShowItIsRefused) {
  EXPECT_TRUE(is_refused(shows(-5, "0.00_);[Red]0.00")));
  EXPECT_TRUE(is_refused(shows(-5, "0;0")));
  EXPECT_EQ(shows(-5, "0.00"), "-5");
  EXPECT_EQ(shows(-5, R"(0.00_);[Red]\(0.00\))"), "(5)");
  EXPECT_EQ(shows(-5, R"(0;[Red]\-0)"), "-5");
  EXPECT_EQ(shows(-5, "0;△0"), "△5");
}

TEST(NumberFormatTest, ANumberThatIsNotSeenIsRefusedAndAZeroIsBlank) {
  EXPECT_TRUE(is_refused(shows(5, ";;;")));
  EXPECT_TRUE(is_refused(shows(0.3, "#")));
  EXPECT_TRUE(is_refused(shows(126, "0.00,,")));
  EXPECT_TRUE(is_refused(shows(0.004, "0%")));
  EXPECT_EQ(shows(0.4, "0.0"), "0.4");
  EXPECT_EQ(shows(0, ";;;"), "");
  EXPECT_EQ(shows(0, "0;-0;;@"), "");
  EXPECT_EQ(shows(0, "#,###"), "");
  EXPECT_TRUE(is_refused(shows(5, ";0")));
  EXPECT_EQ(shows(5, R"("详见附件")"), "详见附件");
}

// Accounting formats write a dash for zero.
TEST(NumberFormatTest, ADashForZeroIsZero) {
  EXPECT_EQ(shows(0, R"(_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ )"), "0");
  EXPECT_EQ(shown(0, builtin_number_format(41), false), "0");
}

TEST(NumberFormatTest, LiteralsAroundTheNumberAreRead) {
  EXPECT_EQ(shows(12.6, R"(0.00"亿元")"), "12.6亿元");
  EXPECT_EQ(shows(12.6, R"("约"0.00)"), "约12.6");
  EXPECT_EQ(shows(12.6, "[$¥-804]#,##0.00"), "¥12.6");
  EXPECT_EQ(shows(1234, "G/通用格式"), "1234");
  EXPECT_EQ(shows(1234, R"(General"人")"), "1234人");
}

TEST(NumberFormatTest, DaysAreShownAsFarAsTheFormatShowsThem) {
  EXPECT_EQ(shows(46203, "yyyy-mm-dd"), "2026-06-30");
  EXPECT_EQ(shows(46203, R"(m"月"d"日")"), "2026-06-30");
  EXPECT_EQ(shows(46203.4, "yyyy/m/d h:mm"), "2026-06-30");
  EXPECT_EQ(shows(46203, R"(yyyy"年"m"月")"), "2026年6月");
  EXPECT_EQ(shows(46203, "yyyy"), "2026年");
  EXPECT_EQ(shows(46203, "[$-F800]dddd, mmmm dd, yyyy"), "2026-06-30");
  EXPECT_EQ(shown(44741, number_format("yyyy-mm-dd"), true), "2026-06-30");
  EXPECT_TRUE(is_refused(shows(0.5, "h:mm")));
  EXPECT_TRUE(is_refused(shows(12.5, "[h]:mm")));
  EXPECT_TRUE(is_refused(shows(46203, "dddd")));
  EXPECT_TRUE(is_refused(shows(46203, "[$-130000]yyyy-m-d")));  // the lunar calendar
  EXPECT_TRUE(is_refused(shows(46203, "ggge\"年\"m\"月\"d\"日\"")));
}

TEST(NumberFormatTest, ATimeJustBeforeMidnightIsKept) {
  EXPECT_EQ(shows(46203 - 43.0 / 86400, "yyyy-mm-dd"), "2026-06-29 23:59:17");
  EXPECT_EQ(shows(46203 - 343.0 / 86400, "yyyy-mm-dd"), "2026-06-29 23:54:17");
  EXPECT_EQ(shows(46203 - 1e-9, "yyyy-mm-dd"), "2026-06-30");
  EXPECT_EQ(shows(46203.5, "yyyy-mm-dd"), "2026-06-30");
}

TEST(NumberFormatTest, TextsAreShownInTheirSection) {
  EXPECT_EQ(shown_text("12.6", number_format(R"(@"万元")")), "12.6万元");
  EXPECT_EQ(shown_text("12.6", number_format(R"(0;-0;0;"约"@)")), "约12.6");
  EXPECT_EQ(shown_text("12.6", number_format("@")), "12.6");
  EXPECT_EQ(shown_text("12.6", number_format("0.00")), "12.6");
  EXPECT_TRUE(is_refused(shown_text("12.6", number_format(";;;"))));
}

}  // namespace
}  // namespace districtd
