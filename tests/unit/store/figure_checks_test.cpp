// [[check]]: sums of figures of one day against each other.
#include "daemon/store/figure_checks.h"
#include "daemon/domain/figure_check.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FigureChecksTest : public StoreFixture {
 protected:
  // dept.t0 + dept.t1 `op` dept.t2.
  static std::shared_ptr<const Catalogue> with_check(CheckOp op, CheckSeverity severity) {
    const auto plain = catalogue_of(4);
    std::vector<Programme> programmes = plain->programmes();
    programmes[0].checks.push_back(
        {"分项之和", {"dept.t0", "dept.t1"}, op, {"dept.t2"}, severity, "看分项"});
    return std::make_shared<const Catalogue>(plain->reports(), plain->departments(),
                                             plain->targets(), WorkingDays{}, programmes);
  }
  static Append of(const std::shared_ptr<const Catalogue>& catalogue,
                   std::vector<std::pair<Catalogue::Index, double>> figures,
                   Date as_of = day(2026, 6, 30)) {
    std::vector<Figure> rows;
    for (const auto& [target, value] : figures) rows.push_back({target, as_of, value});
    return append_of(catalogue, std::move(rows));
  }
  // "check fired/corrected" of each.
  std::vector<std::string> counted() const {
    std::vector<std::string> texts;
    for (const CheckCount& one : StoreReader(path()).check_counts()) {
      texts.push_back(one.check + " " + std::to_string(one.fired) + "/" +
                      std::to_string(one.corrected));
    }
    return texts;
  }

  const std::shared_ptr<const Catalogue> refusing_ =
      with_check(CheckOp::at_most, CheckSeverity::refuse);
  const std::shared_ptr<const Catalogue> asking_ = with_check(CheckOp::at_most, CheckSeverity::ask);
};

TEST(CheckOpTest, ComparesWhatDiffersByRoundingAsEqual) {
  struct Case {
    CheckOp op;
    bool less, equal, more;
  };
  for (const Case& one :
       {Case{CheckOp::less, true, false, false}, Case{CheckOp::at_most, true, true, false},
        Case{CheckOp::equal, false, true, false}, Case{CheckOp::at_least, false, true, true},
        Case{CheckOp::more, false, false, true}}) {
    EXPECT_EQ(holds(one.op, 1, 2), one.less);
    EXPECT_EQ(holds(one.op, 0.1 + 0.2, 0.3), one.equal);
    EXPECT_EQ(holds(one.op, 2, 1), one.more);
  }
}

TEST_F(FigureChecksTest, ItRefusesTheRowsThatTakePartAndNoOthers) {
  Store store(path());
  const Appended answered = keep(store, of(refusing_, {{0, 5}, {1, 6}, {2, 10}, {3, 7}}));
  EXPECT_EQ(counts(answered.receipt), "1/0/0");
  EXPECT_EQ(answered.receipt.rejected, 3);
  ASSERT_EQ(answered.receipt.errors.size(), 3U);
  const RowError& error = answered.receipt.errors[0];
  EXPECT_EQ(error.row, 2);
  EXPECT_EQ(error.code, "check_failed");
  EXPECT_THAT(error.message, AllOf(HasSubstr("“分项之和”"), HasSubstr("目标0、目标1合计 11"),
                                   HasSubstr("不大于目标2的 10"), HasSubstr("看分项")));
  EXPECT_EQ(stored_rows(path()).size(), 1U);
  const auto stored = StoreReader(path()).receipt(answered.receipt.submission);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->rejected, 3);
  EXPECT_EQ(stored->errors.size(), 3U);
}

TEST_F(FigureChecksTest, ASubmissionOfWhichNothingIsLeftIsRefused) {
  Store store(path());
  EXPECT_EQ(keep(store, of(refusing_, {{0, 5}, {1, 6}, {2, 10}})).outcome, Outcome::refused);
}

TEST_F(FigureChecksTest, WhatStandsOfOtherTargetsCountsForTheSameDayOnly) {
  Store store(path());
  keep(store, of(refusing_, {{1, 6}, {2, 10}}));
  EXPECT_EQ(keep(store, of(refusing_, {{0, 5}})).receipt.rejected, 1);
  EXPECT_EQ(keep(store, of(refusing_, {{0, 4}})).receipt.accepted, 1);
  EXPECT_EQ(keep(store, of(refusing_, {{0, 500}}, day(2026, 5, 31))).receipt.accepted, 1)
      << "there is nothing to compare it with";
}

TEST_F(FigureChecksTest, ItIsSkippedWhereASideIsMissingOrWithdrawn) {
  Store store(path());
  EXPECT_EQ(counts(keep(store, of(refusing_, {{0, 500}, {2, 10}})).receipt), "2/0/0");
  Append withdrawing = of(refusing_, {{0, 500}, {1, 1}, {2, 10}});
  withdrawing.decoded.observations[2].reading.value = ReportedValue::withdrawn();
  EXPECT_EQ(keep(store, std::move(withdrawing)).receipt.rejected, 0);
}

TEST_F(FigureChecksTest, AskingFlagsTheRowsAndTakesThem) {
  Store store(path());
  const Receipt receipt = keep(store, of(asking_, {{0, 5}, {1, 6}, {2, 10}, {3, 7}})).receipt;
  EXPECT_EQ(receipt.accepted, 4);
  EXPECT_EQ(receipt.flagged, 3);
  ASSERT_EQ(receipt.flags.size(), 3U);
  EXPECT_EQ(receipt.flags[0].flag, "check");
  EXPECT_THAT(receipt.flags[0].message, HasSubstr("已收下，请核实"));
  EXPECT_EQ(keep(store, of(asking_, {{0, 5}, {1, 6}, {2, 10}, {3, 7}})).receipt.flagged, 0)
      << "the same again says nothing new";
}

TEST_F(FigureChecksTest, WhatIsLeftIsCheckedAgain) {
  const auto plain = catalogue_of(4);
  std::vector<Programme> programmes = plain->programmes();
  programmes[0].checks = {
      {"一", {"dept.t0"}, CheckOp::at_most, {"dept.t1"}, CheckSeverity::refuse, ""},
      {"二", {"dept.t1"}, CheckOp::at_least, {"dept.t2"}, CheckSeverity::refuse, ""}};
  const auto catalogue = std::make_shared<const Catalogue>(
      plain->reports(), plain->departments(), plain->targets(), WorkingDays{}, programmes);
  Store store(path());
  keep(store, of(catalogue, {{0, 1}, {1, 3}, {2, 3}}));
  // 9 <= 8 fails, so t1 stays 3, and then t2 cannot be 8.
  const Receipt receipt = keep(store, of(catalogue, {{0, 9}, {1, 8}, {2, 8}})).receipt;
  EXPECT_EQ(receipt.rejected, 3);
}

TEST_F(FigureChecksTest, HowOftenItFiredAndWasRightIsCounted) {
  Store store(path());
  keep(store, of(asking_, {{0, 5}, {1, 6}, {2, 10}}));
  EXPECT_THAT(counted(), ElementsAre("分项之和 1/0"));
  keep(store, of(asking_, {{0, 50}, {1, 6}, {2, 10}}, day(2026, 5, 31)));
  EXPECT_THAT(counted(), ElementsAre("分项之和 2/0"));
  keep(store, of(asking_, {{0, 4}}));  // the figure of June is corrected
  EXPECT_THAT(counted(), ElementsAre("分项之和 2/1"));
}

TEST_F(FigureChecksTest, ARefusalWasRightWhereAnotherFigureCameInstead) {
  Store store(path());
  keep(store, of(refusing_, {{0, 5}, {1, 6}, {2, 10}}));
  EXPECT_THAT(counted(), ElementsAre("分项之和 1/0"));
  keep(store, of(refusing_, {{0, 3}, {1, 6}, {2, 10}}));
  EXPECT_THAT(counted(), ElementsAre("分项之和 1/1"));
}

TEST_F(FigureChecksTest, ADryRunSaysItAndCountsNothing) {
  Store store(path());
  Append append = of(refusing_, {{0, 5}, {1, 6}, {2, 10}, {3, 7}});
  append.submission.is_dry_run = true;
  const Appended tried = keep(store, std::move(append));
  EXPECT_EQ(tried.receipt.rejected, 3);
  ASSERT_EQ(tried.rows_read.size(), 1U);
  EXPECT_EQ(tried.rows_read[0].target, "dept.t3");
  EXPECT_THAT(counted(), IsEmpty());
}

}  // namespace
}  // namespace districtd
