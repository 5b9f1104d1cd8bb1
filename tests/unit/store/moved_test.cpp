// Nothing is acknowledged into files that nobody will find again.
#include <atomic>

#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class MovedTest : public StoreFixture {
 protected:
  Append figure(double value) const {
    return append_of(catalogue_, {{0, day(2026, 6, 30), value}});
  }
  fs::path wal() const { return path().string() + "-wal"; }
  fs::path away() const { return folder_.path() / "away"; }
};

TEST_F(MovedTest, ADatabaseThatWasMovedAcknowledgesNothingUntilItIsBack) {
  Store store(path());
  keep(store, figure(1));
  fs::rename(path(), away());
  const Appended refused = keep(store, figure(2));
  EXPECT_THAT(refused.unavailable, HasSubstr("移走或替换"));
  EXPECT_THAT(store.statistics().moved, HasSubstr(path().string() + " is not there any more"));
  EXPECT_TRUE(store.statistics().failing);
  fs::rename(away(), path());
  EXPECT_EQ(store.statistics().moved, "");
  EXPECT_EQ(counts(keep(store, figure(2)).receipt), "0/1/0");
}

TEST_F(MovedTest, ADatabaseThatWasReplacedAcknowledgesNothing) {
  Store store(path());
  keep(store, figure(1));
  fs::copy_file(path(), away());
  fs::rename(away(), path());
  EXPECT_NE(keep(store, figure(2)).unavailable, "");
  EXPECT_THAT(store.statistics().moved, HasSubstr("another file"));
}

TEST_F(MovedTest, ALogThatWasDeletedOrReplacedAcknowledgesNothing) {
  Store store(path());
  keep(store, figure(1));
  fs::rename(wal(), away());
  EXPECT_NE(keep(store, figure(2)).unavailable, "");
  EXPECT_THAT(store.statistics().moved, HasSubstr("districtd.db-wal"));
  fs::copy_file(away(), wal());
  EXPECT_NE(keep(store, figure(2)).unavailable, "");
}

TEST_F(MovedTest, SendersInOneGroupAreAllRefusedAtOnce) {
  Store store(path());
  std::vector<std::string> told;
  {
    Gate gate(store, figure(1));
    fs::rename(path(), away());
    for (int i = 0; i < 3; ++i) {
      store.append(figure(i), [&](const Appended& one) { told.push_back(one.unavailable); });
    }
  }
  keep(store, figure(9));
  ASSERT_EQ(told.size(), 3U);
  for (const std::string& one : told) EXPECT_NE(one, "");
}

TEST_F(MovedTest, RecordsOfBulletinsAreNotSaidToBeKeptEither) {
  Store store(path());
  fs::rename(path(), away());
  std::promise<std::string> failure;
  store.record_bulletins({}, [&](std::string why) { failure.set_value(std::move(why)); });
  EXPECT_THAT(failure.get_future().get(), HasSubstr("not there any more"));
}

// What a commit that nobody was told of left behind is known again after a restart.
TEST_F(MovedTest, WhatWasMovedUnderACommitAcknowledgesNothingUntilARestart) {
  std::atomic<bool> moves = false;
  {
    Store store(path(), [&] {
      if (moves.exchange(false)) fs::rename(path(), away());
      return now();
    });
    keep(store, figure(1));
    moves = true;
    EXPECT_NE(keep(store, figure(2)).unavailable, "");
    fs::rename(away(), path());
    EXPECT_NE(keep(store, figure(3)).unavailable, "");
  }
  Store store(path());
  EXPECT_EQ(counts(keep(store, figure(2)).receipt), "0/0/1");
}

}  // namespace
}  // namespace districtd
