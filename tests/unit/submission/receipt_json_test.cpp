#include "collectors/receipt_json.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <tuple>
#include <boost/json.hpp>

#include "base/time.h"

namespace districtd {
namespace {

using namespace std::chrono_literals;
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

constexpr Time kTime =
    std::chrono::sys_days{std::chrono::year{2026} / 7 / 8} + 1h + 15min + 30s + 123ms;

Receipt mixed_receipt() {
  Receipt receipt;
  receipt.submission = "20260708-42";
  receipt.received_at = kTime;
  receipt.department = "culture-tourism";
  receipt.rows = 5;
  receipt.accepted = 2;
  receipt.corrected = 1;
  receipt.unchanged = 1;
  receipt.rejected = 1;
  receipt.errors = {{4, "数值", "十二\"亿\"\n", "not_a_number", "“十二”不是数字。"}};
  receipt.encoding = "GB18030";
  receipt.empty = 2;
  receipt.flagged = 1;
  receipt.flags = {{3, "数值", "9亿元", "decrease", "请核实。"}};
  receipt.notes = {"按 2026 年读取。"};
  return receipt;
}

TEST(ReceiptJsonTest, HasTheFieldsOfTheDesignInTheirOrderOnOneLine) {
  EXPECT_EQ(to_json(mixed_receipt()),
            "{\"submission\":\"20260708-42\",\"received_at\":\"2026-07-08T01:15:30.123Z\","
            "\"department\":\"culture-tourism\",\"rows\":5,\"accepted\":2,\"corrected\":1,"
            "\"unchanged\":1,\"rejected\":1,\"errors\":[{\"row\":4,\"column\":\"数值\","
            "\"value\":\"十二\\\"亿\\\"\\n\",\"code\":\"not_a_number\","
            "\"message\":\"“十二”不是数字。\"}],\"encoding\":\"GB18030\",\"empty\":2,"
            "\"flagged\":1,\"held\":0,\"flags\":[{\"row\":3,\"column\":\"数值\","
            "\"value\":\"9亿元\",\"flag\":\"decrease\",\"message\":\"请核实。\"}],"
            "\"notes\":[\"按 2026 年读取。\"]}");
}

TEST(ReceiptJsonTest, ReadsBackWhatItWrote) {
  const Receipt sent = mixed_receipt();
  const auto read = receipt_from_json(to_json(sent));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->submission, sent.submission);
  EXPECT_EQ(read->received_at, sent.received_at);
  EXPECT_EQ(read->department, sent.department);
  EXPECT_EQ(read->rows, 5);
  EXPECT_EQ(read->accepted, 2);
  EXPECT_EQ(read->corrected, 1);
  EXPECT_EQ(read->unchanged, 1);
  EXPECT_EQ(read->rejected, 1);
  ASSERT_EQ(read->errors.size(), 1u);
  EXPECT_EQ(read->errors[0].row, 4);
  EXPECT_EQ(read->errors[0].column, "数值");
  EXPECT_EQ(read->errors[0].value, "十二\"亿\"\n");
  EXPECT_EQ(read->errors[0].code, "not_a_number");
  EXPECT_EQ(read->errors[0].message, "“十二”不是数字。");
  EXPECT_EQ(read->encoding, "GB18030");
  EXPECT_EQ(read->empty, 2);
  EXPECT_EQ(read->flagged, 1);
  ASSERT_EQ(read->flags.size(), 1u);
  EXPECT_EQ(read->flags[0].flag, "decrease");
  EXPECT_EQ(read->notes, sent.notes);
}

// Row 2 of one sheet is not row 2 of another.
TEST(ReceiptJsonTest, RowsOfSeveralSheetsNameTheirs) {
  Receipt sent = mixed_receipt();
  sent.errors[0].sheet = "民生";
  sent.flags[0].sheet = "投资";
  const std::string json = to_json(sent);
  EXPECT_NE(json.find("{\"sheet\":\"民生\",\"row\":4,"), std::string::npos) << json;
  EXPECT_NE(json.find("{\"sheet\":\"投资\",\"row\":3,"), std::string::npos) << json;
  const auto read = receipt_from_json(json);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->errors[0].sheet, "民生");
  EXPECT_EQ(read->flags[0].sheet, "投资");
  sent.errors = {
      {2, "", "", "a", "", "民生"}, {2, "x", "", "a", "", "民生"}, {2, "", "", "a", "", "投资"}};
  EXPECT_EQ(rows_listed(sent.errors), 2);
}

TEST(ReceiptJsonTest, ErrorsAloneReadBack) {
  const auto errors = errors_from_json(errors_to_json(mixed_receipt().errors));
  ASSERT_TRUE(errors);
  ASSERT_EQ(errors->size(), 1u);
  EXPECT_EQ(errors->front().message, "“十二”不是数字。");
  const auto none = errors_from_json(errors_to_json({}));
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
}

TEST(ReceiptJsonTest, SaysThatMoreRowsWereRefusedThanItLists) {
  Receipt receipt = mixed_receipt();
  receipt.errors.clear();
  for (std::size_t i = 0; i < Receipt::kMostErrors; ++i) {
    receipt.errors.push_back({static_cast<std::int64_t>(i + 2), "数值", "x", "not_a_number", "。"});
  }
  receipt.rejected = static_cast<std::int64_t>(Receipt::kMostErrors);
  EXPECT_EQ(to_json(receipt).find("errors_truncated"), std::string::npos);
  ++receipt.rejected;
  EXPECT_TRUE(to_json(receipt).ends_with(",\"errors_truncated\":true}"));
}

TEST(ReceiptJsonTest, BytesThatAreNoUtf8BecomeTheReplacementCharacter) {
  Receipt receipt = mixed_receipt();
  // GBK 文 with a Latin letter after it, an overlong slash, a surrogate, a cut character, a NUL.
  receipt.errors[0].value = std::string(
      "\xCE\xC4"
      "a\xC0\xAF\xED\xA0\x80\xE6\x96\0",
      11);
  const std::string text = to_json(receipt);
  const auto read = receipt_from_json(text);
  ASSERT_TRUE(read) << text;
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(read->errors[0].value,
            bad + bad + "a" + bad + bad + bad + bad + bad + bad + bad + std::string(1, '\0'));
}

TEST(ReceiptJsonTest, FourByteCharactersStay) {
  Receipt receipt = mixed_receipt();
  receipt.errors[0].value = "𠮷野";
  EXPECT_EQ(receipt_from_json(to_json(receipt))->errors[0].value, "𠮷野");
}

TEST(ReceiptJsonTest, WhatIsNoReceiptIsNotRead) {
  EXPECT_FALSE(receipt_from_json(""));
  EXPECT_FALSE(receipt_from_json("<html>"));
  EXPECT_FALSE(receipt_from_json("[]"));
  EXPECT_FALSE(receipt_from_json("{}"));
  EXPECT_FALSE(receipt_from_json(std::string(100'000, '[')));
  const std::string good = to_json(mixed_receipt());
  for (const auto& [part, instead] :
       std::vector<std::pair<std::string, std::string>>{{"\"rows\":5", "\"rows\":\"5\""},
                                                        {"\"rows\":5", "\"rows\":-5"},
                                                        {"\"rows\":5", "\"rows\":5.5"},
                                                        {"2026-07-08T", "2026-13-08T"},
                                                        {"\"errors\":[", "\"mistakes\":["},
                                                        {"\"code\":", "\"kode\":"}}) {
    std::string changed = good;
    changed.replace(changed.find(part), part.size(), instead);
    EXPECT_FALSE(receipt_from_json(changed)) << changed;
  }
  EXPECT_FALSE(receipt_from_json(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(errors_from_json("{}"));
  EXPECT_FALSE(errors_from_json("[1]"));
}

TEST(ReceiptJsonTest, FieldsThatALaterVersionAddsAreIgnored) {
  std::string text = to_json(mixed_receipt());
  text.insert(1, "\"added\":[1,2],");
  EXPECT_TRUE(receipt_from_json(text));
}

TEST(ErrorJsonTest, QuotesItsTexts) {
  EXPECT_EQ(error_json("not_found", "没有“\"x\"”。"),
            "{\"error\":{\"code\":\"not_found\",\"message\":\"没有“\\\"x\\\"”。\"}}");
  EXPECT_EQ(boost::json::parse(error_json("bad", "\xFF")).at("error").at("message").as_string(),
            "\xEF\xBF\xBD");
}

// Absent, and not 0, where nothing was said in words and nothing explained.
TEST(ReceiptJsonTest, WordsAndExplanationsAreReadBackAndAbsentWithoutThem) {
  Receipt sent = mixed_receipt();
  EXPECT_EQ(to_json(sent).find("narrative"), std::string::npos);
  EXPECT_EQ(to_json(sent).find("explanation"), std::string::npos);
  sent.wordy = 2;
  sent.narratives = 3;
  sent.flags[0].explanation = "口径调整";
  const auto read = receipt_from_json(to_json(sent));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->wordy, 2);
  EXPECT_EQ(read->narratives, 3);
  EXPECT_EQ(read->flags.at(0).explanation, "口径调整");
  Receipt details;
  ASSERT_TRUE(details_from_json(details_to_json(sent), details));
  EXPECT_EQ(details.wordy, 2);
  EXPECT_EQ(details.narratives, 3);
}

TEST(ReceiptJsonTest, RowsOfADryRunAreReadBack) {
  SubmissionResult result;
  result.receipt = mixed_receipt();
  RowRead row;
  row.row = 3;
  row.sheet = "6月";
  row.target = "d.a";
  row.name = "文旅投资";
  row.programme = "2026";
  row.as_of = "2026-06-30";
  row.value = 12.6;
  row.unit = "亿元";
  row.value_text = "预计 12.6亿元";
  row.basis = "projected";
  row.notes = {"第 3 行…"};
  row.stands = "12亿元";
  row.becomes = "corrected";
  RowRead words;
  words.row = 4;
  words.becomes = "narrative";
  result.rows_read = {row, words};
  const std::string text = dry_run_to_json(result);
  ASSERT_TRUE(receipt_from_json(text)) << text;
  const auto read = rows_read_from_json(text);
  ASSERT_TRUE(read) << text;
  ASSERT_EQ(read->size(), 2U);
  const RowRead& first = read->front();
  EXPECT_EQ(
      std::tie(first.row, first.sheet, first.target, first.name, first.programme, first.as_of),
      std::tie(row.row, row.sheet, row.target, row.name, row.programme, row.as_of));
  EXPECT_EQ(
      std::tie(first.value, first.unit, first.value_text, first.basis, first.notes, first.stands,
               first.becomes),
      std::tie(row.value, row.unit, row.value_text, row.basis, row.notes, row.stands, row.becomes));
  EXPECT_EQ(read->back().value, std::nullopt);
  EXPECT_EQ(read->back().stands, std::nullopt);
  EXPECT_FALSE(rows_read_from_json(to_json(result.receipt))) << "that was no dry run";
}

}  // namespace
}  // namespace districtd
