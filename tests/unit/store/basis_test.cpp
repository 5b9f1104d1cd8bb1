// 数据性质: a figure that is projected is another one than the same number as a fact.
#include <vector>

#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

constexpr const char* kTarget = "2026/dept.t0";

class BasisTest : public StoreFixture {
 protected:
  static Figure june(double value, Basis basis, std::string note = "") {
    return {0, day(2026, 6, 30), value, std::move(note), basis};
  }
  Append of(Figure figure) const { return append_of(catalogue_, {std::move(figure)}); }
};

TEST_F(BasisTest, AnotherBasisIsACorrectionEvenOfTheSameNumber) {
  Store store(path());
  EXPECT_EQ(counts(keep(store, of(june(5, Basis::projected))).receipt), "1/0/0");
  EXPECT_EQ(counts(keep(store, of(june(5, Basis::projected))).receipt), "0/0/1");
  const Appended actual = keep(store, of(june(5, Basis::actual)));
  EXPECT_EQ(counts(actual.receipt), "0/1/0");
  ASSERT_EQ(actual.changes.readings.size(), 1U);
  EXPECT_EQ(actual.changes.readings[0].basis, Basis::actual);
  EXPECT_EQ(counts(keep(store, of(june(5, Basis::actual))).receipt), "0/0/1");
  EXPECT_EQ(counts(keep(store, of(june(5, Basis::projected))).receipt), "0/1/0");

  const auto history = StoreReader(path()).history(kTarget);
  std::vector<Basis> said;
  for (const StoredObservation& one : history) said.push_back(one.basis);
  EXPECT_EQ(said, (std::vector{Basis::projected, Basis::actual, Basis::projected}));
}

TEST_F(BasisTest, AnEarlierDayKeepsItsBasisToo) {
  Store store(path());
  keep(store, append_of(catalogue_, {{0, day(2026, 5, 31), 4, "", Basis::projected},
                                     {0, day(2026, 6, 30), 5}}));
  EXPECT_EQ(counts(keep(store,
                        append_of(catalogue_, {{0, day(2026, 5, 31), 4}, {0, day(2026, 6, 30), 5}}))
                       .receipt),
            "0/1/1");
}

TEST_F(BasisTest, WhatWasKnownThenIsStillProjected) {
  SetClock clock{KnownTime{at(2026, 7, 8)}};
  {
    Store store(path(), [&] { return clock.now(); });
    keep(store, of(june(5, Basis::projected)));
    clock.set(KnownTime{at(2026, 7, 20)});
    keep(store, of(june(5, Basis::actual)));
  }
  const StoreReader reader(path());
  const Date on = day(2026, 12, 31);
  EXPECT_EQ(newest_of(reader, path(), on, at(2026, 7, 10)).at(kTarget).basis, Basis::projected);
  EXPECT_EQ(newest_of(reader, path(), on, at(2026, 7, 21)).at(kTarget).basis, Basis::actual);
}

TEST_F(BasisTest, WhatIsHeldKeepsItsBasisUntilItIsConfirmed) {
  Store store(path());
  keep(store, append_of(catalogue_, {{0, day(2026, 5, 31), 9}}));
  Append falls = of(june(5, Basis::projected));
  falls.hold = static_cast<Oddities>(Oddity::decrease);
  const Receipt held = keep(store, std::move(falls)).receipt;
  ASSERT_EQ(held.held, 1);
  std::promise<DecisionResult> made;
  store.decide({held.submission, true, "the office", catalogue_},
               [&](DecisionResult result) { made.set_value(std::move(result)); });
  const auto decided = std::get<Decided>(made.get_future().get());
  ASSERT_EQ(decided.changes.readings.size(), 1U);
  EXPECT_EQ(decided.changes.readings[0].basis, Basis::projected);
  EXPECT_EQ(newest_of(path()).at(kTarget).basis, Basis::projected);
}

TEST_F(BasisTest, APageThatTurnsAProjectionIntoAFactIsNews) {
  Store store(path());
  const auto page = [&](Basis basis, const char* key) {
    Append append = of(june(5, basis));
    append.submission.collector = "http_pull";
    append.submission.series = "page";
    append.submission.key = key;
    return counts(keep(store, std::move(append)).receipt);
  };
  EXPECT_EQ(page(Basis::projected, "first"), "1/0/0");
  EXPECT_EQ(page(Basis::projected, "second"), "0/0/1");
  EXPECT_EQ(page(Basis::actual, "third"), "0/1/0");
}

TEST_F(BasisTest, ACorrectionSaysBothBases) {
  Store store(path());
  keep(store, of(june(5, Basis::projected)));
  keep(store, of(june(5, Basis::actual)));
  const auto corrections = StoreReader(path()).corrections(Time::min(), Time::max());
  ASSERT_EQ(corrections.size(), 1U);
  EXPECT_EQ(corrections[0].basis_before, Basis::projected);
  EXPECT_EQ(corrections[0].basis, Basis::actual);
}

}  // namespace
}  // namespace districtd
