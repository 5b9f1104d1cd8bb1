// What the store knows of bulletins: occasions, deliveries, and the corrections between two times.
#include "daemon/store/bulletin_records.h"

#include <unistd.h>

#include <atomic>

#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BulletinRecordsTest : public StoreFixture {
 protected:
  std::string keep_records(Store& store, BulletinRecords records) {
    std::promise<std::string> kept;
    store.record_bulletins(std::move(records),
                           [&](std::string failure) { kept.set_value(std::move(failure)); });
    return kept.get_future().get();
  }

  OccasionRecord occasion(const std::string& name, Time due) const {
    return {name,
            due,
            OccasionOutcome::made,
            true,
            due + std::chrono::hours{2},
            name + "-2026-07-08",
            "标题",
            "{}",
            "第一行\n第二行\n",
            {name + ".html", name + ".pdf"}};
  }
};

TEST_F(BulletinRecordsTest, OccasionsComeBackWholeAcrossRestarts) {
  const OccasionRecord first = occasion("monthly", at(2026, 7, 8, 1));
  const OccasionRecord second = occasion("monthly", at(2026, 8, 8, 1));
  {
    Store store{path()};
    EXPECT_EQ(keep_records(store, {{second, first, occasion("weekly", at(2026, 7, 6))}, {}}), "");
  }
  const StoreReader reader{path()};
  EXPECT_THAT(reader.bulletin_occasions("monthly"), ElementsAre(first, second));
  EXPECT_EQ(reader.bulletin_occasion_of("weekly-2026-07-08")->name, "weekly");
  EXPECT_FALSE(reader.bulletin_occasion_of("weekly-2026-07-13"));
}

TEST_F(BulletinRecordsTest, DeliveryIsOnDiskWhenItIsSaidToBe) {
  DeliveryRecord delivery{"m", DeliveryChannel::email, "a@b.c", 1, DeliveryState::sending,
                          1,   at(2026, 7, 8),         ""};
  const std::string state = in_child([&] {
    Store store{path()};
    keep_records(store, {{}, {delivery}});
    _exit(0);  // no goodbye
    return std::string{};
  });
  EXPECT_EQ(query(path(), "SELECT state FROM bulletin_delivery"), "sending") << state;
}

TEST_F(BulletinRecordsTest, OnlyWhatIsUnderWayIsListedWithoutAnId) {
  Store store{path()};
  const Time when = at(2026, 7, 8);
  keep_records(
      store,
      {{},
       {{"m", DeliveryChannel::email, "a", 1, DeliveryState::pending, 0, when, ""},
        {"m", DeliveryChannel::email, "b", 1, DeliveryState::sent, 1, when, ""},
        {"m", DeliveryChannel::email, "c", 1, DeliveryState::sending, 1, when, ""},
        {"n", DeliveryChannel::webhook, "d", 1, DeliveryState::failed, 9, when, "refused"}}});
  keep_records(store,
               {{}, {{"m", DeliveryChannel::email, "a", 1, DeliveryState::sent, 1, when, ""}}});
  const StoreReader reader{path()};
  ASSERT_THAT(reader.bulletin_deliveries(""), SizeIs(1));
  EXPECT_EQ(reader.bulletin_deliveries("").front().recipient, "c");
  EXPECT_THAT(reader.bulletin_deliveries("m"), SizeIs(3));
  EXPECT_EQ(reader.bulletin_deliveries("n").front().detail, "refused");
}

// The words of the file, of metrics and of the log; each is read back as what was written.
TEST_F(BulletinRecordsTest, EachOutcomeChannelAndStateHasItsWord) {
  Store store{path()};
  const Time when = at(2026, 7, 8);
  BulletinRecords records;
  for (const auto outcome : {OccasionOutcome::adopted, OccasionOutcome::made,
                             OccasionOutcome::unchanged, OccasionOutcome::skipped}) {
    OccasionRecord one = occasion("o", when + std::chrono::hours{records.occasions.size()});
    one.outcome = outcome;
    records.occasions.push_back(one);
  }
  for (const auto state : {DeliveryState::pending, DeliveryState::sending, DeliveryState::sent,
                           DeliveryState::failed, DeliveryState::uncertain}) {
    const auto channel =
        records.deliveries.empty() ? DeliveryChannel::email : DeliveryChannel::webhook;
    const int copy = static_cast<int>(records.deliveries.size()) + 1;
    records.deliveries.push_back({"m", channel, "r", copy, state, 1, when, ""});
  }
  ASSERT_EQ(keep_records(store, records), "");
  EXPECT_EQ(query(path(),
                  "SELECT group_concat(outcome) FROM (SELECT outcome FROM"
                  " bulletin_occasion ORDER BY due_at)"),
            "adopted,made,unchanged,skipped");
  EXPECT_EQ(query(path(),
                  "SELECT group_concat(channel || ' ' || state) FROM (SELECT * FROM"
                  " bulletin_delivery ORDER BY copy)"),
            "email pending,webhook sending,webhook sent,webhook failed,webhook uncertain");
  const StoreReader reader{path()};
  EXPECT_EQ(reader.bulletin_occasions("o"), records.occasions);
  EXPECT_EQ(reader.bulletin_deliveries("m"), records.deliveries);
  EXPECT_THAT(reader.bulletin_deliveries(""), SizeIs(2));
}

TEST_F(BulletinRecordsTest, AWordOfANewerVersionIsSaidToBeUnknown) {
  Store store{path()};
  keep_records(
      store,
      {{}, {{"m", DeliveryChannel::email, "a", 1, DeliveryState::sent, 1, at(2026, 7, 8), ""}}});
  execute(path(), "UPDATE bulletin_delivery SET state = 'read'");
  const StoreReader reader{path()};
  try {
    reader.bulletin_deliveries("m");
    FAIL() << "nothing was thrown";
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("'read'"));
  }
}

TEST_F(BulletinRecordsTest, WhatWasReceivedByThenIsCommittedWhenARecordIs) {
  std::atomic<int> ticks = 0;
  const auto clock = [&] { return at(2026, 7, 1) + std::chrono::milliseconds{++ticks}; };
  Store store{path(), clock};
  std::promise<void> last;
  for (int i = 0; i < 50; ++i) {
    store.append(append_of(catalogue_, {{0, day(2026, 6, 30), i * 1.0}}), [&, i](const Appended&) {
      if (i == 49) last.set_value();
    });
  }
  const Time before = clock();
  ASSERT_EQ(keep_records(store, {}), "");
  const int seen = std::stoi(query(path(), "SELECT count(*) FROM submission"));
  last.get_future().wait();
  const std::string by_then =
      query(path(), "SELECT count(*) FROM submission WHERE received_at <= " +
                        std::to_string(before.time_since_epoch().count()));
  EXPECT_GE(seen, std::stoi(by_then));
}

TEST_F(BulletinRecordsTest, CorrectionsBetweenTwoTimesSayBothValues) {
  SetClock clock{at(2026, 7, 1)};
  Store store{path(), [&] { return clock.now(); }};
  const Date june = day(2026, 6, 30);
  keep(store, append_of(catalogue_, {{0, june, 1}, {1, june, 5}}));
  clock.set(at(2026, 7, 5));
  keep(store, append_of(catalogue_, {{0, june, 2, "核定"}, {1, day(2026, 7, 31), 6}}));
  clock.set(at(2026, 7, 10));
  keep(store, append_of(catalogue_, {{0, june, 3}}));

  const StoreReader reader{path()};
  const auto corrections = reader.corrections(at(2026, 7, 1), at(2026, 7, 8));
  ASSERT_THAT(corrections, SizeIs(1));
  EXPECT_EQ(corrections[0].target, "2026/dept.t0");
  EXPECT_EQ(corrections[0].as_of, june);
  EXPECT_EQ(corrections[0].value_before, 1);
  EXPECT_EQ(corrections[0].value, 2);
  EXPECT_EQ(corrections[0].note, "核定");
  EXPECT_EQ(corrections[0].received_at, at(2026, 7, 5));
  EXPECT_THAT(reader.corrections(at(2026, 7, 5), at(2026, 7, 9)), IsEmpty());
  EXPECT_THAT(reader.corrections(at(2026, 6, 1), at(2026, 12, 31)), SizeIs(2));
}

}  // namespace
}  // namespace districtd
