#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/intake/example_catalogue.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Decoded decode_observations(const std::string& elements) {
  return decode_example(json_of("{\"observations\":[" + elements + "]}"));
}

TEST(DecodeJsonTest, TakesNumbersAndStringsWithUnits) {
  const Decoded decoded = decode_observations(R"(
    {"target":"文旅投资","as_of":"2026-05-31","value":10},
    {"note":"示例\u6570\u636e \"x\"","value":"12.6亿元","as_of":"2026-06-30","target":"culture-tourism.investment"},
    {"target":"满意率","as_of":"2026-06-30","value":"95%","note":null},
    {"target":"文化中心","as_of":"2026-06-30","value":true},
    {"target":"优质服务","as_of":"2026-06-30"},
    {"指标":"文旅投资","截至日期":"2026/7/1","数值":-1.5E1,"备注":"","单位":"亿元"})");
  EXPECT_EQ(decoded.outcome, Outcome::taken);
  EXPECT_THAT(error_places(decoded), IsEmpty());
  EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-05-31 1e+09",
                                             "culture-tourism.investment 2026-06-30 1.26e+09",
                                             "culture-tourism.satisfaction 2026-06-30 0.95",
                                             "culture-tourism.centre 2026-06-30 1",
                                             "culture-tourism.service 2026-06-30 0",
                                             "culture-tourism.investment 2026-07-01 -1.5e+09"));
  EXPECT_EQ(decoded.observations[1].note, "示例数据 \"x\"");
  EXPECT_EQ(decoded.observations[1].row, 2);
  EXPECT_EQ(decoded.receipt.rows, 6);
  EXPECT_THAT(decoded.receipt.header, IsEmpty());
}

TEST(DecodeJsonTest, ReadsTheDigitsOfANumberAsTheyWereWritten) {
  const Decoded decoded = decode_observations(
      R"({"target":"education.schools","as_of":"2026-06-30","value":1.2300},
         {"target":"活动场次","as_of":"2026-05-31","value":123456789123456.7e1},
         {"target":"活动场次","as_of":"2026-06-30","value":99999999999999999999999})");
  ASSERT_THAT(decoded.observations, SizeIs(2));
  EXPECT_EQ(decoded.observations[0].reading.value, 1234567891234567.0);
  EXPECT_EQ(decoded.observations[1].reading.value, 99999999999999999999999.0);
}

TEST(DecodeJsonTest, NamesARefusedNumberAsItWasWritten) {
  for (const std::string number : {"12.60", "1e1", "0.10e2", "12345678901234567890"}) {
    const Decoded decoded =
        decode_observations(R"({"target":"文化中心","as_of":"2026-06-30","value":)" + number + "}");
    EXPECT_THAT(error_places(decoded), ElementsAre("1:value:out_of_range"));
    EXPECT_EQ(decoded.receipt.errors.at(0).value, number);
    EXPECT_THAT(decoded.receipt.errors.at(0).message, HasSubstr("“" + number + "”超出范围"));
  }
  const Decoded huge =
      decode_observations(R"({"target":"文旅投资","as_of":"2026-06-30","value":1e400})");
  EXPECT_THAT(error_places(huge), ElementsAre("1:value:out_of_range"));
  EXPECT_EQ(huge.receipt.errors.at(0).value, "1e400");
}

struct Refused {
  std::string element;
  std::string place;
  std::string value;
};

TEST(DecodeJsonTest, RefusesARowOfAWrongShapeOrContentAndTakesTheOthers) {
  const std::vector<Refused> cases = {
      {R"(7)", "1::wrong_type", "7"},
      {R"("x")", "1::wrong_type", "x"},
      {R"(null)", "1::wrong_type", ""},
      {R"([{"target":"文旅投资"}])", "1::wrong_type", "[…]"},
      {R"({})", "1:target:missing_target", ""},
      {R"({"target":null,"as_of":"2026-06-30","value":1})", "1:target:missing_target", ""},
      {R"({"target":7,"as_of":"2026-06-30","value":1})", "1:target:wrong_type", "7"},
      {R"({"target":["文旅投资"],"as_of":"2026-06-30","value":1})", "1:target:wrong_type", "[…]"},
      {R"({"target":"文旅投资","as_of":20260630,"value":1})", "1:as_of:wrong_type", "20260630"},
      {R"({"target":"文旅投资","as_of":"2026-06-30","value":{"n":1}})", "1:value:wrong_type",
       "{…}"},
      {R"({"target":"文旅投资","as_of":"2026-06-30","value":1,"note":5})", "1:note:wrong_type",
       "5"},
      {R"({"target":"文旅投资","as_of":"2026-06-30","value":null})", "1:value:missing_value", ""},
      {R"({"target":"文旅投资","as_of":"2026-06-30"})", "1:value:missing_value", ""},
      {R"({"target":"文旅投资","as_of":"2026-06-30","value":true})", "1:value:not_a_number",
       "true"},
      {R"({"target":"文旅投资","as_of":"2026-06-30","value":"5亩"})", "1:value:incompatible_unit",
       "5亩"},
      {R"({"target":"文旅投资","as_of":"2026-06-30","value":1,"value":2})", "1:value:duplicate_key",
       "2"},
      {R"({"target":"文旅投资","as_of":"2026-06-31","value":1})", "1:as_of:bad_date", "2026-06-31"},
      {R"({"target":"新建学校","as_of":"2026-06-30","value":1})", "1:target:other_department",
       "新建学校"},
  };
  for (const Refused& each : cases) {
    const Decoded decoded = decode_observations(
        each.element + R"(,{"target":"文旅投资","as_of":"2026-06-30","value":2})");
    EXPECT_THAT(error_places(decoded), ElementsAre(each.place)) << each.element;
    EXPECT_EQ(decoded.receipt.errors.at(0).value, each.value) << each.element;
    EXPECT_EQ(decoded.receipt.rows, 2);
    EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-06-30 2e+08"));
  }
}

TEST(DecodeJsonTest, RefusesTheWholeDocumentWhereItIsBroken) {
  const std::string good = R"({"target":"文旅投资","as_of":"2026-06-30","value":1})";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{", "中断"},
      {R"({"observations":[)" + good, "中断"},
      {R"({"observations":[)" + good + "],}", "第 1 行"},
      {"{\"observations\":[\n" + good + ",\n{\"target\":\"督\" x}]}", "JSON 第 3 行第 15 个字符"},
      {"{\"observations\":[]} x", "第 1 行第 21 个字符"},
      {R"({"observations":[{"value":NaN}]})", "不符合 JSON 语法"},
      {R"({"observations":[{"value":0x10}]})", "不符合 JSON 语法"},
      {R"({"observations":[{"note":"\ud800"}]})", "不符合 JSON 语法"},
      {R"({"observations":[{"value":1e99999999999}]})", "的数，指数过大"},
      {R"({"observations":[{"x":)" + std::string(1000, '[') + std::string(1000, ']') + "}]}",
       "过深"},
      {"[" + good + "]", "最外层不是对象"},
      {"7", "最外层不是对象"},
      {"\"observations\"", "最外层不是对象"},
      {"null", "最外层不是对象"},
      {"{}", "没有“observations”"},
      {R"({"data":[{"observations":[]}]})", "没有“observations”"},
      {R"({"observations":{}})", "“observations”不是数组"},
      {R"({"observations":7})", "“observations”不是数组"},
      {R"({"observations":[],"observations":[]})", "“observations”出现了两次"},
  };
  for (const auto& [body, says] : cases) {
    const Decoded decoded = decode_example(json_of(body));
    EXPECT_EQ(decoded.outcome, Outcome::unreadable) << body;
    EXPECT_THAT(error_places(decoded), ElementsAre("0::bad_json")) << body;
    EXPECT_THAT(decoded.receipt.errors.at(0).message, HasSubstr(says)) << body;
    EXPECT_THAT(decoded.observations, IsEmpty());
    EXPECT_EQ(decoded.receipt.rows, 0);
  }
}

TEST(DecodeJsonTest, RefusesADocumentWithoutRows) {
  const Decoded decoded = decode_example(json_of("\xEF\xBB\xBF{\"observations\":[]}"));
  EXPECT_EQ(decoded.outcome, Outcome::refused);
  EXPECT_THAT(error_places(decoded), ElementsAre("0::no_rows"));
}

TEST(DecodeJsonTest, RefusesAValueThatIsTooLongWhateverItBeginsWith) {
  const std::string large(70'000, ' ');
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"target":"文旅投资","as_of":"2026-06-30","value":"1)" + large + R"(x"})", "value"},
      {R"({"target":"文旅投资)" + large + R"(x","as_of":"2026-06-30","value":1})", "target"},
      {R"({"target":"文旅投资","as_of":"2026-06-30","value":1,"note":")" + large + "x\"}", "note"},
      {R"({"target":"文旅投资","as_of":"2026-06-30","value":0.)" + std::string(70'000, '0') + "1}",
       "value"},
  };
  for (const auto& [element, column] : cases) {
    const Decoded decoded =
        decode_observations(element + R"(,{"target":"文旅投资","as_of":"2026-06-30","value":2})");
    EXPECT_THAT(error_places(decoded), ElementsAre("1:" + column + ":row_too_long"));
    EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-06-30 2e+08"));
  }
}

TEST(DecodeJsonTest, TheUnitOfARowIsReadAndAnUnknownKeyIsRefusedByItsName) {
  const Decoded decoded = decode_observations(R"(
    {"target":"文旅投资","as_of":"2026-01-31","value":12600,"unit":"万元"},
    {"target":"文旅投资","as_of":"2026-02-28","value":"2亿元","单位":"万元"},
    {"target":"文旅投资","as_of":"2026-03-31","value":3,"unit":"区文旅局"},
    {"target":"文旅投资","as_of":"2026-04-30","value":4,"unit":null},
    {"target":"文旅投资","as_of":"2026-05-31","value":5,"unit":"亩"},
    {"target":"文旅投资","as_of":"2026-06-30","value":6,"Unit":"万元"},
    {"target":"文旅投资","as_of":"2026-06-30","value":6,"unit":7},
    {"target":"文旅投资","as_of":"2026-06-30","value":6,"unit":"万元","单位":"万元"},
    {"target":"文旅投资","as_of":"2026-06-30","value":6,"extra":{"a":[{},[1,"x"]]}})");
  EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-01-31 1.26e+08",
                                             "culture-tourism.investment 2026-02-28 2e+08",
                                             "culture-tourism.investment 2026-03-31 3e+08",
                                             "culture-tourism.investment 2026-04-30 4e+08"));
  EXPECT_THAT(error_places(decoded),
              ElementsAre("5:value:incompatible_unit", "6::unknown_key", "7::unknown_key",
                          "8::unknown_key", "9::unknown_key"));
  EXPECT_THAT(decoded.receipt.errors[1].message, HasSubstr("“Unit”"));
  EXPECT_THAT(decoded.receipt.notes, ElementsAre(HasSubstr("“区文旅局”是部门")));
}

TEST(DecodeJsonTest, AnUnknownKeyBesideTheRowsRefusesThemAll) {
  const Decoded decoded = decode_example(json_of(
      R"({"unit":"万元","observations":[{"target":"文旅投资","as_of":"2026-06-30","value":1}]})"));
  EXPECT_EQ(decoded.outcome, Outcome::refused);
  EXPECT_THAT(error_places(decoded), ElementsAre("0:unit:unknown_key"));
  EXPECT_THAT(decoded.observations, IsEmpty());
}

TEST(DecodeJsonTest, AnUnknownKeyIsNamedHoweverLongItIs) {
  const std::string large(200'000, 'x');
  const Decoded decoded =
      decode_observations(R"({"target":"文旅投资","as_of":"2026-06-30","value":1,")" + large +
                          R"(":[")" + large + "\"]}");
  EXPECT_THAT(error_places(decoded), ElementsAre("1::unknown_key"));
  EXPECT_LT(decoded.receipt.errors[0].message.size(), 1000U);
}

TEST(DecodeJsonTest, GivesBackTheCellsOfARefusedRow) {
  const Decoded decoded =
      decode_observations(R"({"value":"x","target":"文旅投资","as_of":"2026-06-30"})");
  ASSERT_THAT(decoded.receipt.refused, SizeIs(1));
  std::vector<std::string> cells(kColumns);
  cells[0] = "文旅投资";
  cells[1] = "2026-06-30";
  cells[2] = "x";
  EXPECT_EQ(decoded.receipt.refused[0].cells, cells);
}

}  // namespace
}  // namespace districtd
