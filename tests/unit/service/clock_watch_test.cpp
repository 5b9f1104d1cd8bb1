// What the operator is told of a clock that is not credible.
#include "daemon/service/clock_watch.h"

#include <future>

#include "base/durable_file.h"
#include "daemon/exporter/own_metrics.h"
#include "daemon/service/clock_anchor_file.h"
#include "tests/unit/exporter/text_exposition.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ClockWatchTest : public StoreFixture {
 protected:
  ClockWatchTest() { credible_.start(bounds_of_records(at(2026, 7, 8)), std::nullopt); }

  void set(Time wall) {
    reading_.change([&](ClockReading& reading) { reading.wall = wall; });
  }
  void drift(std::chrono::milliseconds by) {
    reading_.change([&](ClockReading& reading) { reading.wall += by; });
  }
  TextExposition metrics() {
    prometheus::Registry none;
    return read_text_exposition(own_metrics_text(none, watch_.metrics()));
  }
  std::string received_by() {
    commit_nothing(store_);
    return query(path(), "SELECT count(*) FROM received_by");
  }

  Shared<ClockReading> reading_{{at(2026, 7, 8, 1), 90s, std::nullopt}};
  CredibleClock credible_{[this] { return reading_.now(); }};
  Store store_{path(), [this] { return credible_.known(); }};
  std::vector<ClockAnchor> kept_;
  DistrictClock clock_{"Asia/Shanghai", [this] { return credible_.known(); }};
  ClockWatch watch_{credible_, store_, clock_,
                    [this](ClockAnchor anchor) { kept_.push_back(anchor); }};
};

TEST_F(ClockWatchTest, TheSentenceSaysWhatTheClockSaysWhatItShouldSayAndWhatToDo) {
  EXPECT_EQ(watch_.why_not_ready(), "");
  set(at(2026, 8, 17, 1));
  EXPECT_THAT(watch_.why_not_ready(),
              AllOf(HasSubstr("jumped ahead to 2026-08-17 09:00"), HasSubstr("2026-07-08 09:00"),
                    HasSubstr("timedatectl"), HasSubstr("[clock] correct_on = 2026-08-17")));
  set(at(2026, 5, 1));
  EXPECT_THAT(watch_.why_not_ready(), HasSubstr("jumped back to 2026-05-01 08:00"));
  set(at(2026, 7, 8, 1));
  EXPECT_EQ(watch_.why_not_ready(), "");
}

TEST_F(ClockWatchTest, TheMetricsSayWhetherAndWhy) {
  EXPECT_EQ(metrics().value("districtd_clock_credible"), 1);
  set(at(2026, 8, 17));
  const auto wrong = metrics();
  EXPECT_EQ(wrong.value("districtd_clock_credible"), 0);
  EXPECT_THAT(wrong.faults, ::testing::IsEmpty());
  EXPECT_EQ(wrong.value("districtd_clock_fault{reason=\"jumped_ahead\"}"), 1);
  EXPECT_EQ(wrong.value("districtd_clock_fault{reason=\"jumped_back\"}"), 0);
}

TEST_F(ClockWatchTest, TheOperatorsDayIsTheDistrictsAndTheNextOne) {
  const auto vouched = vouched_from(date_of(2026, 8, 17), clock_);
  EXPECT_EQ(vouched.from, at(2026, 8, 16, 16));
  EXPECT_EQ(vouched.until, at(2026, 8, 18, 16));
  credible_.judge();
  set(at(2026, 8, 16, 16));
  credible_.vouch(vouched);
  EXPECT_EQ(watch_.why_not_ready(), "");
}

TEST_F(ClockWatchTest, TheStoreIsToldWhenTheClockIsBelievedAgain) {
  watch_.look();
  EXPECT_EQ(received_by(), "0");
  set(at(2026, 8, 17));
  keep(store_, append_of(catalogue_, {{0, day(2026, 6, 30), 1}}));
  watch_.look();
  EXPECT_EQ(received_by(), "0");
  set(at(2026, 7, 8, 1));
  watch_.look();
  EXPECT_EQ(received_by(), "1");
}

TEST_F(ClockWatchTest, WhereTheClockStandsIsKeptWhenItWasSet) {
  watch_.look();
  drift(30s);
  watch_.look();
  drift(5min);
  watch_.look();
  reading_.change([](ClockReading& reading) { reading.synchronised = true; });
  watch_.look();
  drift(days{40});
  watch_.look();
  const auto first = at(2026, 7, 8, 1).time_since_epoch() - 90s;
  EXPECT_THAT(kept_, ElementsAre(ClockAnchor{first, false}, ClockAnchor{first + 5min + 30s, false},
                                 ClockAnchor{first + 5min + 30s, true}));
}

TEST_F(ClockWatchTest, WhatIsKeptIsReadAgainDuringTheSameBootOnly) {
  const auto file = clock_anchor_file(path());
  EXPECT_EQ(read_clock_anchor(file), std::nullopt);
  const ClockAnchor anchor{-123456789ms, true};
  write_clock_anchor(file, anchor);
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the kernel does not tell which boot this is";
  EXPECT_EQ(read_clock_anchor(file), anchor);
  std::string text = *read_whole(file);
  text[0] = text[0] == '0' ? '1' : '0';
  write_whole(file, text);
  EXPECT_EQ(read_clock_anchor(file), std::nullopt);
}

}  // namespace
}  // namespace districtd
