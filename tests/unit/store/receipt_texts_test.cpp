// What is refused is kept, and does not fill the disk.
#include <array>
#include <memory>

#include "collectors/receipt_json.h"
#include "daemon/store/schema.h"
#include "daemon/store/sqlite.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::HasSubstr;

class ReceiptTextsTest : public StoreFixture {
 protected:
  Append refused(std::size_t rows, const std::string& value = "很多") const {
    Append append = append_of(catalogue_, {});
    Receipt& receipt = append.decoded.receipt;
    receipt.rows = receipt.rejected = static_cast<std::int64_t>(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      receipt.errors.push_back({static_cast<std::int64_t>(i + 2), "数值", value, "not_a_number",
                                "第 " + std::to_string(i + 2) + " 行的“数值”应为数字。"});
    }
    return append;
  }
  Receipt stored(const Appended& appended) const {
    return *StoreReader(path()).receipt(appended.receipt.submission);
  }
  // The store forgets when nothing else waits: at the latest before the second of these.
  static void wait_for_forgetting(Store& store) {
    for (int i = 0; i < 2; ++i) commit_nothing(store);
  }
  std::int64_t kept_bytes() const {
    return std::stoll(query(path(), "SELECT coalesce(sum(length(deflated)), 0) FROM receipt_text"));
  }
};

TEST_F(ReceiptTextsTest, TenThousandErrorsAreKeptToTheLetterInAFractionOfTheirBytes) {
  Store store(path());
  const Appended appended = keep(store, refused(Receipt::kMostErrors));
  EXPECT_EQ(to_json(stored(appended)), to_json(appended.receipt));
  const auto bytes = static_cast<std::int64_t>(errors_to_json(appended.receipt.errors).size());
  EXPECT_LT(kept_bytes(), bytes / 10);
}

TEST_F(ReceiptTextsTest, TheSameRefusalAThousandTimesIsKeptOnce) {
  Store store(path());
  keep(store, refused(2'000));
  const std::int64_t once = kept_bytes();
  for (int i = 0; i < 20; ++i) keep(store, refused(2'000));
  EXPECT_EQ(kept_bytes(), once);
  EXPECT_EQ(query(path(), "SELECT count(*) FROM submission"), "21");
}

TEST_F(ReceiptTextsTest, WhatIsLongBeyondMeasureIsCutAndSaysSo) {
  Store store(path());
  const Appended appended = keep(store, refused(Receipt::kMostErrors, std::string(200, 'x')));
  EXPECT_EQ(appended.receipt.errors.size(), Receipt::kMostErrors) << "the sender sees them all";
  const Receipt receipt = stored(appended);
  EXPECT_LT(receipt.errors.size(), Receipt::kMostErrors);
  EXPECT_GT(receipt.errors.size(), 1'000U);
  EXPECT_EQ(receipt.rejected, static_cast<std::int64_t>(Receipt::kMostErrors));
  ASSERT_EQ(receipt.notes.size(), 1U);
  EXPECT_THAT(receipt.notes.front(), HasSubstr(std::to_string(receipt.errors.size())));
}

// Of the errors that anybody makes up in a day no more is kept than the budget, whatever brought
// them in; good rows are taken as ever.
TEST_F(ReceiptTextsTest, ADayKeepsNoMoreOfADepartmentThanItsBudget) {
  SetClock clock{at(2026, 7, 8, 12)};
  std::uint64_t made = 0;
  const auto other = [&](const char* collector) {
    std::string value;
    std::uint64_t state = ++made;
    for (int i = 0; i < 150; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      value += static_cast<char>('a' + (state >> 33) % 26);
    }
    Append append = refused(40, value);
    append.submission.collector = collector;
    return append;
  };
  constexpr std::uint64_t kBudget = 4'000;
  const StoreLimits limits{.refusals_per_day = kBudget};
  auto store = std::make_unique<Store>(path(), [&] { return clock.now(); });
  store->set_limits(limits);
  const Appended kept = keep(*store, other("http_push"));
  EXPECT_EQ(to_json(stored(kept)), to_json(kept.receipt));
  Appended last;
  for (int i = 0; i < 60; ++i) {
    last = keep(*store, other(std::array{"http_push", "csv_drop", "http_pull"}[made % 3]));
    EXPECT_EQ(last.receipt.errors.size(), 40U) << "the sender sees them all";
    if (i == 30) {  // a restart gives nothing back
      store.reset();
      store = std::make_unique<Store>(path(), [&] { return clock.now(); });
      store->set_limits(limits);
    }
  }
  EXPECT_LE(kept_bytes(), static_cast<std::int64_t>(kBudget));
  EXPECT_GT(kept_bytes(), 1'000);
  const Receipt receipt = stored(last);
  EXPECT_EQ(receipt.rejected, 40);
  EXPECT_EQ(receipt.errors.size(), 0U);
  ASSERT_EQ(receipt.notes.size(), 1U);
  EXPECT_THAT(receipt.notes.front(), HasSubstr("今日的存档额度已用完"));

  Append mixed = append_of(catalogue_, {{0, day(2026, 6, 30), 5}});
  mixed.decoded.receipt.errors = other("http_push").decoded.receipt.errors;
  mixed.decoded.receipt.rejected = 40;
  EXPECT_EQ(counts(keep(*store, mixed).receipt), "1/0/0");
  Append good = append_of(catalogue_, {{1, day(2026, 6, 30), 5}});
  good.decoded.receipt.notes = {"按 GB18030 读取。"};
  const Appended taken = keep(*store, good);
  EXPECT_EQ(to_json(stored(taken)), to_json(taken.receipt)) << "it has no errors to leave out";

  Append neighbour = other("http_push");
  neighbour.submission.department = neighbour.decoded.receipt.department = "other";
  EXPECT_EQ(stored(keep(*store, neighbour)).errors.size(), 40U) << "it has a budget of its own";
  clock.set(at(2026, 7, 9, 1));
  EXPECT_EQ(stored(keep(*store, other("http_push"))).errors.size(), 40U) << "a new day";
}

TEST_F(ReceiptTextsTest, TheSizeSaysWhatTextsTakeAndWhatCameSince) {
  SetClock clock{at(2026, 5, 1)};
  Store store(path(), [&] { return clock.now(); });
  keep(store, refused(500));
  const auto before = StoreReader(path()).size(at(2026, 7, 1));
  EXPECT_EQ(before.submissions, 1U);
  EXPECT_EQ(before.since.submissions, 0U);
  EXPECT_EQ(before.since.text_bytes, 0U);
  EXPECT_GE(before.text_bytes, static_cast<std::uint64_t>(kept_bytes()));
  clock.set(at(2026, 7, 8));
  keep(store, refused(500));
  keep(store, append_of(catalogue_, {{0, day(2026, 6, 30), 5}, {1, day(2026, 6, 30), 5}}));
  auto size = StoreReader(path()).size(at(2026, 7, 1));
  EXPECT_EQ(size.submissions, 3U);
  EXPECT_EQ(size.since.submissions, 2U);
  EXPECT_EQ(size.since.observations, 2U);
  EXPECT_EQ(size.since.text_bytes, 0U) << "the same text was there before";
  keep(store, refused(600));
  size = StoreReader(path()).size(at(2026, 7, 1));
  EXPECT_EQ(size.since.text_bytes, size.text_bytes - before.text_bytes);
  EXPECT_GT(size.since.text_bytes, 100U);
  EXPECT_GE(size.bytes, size.text_bytes);
}

// Receipts of fifty weeks; what is older than thirty weeks is forgotten but for what a younger one
// says too.
TEST_F(ReceiptTextsTest, WhatIsOldIsLetGoAndFiguresAndCountsStay) {
  SetClock clock{at(2026, 1, 1)};
  Store store(path(), [&] { return clock.now(); });
  std::vector<std::string> submissions;
  Append figures = append_of(catalogue_, {{0, day(2026, 6, 30), 5}});
  figures.decoded.receipt.encoding = "GB18030";
  figures.decoded.receipt.notes = {std::string(2'000, 'n')};
  submissions.push_back(keep(store, figures).receipt.submission);
  for (int week = 1; week < 50; ++week) {
    clock.set(at(2026, 1, 1) + std::chrono::weeks(week));
    // Of every tenth week the same text.
    submissions.push_back(
        keep(store, refused(100, week % 10 == 0 ? "同" : "第" + std::to_string(week)))
            .receipt.submission);
  }
  const auto rows_before = stored_rows(path());
  store.set_limits({.keep_receipts = std::chrono::weeks(30)});
  wait_for_forgetting(store);
  EXPECT_EQ(store.statistics().forgotten_receipts, 20U);
  const StoreReader reader(path());
  const auto is_forgotten = [&](std::size_t week) {
    const Receipt receipt = *reader.receipt(submissions[week]);
    EXPECT_EQ(receipt.rejected, week == 0 ? 0 : 100);
    return receipt.notes ==
           std::vector<std::string>{
               "这份回执的逐行说明已超过保存期限，不再保存；已收下的数据和行数不受影响。"};
  };
  for (std::size_t week = 0; week < 50; ++week) EXPECT_EQ(is_forgotten(week), week < 20) << week;
  EXPECT_EQ(reader.receipt(submissions[0])->encoding, "") << "nobody knows it any more";
  EXPECT_EQ(reader.receipt(submissions[30])->errors.size(), 100U) << "its text is week 10's too";
  EXPECT_EQ(query(path(), "SELECT count(*) FROM receipt_text"), "28");
  EXPECT_EQ(stored_rows(path()), rows_before);
  // What comes again stands again, and is forgotten in its turn.
  keep(store, refused(100, "第3"));
  clock.set(at(2027, 12, 1));
  store.set_limits({.keep_receipts = std::chrono::weeks(30)});
  wait_for_forgetting(store);
  EXPECT_EQ(store.statistics().forgotten_receipts, 51U);
  EXPECT_EQ(query(path(), "SELECT count(*) FROM receipt_text"), "0");
}

TEST_F(ReceiptTextsTest, NothingIsForgottenByAClockThatIsNotBelieved) {
  SetClock clock{at(2026, 1, 1)};
  Store store(path(), [&] { return clock.now(); });
  keep(store, refused(100));
  clock.set(KnownTime(at(2026, 1, 2), at(2036, 1, 1)));
  store.set_limits({.keep_receipts = std::chrono::days(31)});
  wait_for_forgetting(store);
  EXPECT_EQ(store.statistics().forgotten_receipts, 0U);
  EXPECT_EQ(query(path(), "SELECT count(*) FROM receipt_text"), "1");
}

TEST_F(ReceiptTextsTest, TheFileLetsGoOnlyWhatNoReceiptHolds) {
  Store store(path());
  keep(store, refused(100));
  for (const char* sql : {"DELETE FROM receipt_text", "UPDATE submission_text SET errors = 7",
                          "UPDATE submission_text SET seq = 9, errors = NULL",
                          "DELETE FROM submission_text", "UPDATE receipt_text SET bytes = 1"}) {
    EXPECT_THROW(execute(path(), sql), std::runtime_error) << sql;
  }
}

TEST_F(ReceiptTextsTest, AShortOneStandsWithItsSubmission) {
  Store store(path());
  const Appended appended = keep(store, refused(1));
  EXPECT_EQ(to_json(stored(appended)), to_json(appended.receipt));
  EXPECT_EQ(query(path(), "SELECT count(*) FROM receipt_text"), "0");
}

TEST_F(ReceiptTextsTest, AReceiptOfAnOlderFileIsReadAsItWas) {
  const std::string errors = errors_to_json(refused(100).decoded.receipt.errors);
  {
    sqlite::Connection connection(path(), sqlite::Connection::Mode::read_write);
    migrate(connection, path(), migrations().first(5));
    connection.execute(
        ("INSERT INTO submission VALUES(7, 0, 'dept', 'csv_drop', 'text/csv', 'a.csv', 1, x'00',"
         " 'refused', 100, 0, 0, 0, 100, '" +
         errors + "', NULL)")
            .c_str());
  }
  const Store store(path());
  const auto receipt = StoreReader(path()).receipt("19700101-7");
  ASSERT_TRUE(receipt.has_value());
  EXPECT_EQ(errors_to_json(receipt->errors), errors);
  EXPECT_EQ(receipt->rejected, 100);
}

TEST_F(ReceiptTextsTest, TheFileRefusesToForgetThem) {
  {
    Store store(path());
    keep(store, refused(100));
  }
  for (const char* sql : {"DELETE FROM receipt_text", "UPDATE receipt_text SET bytes = 1",
                          "DELETE FROM submission_text", "UPDATE submission_text SET errors = 1"}) {
    EXPECT_THROW(execute(path(), sql), std::runtime_error) << sql;
  }
}

}  // namespace
}  // namespace districtd
