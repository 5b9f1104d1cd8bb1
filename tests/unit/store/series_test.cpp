// A page that is fetched again and again: what it said before never overrides what came since.
#include <array>
#include <map>
#include <memory>
#include <random>

#include "daemon/store/delivery_keys.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const RowError kRefused{3, "数值", "很多", "not_a_number", "数值应为数字。"};

class SeriesTest : public StoreFixture {
 protected:
  // The page with this content; `refused` of its rows could not be read.
  Append page(const std::string& content, std::vector<Figure> rows, int refused = 0) const {
    Append append = append_of(catalogue_, std::move(rows));
    append.submission.collector = "http_pull";
    append.submission.name = "https://portal/figures.csv";
    append.submission.body = content;
    append.submission.key = "portal " + content;
    append.submission.series = "portal";
    Receipt& receipt = append.decoded.receipt;
    receipt.rows += refused;
    receipt.rejected = refused;
    receipt.errors.assign(static_cast<std::size_t>(refused), kRefused);
    return append;
  }
  void correct(Store& store, Catalogue::Index target, double value) const {
    keep(store, append_of(catalogue_, {{target, kJune, value}}));
  }
  double value_of(const std::string& target) const { return newest_of(path()).at(target).value; }
  std::string submissions() const { return query(path(), "SELECT count(*) FROM submission"); }

  const Date kJune = day(2026, 6, 30);
};

TEST_F(SeriesTest, APageTakenWholeIsAnsweredWithWhatBecameOfIt) {
  Store store(path());
  const Appended first = keep(store, page("a", {{0, kJune, 5}}));
  correct(store, 0, 6);
  const Appended again = keep(store, page("a", {{0, kJune, 5}}));
  EXPECT_TRUE(again.is_repeat);
  EXPECT_EQ(again.receipt.submission, first.receipt.submission);
  EXPECT_EQ(value_of("2026/dept.t0"), 6);
  EXPECT_EQ(submissions(), "2");
}

TEST_F(SeriesTest, ThatARowWasRefusedDoesNotBringTheOthersBack) {
  Store store(path());
  keep(store, page("a", {{0, kJune, 5}}, 1));
  correct(store, 0, 6);
  const Appended again = keep(store, page("a", {{0, kJune, 5}}, 1));
  EXPECT_TRUE(again.is_repeat);
  EXPECT_THAT(again.changes.readings, IsEmpty());
  EXPECT_EQ(value_of("2026/dept.t0"), 6);
  EXPECT_EQ(submissions(), "2") << "nothing of it is new";
}

TEST_F(SeriesTest, WhatWasUnchangedTheFirstTimeStaysUnchanged) {
  Store store(path());
  correct(store, 0, 5);
  EXPECT_EQ(counts(keep(store, page("a", {{0, kJune, 5}}, 1)).receipt), "0/0/1");
  correct(store, 0, 6);
  keep(store, page("a", {{0, kJune, 5}}, 1));
  EXPECT_EQ(value_of("2026/dept.t0"), 6);
}

TEST_F(SeriesTest, WhatWasRefusedIsAddedAndTheReceiptSaysWhatWasNot) {
  Store store(path());
  const Appended first = keep(store, page("a", {{0, kJune, 5}}, 1));
  correct(store, 0, 6);
  const Appended again = keep(store, page("a", {{0, kJune, 5}, {1, kJune, 7}}));
  EXPECT_FALSE(again.is_repeat);
  EXPECT_EQ(counts(again.receipt), "1/0/1");
  ASSERT_EQ(again.receipt.notes.size(), 1U);
  EXPECT_THAT(again.receipt.notes.front(), HasSubstr(first.receipt.submission));
  EXPECT_EQ(StoreReader(path()).receipt(again.receipt.submission)->notes, again.receipt.notes);
  EXPECT_EQ(value_of("2026/dept.t0"), 6);
  EXPECT_EQ(value_of("2026/dept.t1"), 7);
  EXPECT_TRUE(keep(store, page("a", {{0, kJune, 5}, {1, kJune, 7}})).is_repeat);
}

// What a clerk sent instead of the refused row is newer than the page.
TEST_F(SeriesTest, ARefusedRowForWhichAFigureCameMeanwhileIsNotTaken) {
  Store store(path());
  keep(store, page("a", {}, 1));
  correct(store, 1, 8);
  const Appended again = keep(store, page("a", {{1, kJune, 7}}));
  EXPECT_EQ(counts(again.receipt), "0/0/1");
  EXPECT_EQ(again.outcome, Outcome::taken);
  EXPECT_EQ(value_of("2026/dept.t1"), 8);
}

TEST_F(SeriesTest, ARefusedRowForWhichAFigureWaitsToBeConfirmedIsNotTaken) {
  Store store(path());
  correct(store, 1, 10);
  keep(store, page("a", {}, 1));
  Append odd = append_of(catalogue_, {{1, day(2026, 7, 31), 1}});
  odd.hold = static_cast<Oddities>(Oddity::decrease);
  ASSERT_EQ(keep(store, odd).receipt.held, 1);
  EXPECT_EQ(counts(keep(store, page("a", {{1, day(2026, 7, 31), 11}})).receipt), "0/0/1");
}

TEST_F(SeriesTest, AnOlderFigureOfARefusedRowIsCorrected) {
  Store store(path());
  correct(store, 1, 8);
  keep(store, page("a", {}, 1));
  EXPECT_EQ(counts(keep(store, page("a", {{1, kJune, 7}})).receipt), "0/1/0");
}

// The department took its figure back to what it was: the page says so, and so must the store.
TEST_F(SeriesTest, APageThatSaidSomethingElseInBetweenIsANewOne) {
  Store store(path());
  keep(store, page("a", {{0, kJune, 5}}));
  keep(store, page("b", {{0, kJune, 6}}));
  EXPECT_EQ(counts(keep(store, page("a", {{0, kJune, 5}})).receipt), "0/1/0");
  EXPECT_EQ(value_of("2026/dept.t0"), 5);
  correct(store, 0, 9);
  EXPECT_TRUE(keep(store, page("a", {{0, kJune, 5}})).is_repeat);
  EXPECT_EQ(value_of("2026/dept.t0"), 9);
}

TEST_F(SeriesTest, AnotherReadingOfTheSameBytesAddsWhatWasNotSaidAndChangesNothing) {
  Store store(path());
  keep(store, page("a", {{0, kJune, 5}}));
  Append mapped = page("a", {{0, kJune, 50}, {1, kJune, 7}});
  mapped.submission.body = "mapped otherwise";
  EXPECT_EQ(counts(keep(store, mapped).receipt), "1/0/1");
  EXPECT_EQ(value_of("2026/dept.t0"), 5);
}

TEST_F(SeriesTest, TwoSeriesAndTheKeysOfNoneAreApart) {
  Store store(path());
  keep(store, page("a", {{0, kJune, 5}}));
  Append other = page("a", {{0, kJune, 6}});
  other.submission.series = "other";
  other.submission.key = "other a";
  other.submission.name = "https://other/figures.csv";
  EXPECT_FALSE(keep(store, other).is_repeat);
  Append alone = page("a", {{0, kJune, 7}});
  alone.submission.series.clear();
  alone.submission.key = "portal";
  EXPECT_FALSE(keep(store, alone).is_repeat);
}

TEST_F(SeriesTest, AreKnownAfterTheFileIsOpenedAgain) {
  {
    Store store(path());
    keep(store, page("a", {{0, kJune, 5}}, 1));
    correct(store, 0, 6);
  }
  Store store(path());
  EXPECT_TRUE(keep(store, page("a", {{0, kJune, 5}}, 1)).is_repeat);
  EXPECT_EQ(value_of("2026/dept.t0"), 6);
}

// A file from before: the page has no key in it, but the SHA-256 of its body.
TEST_F(SeriesTest, TheFirstStartWithKeysDoesNotTakeTheLastPageOnceMore) {
  Store store(path());
  for (const char* content : {"a", "b"}) {
    Append before = page(content, {{0, kJune, 5}}, 1);
    before.submission.key.clear();
    before.submission.series.clear();
    keep(store, before);
  }
  correct(store, 0, 6);
  EXPECT_TRUE(keep(store, page("b", {{0, kJune, 5}}, 1)).is_repeat);
  EXPECT_EQ(value_of("2026/dept.t0"), 6);
  EXPECT_FALSE(keep(store, page("a", {{0, kJune, 5}}, 1)).is_repeat) << "it had changed";
}

TEST_F(SeriesTest, ASourceThatIsRenamedGoesOnWithItsPage) {
  Store store(path());
  keep(store, page("a", {{0, kJune, 5}}));
  correct(store, 0, 6);
  Append renamed = page("a", {{0, kJune, 5}});
  renamed.submission.key = "new name a";
  renamed.submission.series = "new name";
  EXPECT_TRUE(keep(store, renamed).is_repeat);
  EXPECT_EQ(value_of("2026/dept.t0"), 6);
}

TEST_F(SeriesTest, APageThatChangedInAnotherRowLeavesACorrectionAndSaysSo) {
  Store store(path());
  keep(store, page("a", {{0, kJune, 1}}));
  correct(store, 0, 7);
  const Appended changed = keep(store, page("b", {{0, kJune, 1}, {1, kJune, 2}}));
  EXPECT_EQ(counts(changed.receipt), "1/0/1");
  EXPECT_EQ(value_of("2026/dept.t0"), 7);
  EXPECT_EQ(value_of("2026/dept.t1"), 2);
  ASSERT_EQ(changed.receipt.notes.size(), 1U);
  EXPECT_THAT(changed.receipt.notes.front(), HasSubstr("有 1 行与该数据源先前报过的相同"));
  EXPECT_EQ(StoreReader(path()).receipt(changed.receipt.submission)->notes, changed.receipt.notes);
  EXPECT_EQ(counts(keep(store, page("c", {{0, kJune, 3}, {1, kJune, 2}})).receipt), "0/1/1");
  EXPECT_EQ(value_of("2026/dept.t0"), 3);
}

// The first time that the page says it, it stands already, so that no observation is the page's.
TEST_F(SeriesTest, WhatStoodAlreadyWhenThePageSaidItFirstIsNoNewsLaterEither) {
  Store store(path());
  correct(store, 0, 7);
  EXPECT_EQ(counts(keep(store, page("a", {{0, kJune, 7}})).receipt), "0/0/1");
  correct(store, 0, 8);
  keep(store, page("b", {{0, kJune, 7}, {1, kJune, 2}}));
  EXPECT_EQ(value_of("2026/dept.t0"), 8);
  EXPECT_EQ(query(path(), "SELECT count(*) FROM said_unchanged"), "1");
}

TEST_F(SeriesTest, AFigureThatWaitsToBeConfirmedDoesNotWaitTwice) {
  Store store(path());
  correct(store, 0, 10);
  const auto odd = [&](const std::string& content, std::vector<Figure> rows) {
    Append append = page(content, std::move(rows));
    append.hold = static_cast<Oddities>(Oddity::decrease);
    return append;
  };
  const Date july = day(2026, 7, 31);
  ASSERT_EQ(keep(store, odd("a", {{0, july, 1}})).receipt.held, 1);
  const Appended again = keep(store, odd("b", {{0, july, 1}, {1, july, 2}}));
  EXPECT_EQ(again.receipt.held, 0);
  EXPECT_EQ(counts(again.receipt), "1/0/1");
  EXPECT_EQ(query(path(), "SELECT count(*) FROM held"), "1");
}

TEST_F(SeriesTest, AnotherNoteIsTakenAsLongAsTheValueCounts) {
  Store store(path());
  keep(store, page("a", {{0, kJune, 1, "first"}}));
  EXPECT_EQ(counts(keep(store, page("b", {{0, kJune, 1, "second"}})).receipt), "0/1/0");
  correct(store, 0, 7);
  EXPECT_EQ(counts(keep(store, page("c", {{0, kJune, 1, "third"}})).receipt), "0/0/1");
  EXPECT_EQ(value_of("2026/dept.t0"), 7);
}

TEST_F(SeriesTest, AFigureForARefusedRowStaysWhenThePageChangesAfterItWasRead) {
  Store store(path());
  keep(store, page("a", {}, 1));
  correct(store, 1, 8);
  EXPECT_EQ(counts(keep(store, page("a", {{1, kJune, 7}})).receipt), "0/0/1");
  keep(store, page("b", {{1, kJune, 7}, {0, kJune, 2}}));
  EXPECT_EQ(value_of("2026/dept.t1"), 8);
}

TEST_F(SeriesTest, WhatAPageSaidBeforeThereWereSeriesIsNoNewsInTheFirstOne) {
  Store store(path());
  Append before = page("a", {{0, kJune, 5}});
  before.submission.key.clear();
  before.submission.series.clear();
  keep(store, before);
  correct(store, 0, 6);
  keep(store, page("b", {{0, kJune, 5}, {1, kJune, 2}}));
  EXPECT_EQ(value_of("2026/dept.t0"), 6);
}

// A page is what its source says; a clerk's figure counts until the source says something else.
TEST_F(SeriesTest, GeneratedPagesAndCorrectionsFollowTheRule) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
    const auto file = folder_.path() / (std::to_string(seed) + ".db");
    auto store = std::make_unique<Store>(file);
    std::map<Catalogue::Index, double> source;
    std::map<Catalogue::Index, double> counting;
    std::array<double, 4> shown{1, 2, 3, 1};
    for (int step = 0; step < 60; ++step) {
      if (below(10) == 0) {
        store.reset();
        store = std::make_unique<Store>(file);
      }
      if (below(2) == 0) {
        const Catalogue::Index target = below(4);
        counting[target] = 1 + below(3);
        keep(*store, append_of(catalogue_, {{target, kJune, counting[target]}}));
        continue;
      }
      if (below(3) != 0) shown[below(4)] = 1 + below(3);
      std::vector<Figure> rows;
      std::string content;
      const unsigned left_out = below(6);
      for (Catalogue::Index target = 0; target < shown.size(); ++target) {
        if (target == left_out) continue;
        const double value = shown[target];
        rows.push_back({target, kJune, value});
        content += std::to_string(target) + "=" + std::to_string(value) + ";";
        const auto said = source.find(target);
        if (said == source.end() || said->second != value) counting[target] = value;
        source[target] = value;
      }
      keep(*store, page(content, rows));
      const auto known = newest_of(file);
      for (const auto& [target, value] : counting) {
        ASSERT_EQ(known.at("2026/dept.t" + std::to_string(target)).value, value)
            << "seed " << seed << ", step " << step;
      }
    }
  }
}

TEST_F(SeriesTest, AFailedCommitLeavesNothingOfASeries) {
  Store store(path());
  execute(path(),
          "CREATE TRIGGER broken BEFORE INSERT ON delivery"
          " BEGIN SELECT RAISE(ABORT, 'broken'); END");
  EXPECT_NE(keep(store, page("a", {{0, kJune, 5}})).unavailable, "");
  execute(path(), "DROP TRIGGER broken");
  EXPECT_FALSE(keep(store, page("a", {{0, kJune, 5}})).is_repeat);
}

}  // namespace
}  // namespace districtd
