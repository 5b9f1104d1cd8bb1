// 核实说明: an odd figure that has to be explained waits until it is.
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::HasSubstr;

class ExplainedTest : public StoreFixture {
 protected:
  static constexpr auto kDecrease = static_cast<Oddities>(Oddity::decrease);

  // A submission in which a decrease has to be explained.
  Append of(std::vector<Figure> rows) const {
    Append append = append_of(catalogue_, std::move(rows));
    append.explain = kDecrease;
    return append;
  }
  static Figure fall(unsigned month, double value, std::string explanation) {
    return {0, day(2026, month, 28), value, "", Basis::actual, std::move(explanation)};
  }
  // "accepted", "corrected", "unchanged" or "held".
  static std::string fate(const Receipt& receipt) {
    if (receipt.held > 0) return "held";
    if (receipt.accepted > 0) return "accepted";
    return receipt.corrected > 0 ? "corrected" : "unchanged";
  }
};

TEST_F(ExplainedTest, WaitsWithoutAReasonAndCountsWithOne) {
  Store store(path());
  keep(store, of({{0, day(2026, 5, 28), 9}}));
  const Receipt held = keep(store, of({fall(6, 5, "")})).receipt;
  ASSERT_EQ(fate(held), "held");
  ASSERT_EQ(held.flags.size(), 1U);
  EXPECT_EQ(held.flags[0].flag, "decrease");
  EXPECT_THAT(held.flags[0].message, HasSubstr("请在“核实说明”列写明原因"));
  EXPECT_EQ(newest_of(path()).at("2026/dept.t0").value, 9);

  const Receipt taken = keep(store, of({fall(6, 5, "统计口径调整，剔除未入库项目")})).receipt;
  EXPECT_EQ(fate(taken), "accepted");
  ASSERT_EQ(taken.flags.size(), 1U) << "it is still odd";
  EXPECT_EQ(taken.flags[0].explanation, "统计口径调整，剔除未入库项目");
  EXPECT_THAT(taken.flags[0].message, HasSubstr("已连同核实说明收下"));
  EXPECT_EQ(newest_of(path()).at("2026/dept.t0").value, 5);
  EXPECT_EQ(StoreReader(path()).history("2026/dept.t0").back().explanation,
            "统计口径调整，剔除未入库项目");
  const auto stored = StoreReader(path()).receipt(taken.submission);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->flags.at(0).explanation, taken.flags[0].explanation);
}

TEST_F(ExplainedTest, PhrasesThatSayNothingAreNoReason) {
  Store store(path());
  keep(store, of({{0, day(2026, 5, 28), 9}}));
  for (const char* const phrase :
       {"核实无误", "情况属实。", "无", "已核实", "　经核实，无误！", "同上", "OK"}) {
    EXPECT_EQ(fate(keep(store, of({fall(6, 5, phrase)})).receipt), "held") << phrase;
  }
}

TEST_F(ExplainedTest, WhatWasSaidOfThePeriodBeforeIsNoReason) {
  Store store(path());
  keep(store, of({{0, day(2026, 4, 28), 9}}));
  EXPECT_EQ(fate(keep(store, of({fall(5, 8, "口径调整")})).receipt), "accepted");
  EXPECT_EQ(fate(keep(store, of({fall(6, 7, "口径 调整。")})).receipt), "held");
  EXPECT_EQ(fate(keep(store, of({fall(6, 7, "退出一个项目")})).receipt), "accepted");
  // In one submission the earlier row is the period before.
  const Receipt both =
      keep(store, of({fall(7, 6, "停工一个月"), fall(8, 5, "停工一个月")})).receipt;
  EXPECT_EQ(both.accepted, 1);
  EXPECT_EQ(both.held, 1);
  // The same words again for the same day are a repetition, not another period.
  EXPECT_EQ(fate(keep(store, of({fall(7, 6, "停工一个月")})).receipt), "unchanged");
}

TEST_F(ExplainedTest, OnlyWhatIsNamedWaits) {
  Store store(path());
  keep(store, of({{0, day(2026, 5, 28), 9}}));
  Append jumps = of({fall(6, 500, "")});  // five times the goal
  EXPECT_EQ(fate(keep(store, std::move(jumps)).receipt), "accepted");
}

TEST_F(ExplainedTest, AReasonDoesNotConfirmWhatTheOfficeConfirms) {
  Store store(path());
  keep(store, of({{0, day(2026, 5, 28), 9}}));
  Append both = of({fall(6, 5, "口径调整")});
  both.hold = kDecrease;
  const Receipt held = keep(store, std::move(both)).receipt;
  ASSERT_EQ(fate(held), "held");
  EXPECT_THAT(held.flags.at(0).message, HasSubstr("督查室确认"));
  std::promise<DecisionResult> made;
  store.decide({held.submission, true, "the office", catalogue_},
               [&](DecisionResult result) { made.set_value(std::move(result)); });
  made.get_future().wait();
  EXPECT_EQ(StoreReader(path()).history("2026/dept.t0").back().explanation, "口径调整");
}

TEST_F(ExplainedTest, AnotherReasonIsACorrectionAndNoneTakesNothingBack) {
  Store store(path());
  keep(store, of({{0, day(2026, 5, 28), 9}}));
  keep(store, of({fall(6, 5, "口径调整")}));
  EXPECT_EQ(fate(keep(store, of({fall(6, 5, "")})).receipt), "unchanged");
  EXPECT_EQ(fate(keep(store, of({fall(6, 5, "退出一个项目")})).receipt), "corrected");
}

TEST_F(ExplainedTest, APageMayExplainLaterAndUndoesNothing) {
  Store store(path());
  keep(store, of({{0, day(2026, 5, 28), 9}}));
  const auto page = [&](const char* key, double value, std::string explanation) {
    Append append = of({fall(6, value, std::move(explanation))});
    append.submission.collector = "http_pull";
    append.submission.series = "page";
    append.submission.key = key;
    return fate(keep(store, std::move(append)).receipt);
  };
  EXPECT_EQ(page("1", 5, ""), "held");
  EXPECT_EQ(page("2", 5, ""), "unchanged");
  EXPECT_EQ(page("3", 5, "口径调整"), "accepted");
  EXPECT_EQ(fate(keep(store, of({fall(6, 8.5, "更正")})).receipt), "corrected");
  EXPECT_EQ(page("4", 5, "口径调整"), "unchanged");
  EXPECT_EQ(page("5", 5, "换一个说法"), "unchanged") << "the correction stays";
  EXPECT_EQ(newest_of(path()).at("2026/dept.t0").value, 8.5);
}

}  // namespace
}  // namespace districtd
