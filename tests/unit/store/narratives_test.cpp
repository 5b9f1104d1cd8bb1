// What departments say in words: kept, superseded part by part, and never undone by what comes
// again.
#include <utility>
#include <vector>

#include "daemon/store/narrative_history.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

constexpr const char* kTarget = "2026/dept.t0";

class NarrativesTest : public StoreFixture {
 protected:
  Append words(std::string progress, std::string problems = "",
               Date as_of = day(2026, 6, 30)) const {
    Append append = append_of(catalogue_, {});
    append.decoded.outcome = Outcome::taken;
    append.decoded.narratives.push_back(
        {0, as_of, 2, {{std::move(progress), std::move(problems), ""}}});
    append.decoded.receipt.wordy = 1;
    return append;
  }
  static Append page(Append append, const char* key) {
    append.submission.collector = "http_pull";
    append.submission.series = "page";
    append.submission.key = key;
    return append;
  }
  // "progress|problems" of the newest day.
  std::string stands(std::optional<Time> known_at = std::nullopt,
                     Date on = day(2026, 12, 31)) const {
    const auto newest = StoreReader(path()).newest_narrative(kTarget, on, known_at);
    return newest ? newest->said.progress() + "|" + newest->said.problems() : "nothing";
  }
};

TEST_F(NarrativesTest, EachPartIsSupersededByItselfAndAnEmptyOneTakesNothingBack) {
  Store store(path());
  EXPECT_EQ(keep(store, words("结顶", "用地")).receipt.narratives, 1);
  EXPECT_EQ(keep(store, words("封顶")).receipt.narratives, 1);
  EXPECT_EQ(stands(), "封顶|用地");
  EXPECT_EQ(keep(store, words("封顶", "用地")).receipt.narratives, 0) << "nothing is new";
  EXPECT_EQ(keep(store, words("", "用地")).receipt.narratives, 0);
  EXPECT_EQ(StoreReader(path()).narratives(kTarget).size(), 2U);
}

TEST_F(NarrativesTest, WordsAreNoFigures) {
  Store store(path());
  const Appended said = keep(store, words("结顶"));
  EXPECT_EQ(said.outcome, Outcome::taken);
  EXPECT_EQ(counts(said.receipt), "0/0/0");
  EXPECT_TRUE(said.changes.readings.empty());
  EXPECT_THAT(stored_rows(path()), ::testing::IsEmpty());
  const auto stored = StoreReader(path()).receipt(said.receipt.submission);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->wordy, 1);
  EXPECT_EQ(stored->narratives, 1);
}

TEST_F(NarrativesTest, EveryMomentHasItsOwn) {
  SetClock clock{at(2026, 6, 5)};
  Store store(path(), [&] { return clock.now(); });
  keep(store, words("五月", "", day(2026, 5, 31)));
  clock.set(at(2026, 7, 8));
  keep(store, words("六月"));
  clock.set(at(2026, 7, 20));
  keep(store, words("六月改"));
  EXPECT_EQ(stands(), "六月改|");
  EXPECT_EQ(stands(at(2026, 7, 10)), "六月|");
  EXPECT_EQ(stands(at(2026, 6, 10)), "五月|");
  EXPECT_EQ(stands(at(2026, 6, 1)), "nothing");
  EXPECT_EQ(stands(std::nullopt, day(2026, 6, 29)), "五月|");
  const auto said = StoreReader(path()).narratives(kTarget);
  const auto days = narratives_by_day(said, day(2026, 12, 31));
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[1].history.size(), 2U) << "what was superseded stays in the record";
}

TEST_F(NarrativesTest, APageThatSaysTheSameAgainUndoesNoLaterWord) {
  Store store(path());
  EXPECT_EQ(keep(store, page(words("网页"), "1")).receipt.narratives, 1);
  EXPECT_EQ(keep(store, words("更正")).receipt.narratives, 1);
  EXPECT_EQ(keep(store, page(words("网页"), "2")).receipt.narratives, 0);
  EXPECT_EQ(stands(), "更正|");
  EXPECT_EQ(keep(store, page(words("网页改"), "3")).receipt.narratives, 1);
  EXPECT_EQ(stands(), "网页改|");
}

TEST_F(NarrativesTest, WhatAPageSaidWhenItStoodAlreadyIsNoNewsLater) {
  Store store(path());
  keep(store, words("结顶"));
  EXPECT_EQ(keep(store, page(words("结顶"), "1")).receipt.narratives, 0);
  keep(store, words("封顶"));
  EXPECT_EQ(keep(store, page(words("结顶"), "2")).receipt.narratives, 0);
  EXPECT_EQ(stands(), "封顶|");
}

TEST_F(NarrativesTest, ADeliveryThatComesAgainAddsOnlyWhatWasRefusedBefore) {
  Store store(path());
  const auto delivery = [&](Append append, std::int64_t rejected) {
    append.decoded.receipt.rejected = rejected;
    append.decoded.receipt.rows = rejected;
    return keep(store, page(std::move(append), "same"));
  };
  delivery(words("五月", "", day(2026, 5, 31)), 1);  // the row of June was refused
  keep(store, words("五月更正", "", day(2026, 5, 31)));
  Append again = words("五月", "", day(2026, 5, 31));
  again.decoded.narratives.push_back({0, day(2026, 6, 30), 3, {{"六月", "", ""}}});
  EXPECT_EQ(delivery(std::move(again), 0).receipt.narratives, 1);
  EXPECT_EQ(stands(), "六月|");
  EXPECT_EQ(stands(std::nullopt, day(2026, 5, 31)), "五月更正|");
}

TEST_F(NarrativesTest, AKeyThatWasUsedIsAnsweredAsBefore) {
  Store store(path());
  Append append = words("结顶");
  append.submission.key = "k";
  const Appended first = keep(store, append);
  keep(store, words("封顶"));
  const Appended again = keep(store, append);
  EXPECT_TRUE(again.is_repeat);
  EXPECT_EQ(again.receipt.submission, first.receipt.submission);
  EXPECT_EQ(stands(), "封顶|");
}

TEST_F(NarrativesTest, TheFileItselfRefusesToForgetThem) {
  {
    Store store(path());
    keep(store, words("结顶"));
  }
  EXPECT_THROW(execute(path(), "DELETE FROM narrative"), std::runtime_error);
  EXPECT_THROW(execute(path(), "UPDATE narrative SET progress = ''"), std::runtime_error);
}

}  // namespace
}  // namespace districtd
