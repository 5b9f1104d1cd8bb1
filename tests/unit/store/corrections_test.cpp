// What becomes of a row, and which reading is the newest.
#include <random>
#include <set>
#include <tuple>

#include "daemon/store/submission_id.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Date kMay = day(2026, 5, 31);
const Date kJune = day(2026, 6, 30);
const Date kJuly = day(2026, 7, 31);

class CorrectionsTest : public StoreFixture {
 protected:
  Appended keep_rows(std::vector<Figure> rows) {
    return keep(store_, append_of(catalogue_, std::move(rows)));
  }
  Store store_{path()};
};

TEST_F(CorrectionsTest, AnotherValueForTheSameDayCorrectsAndTheEarlierOneStays) {
  EXPECT_EQ(counts(keep_rows({{0, kJune, 1}}).receipt), "1/0/0");
  const Appended corrected = keep_rows({{0, kJune, 2}});
  EXPECT_EQ(counts(corrected.receipt), "0/1/0");
  ASSERT_THAT(corrected.changes.targets, SizeIs(1));
  EXPECT_EQ(corrected.changes.targets[0].target, 0u);
  EXPECT_THAT(corrected.changes.readings, ElementsAre(Reading{kJune, 2}));
  EXPECT_THAT(stored_rows(path()),
              ElementsAre("2026/dept.t0|2026-06-30|1|2|1.0|", "2026/dept.t0|2026-06-30|2|2|2.0|"));
}

TEST_F(CorrectionsTest, TheSameAgainIsUnchangedAndNotStored) {
  keep_rows({{0, kMay, 1, "x"}, {0, kJune, 2}});
  const Appended again = keep_rows({{0, kMay, 1, "x"}, {0, kJune, 2}});
  EXPECT_EQ(counts(again.receipt), "0/0/2");
  EXPECT_THAT(again.changes.targets, IsEmpty());
  EXPECT_THAT(stored_rows(path()), SizeIs(2));
  EXPECT_EQ(query(path(), "SELECT count(*) FROM submission"), "2");
}

TEST_F(CorrectionsTest, GoingBackToAnEarlierValueIsACorrectionToo) {
  keep_rows({{0, kJune, 1}});
  keep_rows({{0, kJune, 2}});
  EXPECT_EQ(counts(keep_rows({{0, kJune, 1}}).receipt), "0/1/0");
  EXPECT_THAT(stored_rows(path()), SizeIs(3));
}

TEST_F(CorrectionsTest, AChangedNoteAloneCorrectsWithoutChangingTheValue) {
  keep_rows({{0, kJune, 1, "预计"}});
  const Appended corrected = keep_rows({{0, kJune, 1, "核定"}});
  EXPECT_EQ(counts(corrected.receipt), "0/1/0");
  EXPECT_THAT(corrected.changes.readings, ElementsAre(Reading{kJune, 1}));
  EXPECT_EQ(counts(keep_rows({{0, kJune, 1, "核定"}}).receipt), "0/0/1");
}

TEST_F(CorrectionsTest, AnEarlierDayIsAcceptedWithoutBecomingTheNewest) {
  keep_rows({{0, kJune, 2}});
  const Appended earlier = keep_rows({{0, kMay, 1}});
  EXPECT_EQ(counts(earlier.receipt), "1/0/0");
  EXPECT_THAT(earlier.changes.readings, ElementsAre(Reading{kMay, 1}));
  EXPECT_EQ(newest_of(path()).at("2026/dept.t0"), (Reading{kJune, 2}));
  EXPECT_EQ(counts(keep_rows({{0, kMay, 5}}).receipt), "0/1/0");
}

TEST_F(CorrectionsTest, WithinOneSubmissionTheLaterRowCorrectsTheEarlier) {
  const Appended appended =
      keep_rows({{0, kJune, 1}, {1, kMay, 7}, {0, kJune, 1}, {0, kJune, 2}, {0, kJune, 1}});
  EXPECT_EQ(counts(appended.receipt), "2/2/1");
  ASSERT_THAT(appended.changes.targets, SizeIs(2));
  EXPECT_EQ(newest_of(path()).at("2026/dept.t0"), (Reading{kJune, 1}));
  EXPECT_THAT(stored_rows(path()),
              ElementsAre("2026/dept.t0|2026-06-30|1|2|1.0|", "2026/dept.t0|2026-06-30|1|5|2.0|",
                          "2026/dept.t0|2026-06-30|1|6|1.0|", "2026/dept.t1|2026-05-31|1|3|7.0|"));
}

TEST_F(CorrectionsTest, ASubmissionThatCorrectsItselfIsUnchangedTheSecondTime) {
  const std::vector<Figure> rows = {{0, kMay, 12}, {0, kJune, 5}, {0, kMay, 13}};
  EXPECT_EQ(counts(keep_rows(rows).receipt), "2/1/0");
  const Appended again = keep_rows(rows);
  EXPECT_EQ(counts(again.receipt), "0/0/3");
  EXPECT_THAT(again.changes.targets, IsEmpty());
  EXPECT_THAT(stored_rows(path()), SizeIs(3));
  // Another last row is something new, and what led to it is kept with it.
  EXPECT_EQ(counts(keep_rows({{0, kMay, 13}, {0, kMay, 12}}).receipt), "0/1/1");
  EXPECT_EQ(counts(keep_rows({{0, kMay, 11}, {0, kMay, 12, "note"}}).receipt), "0/2/0");
}

TEST_F(CorrectionsTest, EachChangedTargetIsNamedOnceWithItsReadingsByDay) {
  keep_rows({{0, kMay, 1}});
  const Appended appended =
      keep_rows({{0, kJuly, 3}, {1, kMay, 1}, {0, kJune, 2}, {1, kJune, 2}, {2, kMay, 9}});
  std::vector<std::pair<Catalogue::Index, std::uint32_t>> changed;
  for (const auto& one : appended.changes.targets) changed.emplace_back(one.target, one.readings);
  EXPECT_THAT(changed, ElementsAre(std::pair(0u, 2u), std::pair(1u, 2u), std::pair(2u, 1u)));
  EXPECT_THAT(appended.changes.readings,
              ElementsAre(Reading{kJune, 2}, Reading{kJuly, 3}, Reading{kMay, 1}, Reading{kJune, 2},
                          Reading{kMay, 9}));
}

// What is counted while the daemon runs is what the store counts after a restart.
TEST_F(CorrectionsTest, ADayCountsTheSubmissionsThatCorrectedIt) {
  Readings live;
  const auto keep_and_count = [&](std::vector<Figure> rows) {
    for (const ReportedReading& reading : keep_rows(std::move(rows)).changes.readings) {
      live.record("2026/dept.t0", reading);
    }
  };
  keep_and_count({{0, kMay, 1}, {0, kJune, 1}, {0, kJune, 2}});
  EXPECT_THAT(live.corrections_of("2026/dept.t0"), IsEmpty())
      << "it corrected itself before it arrived";
  keep_and_count({{0, kJune, 3}});
  keep_and_count({{0, kJune, 3}});
  keep_and_count({{0, kMay, 4}, {0, kMay, 5}, {0, kJune, 2}, {0, kJuly, 1}});
  const std::vector<Corrections> expected = {{kMay, 1}, {kJune, 2}};
  EXPECT_EQ(live.corrections_of("2026/dept.t0"), expected);
  Readings stored = StoreReader(path()).readings({std::nullopt, utc_date, {}});
  EXPECT_EQ(stored.corrections_of("2026/dept.t0"), expected);
  EXPECT_EQ(stored.of("2026/dept.t0").size(), 3u);
}

TEST_F(CorrectionsTest, DaysBefore1970AreOrderedAsDays) {
  keep_rows({{0, day(1969, 12, 31), 1}, {0, day(1970, 1, 1), 2}, {0, day(1960, 5, 1), 3}});
  EXPECT_EQ(newest_of(path()).at("2026/dept.t0"), (Reading{day(1970, 1, 1), 2}));
  EXPECT_EQ(counts(keep_rows({{0, day(1960, 5, 1), 3}, {0, day(1969, 12, 31), 4}}).receipt),
            "0/1/1");
}

TEST_F(CorrectionsTest, AValueIsComparedBitForBitAfterTheFile) {
  keep_rows({{0, kMay, 0.1 + 0.2}, {0, kJune, 1e300}});
  EXPECT_EQ(counts(keep_rows({{0, kMay, 0.1 + 0.2}, {0, kJune, 1e300}}).receipt), "0/0/2");
  EXPECT_EQ(counts(keep_rows({{0, kMay, 0.3}}).receipt), "0/1/0");
}

// Random submissions over few targets and days, so that every case occurs, against a model that
// looks at every row ever said.
class Model {
 public:
  // Returns what counts() says of the receipt.
  std::string say(const std::vector<Figure>& rows) {
    int accepted = 0;
    int corrected = 0;
    int unchanged = 0;
    std::map<Place, Figure> last;
    for (const Figure& row : rows) last[{row.target, row.as_of}] = row;
    std::set<Place> repeated;
    for (const auto& [place, row] : last) {
      const auto known = current_.find(place);
      if (known != current_.end() && is_same(known->second, row)) repeated.insert(place);
    }
    for (const Figure& row : rows) {
      if (repeated.contains({row.target, row.as_of})) {
        ++unchanged;
        continue;
      }
      const auto [at, is_new] = current_.try_emplace({row.target, row.as_of}, row);
      if (is_new) {
        ++accepted;
      } else if (!is_same(at->second, row)) {
        ++corrected;
        at->second = row;
      } else {
        ++unchanged;
      }
    }
    stored_ += accepted + corrected;
    return std::to_string(accepted) + "/" + std::to_string(corrected) + "/" +
           std::to_string(unchanged);
  }

  std::map<std::string, Reading> newest() const {
    std::map<std::string, Reading> newest;
    for (const auto& [place, row] : current_) {
      newest["2026/dept.t" + std::to_string(row.target)] = {row.as_of, row.value.number()};
    }
    return newest;
  }
  int stored() const { return stored_; }

 private:
  using Place = std::pair<Catalogue::Index, Date>;
  static bool is_same(const Figure& a, const Figure& b) {
    return a.value == b.value && a.note == b.note;
  }
  std::map<Place, Figure> current_;
  int stored_ = 0;
};

class CorrectionsPropertyTest : public StoreFixture, public ::testing::WithParamInterface<int> {};

TEST_P(CorrectionsPropertyTest, OutcomesAndNewestEqualAModelThatKnowsEveryRow) {
  std::mt19937 random(static_cast<unsigned>(GetParam()));
  const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  Model model;
  auto store = std::make_unique<Store>(path());
  for (int step = 0; step < 150; ++step) {
    std::vector<Figure> rows;
    const int size = up_to(3) == 0 ? up_to(60) : up_to(3);
    const int days = up_to(4) == 0 ? 400 : 12;
    for (int i = 0; i < size; ++i) {
      rows.push_back({static_cast<Catalogue::Index>(up_to(7)),
                      kMay + std::chrono::days(up_to(days)), double(up_to(2)),
                      up_to(5) == 0 ? "note" : ""});
    }
    const std::string expected = model.say(rows);
    ASSERT_EQ(counts(keep(*store, append_of(catalogue_, rows)).receipt), expected)
        << "step " << step;
    if (step % 40 == 39) {
      store.reset();
      store = std::make_unique<Store>(path());
    }
    ASSERT_EQ(newest_of(path()), model.newest()) << "step " << step;
  }
  store.reset();
  EXPECT_EQ(newest_differs(path()), "");
  EXPECT_THAT(stored_rows(path()), SizeIs(model.stored()));
}

TEST_P(CorrectionsPropertyTest, SendingTheSameTwiceChangesNothing) {
  std::mt19937 random(static_cast<unsigned>(GetParam()));
  const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  Store store(path());
  for (int step = 0; step < 60; ++step) {
    std::vector<Figure> rows;
    for (int i = up_to(20); i >= 0; --i) {
      rows.push_back({static_cast<Catalogue::Index>(up_to(2)), kMay + std::chrono::days(up_to(4)),
                      double(up_to(2)), up_to(3) == 0 ? "note" : ""});
    }
    keep(store, append_of(catalogue_, rows));
    const auto before = stored_rows(path());
    const auto newest = newest_of(path());
    const Appended again = keep(store, append_of(catalogue_, rows));
    ASSERT_EQ(counts(again.receipt), "0/0/" + std::to_string(rows.size())) << "step " << step;
    ASSERT_THAT(again.changes.targets, IsEmpty()) << "step " << step;
    ASSERT_EQ(stored_rows(path()), before) << "step " << step;
    ASSERT_EQ(newest_of(path()), newest) << "step " << step;
  }
  EXPECT_EQ(newest_differs(path()), "");
}

INSTANTIATE_TEST_SUITE_P(Seeds, CorrectionsPropertyTest, ::testing::Range(1, 4));

// More corrections of one day than are read ahead: the rest is searched for, with the same outcome.
TEST_F(CorrectionsTest, MuchCorrectedDaysHaveTheirLastValue) {
  for (double value = 1; value <= 300; ++value) keep_rows({{0, kMay, value}});
  keep_rows({{0, kJune, 5}, {0, kJuly, 6}});
  EXPECT_EQ(counts(keep_rows({{0, kMay, 300}, {0, kJune, 5}, {0, kJuly, 7}}).receipt), "0/1/2");
  EXPECT_EQ(counts(keep_rows({{0, kMay, 299}, {0, kJune, 4}, {0, kJuly, 7}}).receipt), "0/2/1");
}

}  // namespace
}  // namespace districtd
