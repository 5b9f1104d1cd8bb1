// Damage in the file is found while the daemon runs.
#include "daemon/store/store_check.h"

#include <fstream>
#include <thread>

#include <prometheus/text_serializer.h>

#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class StoreCheckTest : public StoreFixture {
 protected:
  void fill() const {
    Store store(path());
    std::vector<Figure> rows;
    for (int i = 0; i < 4'000; ++i) {
      rows.push_back({0, day(2026, 1, 1) + std::chrono::days(i), static_cast<double>(i), "a note"});
    }
    keep(store, append_of(catalogue_, rows));
  }
  // Of the first check that comes to an end.
  static StoreCheck::Status ended(const StoreCheck& check) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!check.status().is_good && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
    return check.status();
  }
};

TEST_F(StoreCheckTest, AGoodFileIsGoodWhileItIsWritten) {
  fill();
  Store store(path());
  keep(store, append_of(catalogue_, {{0, day(2026, 6, 30), 5}}));
  const StoreCheck check(path(), std::chrono::hours(24), [] { return at(2026, 7, 8, 1); });
  const auto status = ended(check);
  EXPECT_EQ(status.is_good, true);
  EXPECT_EQ(status.finding, "");
  EXPECT_EQ(status.last_success, at(2026, 7, 8, 1));
  const std::string text = prometheus::TextSerializer().Serialize(store_check_metrics(status));
  EXPECT_THAT(text, HasSubstr("districtd_store_check_ok 1"));
  EXPECT_THAT(text, HasSubstr("districtd_store_check_last_success_timestamp_seconds"));
}

TEST_F(StoreCheckTest, FlippedBitsAreFound) {
  fill();
  {
    std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
    const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path()));
    for (std::streamoff page = size / 2 / 4096 * 4096; page < size; page += 4096) {
      file.seekp(page);
      file.write("\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    }
  }
  const StoreCheck check(path());
  const auto status = ended(check);
  EXPECT_EQ(status.is_good, false);
  EXPECT_NE(status.finding, "");
  EXPECT_FALSE(status.last_success);
  const std::string text = prometheus::TextSerializer().Serialize(store_check_metrics(status));
  EXPECT_THAT(text, HasSubstr("districtd_store_check_ok 0"));
  EXPECT_THAT(text, Not(HasSubstr("last_success")));
}

TEST_F(StoreCheckTest, WhereItCannotBeFoundOutNothingIsSaid) {
  EXPECT_THAT(store_check_metrics({}), IsEmpty());
  const StoreCheck check(folder_.path() / "nothing.db");
  EXPECT_FALSE(check.status().is_good);
}

TEST_F(StoreCheckTest, EndsWhileItChecks) {
  fill();
  for (int i = 0; i < 20; ++i) const StoreCheck check(path());
}

}  // namespace
}  // namespace districtd
