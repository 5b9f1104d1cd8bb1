// Power loss at any moment, also in the middle of a checkpoint: what was not synced is lost or
// torn, what was acknowledged is there.
#include <set>
#include <sstream>

#include "tests/unit/store/recording_vfs.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

class PowerLossTest : public StoreFixture, public ::testing::WithParamInterface<unsigned> {
 protected:
  struct Moment {
    std::filesystem::path folder;
    int acknowledged = 0;  // submissions
  };

  std::filesystem::path folder_of(std::size_t moment) const {
    return folder_.path() / ("moment-" + std::to_string(moment));
  }

  // Submission `number` reports the same number for every target.
  static std::vector<Figure> rows_of(int number) {
    std::vector<Figure> rows;
    for (Catalogue::Index target = 0; target < 8; ++target) {
      rows.push_back({target, day(2026, 1, 1) + std::chrono::days(number % 90), double(number),
                      std::string(700, 'n')});
    }
    return rows;
  }
};

TEST_P(PowerLossTest, WhatWasAcknowledgedIsThereOnceAndWhole) {
  std::mt19937 random(GetParam());
  std::vector<Moment> moments;
  int acknowledged = 0;  // only touched by the store's thread
  int operation = 0;
  int next = 0;
  {
    const RecordingVfs* disk = nullptr;
    RecordingVfs vfs([&] {
      if (++operation < next || disk == nullptr) return;
      next = operation + 1 + static_cast<int>(random() % 800);
      Moment moment{folder_of(moments.size()), acknowledged};
      std::filesystem::create_directory(moment.folder);
      disk->lose_power(moment.folder, random);
      moments.push_back(std::move(moment));
    });
    disk = &vfs;
    Store store(path());
    // Enough for several checkpoints; in bursts, so that some groups have many submissions.
    for (int number = 1; number <= 600; ++number) {
      store.append(append_of(catalogue_, rows_of(number)), [&](const Appended& appended) {
        if (appended.unavailable.empty()) ++acknowledged;
      });
      if (number % 7 == 0) keep(store, append_of(catalogue_, {}));
    }
  }
  ASSERT_GT(moments.size(), 15u);

  for (const Moment& moment : moments) {
    const auto file = moment.folder / "districtd.db";
    ASSERT_EQ(open_error(file), "") << moment.folder;
    ASSERT_EQ(query(file, "PRAGMA integrity_check"), "ok") << moment.folder;
    ASSERT_EQ(newest_differs(file), "") << moment.folder;
    // Whole submissions only, the first ones without a gap, and at least the acknowledged ones.
    ASSERT_EQ(query(file,
                    "SELECT count(*) FROM (SELECT seq FROM observation GROUP BY seq"
                    " HAVING count(*) <> 8 OR min(value) <> max(value))"),
              "0");
    const int stored = std::stoi(query(file, "SELECT count(DISTINCT value) FROM observation"));
    ASSERT_EQ(
        query(file, "SELECT coalesce(max(value), 0) = " + std::to_string(stored) +
                        " AND count(*) = 8 * " + std::to_string(stored) + " FROM observation"),
        "1")
        << moment.folder;
    ASSERT_GE(stored, moment.acknowledged) << moment.folder;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, PowerLossTest, ::testing::Values(1u, 2u));

}  // namespace
}  // namespace districtd
