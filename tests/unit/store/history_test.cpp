// Reading the file: as of any day, as known at any time, beside a running daemon and without one.
#include <sys/mount.h>

#include <sstream>

#include "daemon/store/submission_id.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Date kMay = day(2026, 5, 31);
const Date kJune = day(2026, 6, 30);

class HistoryTest : public StoreFixture {
 protected:
  // Submission 1 on 8 June: May of t0 and t1. 2 on 8 July: June of t0. 3 on 9 July: May and June of
  // t0 corrected. 4 on 1 August: t2's May, late.
  void keep_four() {
    SetClock clock{Time{}};
    Store store(path(), [&] { return clock.now(); });
    const auto keep_at = [&](Time time, std::vector<Figure> rows) {
      clock.set(time);
      keep(store, append_of(catalogue_, std::move(rows)));
    };
    keep_at(at(2026, 6, 8), {{0, kMay, 1}, {1, kMay, 10}});
    keep_at(at(2026, 7, 8), {{0, kJune, 2, "快报"}});
    keep_at(at(2026, 7, 9), {{0, kMay, 1.5}, {0, kJune, 2.5}});
    keep_at(at(2026, 8, 1), {{2, kMay, 20}});
  }

  // "t0 2026-06-30 2.5" for every target, in order.
  std::vector<std::string> newest(Date on, std::optional<Time> known_at) {
    std::map<std::string, std::string> lines;
    for (const auto& [target, reading] : newest_of(StoreReader(path()), path(), on, known_at)) {
      std::ostringstream line;
      line << target.substr(std::string_view("2026/dept.").size()) << ' '
           << to_string(reading.as_of) << ' ' << reading.value;
      lines[target] = line.str();
    }
    std::vector<std::string> all;
    for (const auto& [target, line] : lines) all.push_back(line);
    return all;
  }
};

TEST_F(HistoryTest, TheNewestUpToADayIsTheLastDayWithItsLastCorrection) {
  keep_four();
  EXPECT_THAT(newest(day(2026, 12, 31), std::nullopt),
              ElementsAre("t0 2026-06-30 2.5", "t1 2026-05-31 10", "t2 2026-05-31 20"));
  EXPECT_THAT(newest(kJune - std::chrono::days(1), std::nullopt),
              ElementsAre("t0 2026-05-31 1.5", "t1 2026-05-31 10", "t2 2026-05-31 20"));
  EXPECT_THAT(newest(kMay - std::chrono::days(1), std::nullopt), IsEmpty());
}

TEST_F(HistoryTest, KnownAtTakesBackWhatWasReceivedLater) {
  keep_four();
  const Date end = day(2026, 12, 31);
  EXPECT_THAT(newest(end, at(2026, 6, 7)), IsEmpty());
  EXPECT_THAT(newest(end, at(2026, 6, 8)), ElementsAre("t0 2026-05-31 1", "t1 2026-05-31 10"));
  EXPECT_THAT(newest(end, at(2026, 7, 8, 12)), ElementsAre("t0 2026-06-30 2", "t1 2026-05-31 10"));
  EXPECT_THAT(newest(kMay, at(2026, 7, 8, 12)), ElementsAre("t0 2026-05-31 1", "t1 2026-05-31 10"));
  EXPECT_THAT(newest(end, at(2026, 7, 9)), ElementsAre("t0 2026-06-30 2.5", "t1 2026-05-31 10"));
  EXPECT_THAT(newest(end, at(2026, 8, 1)), SizeIs(3));
  EXPECT_THAT(newest(end, at(2030, 1, 1)), SizeIs(3));
}

// Every time between many submissions, several of one millisecond among them.
TEST_F(HistoryTest, KnownAtFindsItsPlaceAmongManySubmissions) {
  {
    SetClock clock{at(2026, 7, 1)};
    Store store(path(), [&] { return clock.now(); });
    for (int i = 1; i <= 50; ++i) {
      clock.set(at(2026, 7, 1) + std::chrono::milliseconds(i / 3 * 10));
      keep(store, append_of(catalogue_, {{0, kJune, double(i)}}));
    }
  }
  const StoreReader reader(path());
  for (int tick = 0; tick <= 17; ++tick) {
    const Time time = at(2026, 7, 1) + std::chrono::milliseconds(tick * 10);
    for (const Time known_at : {time, time + std::chrono::milliseconds(9)}) {
      EXPECT_EQ(newest_of(reader, path(), kJune, known_at).at("2026/dept.t0").value,
                std::min(50, tick * 3 + 2))
          << tick;
    }
  }
  EXPECT_THAT(newest_of(reader, path(), kJune, at(2026, 6, 30)), IsEmpty());
}

TEST_F(HistoryTest, EverythingEverSaidOfATargetWithWhatSupersededIt) {
  keep_four();
  const auto history = StoreReader(path()).history("2026/dept.t0");
  ASSERT_THAT(history, SizeIs(4));
  std::vector<std::string> lines;
  for (const StoredObservation& one : history) {
    std::ostringstream line;
    line << to_string(one.as_of) << ' ' << one.value.number() << one.note << ' ' << one.submission
         << (one.superseded ? " superseded" : "");
    lines.push_back(line.str());
  }
  EXPECT_THAT(lines,
              ElementsAre("2026-05-31 1 20260608-1 superseded", "2026-05-31 1.5 20260709-3",
                          "2026-06-30 2快报 20260708-2 superseded", "2026-06-30 2.5 20260709-3"));
  EXPECT_EQ(history[0].received_at, at(2026, 6, 8));
  EXPECT_EQ(history[0].collector, "csv_drop");
  EXPECT_EQ(history[0].name, "figures.csv");
  EXPECT_THAT(StoreReader(path()).history("2026/dept.unknown"), IsEmpty());
}

TEST_F(HistoryTest, TheReceiptIsFoundAgainByItsWholeIdOnly) {
  Receipt given;
  {
    Store store(path(), [] { return at(2026, 7, 8); });
    Append append = append_of(catalogue_, {{0, kJune, 1}});
    append.decoded.receipt.rows = 2;
    append.decoded.receipt.rejected = 1;
    append.decoded.receipt.errors = {{3, "数值", "十二", "value_not_a_number", "应为数字"}};
    given = keep(store, std::move(append)).receipt;
  }
  const StoreReader reader(path());
  const auto found = reader.receipt("20260708-1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->submission, given.submission);
  EXPECT_EQ(found->received_at, given.received_at);
  EXPECT_EQ(found->department, "dept");
  EXPECT_EQ(found->rows, 2);
  EXPECT_EQ(found->rejected, 1);
  EXPECT_EQ(counts(*found), "1/0/0");
  ASSERT_THAT(found->errors, SizeIs(1));
  EXPECT_EQ(found->errors[0].row, 3);
  EXPECT_EQ(found->errors[0].value, "十二");
  for (const char* other : {"20260708-2", "20260709-1", "1", "-1", "", "20260708-", "20260708-1x",
                            "20260708-99999999999999999999", "' OR 1=1 --"}) {
    EXPECT_FALSE(reader.receipt(other)) << other;
  }
}

TEST_F(HistoryTest, AReaderSeesEachCommitOfARunningDaemon) {
  Store store(path());
  const StoreReader reader(path());
  for (double value = 1; value <= 20; ++value) {
    keep(store, append_of(catalogue_, {{0, kJune, value}}));
    ASSERT_EQ(newest_of(reader, path(), kJune).at("2026/dept.t0").value, value);
    ASSERT_THAT(reader.history("2026/dept.t0"), SizeIs(static_cast<std::size_t>(value)));
  }
}

TEST_F(HistoryTest, ReadingWithoutADaemonNeitherChangesNorLocksTheFile) {
  keep_four();
  StoreReader reader(path());
  EXPECT_THAT(newest_of(reader, path(), kJune), SizeIs(3));
  EXPECT_EQ(open_error(path()), "");
  const StoreReader moved = std::move(reader);
  EXPECT_THAT(moved.history("2026/dept.t1"), SizeIs(1));
}

TEST_F(HistoryTest, AReadOnlyDiskCanBeRead) {
  const std::string target = folder_.path().string();
  if (::mount("tmpfs", target.c_str(), "tmpfs", 0, "size=4m") != 0) {
    GTEST_SKIP() << "mounting needs root";
  }
  keep_four();
  ASSERT_EQ(::mount("tmpfs", target.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, ""), 0);
  EXPECT_EQ(StoreReader(path()).readings({std::nullopt, utc_date, {}}).targets(), 3u);
  EXPECT_THAT(open_error(path()), HasSubstr("Read-only file system"));
  ::umount2(target.c_str(), MNT_DETACH);
}

TEST_F(HistoryTest, WhatCannotBeReadIsNamed) {
  const auto message = [](const std::filesystem::path& file) {
    try {
      const StoreReader reader(file);
      return std::string();
    } catch (const StoreError& error) {
      return std::string(error.what());
    }
  };
  EXPECT_THAT(message(path()), HasSubstr("districtd.db does not exist"));
  EXPECT_FALSE(std::filesystem::exists(path()));
  EXPECT_THAT(message(folder_.path()), HasSubstr("is a directory"));
  execute(path(), "CREATE TABLE other(x)");
  EXPECT_THAT(message(path()), HasSubstr("another program"));
}

}  // namespace
}  // namespace districtd
