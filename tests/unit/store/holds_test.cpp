// What is odd is told, what is to be held waits, and what is taken back is gone; each from its
// moment on and not before.
#include <gmock/gmock.h>

#include <future>
#include <variant>

#include "daemon/store/submission_id.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Oddities kDecrease = static_cast<Oddities>(Oddity::decrease);

class HoldsTest : public StoreFixture {
 protected:
  HoldsTest() : store_(path(), [this] { return clock_.now(); }) {}

  void pass_a_day() { clock_.set(clock_.now().time + std::chrono::hours(24)); }
  Receipt say(std::vector<Figure> rows, Oddities hold = 0) {
    pass_a_day();
    Append append = append_of(catalogue_, std::move(rows));
    append.hold = hold;
    return keep(store_, std::move(append)).receipt;
  }
  Receipt say(Date as_of, ReportedValue value, Oddities hold = 0) {
    return say({{0, as_of, value}}, hold);
  }

  DecisionResult ask(const std::string& submission, bool confirmed) {
    pass_a_day();
    std::promise<DecisionResult> made;
    store_.decide({submission, confirmed, "127.0.0.1", catalogue_},
                  [&](DecisionResult result) { made.set_value(std::move(result)); });
    return made.get_future().get();
  }
  // Throws where nothing was decided.
  Decided decide(const std::string& submission, bool confirmed) {
    return std::get<Decided>(ask(submission, confirmed));
  }
  // The code of why nothing was decided; throws where something was.
  std::string undecided(const std::string& submission) {
    return std::string(to_string(std::get<Undecided>(ask(submission, true))));
  }

  // "as_of=value reported_on" of target 0 as it was known at a time.
  std::vector<std::string> known(std::optional<Time> known_at = std::nullopt) const {
    const StoreReader reader(path());
    Readings all = reader.readings({known_at, utc_date, {"2026/dept.t0"}});
    std::vector<std::string> texts;
    for (const Reading& reading : all.of("2026/dept.t0")) {
      texts.push_back(to_string(reading.as_of) + "=" +
                      std::to_string(static_cast<int>(reading.value)) + " " +
                      to_string(reading.reported_on));
    }
    return texts;
  }
  static std::vector<std::string> flags(const Receipt& receipt) {
    std::vector<std::string> names;
    for (const RowFlag& flag : receipt.flags) names.push_back(flag.flag);
    return names;
  }

  SetClock clock_{at(2026, 7, 1)};
  Store store_;
  const Date may_ = day(2026, 5, 31);
  const Date june_ = day(2026, 6, 30);
};

TEST_F(HoldsTest, AFlaggedRowCountsAndIsTold) {
  say(may_, 12);
  const Receipt receipt = say(june_, 10);
  EXPECT_EQ(counts(receipt), "1/0/0");
  EXPECT_EQ(receipt.flagged, 1);
  EXPECT_EQ(receipt.held, 0);
  ASSERT_THAT(flags(receipt), ElementsAre("decrease"));
  EXPECT_THAT(receipt.flags[0].message, HasSubstr("小于此前截至 2026-05-31"));
  EXPECT_THAT(known(), ElementsAre("2026-05-31=12 2026-07-02", "2026-06-30=10 2026-07-03"));
  const auto kept = StoreReader(path()).receipt(receipt.submission);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->flagged, 1);
  EXPECT_EQ(flags(*kept), flags(receipt));
}

TEST_F(HoldsTest, TheValueBeforeIsFoundInTheSubmissionInTheFileAndAcrossCorrections) {
  EXPECT_THAT(flags(say({{0, may_, 12}, {0, june_, 10}})), ElementsAre("decrease"));
  EXPECT_THAT(flags(say(may_, 8)), IsEmpty());  // a correction; nothing is before it
  EXPECT_THAT(flags(say(day(2026, 4, 30), 9)), IsEmpty());
  EXPECT_THAT(flags(say(may_, 7)), ElementsAre("decrease"));  // of an old day, against the file
  EXPECT_THAT(flags(say(june_, ReportedValue::withdrawn())), IsEmpty());
  EXPECT_THAT(flags(say(day(2026, 7, 1), 8)), IsEmpty());  // June's 10 is gone; May's 7 is before
}

// Of many days that are known already the values are read ahead, and have to say the same.
TEST_F(HoldsTest, ALongHistoryThatIsCorrectedAtOnceIsComparedDayByDay) {
  std::vector<Figure> rows;
  for (unsigned month = 1; month <= 6; ++month)
    rows.push_back({0, day(2026, month, 28), 10.0 * month});
  say(rows);
  say(day(2026, 3, 28), ReportedValue::withdrawn());
  // 10 20 (none) 40 50 60 becomes 10 9 (none) 8 50 60 at once.
  const Receipt receipt = say({{0, day(2026, 2, 28), 9},
                               {0, day(2026, 4, 28), 8},
                               {0, day(2026, 5, 28), 50},
                               {0, day(2026, 6, 28), 49}});
  ASSERT_THAT(flags(receipt), ElementsAre("decrease", "decrease", "decrease"));
  EXPECT_THAT(receipt.flags[0].message, HasSubstr("2026-01-28 的 10"));
  EXPECT_THAT(receipt.flags[1].message, HasSubstr("2026-02-28 的 9"));
  EXPECT_THAT(receipt.flags[2].message, HasSubstr("2026-05-28 的 50"));
}

TEST_F(HoldsTest, AValueThatStandsForThreePeriodsIsTold) {
  EXPECT_THAT(flags(say(day(2026, 4, 30), 5)), IsEmpty());
  EXPECT_THAT(flags(say(may_, 5)), IsEmpty());
  EXPECT_THAT(flags(say(day(2026, 5, 20), 5)), IsEmpty());  // of the same month
  EXPECT_THAT(flags(say(june_, 5)), ElementsAre("repeated"));
}

TEST_F(HoldsTest, AHeldRowCountsFromItsConfirmationAndWasReportedWhenItCame) {
  say(may_, 12);
  const Receipt held = say(june_, 10, kDecrease);
  EXPECT_EQ(counts(held), "0/0/0");
  EXPECT_EQ(held.held, 1);
  EXPECT_THAT(known(), ElementsAre("2026-05-31=12 2026-07-02"));
  EXPECT_THAT(StoreReader(path()).submissions_to_confirm(), ElementsAre(held.submission));
  const Time before = clock_.now().time;

  const Decided decided = decide(held.submission, true);
  EXPECT_EQ(counts(decided.receipt), "1/0/0");
  ASSERT_EQ(decided.changes.readings.size(), 1u);
  EXPECT_EQ(decided.changes.readings[0].value, 10);
  EXPECT_EQ(decided.held_since, at(2026, 7, 3));
  EXPECT_THAT(known(), ElementsAre("2026-05-31=12 2026-07-02", "2026-06-30=10 2026-07-03"));
  EXPECT_THAT(known(before), ElementsAre("2026-05-31=12 2026-07-02"));
  EXPECT_THAT(StoreReader(path()).submissions_to_confirm(), IsEmpty());
  EXPECT_EQ(newest_differs(path()), "");

  EXPECT_EQ(undecided(held.submission), "already_decided");
  EXPECT_EQ(undecided(decided.receipt.submission), "nothing_held");
  EXPECT_EQ(undecided("20260101-99"), "unknown_submission");
  EXPECT_EQ(undecided("20260101-2"), "unknown_submission");
}

TEST_F(HoldsTest, ARejectedRowNeverCounts) {
  say(may_, 12);
  const Receipt held = say(june_, 10, kDecrease);
  const Decided decided = decide(held.submission, false);
  EXPECT_EQ(decided.receipt.rejected, 1);
  EXPECT_THAT(decided.changes.readings, IsEmpty());
  EXPECT_THAT(known(), ElementsAre("2026-05-31=12 2026-07-02"));
}

TEST_F(HoldsTest, WhatWasSentSinceIsNotPutBackByAConfirmation) {
  say(may_, 12);
  const Receipt first = say(june_, 10, kDecrease);
  const Receipt second = say(june_, 9, kDecrease);  // replaces what waits
  EXPECT_EQ(counts(decide(first.submission, true).receipt), "0/0/1");
  EXPECT_EQ(counts(decide(second.submission, true).receipt), "1/0/0");
  const Receipt third = say(june_, 8, kDecrease);
  say(june_, 13);
  EXPECT_EQ(counts(decide(third.submission, true).receipt), "0/0/1");
  EXPECT_THAT(known(), ElementsAre("2026-05-31=12 2026-07-02", "2026-06-30=13 2026-07-04"));
}

TEST_F(HoldsTest, AWithdrawnValueIsGoneFromThenOnAndStaysInTheRecord) {
  say(june_, 10);
  const Time before = clock_.now().time;
  EXPECT_EQ(counts(say(june_, ReportedValue::withdrawn())), "0/1/0");
  EXPECT_THAT(known(), IsEmpty());
  EXPECT_THAT(known(before), ElementsAre("2026-06-30=10 2026-07-02"));
  EXPECT_EQ(counts(say(june_, ReportedValue::withdrawn())), "0/0/1");
  EXPECT_EQ(counts(say(may_, ReportedValue::withdrawn())),
            "0/0/1");  // there was nothing to take back

  EXPECT_EQ(counts(say(june_, 11)), "0/1/0");
  EXPECT_THAT(known(), ElementsAre("2026-06-30=11 2026-07-06"));  // reported anew
  const auto history = StoreReader(path()).history("2026/dept.t0");
  ASSERT_EQ(history.size(), 3u);
  EXPECT_EQ(history[1].value, ReportedValue::withdrawn());
  EXPECT_TRUE(history[1].superseded);
  EXPECT_EQ(newest_differs(path()), "");
}

TEST_F(HoldsTest, WhatWaitsOutlivesARestartAndCannotBeForgotten) {
  say(may_, 12);
  const Receipt held = say(june_, 10, kDecrease);
  for (const char* sql : {"DELETE FROM held", "UPDATE held SET value = 1"}) {
    EXPECT_THROW(execute(path(), sql), std::runtime_error) << sql;
  }
  decide(held.submission, true);
  for (const char* sql : {"DELETE FROM decision", "UPDATE decision SET confirmed = 0"}) {
    EXPECT_THROW(execute(path(), sql), std::runtime_error) << sql;
  }
}

}  // namespace
}  // namespace districtd
