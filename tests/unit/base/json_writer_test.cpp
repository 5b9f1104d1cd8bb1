#include "base/json_writer.h"

#include <cstdlib>
#include <limits>
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "tests/unit/base/hidden_controls.h"

namespace districtd {
namespace {

TEST(JsonWriterTest, CommasStandBetweenAndNowhereElse) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("a", 1).key("b").begin_array();
  json.value("x").value(true).null().begin_object().end_object().end_array();
  json.member("c", std::optional<double>{}).ratio_member("d", 1.0 / 3).key("e").begin_array();
  json.end_array().end_object();
  EXPECT_EQ(out, R"({"a":1,"b":["x",true,null,{}],"c":null,"d":0.333333333333,"e":[]})");
}

TEST(JsonWriterTest, ANewLineBeginsBehindTheCommaThatIsDue) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().new_line().member("a", 1).new_line().key("b").begin_array();
  json.value(2).new_line(" ").value(3).end_array().end_object();
  EXPECT_EQ(out, "{\n\"a\":1,\n\"b\":[2,\n 3]}");
}

TEST(JsonWriterTest, TextBecomesValidJsonWhateverItsBytes) {
  EXPECT_EQ(json_text("文旅\"\\\n\t\r"), R"("文旅\"\\\n\t\r")");
  EXPECT_EQ(json_text(std::string_view("\0\x1F\x7F", 3)), R"("\u0000\u001f\u007f")");
  EXPECT_EQ(json_text("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string bytes{static_cast<char>(first), static_cast<char>(second)};
      boost::system::error_code failure;
      boost::json::parse(json_text(bytes), failure);
      ASSERT_FALSE(failure) << first << ' ' << second;
    }
  }
}

TEST(JsonWriterTest, NumbersReadBackAndWhatIsNoneIsNull) {
  EXPECT_EQ(json_number(12.6), "12.6");
  EXPECT_EQ(json_number(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(json_number(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(json_number(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(json_number(3'000'000), "3000000");
  EXPECT_EQ(json_number(-1e20), "-100000000000000000000");
  EXPECT_EQ(json_number(1e21), "1e+21");
  EXPECT_EQ(json_number(0.000001), "0.000001");
  EXPECT_EQ(json_number(-1.5e-7), "-1.5e-07");
  EXPECT_EQ(json_number(0), "0");
  for (const double value : {12.6, 1.0 / 3, 123456.789, 1.7976931348623157e308, 5e-324,
                             1.0000001e-6, 9.999999999999999e20, 2.5e-6}) {
    EXPECT_EQ(std::strtod(json_number(value).c_str(), nullptr), value);
  }
  EXPECT_EQ(json_ratio(0.1 + 0.2), "0.3");
  EXPECT_EQ(json_ratio(std::nullopt), "null");
}

TEST(JsonTextTest, HidesNothingAndReadsBack) {
  for (const std::string& one : hidden_controls()) {
    const std::string text = json_text("x" + one + "y");
    EXPECT_FALSE(has_hidden_control(text)) << text;
    EXPECT_EQ(boost::json::parse(text).as_string(), "x" + one + "y") << text;
  }
}

}  // namespace
}  // namespace districtd
