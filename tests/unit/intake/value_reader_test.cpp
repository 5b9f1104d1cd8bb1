#include "daemon/intake/value_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace districtd {
namespace {

struct Good {
  std::string_view text;
  std::string_view unit;
  double base;
};

TEST(ValueReaderTest, ReadsNumbersInTheTargetsUnitOrWithTheirOwn) {
  const std::vector<Good> cases = {
      {"12.6", "亿元", 1.26e9},
      {"12.6亿元", "亿元", 1.26e9},
      {"12.6 亿元", "亿元", 1.26e9},
      {"3,200万元", "亿元", 3.2e7},
      {"1,234,567元", "亿元", 1234567},
      {"1.2万亿元", "亿元", 1.2e12},
      {"3200万", "亿元", 3.2e7},
      {"12.6亿", "亿元", 1.26e9},
      {"3万", "亩", 2e7},
      {"3万", "万亩", 2e7},
      {"1公顷", "亩", 10000},
      {"-5", "亿元", -5e8},
      {"+5", "亿元", 5e8},
      {"－5", "亿元", -5e8},
      {"−5", "亿元", -5e8},
      {".5", "亿元", 5e7},
      {"0", "亿元", 0},
      {"1.26E+09元", "亿元", 1.26e9},
      {"1.26E+09", "元", 1.26e9},
      {"１２．６亿元", "亿元", 1.26e9},
      {"３，２００万元", "亿元", 3.2e7},
      {"95%", "%", 0.95},
      {"95", "%", 0.95},
      {"９５％", "%", 0.95},
      {"95％", "%", 0.95},
      {"-1.5个百分点", "%", -0.015},
      {"105.5%", "%", 1.055},
      {"1,000家", "个", 1000},
      {"2万人", "人", 20000},
      {"60%", "", 0.6},
      {"0.6", "", 0.6},
      {"7吨", "吨", 7},
      {"十二", "亿元", 1.2e9},
      {"十二点六亿元", "亿元", 1.26e9},
      {"三千二百万元", "亿元", 3.2e7},
      {"三千二百万", "亿元", 3.2e7},
      {"一亿二千万元", "亿元", 1.2e8},
      {"一亿零五百万元", "亿元", 1.05e8},
      {"两万亿元", "亿元", 2e12},
      {"一百零五家", "个", 105},
      {"二十", "个", 20},
      {"两千三百人", "人", 2300},
      {"百分之九十五", "%", 0.95},
      {"百分之九十五点五", "%", 0.955},
      {"百分之95", "%", 0.95},
      {"0.95%", "%", 0.0095},
      {"1%", "%", 0.01},
      {"0", "%", 0},
      {"1.5", "%", 0.015},
      {"0.5", "个百分点", 0.005},
  };
  for (const Good& each : cases) {
    const ReadValue read = read_value(each.text, Unit::parse(each.unit).value());
    EXPECT_EQ(read.fault, ValueFault::none) << each.text;
    EXPECT_DOUBLE_EQ(read.value, each.base) << each.text;
  }
}

TEST(ValueReaderTest, ReadsTheNearestDouble) {
  const Unit yuan = Unit::parse("元").value();
  EXPECT_EQ(read_value("0.1", yuan).value, 0.1);
  EXPECT_EQ(read_value("9007199254740993", yuan).value, 9007199254740992.0);
  EXPECT_EQ(read_value("123456789.123456789", yuan).value, 123456789.123456789);
  EXPECT_FALSE(std::signbit(read_value("-0", yuan).value));
}

TEST(ValueReaderTest, RefusesWhatIsNoNumber) {
  const std::string many_digits(5000, '9');
  for (const std::string_view text : std::vector<std::string_view>{
           "abc",      "亿元",     "nan",         "NaN",          "inf",
           "-inf",     "infinity", "0x10",        "0xFF",         "12abc",
           "1.2.3",    "1..2",     "12,6",        "1,2345",       "12,34,567",
           ",123",     "1,234,",   "1,234.5,678", "--5",          "+-5",
           "-",        "+",        ".",           "1 2",          "5-6",
           "约",       "半",       "(x)",         "12亿6000万元", "1e",
           "百分之",   "点五",     "一百零",      "十百",         "百分之九十元",
           many_digits}) {
    EXPECT_EQ(read_value(text, Unit::parse("亿元").value()).fault, ValueFault::not_a_number)
        << text;
  }
}

TEST(ValueReaderTest, RefusesUnitsThatMeasureSomethingElse) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"95%", "亿元"}, {"12.6亿元", "%"}, {"5亩", "亿元"}, {"3万美元", "万元"},
      {"3万", "%"},    {"50%", "个"},     {"5个", "亩"},
  };
  for (const auto& [text, unit] : cases) {
    EXPECT_EQ(read_value(text, Unit::parse(unit).value()).fault, ValueFault::incompatible_unit)
        << text << " for " << unit;
  }
}

TEST(ValueReaderTest, RefusesApproximationsByName) {
  for (const std::string_view text :
       {"约30", "约 30 亿元", "大约30", "30左右", "30亿元左右", "30多", "30多亿元", "30余亿元",
        "近30亿元", "超30亿元", "超过30", "逾30", "不足30", "30以上", "10亿元以上", "三十多",
        "约三十"}) {
    EXPECT_EQ(read_value(text, Unit::parse("亿元").value()).fault, ValueFault::approximate) << text;
  }
  for (const std::string_view text : {"约", "多", "差不多完成", "近期完成"}) {
    EXPECT_EQ(read_value(text, Unit::parse("亿元").value()).fault, ValueFault::not_a_number)
        << text;
  }
}

// 0.95 for a target in %: 95 % as a spreadsheet holds it, or 0.95 % as written.
TEST(ValueReaderTest, RefusesABareShareOfATargetInPercentUnlessSomethingSaysHowItIsMeant) {
  const Unit percent = Unit::parse("%").value();
  for (const std::string_view text : {"0.95", "1", "-0.5", "０．９５", ".5"}) {
    EXPECT_EQ(read_value(text, percent).fault, ValueFault::ambiguous_percentage) << text;
  }
  EXPECT_DOUBLE_EQ(read_value("0.95", percent, {nullptr, Percentages::ratio}).value, 0.95);
  EXPECT_DOUBLE_EQ(read_value("0.95", percent, {nullptr, Percentages::percent}).value, 0.0095);
  // A column of units or a header with % does not say it either.
  EXPECT_EQ(read_value("0.95", percent, {&percent, Percentages::ambiguous}).fault,
            ValueFault::ambiguous_percentage);
  EXPECT_DOUBLE_EQ(read_value("0.95", percent, {&percent, Percentages::ratio}).value, 0.95);
  EXPECT_DOUBLE_EQ(read_value("95", percent, {&percent, Percentages::ambiguous}).value, 0.95);
}

TEST(ValueReaderTest, TakesTheUnitOfTheColumnWhereTheCellHasNone) {
  const Unit target = Unit::parse("亿元").value();
  const Unit column = Unit::parse("万元").value();
  EXPECT_DOUBLE_EQ(read_value("3,200", target, {&column}).value, 3.2e7);
  EXPECT_DOUBLE_EQ(read_value("三千二百", target, {&column}).value, 3.2e7);
  EXPECT_DOUBLE_EQ(read_value("1.2亿元", target, {&column}).value, 1.2e8);
  EXPECT_EQ(read_value("95", Unit::parse("%").value(), {&column}).fault,
            ValueFault::incompatible_unit);
}

TEST(ValueReaderTest, KnowsTheMarksOfAnEmptyCell) {
  for (const std::string_view mark : {"", "—", "——", "/", "／", "-", "--", "－"}) {
    EXPECT_TRUE(is_empty_mark(mark)) << mark;
  }
  for (const std::string_view text : {"0", "无", "-1", "1/2"}) {
    EXPECT_FALSE(is_empty_mark(text)) << text;
  }
}

TEST(ValueReaderTest, RefusesWhatIsTooLargeForADouble) {
  const Unit unit = Unit::parse("亿元").value();
  EXPECT_EQ(read_value("1e400", unit).fault, ValueFault::too_large);
  EXPECT_EQ(read_value("1e305", unit).fault, ValueFault::too_large);
}

TEST(ValueReaderTest, NamesTheUnitOfACell) {
  EXPECT_EQ(unit_of_value("95%"), "%");
  EXPECT_EQ(unit_of_value("3,200 万美元"), "万美元");
}

}  // namespace
}  // namespace districtd
