// Times of receipt where the clock was wrong: what counts as received by when, and what is written.
#include <random>

#include "daemon/store/receipt_times.h"
#include "daemon/store/submission_id.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using ::testing::ElementsAre;

const Date kJune = day(2026, 6, 30);

class ReceiptTimesTest : public StoreFixture {
 protected:
  std::unique_ptr<Store> open() {
    return std::make_unique<Store>(path(), [this] { return clock_.now(); });
  }
  Receipt keep_at(Store& store, KnownTime now, double value = 1) {
    clock_.set(now);
    return keep(store, append_of(catalogue_, {{0, kJune, value}})).receipt;
  }
  std::int64_t last_by(Time time) {
    sqlite::Connection connection(path(), sqlite::Connection::Mode::read_only);
    ReceiptTimes times(connection);
    const std::int64_t last = times.last_by(time);
    return last;
  }
  static KnownTime reckoned(Time time, Time read, int reckoning = 0) {
    KnownTime known(time, read);
    known.reckoning = reckoning;
    return known;
  }
  static KnownTime believed(Time time, int reckoning) {
    KnownTime known(time);
    known.reckoning = reckoning;
    return known;
  }

  SetClock clock_{at(2026, 7, 8)};
};

TEST_F(ReceiptTimesTest, OneMomentAheadSpoilsNothingThatComesAfterIt) {
  auto store = open();
  keep_at(*store, at(2026, 7, 8));
  const Receipt ahead = keep_at(*store, reckoned(at(2026, 7, 8, 1), at(2026, 8, 17)));
  EXPECT_EQ(ahead.received_at, at(2026, 7, 8, 1));
  EXPECT_EQ(ahead.submission, "20260708-2");
  const Receipt after = keep_at(*store, at(2026, 7, 8, 2), 2);
  EXPECT_EQ(after.received_at, at(2026, 7, 8, 2));
  EXPECT_EQ(query(path(), "SELECT clock_read FROM submission WHERE seq = 2"),
            std::to_string(at(2026, 8, 17).time_since_epoch().count()));
  EXPECT_EQ(query(path(), "SELECT count(*) FROM submission WHERE clock_read IS NULL"), "2");
  EXPECT_EQ(
      newest_of(StoreReader(path()), path(), kJune, at(2026, 7, 8, 2)).at("2026/dept.t0").value, 2);
}

TEST_F(ReceiptTimesTest, AClockThatWasAheadUnnoticedAndIsSetRightGivesTheRightTimeAtOnce) {
  auto store = open();
  keep_at(*store, at(2026, 8, 17));
  EXPECT_EQ(keep_at(*store, at(2026, 7, 8, 2), 2).submission, "20260708-2");
  EXPECT_EQ(last_by(at(2026, 7, 8, 1)), 0);
  EXPECT_EQ(last_by(at(2026, 7, 8, 2)), 2) << "the first was there before the second";
  const Readings readings = StoreReader(path()).readings({std::nullopt, utc_date, {}});
  EXPECT_EQ(Readings(readings).of("2026/dept.t0").front().reported_on, day(2026, 7, 8));
}

TEST_F(ReceiptTimesTest, WhatIsThereWhenTheClockIsSetRightNeedsNoFurtherSubmissionToCount) {
  auto store = open();
  keep_at(*store, at(2026, 8, 17));
  clock_.set(at(2026, 7, 8));
  commit_nothing(*store);
  EXPECT_EQ(last_by(at(2026, 7, 7, 23)), 0);
  EXPECT_EQ(last_by(at(2026, 7, 8)), 1);
  commit_nothing(*store);
  EXPECT_EQ(query(path(), "SELECT count(*) FROM received_by"), "1") << "it is said once";
}

TEST_F(ReceiptTimesTest, WhatWasReckonedRightCountsFromItsTime) {
  auto store = open();
  keep_at(*store, believed(at(2026, 7, 8), 1));
  keep_at(*store, reckoned(at(2026, 7, 8, 1), at(2026, 8, 17), 1));
  EXPECT_EQ(last_by(at(2026, 7, 8, 12)), 1) << "nobody can tell yet";
  clock_.set(believed(at(2026, 7, 8, 3), 1));
  commit_nothing(*store);
  EXPECT_EQ(last_by(at(2026, 7, 8, 1)), 2);
  EXPECT_EQ(last_by(at(2026, 7, 8, 0, 59)), 1);
}

TEST_F(ReceiptTimesTest, WhatWasReckonedWrongCountsFromWhenTheClockIsBelievedAgain) {
  auto store = open();
  keep_at(*store, believed(at(2026, 7, 8), 1));
  keep_at(*store, reckoned(at(2026, 7, 8, 1), at(2026, 7, 10), 1));
  keep_at(*store, reckoned(at(2026, 7, 8, 2), at(2026, 7, 10, 1), 1));
  keep_at(*store, believed(at(2026, 7, 10, 2), 2));
  EXPECT_EQ(last_by(at(2026, 7, 9)), 1);
  EXPECT_EQ(last_by(at(2026, 7, 10, 2)), 4);
}

TEST_F(ReceiptTimesTest, AfterARestartNobodyKnowsWhetherItWasReckonedRight) {
  auto store = open();
  keep_at(*store, believed(at(2026, 7, 8), 1));
  keep_at(*store, reckoned(at(2026, 7, 8, 1), at(2026, 8, 17), 1));
  store.reset();
  clock_.set(believed(at(2026, 7, 8, 3), 1));
  store = open();
  EXPECT_EQ(store->newest_time_at_start(), at(2026, 7, 8, 1));
  commit_nothing(*store);
  EXPECT_EQ(last_by(at(2026, 7, 8, 2)), 1);
  EXPECT_EQ(last_by(at(2026, 7, 8, 3)), 2);
}

TEST_F(ReceiptTimesTest, TheNewestTimeIsTheOneThatWasSetRight) {
  {
    auto store = open();
    keep_at(*store, at(2026, 8, 17));
    store->record_catalogue({{CatalogueSource::Role::targets, "t.toml", "one"}});
    commit_nothing(*store);
    clock_.set(at(2026, 7, 8));
    commit_nothing(*store);
  }
  EXPECT_EQ(open()->newest_time_at_start(), at(2026, 7, 8));
  EXPECT_EQ(StoreReader(path()).catalogue(at(2026, 7, 8))->adopted_at, at(2026, 7, 8));
}

TEST_F(ReceiptTimesTest, AClockThatIsSlewedBackIsNothingToSpeakOf) {
  auto store = open();
  keep_at(*store, at(2026, 7, 8) + 500ms);
  EXPECT_EQ(keep_at(*store, at(2026, 7, 8), 2).received_at, at(2026, 7, 8) + 500ms);
  EXPECT_EQ(query(path(), "SELECT count(*) FROM received_by"), "0");
}

TEST_F(ReceiptTimesTest, TheFileForgetsNothingOfIt) {
  auto store = open();
  keep_at(*store, at(2026, 8, 17));
  keep_at(*store, at(2026, 7, 8));
  for (const char* sql : {"DELETE FROM received_by", "UPDATE received_by SET at = 0"}) {
    EXPECT_THROW(execute(path(), sql), std::runtime_error) << sql;
  }
}

// A world with a true time, and a clock in it that is right, wrong and known to be, or ahead and
// believed; restarts in between.
TEST_F(ReceiptTimesTest, NothingCountsBeforeItWasReceivedHoweverTheClockWent) {
  std::mt19937 random(17);
  for (int world = 0; world < 8; ++world) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "world.db";
    Time truth = at(2026, 1, 1);
    std::vector<Time> received;
    const auto open_world = [&] {
      return std::make_unique<Store>(file, [this] { return clock_.now(); });
    };
    clock_.set(truth);
    auto store = open_world();
    std::chrono::hours ahead{0};  // and believed
    bool is_known_wrong = false;
    std::chrono::hours behind{0};  // what is reckoned then
    int reckoning = 1;
    for (int step = 0; step < 60; ++step) {
      truth += std::chrono::minutes(random() % 600 + 1);
      switch (random() % 8) {
        case 0:
          ahead = std::chrono::hours(random() % 900);
          is_known_wrong = false;
          break;
        case 1:
          is_known_wrong = true;
          if (behind != 0h) ++reckoning;
          behind = ahead = 0h;
          break;
        case 2:
          is_known_wrong = true;
          ahead = 0h;
          behind = std::chrono::hours(random() % 90);
          break;
        case 3:
          store.reset();
          clock_.set(truth);
          store = open_world();
          break;
        default:
          break;
      }
      if (!is_known_wrong && ahead == 0h && behind != 0h) {
        ++reckoning;
        behind = 0h;
      }
      clock_.set(is_known_wrong ? reckoned(truth - behind, truth + days{40}, reckoning)
                                : believed(truth + ahead, reckoning));
      keep(*store, append_of(catalogue_, {{0, kJune, double(step)}}));
      received.push_back(truth);
      if (random() % 3 == 0) is_known_wrong = false;
      if (random() % 3 == 0) ahead = 0h;
      if (!is_known_wrong && behind != 0h) {
        ++reckoning;
        behind = 0h;
      }
    }
    truth += days{50};
    clock_.set(believed(truth, reckoning + 1));
    commit_nothing(*store);
    sqlite::Connection connection(file, sqlite::Connection::Mode::read_only);
    ReceiptTimes times(connection);
    for (Time time = at(2025, 12, 30); time <= truth; time += 7h) {
      const auto last = static_cast<std::size_t>(times.last_by(time));
      ASSERT_LE(last, received.size());
      if (last == 0) continue;
      ASSERT_LE(received[last - 1], time) << world;
    }
    ASSERT_EQ(times.last_by(truth), 60) << world;
  }
}

}  // namespace
}  // namespace districtd
