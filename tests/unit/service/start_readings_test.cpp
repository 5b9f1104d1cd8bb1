// What the daemon starts with is what the store knows, whenever it was read.
#include "daemon/service/start_readings.h"

#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

class StartReadingsTest : public StoreFixture {
 protected:
  void report(double value) {
    Store store(path());
    keep(store, append_of(catalogue_, {{.target = 0, .as_of = day(2026, 6, 30), .value = value}}));
  }

  double taken(StartReadings& readings) const {
    Readings all = readings.finish(path(), clock_);
    return all.of("2026/dept.t0").empty() ? 0 : all.of("2026/dept.t0").back().value;
  }

  DistrictClock clock_{"Asia/Shanghai"};
};

TEST_F(StartReadingsTest, AreReadBeforeTheStoreIsOpened) {
  report(12);
  StartReadings readings;
  readings.begin(path(), clock_);
  const Store store(path());
  EXPECT_EQ(taken(readings), 12);
}

TEST_F(StartReadingsTest, AreReadAgainWhereAnotherDaemonHasWrittenSince) {
  report(12);
  // The first answer is kept until finish(), however early it was there.
  StartReadings readings;
  readings.begin(path(), clock_);
  readings.wait();
  report(15);
  EXPECT_EQ(taken(readings), 15);
}

TEST_F(StartReadingsTest, AreReadAtTheEndWhereThereWasNoStoreYet) {
  StartReadings readings;
  readings.begin(path(), clock_);
  readings.wait();
  report(15);
  EXPECT_EQ(taken(readings), 15);
}

TEST_F(StartReadingsTest, NeedNotBeBegun) {
  report(12);
  StartReadings readings;
  EXPECT_EQ(taken(readings), 12);
}

}  // namespace
}  // namespace districtd
