// A delivery that carries a key is taken once, and answered with what became of it ever after.
#include "collectors/receipt_json.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DeliveriesTest : public StoreFixture {
 protected:
  Append keyed(const std::string& key, double value, const std::string& body = "body") const {
    Append append = append_of(catalogue_, {{0, day(2026, 6, 30), value}});
    append.submission.key = key;
    append.submission.body = body;
    return append;
  }
  std::string submissions() const { return query(path(), "SELECT count(*) FROM submission"); }
};

// Nothing was appended and nothing changes on the board.
void expect_repeat_of(const Appended& first, const Appended& again) {
  EXPECT_TRUE(again.is_repeat);
  EXPECT_EQ(again.outcome, first.outcome);
  EXPECT_EQ(to_json(again.receipt), to_json(first.receipt));
  EXPECT_THAT(again.changes.targets, IsEmpty());
  EXPECT_THAT(again.changes.readings, IsEmpty());
}

TEST_F(DeliveriesTest, TheSameKeyAndBodyIsAnsweredWithTheFirstReceipt) {
  Store store(path());
  const Appended first = keep(store, keyed("k", 5));
  EXPECT_FALSE(first.is_repeat);
  EXPECT_EQ(first.outcome, Outcome::taken);
  expect_repeat_of(first, keep(store, keyed("k", 5)));
  EXPECT_EQ(submissions(), "1");
  EXPECT_EQ(store.statistics().submissions, 1u);
}

TEST_F(DeliveriesTest, ALateRepetitionDoesNotUndoACorrection) {
  Store store(path());
  keep(store, keyed("k", 5));
  keep(store, append_of(catalogue_, {{0, day(2026, 6, 30), 6}}));
  keep(store, keyed("k", 5));
  EXPECT_EQ(newest_of(path()).at("2026/dept.t0").value, 6);
}

TEST_F(DeliveriesTest, TheSameKeyWithAnotherBodyKeepsNothing) {
  Store store(path());
  keep(store, keyed("k", 5));
  const Appended other = keep(store, keyed("k", 6, "another body"));
  EXPECT_TRUE(other.is_repeat);
  EXPECT_EQ(other.outcome, Outcome::conflict);
  EXPECT_EQ(other.receipt.department, "dept");
  EXPECT_THAT(other.changes.targets, IsEmpty());
  EXPECT_EQ(submissions(), "1");
  EXPECT_EQ(newest_of(path()).at("2026/dept.t0").value, 5);
}

TEST_F(DeliveriesTest, AKeyIsItsCollectorsAndDepartments) {
  Store store(path());
  keep(store, keyed("k", 5));
  Append of_another = keyed("k", 6);
  of_another.submission.collector = "http_push";
  EXPECT_FALSE(keep(store, std::move(of_another)).is_repeat);
  // Joined, the two would be the same text.
  Append joined = keyed("tk", 7);
  joined.submission.department = "dep";
  EXPECT_FALSE(keep(store, std::move(joined)).is_repeat);
  EXPECT_EQ(submissions(), "3");
}

TEST_F(DeliveriesTest, WithoutAKeyNothingIsARepetitionAndNothingIsKeptOfIt) {
  Store store(path());
  keep(store, keyed("", 5));
  EXPECT_FALSE(keep(store, keyed("", 5)).is_repeat);
  EXPECT_EQ(query(path(), "SELECT count(*) FROM delivery"), "0");
}

TEST_F(DeliveriesTest, TwoOfOneKeyInOneCommitAreOne) {
  Store store(path());
  std::vector<Appended> told;
  Gate gate(store, append_of(catalogue_, {}));
  for (int i = 0; i < 2; ++i) {
    store.append(keyed("k", 5), [&](Appended appended) { told.push_back(std::move(appended)); });
  }
  const auto commits = store.statistics().commits;
  gate.release();
  keep(store, append_of(catalogue_, {}));
  ASSERT_EQ(told.size(), 2u);
  expect_repeat_of(told[0], told[1]);
  EXPECT_EQ(submissions(), "3");
  EXPECT_LE(store.statistics().commits, commits + 2) << "they were not one group";
}

TEST_F(DeliveriesTest, AKeyIsKnownAfterTheFileIsOpenedAgain) {
  const auto first = [&] {
    Store store(path());
    return keep(store, keyed("k", 5));
  }();
  Store store(path());
  expect_repeat_of(first, keep(store, keyed("k", 5)));
  EXPECT_EQ(keep(store, keyed("k", 5, "other")).outcome, Outcome::conflict);
}

TEST_F(DeliveriesTest, ADecisionOnItsRowsDoesNotChangeWhatIsAnswered) {
  Store store(path());
  keep(store, append_of(catalogue_, {{0, day(2026, 5, 31), 12}}));
  Append held = keyed("k", 5);
  held.hold = static_cast<Oddities>(Oddity::decrease);
  const Appended first = keep(store, held);
  ASSERT_EQ(first.receipt.held, 1);
  std::promise<void> decided;
  store.decide({first.receipt.submission, true, "127.0.0.1", catalogue_},
               [&](const DecisionResult&) { decided.set_value(); });
  decided.get_future().get();
  expect_repeat_of(first, keep(store, held));
  EXPECT_EQ(submissions(), "3");
}

TEST_F(DeliveriesTest, EveryStoredOutcomeIsAnsweredAgainToTheLetter) {
  Store store(path());
  for (const Outcome outcome : {Outcome::taken, Outcome::refused, Outcome::unreadable}) {
    Append append = keyed(std::string(to_string(outcome)), 5);
    append.decoded.outcome = outcome;
    if (outcome != Outcome::taken) append.decoded.observations.clear();
    Receipt& receipt = append.decoded.receipt;
    receipt.encoding = outcome == Outcome::unreadable ? "" : "GB18030";
    receipt.rejected = 1;
    receipt.errors = {{3, "数值", "\xff很多", "not_a_number", "数值应为数字。"}};
    receipt.notes = {"没有写年份。"};
    const Appended first = keep(store, append);
    EXPECT_EQ(first.outcome, outcome);
    expect_repeat_of(first, keep(store, append));
  }
}

TEST_F(DeliveriesTest, TheRowsRefusedThenComeBackWithTheirCells) {
  Store store(path());
  Append append = keyed("k", 5);
  Receipt& receipt = append.decoded.receipt;
  receipt.preamble = {{"单位：亿元"}};
  receipt.header = {"指标", "数值"};
  receipt.rejected = 1;
  receipt.errors = {{3, "数值", "很多", "not_a_number", "数值应为数字。"}};
  receipt.refused = {{3, {"甲", "很多"}}};
  keep(store, append);
  // Read once more against a catalogue in which another row is refused too.
  receipt.errors.push_back({4, "指标", "乙", "unknown_target", "没有指标“乙”。"});
  receipt.refused.push_back({4, {"乙", "1"}});
  receipt.rejected = 2;
  const Receipt again = keep(store, append).receipt;
  EXPECT_EQ(again.rejected, 1);
  EXPECT_EQ(again.preamble, receipt.preamble);
  EXPECT_EQ(again.header, receipt.header);
  ASSERT_EQ(again.refused.size(), 1u);
  EXPECT_THAT(again.refused[0].cells, ElementsAre("甲", "很多"));
}

TEST_F(DeliveriesTest, WhatComesAfterTheEndOfADeliveryIsANewOne) {
  {
    Store store(path());
    keep(store, keyed("k", 5));
    store.close_delivery("csv_drop", "dept", "k");
    store.close_delivery("csv_drop", "dept", "never used");
    const Appended second = keep(store, keyed("k", 7, "another body"));
    EXPECT_FALSE(second.is_repeat);
    EXPECT_EQ(counts(second.receipt), "0/1/0");
    expect_repeat_of(second, keep(store, keyed("k", 7, "another body")));
    store.close_delivery("csv_drop", "dept", "k");
  }
  Store store(path());
  EXPECT_FALSE(keep(store, keyed("k", 5)).is_repeat) << "the end was not kept";
}

TEST_F(DeliveriesTest, WhatWasNotKeptLeavesNoKey) {
  Store store(path());
  execute(path(),
          "CREATE TRIGGER broken BEFORE INSERT ON delivery"
          " BEGIN SELECT RAISE(ABORT, 'broken'); END");
  EXPECT_NE(keep(store, keyed("k", 5)).unavailable, "");
  EXPECT_EQ(submissions(), "0");
  execute(path(), "DROP TRIGGER broken");
  EXPECT_FALSE(keep(store, keyed("k", 5)).is_repeat);
}

TEST_F(DeliveriesTest, TheFileRefusesToForgetThem) {
  {
    Store store(path());
    keep(store, keyed("k", 5));
    store.close_delivery("csv_drop", "dept", "k");
  }
  for (const char* sql : {"DELETE FROM delivery", "UPDATE delivery SET seq = 2",
                          "DELETE FROM delivery_closed", "UPDATE delivery_closed SET seq = 2"}) {
    EXPECT_THROW(execute(path(), sql), std::runtime_error) << sql;
  }
}

}  // namespace
}  // namespace districtd
