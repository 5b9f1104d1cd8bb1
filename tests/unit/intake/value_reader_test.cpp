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
           "abc",        "亿元",     "nan",         "NaN",          "inf",
           "-inf",       "infinity", "0x10",        "0xFF",         "12abc",
           "1.2.3",      "1..2",     "12,6",        "1,2345",       "12,34,567",
           ",123",       "1,234,",   "1,234.5,678", "--5",          "+-5",
           "-",          "+",        ".",           "1 2",          "5-6",
           "约12",       "十二",     "(1,200)",     "12亿6000万元", "1e",
           "百分之九十", many_digits}) {
    EXPECT_EQ(read_value(text, Unit::parse("亿元").value()).fault, ValueFault::not_a_number)
        << text;
  }
}

TEST(ValueReaderTest, RefusesUnitsThatMeasureSomethingElse) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"95%", "亿元"}, {"12.6亿元", "%"}, {"5亩", "亿元"},        {"3万美元", "万元"},
      {"3万", "%"},    {"50%", "个"},     {"12亿元左右", "亿元"}, {"5个", "亩"},
  };
  for (const auto& [text, unit] : cases) {
    EXPECT_EQ(read_value(text, Unit::parse(unit).value()).fault, ValueFault::incompatible_unit)
        << text << " for " << unit;
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
