#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/utf8.h"
#include "tests/unit/intake/example_catalogue.h"

namespace districtd {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view kHeader = "target,as_of,value,note\n";

Decoded decode_rows(std::string_view rows) {
  return decode_example(csv_of(std::string(kHeader).append(rows)));
}

TEST(DecodeCsvTest, TakesTheRowOfTheExample) {
  const Decoded decoded = decode_rows("文旅投资,2026-06-30,12.6亿元,示例数据\n");
  EXPECT_EQ(decoded.outcome, Outcome::taken);
  EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-06-30 1.26e+09"));
  EXPECT_EQ(decoded.observations[0].row, 2);
  EXPECT_EQ(decoded.observations[0].note, "示例数据");
  EXPECT_EQ(decoded.receipt.department, "culture-tourism");
  EXPECT_EQ(decoded.receipt.rows, 1);
  EXPECT_EQ(decoded.receipt.rejected, 0);
  EXPECT_THAT(decoded.receipt.header, ElementsAre("target", "as_of", "value", "note"));
  EXPECT_TRUE(decoded.receipt.submission.empty());
}

struct Whole {
  std::string_view body;
  Outcome outcome;
  std::vector<std::string> readings;
  std::vector<std::string> errors;
  std::int64_t rows;
};

// Bodies as they come: the whole of what is made of each.
TEST(DecodeCsvTest, MakesTheExpectedReceiptOfEveryBody) {
  const std::string investment = "culture-tourism.investment 2026-06-30 ";
  const std::vector<Whole> cases = {
      // Nothing in it.
      {"", Outcome::unreadable, {}, {"0::empty_submission"}, 0},
      {"\xEF\xBB\xBF\r\n\r\n", Outcome::unreadable, {}, {"0::empty_submission"}, 0},
      {"target,as_of,value", Outcome::refused, {}, {"0::no_rows"}, 0},
      {"target,as_of,value\n,,\n\n", Outcome::refused, {}, {"0::no_rows"}, 0},
      // Not a table.
      {"\x89PNG\r\n\x1A\n", Outcome::unreadable, {}, {"0::binary"}, 0},
      {"<!DOCTYPE html><html></html>", Outcome::unreadable, {}, {"0::html_page"}, 0},
      {"PK\x03\x04", Outcome::unreadable, {}, {"0::damaged_workbook"}, 0},
      // Headers.
      {"指标,截至日期,数值,备注\n文旅投资,2026-06-30,1,\n",
       Outcome::taken,
       {investment + "1e+08"},
       {},
       1},
      {"\xEF\xBB\xBF指标,截至日期,数值\r\n文旅投资,2026-06-30,1\r\n",
       Outcome::taken,
       {investment + "1e+08"},
       {},
       1},
      {" Value ,NOTE,x,As_Of,\"target\"\n1,n,y,2026-06-30,文旅投资\n",
       Outcome::taken,
       {investment + "1e+08"},
       {},
       1},
      {"\n\ntarget,as_of,value\n文旅投资,2026-06-30,x\n",
       Outcome::refused,
       {},
       {"4:value:not_a_number"},
       1},
      {"target,as_of\n文旅投资,2026-06-30\n", Outcome::refused, {}, {"1:数值:missing_column"}, 0},
      {"文旅投资,2026-06-30,12.6亿元\n", Outcome::refused, {}, {"1:指标:missing_column"}, 0},
      {"target;as_of;value\n", Outcome::refused, {}, {"0::no_rows"}, 0},
      {"target,as_of,value,指标\n", Outcome::refused, {}, {"1:指标:duplicate_column"}, 0},
      {"target,as_of,\"value\n1,2,3\n", Outcome::unreadable, {}, {"1::unterminated_quote"}, 0},
      // Line ends and the missing last newline.
      {"target,as_of,value\r文旅投资,2026-06-30,1", Outcome::taken, {investment + "1e+08"}, {}, 1},
      // Shapes.
      {"target,as_of,value\n文旅投资\n文旅投资,2026-06-30\n文旅投资,2026-06-30,1,,,\n",
       Outcome::taken,
       {investment + "1e+08"},
       {"2:as_of:too_few_columns"},
       2},
      {"target,as_of,value\n文旅投资,2026-06-30,3,200万元\n",
       Outcome::refused,
       {},
       {"2::too_many_columns"},
       1},
      {"target,as_of,value\n文旅投资,2026-06-30,\"3,200万元\"\n",
       Outcome::taken,
       {investment + "3.2e+07"},
       {},
       1},
      {"target,as_of,value\n文旅投资,2026-06-30,\"1\"2\n文旅投资,2026-06-30,2\n",
       Outcome::taken,
       {investment + "2e+08"},
       {"2::stray_quote"},
       2},
      {"target,as_of,value\n文旅投资,2026-06-30,2\n文旅投资,2026-06-30,\"3\n文旅投资,2026-06-30,"
       "4\n",
       Outcome::taken,
       {investment + "2e+08"},
       {"3::unterminated_quote"},
       2},
      // A quoted newline begins no row; blank rows have numbers but do not count.
      {"target,as_of,value,note\n文旅投资,2026-06-30,1,\"a\nb\"\n\n , ,\t,\nx,2026-06-30,1,\n",
       Outcome::taken,
       {investment + "1e+08"},
       {"5:target:unknown_target"},
       2},
  };
  for (const Whole& each : cases) {
    const Decoded decoded = decode_example(csv_of(std::string(each.body)));
    EXPECT_EQ(decoded.outcome, each.outcome) << each.body;
    EXPECT_EQ(readings(decoded), each.readings) << each.body;
    EXPECT_EQ(error_places(decoded), each.errors) << each.body;
    EXPECT_EQ(decoded.receipt.rows, each.rows) << each.body;
    EXPECT_EQ(decoded.receipt.rows,
              decoded.receipt.rejected + static_cast<std::int64_t>(decoded.observations.size()));
    EXPECT_EQ(decoded.receipt.refused.size(), static_cast<std::size_t>(decoded.receipt.rejected));
  }
}

struct Refused {
  std::string_view row;
  std::string_view column;
  std::string_view value;
  std::string_view code;
  std::string_view says;  // what the message must contain
};

TEST(DecodeCsvTest, RefusesARowForWhatItSays) {
  const std::vector<Refused> cases = {
      {",2026-06-30,1", "target", "", "missing_target", "没有填写指标"},
      {"文旅投姿,2026-06-30,1", "target", "文旅投姿", "unknown_target", "最接近的是“文旅投资”"},
      {"culture-tourism.investmnt,2026-06-30,1", "target", "culture-tourism.investmnt",
       "unknown_target", "“culture-tourism.investment”"},
      {"完全无关的一件事情,2026-06-30,1", "target", "完全无关的一件事情", "unknown_target",
       "目标库中没有“完全无关的一件事情”；"},
      {"新建学校,2026-06-30,1", "target", "新建学校", "other_department",
       "“新建学校”是区教育局的目标，区文旅局不能填报"},
      {"education.attraction,2026-06-30,1", "target", "education.attraction", "other_department",
       "区教育局"},
      {"文旅投资,,1", "as_of", "", "missing_date", "2026-06-30"},
      {"文旅投资,2026-02-30,1", "as_of", "2026-02-30", "bad_date", "“2026-02-30”不是有效的日期"},
      {"文旅投资,4-6月,1", "as_of", "4-6月", "bad_date", "2026-06-30"},
      {"文旅投资,8月,1", "as_of", "8月", "future_date", "2026-08-31"},
      {"文旅投资,2026/7/9,1", "as_of", "2026/7/9", "future_date", "今天（2026-07-08）之后"},
      {"文旅投资,2025-12-31,1", "as_of", "2025-12-31", "before_start", "2026-01-01 或以后"},
      {"活动场次,2026-02-28,1", "as_of", "2026-02-28", "before_start", "2026-03-01"},
      {"满意率,2026-07-01,95", "as_of", "2026-07-01", "after_the_period", "2026-06-30 或以前"},
      {"活动场次,2026-07-05,1", "as_of", "2026-07-05", "withdrawn", "已自 2026-07-05 起撤销"},
      {"文旅投资,2026-06-30,约30", "value", "约30", "approximate", "“约30”不是确数"},
      {"满意率,2026-06-30,0.95", "value", "0.95", "ambiguous_percentage",
       "“0.95”可以是 0.95%，也可以是 95%"},
      {"文旅投资,2026-06-30,很多", "value", "很多", "not_a_number", "“很多”不是数字"},
      {"文旅投资,2026-06-30,NaN", "value", "NaN", "not_a_number", "12.6亿元"},
      {"文旅投资,2026-06-30,=A1+6.6", "value", "=A1+6.6", "formula_without_result", "Excel 或 WPS"},
      {"文旅投资,#N/A,12.6", "as_of", "#N/A", "formula_error", "“#N/A”是公式出错的结果"},
      {"#REF!,2026-06-30,12.6", "target", "#REF!", "formula_error", "改正公式"},
      {"文旅投资,2026-06-30,已完成", "value", "已完成", "not_a_number", "亿元"},
      {"文旅投资,2026-06-30,42%", "value", "42%", "incompatible_unit", "单位“%”与目标“文旅投资”"},
      {"满意率,2026-06-30,95分", "value", "95分", "incompatible_unit", "单位“分”"},
      {"文旅投资,2026-06-30,1e999", "value", "1e999", "out_of_range", "超出范围"},
      {"文化中心,2026-06-30,60", "value", "60", "out_of_range", "0% 至 100%"},
      {"文化中心,2026-06-30,-0.1", "value", "-0.1", "out_of_range", "0 至 1"},
      {"文化中心,2026-06-30,101%", "value", "101%", "out_of_range", "0 至 1"},
      {"文化中心,2026-06-30,快了", "value", "快了", "not_a_number", "“已完成”“未完成”"},
  };
  for (const Refused& each : cases) {
    const Decoded decoded = decode_rows(each.row);
    EXPECT_EQ(decoded.outcome, Outcome::refused) << each.row;
    EXPECT_THAT(decoded.observations, IsEmpty());
    EXPECT_EQ(decoded.receipt.rejected, 1);
    ASSERT_THAT(decoded.receipt.errors, SizeIs(1)) << each.row;
    const RowError& error = decoded.receipt.errors[0];
    EXPECT_EQ(error.row, 2);
    EXPECT_EQ(error.column, each.column) << each.row;
    EXPECT_EQ(error.value, each.value) << each.row;
    EXPECT_EQ(error.code, each.code) << each.row;
    EXPECT_THAT(error.message, HasSubstr(std::string(each.says))) << each.row;
    EXPECT_EQ(error.message.find('{'), std::string::npos) << error.message;
  }
}

TEST(DecodeCsvTest, TakesWhatEachKindOfTargetMaySay) {
  const std::vector<std::pair<std::string_view, std::string>> cases = {
      {"culture-tourism.investment,2026/6/30,3亿元", "culture-tourism.investment 2026-06-30 3e+08"},
      {"文旅投资,2026-07-08,1", "culture-tourism.investment 2026-07-08 1e+08"},  // today
      {"文旅投资,2026-01-01,0", "culture-tourism.investment 2026-01-01 0"},      // the first day
      {"用地,2026-07-01,3", "culture-tourism.land 2026-07-01 2000"},  // after the deadline, late
      {"满意率,2026-06-30,95%", "culture-tourism.satisfaction 2026-06-30 0.95"},
      {"满意率,2026-06-30,95", "culture-tourism.satisfaction 2026-06-30 0.95"},
      {"文化中心,2026-06-30,0.6", "culture-tourism.centre 2026-06-30 0.6"},
      {"文化中心,2026-06-30,60%", "culture-tourism.centre 2026-06-30 0.6"},
      {"文化中心,2026-06-30,100%", "culture-tourism.centre 2026-06-30 1"},
      {"文化中心,2026-06-30,是", "culture-tourism.centre 2026-06-30 1"},
      {"文化中心,2026-06-30,已完成", "culture-tourism.centre 2026-06-30 1"},
      {"文化中心,2026-06-30,TRUE", "culture-tourism.centre 2026-06-30 1"},
      {"文化中心,2026-06-30,否", "culture-tourism.centre 2026-06-30 0"},
      {"文化中心,2026-06-30,未完成", "culture-tourism.centre 2026-06-30 0"},
      // A blank, 否 or 0 is no report.
      {"优质服务,2026-06-30,", "culture-tourism.service 2026-06-30 0"},
      {"优质服务,2026-06-30", "culture-tourism.service 2026-06-30 0"},
      {"优质服务,2026-06-30,否", "culture-tourism.service 2026-06-30 0"},
      {"优质服务,2026-06-30,0", "culture-tourism.service 2026-06-30 0"},
      {"优质服务,2026-06-30,已开展三轮走访", "culture-tourism.service 2026-06-30 1"},
      {"优质服务,2026-06-30,7", "culture-tourism.service 2026-06-30 1"},
      {"招商引资,2026-06-30,1", "culture-tourism.attraction 2026-06-30 1e+08"},  // its own
      {"　文旅投资 , 2026-06-30 , 1 亿元 ", "culture-tourism.investment 2026-06-30 1e+08"},
  };
  for (const auto& [row, reading] : cases) {
    const Decoded decoded = decode_rows(row);
    EXPECT_THAT(error_places(decoded), IsEmpty()) << row;
    EXPECT_THAT(readings(decoded), ElementsAre(reading)) << row;
  }
}

TEST(DecodeCsvTest, APledgeOfWhichNothingWasDoneIsNoReportAndTheReceiptSaysSo) {
  for (const std::string_view row :
       {"优质服务,2026-06-30,", "优质服务,2026-06-30,否", "优质服务,2026-06-30,0"}) {
    EXPECT_THAT(decode_rows(row).receipt.notes, Contains(HasSubstr("“优质服务”填的是空白、否或 0")))
        << row;
  }
  EXPECT_THAT(decode_rows("优质服务,2026-06-30,已开展三轮走访").receipt.notes, IsEmpty());
}

TEST(DecodeCsvTest, TakesTheGoodRowsWhereOthersAreRefusedAndGivesThoseBackAsTheyCame) {
  const Decoded decoded = decode_rows(
      "文旅投资,2026-05-31,10,\n"
      " 文旅投姿 ,2026-06-30,\"3,200万元\",\"他说\"\"好\"\"\"\n"
      "文旅投资,2026-06-30,12.6,\n");
  EXPECT_EQ(decoded.outcome, Outcome::taken);
  EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-05-31 1e+09",
                                             "culture-tourism.investment 2026-06-30 1.26e+09"));
  EXPECT_EQ(decoded.observations[1].row, 4);
  ASSERT_THAT(decoded.receipt.refused, SizeIs(1));
  EXPECT_EQ(decoded.receipt.refused[0].row, 3);
  EXPECT_THAT(decoded.receipt.refused[0].cells,
              ElementsAre(" 文旅投姿 ", "2026-06-30", "3,200万元", "他说\"好\""));
}

TEST(DecodeCsvTest, CallsAColumnAsTheHeaderDoes) {
  const Decoded decoded = decode_example(
      csv_of("数值, 截至日期 ,指标\nx,2026-06-30,文旅投资\n1,x,文旅投资\n1,2026-06-30,x\n"));
  EXPECT_THAT(error_places(decoded),
              ElementsAre("2:数值:not_a_number", "3:截至日期:bad_date", "4:指标:unknown_target"));
}

TEST(DecodeCsvTest, AnotherDepartmentMaySendItsOwnTargetOfTheSameName) {
  Submission submission =
      csv_of("target,as_of,value\n招商引资,2026-06-30,1\n新建学校,2026-06-30,2\n");
  submission.department = "education";
  EXPECT_THAT(
      readings(decode_example(submission)),
      ElementsAre("education.attraction 2026-06-30 1e+08", "education.schools 2026-06-30 2"));
}

TEST(DecodeCsvTest, RefusesADepartmentThatTheCatalogueDoesNotKnow) {
  Submission submission = csv_of("target,as_of,value\n招商引资,2026-06-30,1\n");
  submission.department = "nobody";
  const Decoded decoded = decode_example(submission);
  EXPECT_EQ(decoded.outcome, Outcome::refused);
  EXPECT_THAT(error_places(decoded), ElementsAre("0::unknown_department"));
}

TEST(DecodeCsvTest, ListsTheFirstErrorsAndCountsOn) {
  constexpr std::int64_t kBad = static_cast<std::int64_t>(Receipt::kMostErrors) + 500;
  std::string rows;
  for (std::int64_t i = 0; i < kBad; ++i) rows += "没有" + std::to_string(i) + ",2026-06-30,1,\n";
  rows += "文旅投资,2026-06-30,1,\n";
  const Decoded decoded = decode_rows(rows);
  EXPECT_EQ(decoded.outcome, Outcome::taken);
  EXPECT_EQ(decoded.receipt.rows, kBad + 1);
  EXPECT_EQ(decoded.receipt.rejected, kBad);
  EXPECT_THAT(decoded.receipt.errors, SizeIs(Receipt::kMostErrors));
  EXPECT_THAT(decoded.receipt.refused, SizeIs(Receipt::kMostErrors));
  EXPECT_EQ(decoded.receipt.errors.back().row, static_cast<std::int64_t>(Receipt::kMostErrors) + 1);
}

TEST(DecodeCsvTest, CutsLargeCellsInErrorsAndRefusesLargeNotes) {
  std::string large;
  for (int i = 0; i < 3000; ++i) large += "督";
  const Decoded decoded =
      decode_rows(large + ",2026-06-30,1,\n文旅投资,2026-06-30,1," + large + "\n");
  EXPECT_THAT(error_places(decoded),
              ElementsAre("2:target:unknown_target", "3:note:note_too_long"));
  for (const RowError& error : decoded.receipt.errors) {
    EXPECT_EQ(error.value.size(), 198U);
    EXPECT_TRUE(utf8::is_valid(error.message));
    EXPECT_LT(error.message.size(), 600U);
  }
}

TEST(DecodeCsvTest, ReadsAMillionCellsInOneRow) {
  const Decoded decoded = decode_rows("文旅投资,2026-06-30,1,n" + std::string(1'000'000, ',') +
                                      "\n" + std::string(1'000'000, ',') + "x\n");
  EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-06-30 1e+08"));
  EXPECT_THAT(error_places(decoded), ElementsAre("3::too_many_columns"));
}

// A header of 60 MB would otherwise be kept a second and a third time.
TEST(DecodeCsvTest, RefusesAFileWhoseHeaderIsTooWideOrTooLongAndKeepsNothingOfIt) {
  std::string wide(kHeader.substr(0, kHeader.size() - 1));
  for (int i = 0; i < 2000; ++i) wide += ",c" + std::to_string(i);
  const std::string row = "\n文旅投资,2026-06-30,1\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {wide, "1::too_many_columns"},
      {std::string(2'000'000, ','), "1::row_too_long"},
      {"\n\n" + std::string(2'000'000, ' '), "3::row_too_long"},
      {"target,as_of,value," + std::string(70'000, 'x'), "1::row_too_long"},
  };
  for (const auto& [header, place] : cases) {
    const Decoded decoded = decode_example(csv_of(header + row));
    EXPECT_EQ(decoded.outcome, Outcome::refused) << place;
    EXPECT_THAT(error_places(decoded), ElementsAre(place));
    EXPECT_THAT(decoded.receipt.header, IsEmpty());
    EXPECT_EQ(decoded.receipt.rows, 0);
  }
  const Decoded decoded = decode_example(csv_of(wide + row));
  EXPECT_EQ(
      decoded.receipt.errors[0].message,
      "这一行有 2004 列，多于允许的 1000 列；带逗号的内容（如 \"3,200万元\"）应放在双引号里。");
}

TEST(DecodeCsvTest, RefusesRowsThatAreTooWideOrTooLongAndTakesTheOthers) {
  std::string wide = "文旅投资,2026-06-30,1,";
  for (int i = 0; i < 5000; ++i) wide += ",x";
  const Decoded decoded = decode_rows(wide + "\n文旅投资,2026-06-30,1,\"" +
                                      std::string(2'000'000, 'n') + "\"\n文旅投资,2026-06-30,2,\n");
  EXPECT_THAT(readings(decoded), ElementsAre("culture-tourism.investment 2026-06-30 2e+08"));
  EXPECT_THAT(error_places(decoded), ElementsAre("2::too_many_columns", "3::row_too_long"));
  EXPECT_EQ(decoded.receipt.errors[1].message,
            "这一行有 2000028 字节，多于允许的 1048576 字节；"
            "应检查是否缺少换行，或有双引号没有配对。");
  ASSERT_THAT(decoded.receipt.refused, SizeIs(2));
  EXPECT_THAT(decoded.receipt.refused[0].cells, SizeIs(1000));
  EXPECT_THAT(decoded.receipt.refused[1].cells, IsEmpty());
  EXPECT_EQ(decoded.receipt.rows, 3);
}

// What the cells of the refused rows hold, their own size included.
std::size_t kept_bytes(const Decoded& decoded) {
  std::size_t bytes = 0;
  for (const RefusedRow& row : decoded.receipt.refused) {
    for (const std::string& cell : row.cells) bytes += sizeof(cell) + cell.size();
  }
  return bytes;
}

TEST(DecodeCsvTest, GivesBackALimitedAmountOfRefusedRowsAndCountsOn) {
  constexpr std::size_t kMost = 64 * 1024 * 1024;
  std::string large;
  for (int i = 0; i < 90; ++i) large += std::string(900'000, 'x') + ",2026-06-30,1,\n";
  std::string wide;
  for (int i = 0; i < 3000; ++i) wide += "x,2026-06-30,1," + std::string(900, ',') + "x\n";
  for (const std::string& rows : {large, wide}) {
    const Decoded decoded = decode_rows(rows + "文旅投资,2026-06-30,1,\n");
    const auto rejected = static_cast<std::size_t>(decoded.receipt.rejected);
    EXPECT_EQ(decoded.outcome, Outcome::taken);
    EXPECT_THAT(decoded.receipt.errors, SizeIs(rejected));
    ASSERT_THAT(decoded.receipt.refused, SizeIs(rejected));
    EXPECT_THAT(decoded.receipt.refused.front().cells, Not(IsEmpty()));
    EXPECT_THAT(decoded.receipt.refused.back().cells, IsEmpty());
    EXPECT_LE(kept_bytes(decoded), kMost);
    EXPECT_GT(kept_bytes(decoded), kMost / 2);
  }
}

TEST(DecodeFormatTest, TakesTheFormatFromTheMediaTypeThenTheNameThenTheFirstByte) {
  const std::string csv = "target,as_of,value\n文旅投资,2026-06-30,1\n";
  const std::string json =
      R"( {"observations":[{"target":"文旅投资","as_of":"2026-06-30","value":1}]})";
  const auto outcome = [](const std::string& type, const std::string& name,
                          const std::string& body) {
    return decode_example({"culture-tourism", "http_push", type, name, body}).outcome;
  };
  EXPECT_EQ(outcome("text/csv", "a.json", csv), Outcome::taken);
  EXPECT_EQ(outcome("application/json", "a.csv", json), Outcome::taken);
  EXPECT_EQ(outcome("", "六月.CSV", csv), Outcome::taken);
  EXPECT_EQ(outcome("application/octet-stream", "a.json", json), Outcome::taken);
  EXPECT_EQ(outcome("application/octet-stream", "a", json), Outcome::taken);
  EXPECT_EQ(outcome("", "", csv), Outcome::taken);
  EXPECT_EQ(outcome("application/vnd.ms-excel", "a.csv", csv), Outcome::taken);
  // Names and types that lie: the bytes decide.
  EXPECT_EQ(outcome("", "a.json", csv), Outcome::taken);
  EXPECT_EQ(outcome("application/json", "", csv), Outcome::taken);
  EXPECT_EQ(outcome("text/csv", "a.csv", json), Outcome::taken);
  EXPECT_EQ(outcome("image/png", "a.png", csv), Outcome::taken);
  EXPECT_EQ(
      outcome("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "a.xlsx", csv),
      Outcome::taken);
  // A title in brackets is no JSON; what says that it is JSON and is cut off is.
  EXPECT_EQ(outcome("text/csv", "", "[附件]\n" + csv), Outcome::taken);
  EXPECT_EQ(outcome("application/json", "", "{"), Outcome::unreadable);
  EXPECT_EQ(outcome("application/json", "", "null"), Outcome::unreadable);
}

// What other programs call a workbook is refused with how to save it as one.
TEST(DecodeFormatTest, OtherWorkbooksAreNamed) {
  using namespace std::string_literals;
  for (const auto& [body, what] : std::vector<std::pair<std::string, std::string>>{
           {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(600, '\0'), "xls、et"},
           {"<?xml version=\"1.0\"?><Workbook "
            "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
            "2003"},
           {"<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>", "网页格式"},
           {"<table><tr><td>指标</td></tr></table>", "网页格式"},
           {"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n", "mht"}}) {
    const Decoded decoded = decode_example({"culture-tourism", "csv_drop", "", "6月.xls", body});
    EXPECT_EQ(decoded.outcome, Outcome::unreadable);
    ASSERT_EQ(decoded.receipt.errors.size(), 1U);
    EXPECT_EQ(decoded.receipt.errors[0].code, "other_workbook");
    EXPECT_NE(decoded.receipt.errors[0].message.find(what), std::string::npos) << what;
    EXPECT_NE(decoded.receipt.errors[0].message.find("另存为"), std::string::npos);
  }
}

}  // namespace
}  // namespace districtd
