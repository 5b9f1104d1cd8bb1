#include "daemon/domain/clock_credibility.h"

#include <gtest/gtest.h>

#include <random>

namespace districtd {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::milliseconds;

const Time kNoon = date_of(2026, 7, 8) + 12h;

// A machine: the truth, its clock, and how long it has been up.
struct Machine {
  Time truth = kNoon;
  milliseconds error{0};  // of its clock
  milliseconds up = 90s;
  std::optional<bool> synchronised;

  ClockReading reading() const { return {truth + error, up, synchronised}; }
  void pass(milliseconds time) {
    truth += time;
    up += time;
  }
  // The hypervisor stops it: the truth goes on and neither of its clocks does.
  void pause(milliseconds time) {
    truth += time;
    error -= time;
  }
};

class ClockCredibilityTest : public ::testing::Test {
 protected:
  ClockFault fault() { return clock_.judge(machine_.reading()).fault; }
  KnownTime known() { return clock_.judge(machine_.reading()).known; }
  void restart(Time newest) { clock_ = ClockCredibility{bounds_of_records(newest)}; }

  Machine machine_;
  ClockCredibility clock_{bounds_of_records(kNoon - days{1})};
};

TEST_F(ClockCredibilityTest, AClockThatGoesOnIsBelievedAndGivesItsOwnTime) {
  for (int minute = 0; minute < 3000; ++minute) {
    const KnownTime time = known();
    ASSERT_TRUE(time.is_credible());
    ASSERT_EQ(time.time, machine_.truth);
    machine_.pass(1min);
  }
}

TEST_F(ClockCredibilityTest,
       AJumpAheadIsNotBelievedUntilTheClockIsBackAndTheTimeIsReckonedMeanwhile) {
  const int reckoning = known().reckoning;
  machine_.error = days{40};
  for (int minute = 0; minute < 300; ++minute) {
    machine_.pass(1min);
    ASSERT_EQ(fault(), ClockFault::jumped_ahead);
    ASSERT_EQ(known().time, machine_.truth);
    ASSERT_EQ(known().clock_read, machine_.truth + days{40});
  }
  machine_.error = 300ms;
  const KnownTime back = known();
  EXPECT_TRUE(back.is_credible());
  EXPECT_EQ(back.time, machine_.truth + 300ms);
  EXPECT_EQ(back.reckoning, reckoning) << "what was reckoned was right";
}

TEST_F(ClockCredibilityTest, AJumpBackIsNotBelievedEither) {
  EXPECT_EQ(fault(), ClockFault::none);
  machine_.error = -days{3};
  machine_.pass(5s);
  EXPECT_EQ(fault(), ClockFault::jumped_back);
  EXPECT_EQ(known().time, machine_.truth);
}

TEST_F(ClockCredibilityTest, ACorrectionByHandOfAFewMinutesIsBelieved) {
  machine_.error = -9min;
  EXPECT_EQ(fault(), ClockFault::none);
  machine_.error = 0ms;
  machine_.pass(5s);
  EXPECT_EQ(fault(), ClockFault::none);
  EXPECT_EQ(known().time, machine_.truth);
}

TEST_F(ClockCredibilityTest, SleepIsNoJumpBecauseTheTimeSinceBootCountsIt) {
  EXPECT_EQ(fault(), ClockFault::none);
  machine_.pass(days{3});
  EXPECT_EQ(fault(), ClockFault::none);
}

TEST_F(ClockCredibilityTest, SlowDriftOfACheapClockIsNoJumpHoweverFarItGets) {
  for (int hour = 0; hour < 24 * 400; ++hour) {
    machine_.pass(1h);
    machine_.error += 360ms;  // 100 ppm
    ASSERT_EQ(fault(), ClockFault::none);
  }
  EXPECT_GT(machine_.error, 50min);
}

TEST_F(ClockCredibilityTest, TheFirstStepOfNtpAfterTheStartIsBelievedAtOnce) {
  machine_.synchronised = false;
  machine_.error = -days{20};
  restart(kNoon - days{30});
  EXPECT_EQ(fault(), ClockFault::none) << "nothing says that it is wrong";
  const int reckoning = known().reckoning;
  machine_.pass(30s);
  machine_.error = 0ms;
  EXPECT_EQ(fault(), ClockFault::jumped_ahead) << "set, and nobody has said by whom";
  machine_.synchronised = true;
  EXPECT_EQ(fault(), ClockFault::none);
  EXPECT_GT(known().reckoning, reckoning) << "what was reckoned was not right";
}

TEST_F(ClockCredibilityTest, AServerOfNtpThatIsWrongForAWhileIsNotBelieved) {
  machine_.synchronised = true;
  EXPECT_EQ(fault(), ClockFault::none);
  machine_.error = days{40};
  for (int minute = 0; minute < 34; ++minute) {
    ASSERT_EQ(fault(), ClockFault::jumped_ahead);
    machine_.pass(1min);
  }
  machine_.error = 0ms;
  EXPECT_EQ(fault(), ClockFault::none);
}

TEST_F(ClockCredibilityTest, AMachineThatWasPausedIsBelievedOnceNtpHasStoodByItsTime) {
  machine_.synchronised = true;
  EXPECT_EQ(fault(), ClockFault::none);
  machine_.pause(days{2});
  EXPECT_EQ(fault(), ClockFault::none) << "nothing on the machine can tell";
  machine_.error = 0ms;  // NTP sets it
  EXPECT_EQ(fault(), ClockFault::jumped_ahead);
  machine_.pass(20min);
  machine_.synchronised = false;
  EXPECT_EQ(fault(), ClockFault::jumped_ahead);
  machine_.synchronised = true;
  machine_.pass(25min);
  EXPECT_EQ(fault(), ClockFault::jumped_ahead) << "not without a break";
  machine_.pass(40min);
  EXPECT_EQ(fault(), ClockFault::none);
  EXPECT_EQ(known().time, machine_.truth);
}

TEST_F(ClockCredibilityTest, ANewJumpBeginsTheWaitAnew) {
  machine_.synchronised = true;
  EXPECT_EQ(fault(), ClockFault::none);
  machine_.error = days{2};
  EXPECT_EQ(fault(), ClockFault::jumped_ahead);
  machine_.pass(30min);
  machine_.error = days{5};
  EXPECT_EQ(fault(), ClockFault::jumped_ahead);
  machine_.pass(30min);
  EXPECT_EQ(fault(), ClockFault::jumped_ahead);
  machine_.pass(10min);
  EXPECT_EQ(fault(), ClockFault::none);
}

TEST_F(ClockCredibilityTest, TheOperatorsWordCountsOnThatDayOnly) {
  EXPECT_EQ(fault(), ClockFault::none);
  machine_.error = days{40};
  const Date says = std::chrono::floor<days>(machine_.truth + days{40});
  clock_.vouch(ClockCredibility::Vouched{says + days{1}, says + days{2}});
  EXPECT_EQ(fault(), ClockFault::jumped_ahead);
  clock_.vouch(ClockCredibility::Vouched{says, says + days{1}});
  EXPECT_EQ(fault(), ClockFault::none);
  clock_.vouch(std::nullopt);
  machine_.pass(days{3});
  EXPECT_EQ(fault(), ClockFault::none) << "once believed it goes on";
}

TEST_F(ClockCredibilityTest, AtTheStartAClockBehindTheNewestRecordIsNotBelieved) {
  restart(kNoon + 11min);
  EXPECT_EQ(fault(), ClockFault::behind_records);
  machine_.pass(30s);
  EXPECT_EQ(known().time, kNoon + 11min + 30s) << "it is at least as late as the newest record";
  machine_.error = 11min;
  EXPECT_EQ(fault(), ClockFault::none);
  EXPECT_EQ(known().time, machine_.truth + 11min);
}

TEST_F(ClockCredibilityTest, AtTheStartAClockALittleBehindTheNewestRecordIsBelieved) {
  restart(kNoon + 9min);
  EXPECT_EQ(fault(), ClockFault::none);
}

TEST_F(ClockCredibilityTest, AtTheStartAClockYearsAheadIsNotBelieved) {
  machine_.error = days{399};
  EXPECT_EQ(fault(), ClockFault::none);
  restart(kNoon - days{1});
  machine_.error = days{3 * 365};
  EXPECT_EQ(fault(), ClockFault::ahead_of_records);
  machine_.error = 0ms;
  EXPECT_EQ(fault(), ClockFault::none);
}

TEST_F(ClockCredibilityTest, AtTheStartNtpIsBelievedAgainstTheRecords) {
  machine_.synchronised = true;
  restart(kNoon + days{40});
  EXPECT_EQ(fault(), ClockFault::none);
  restart(kNoon - days{800});
  EXPECT_EQ(fault(), ClockFault::none);
}

TEST_F(ClockCredibilityTest, AtTheFirstStartTheCatalogueSaysWhatIsFarOff) {
  const auto start_at = [&](Date date) {
    clock_ = ClockCredibility{bounds_of_catalogue(date_of(2026, 1, 1), date_of(2026, 12, 31))};
    return clock_.judge({date, 90s, std::nullopt}).fault;
  };
  EXPECT_EQ(start_at(date_of(1970, 1, 1)), ClockFault::behind_records);
  EXPECT_EQ(start_at(date_of(2024, 1, 1)), ClockFault::none);
  EXPECT_EQ(start_at(date_of(2030, 1, 1)), ClockFault::none);
  EXPECT_EQ(start_at(date_of(2099, 1, 1)), ClockFault::ahead_of_records);
  EXPECT_EQ(clock_.judge({date_of(2099, 1, 1), 95s, std::nullopt}).known.time,
            date_of(2026, 1, 1) + 5s);
}

TEST_F(ClockCredibilityTest, ARestartDoesNotForgetAJump) {
  EXPECT_EQ(fault(), ClockFault::none);
  const auto anchor = clock_.anchor();
  ASSERT_TRUE(anchor);
  machine_.error = days{40};
  restart(kNoon);
  clock_.resume(*anchor);
  EXPECT_EQ(fault(), ClockFault::jumped_ahead);
  EXPECT_EQ(known().time, machine_.truth);
  machine_.error = 0ms;
  EXPECT_EQ(fault(), ClockFault::none);
}

// Whatever is done to a clock without NTP: it is believed exactly where it is right, and what is
// reckoned instead is right.
TEST_F(ClockCredibilityTest, WithoutNtpItIsBelievedExactlyWhereItIsRight) {
  std::mt19937 random(11);
  const auto up_to = [&](std::int64_t most) {
    return milliseconds{std::uniform_int_distribution<std::int64_t>{1, most}(random)};
  };
  for (int world = 0; world < 200; ++world) {
    machine_ = Machine{};
    machine_.synchronised = world % 2 == 0 ? std::optional<bool>{} : std::optional{false};
    restart(kNoon - days{1});
    ASSERT_EQ(fault(), ClockFault::none);
    for (int step = 0; step < 200; ++step) {
      switch (random() % 4) {
        case 0:
          machine_.pass(up_to(5000));
          break;
        case 1:
          machine_.pass(up_to(3LL * 86'400'000));
          break;  // asleep, or nobody looked
        case 2: {
          const milliseconds jump = 11min + up_to(3000LL * 86'400'000);
          machine_.error = random() % 2 == 0 ? jump : -jump;
          break;
        }
        default:
          machine_.error = 0ms;
          break;
      }
      const ClockVerdict verdict = clock_.judge(machine_.reading());
      ASSERT_EQ(verdict.fault == ClockFault::none, machine_.error == 0ms) << world << ' ' << step;
      ASSERT_EQ(verdict.known.time, machine_.truth);
      ASSERT_EQ(verdict.known.is_credible(), machine_.error == 0ms);
      if (machine_.error == 0ms) continue;
      ASSERT_EQ(verdict.fault == ClockFault::jumped_ahead, machine_.error > 0ms);
    }
  }
}

}  // namespace
}  // namespace districtd
