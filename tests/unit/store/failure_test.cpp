// A full disk, a limit, a file that is none: what is said, and that everything goes on.
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>

#include "daemon/store/failure.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kFull = "磁盘已满，数据未保存，请稍后重新报送";

// A file system of its own.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path folder, const char* size) : folder_(std::move(folder)) {
    is_mounted_ =
        ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, (std::string("size=") + size).c_str()) == 0;
  }
  ~SmallDisk() {
    if (is_mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool is_mounted() const { return is_mounted_; }

  void fill() const {
    const int file = ::open((folder_ / "filler").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const std::string block(4096, 'x');
    while (::write(file, block.data(), block.size()) > 0) {
    }
    ::close(file);
  }
  void clear() const { std::filesystem::remove(folder_ / "filler"); }

 private:
  std::filesystem::path folder_;
  bool is_mounted_;
};

class FailureTest : public StoreFixture {
 protected:
  // Rows of long notes, about `kilobytes` of them.
  std::vector<Figure> long_rows(int kilobytes, double value) const {
    std::vector<Figure> rows;
    for (int i = 0; i < kilobytes; ++i) {
      rows.push_back({static_cast<Catalogue::Index>(i % 8), day(2026, 1, 1) + std::chrono::days(i),
                      value, std::string(1000, 'n')});
    }
    return rows;
  }
};

TEST_F(FailureTest, AFullDiskIsSaidAndLeavesEverythingAsItWasUntilThereIsRoom) {
  const SmallDisk disk(folder_.path(), "3m");
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting needs root";
  Store store(path());
  keep(store, append_of(catalogue_, {{0, day(2025, 6, 30), 1}}));
  disk.fill();

  // A target that the file has never seen, so that its key too must be taken back.
  const Appended refused = keep(store, append_of(catalogue_, long_rows(400, 5)));
  EXPECT_EQ(refused.unavailable, kFull);
  EXPECT_THAT(newest_of(path()), SizeIs(1));
  EXPECT_EQ(newest_of(path()).at("2026/dept.t0"), (Reading{day(2025, 6, 30), 1}));
  EXPECT_TRUE(store.statistics().failing);
  EXPECT_EQ(store.statistics().failed_commits, 1u);
  EXPECT_NE(store.statistics().last_failure, "");
  EXPECT_THAT(StoreReader(path()).history("2026/dept.t0"), SizeIs(1));

  disk.clear();
  const Appended kept = keep(store, append_of(catalogue_, long_rows(400, 5)));
  EXPECT_EQ(kept.unavailable, "");
  EXPECT_EQ(counts(kept.receipt), "400/0/0");
  EXPECT_EQ(kept.receipt.submission.substr(8), "-2");
  EXPECT_FALSE(store.statistics().failing);
  EXPECT_EQ(counts(keep(store, append_of(catalogue_, long_rows(400, 5))).receipt), "0/0/400");
  EXPECT_EQ(newest_differs(path()), "");
}

TEST_F(FailureTest, SmallSubmissionsPassOneOfTheirGroupThatDoesNotFit) {
  const SmallDisk disk(folder_.path(), "2m");
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting needs root";
  Store store(path());
  std::vector<std::string> said;
  const auto note = [&](const Appended& appended) {
    said.push_back(appended.unavailable.empty() ? appended.receipt.submission.substr(8)
                                                : appended.unavailable);
  };
  {
    Gate gate(store, append_of(catalogue_, {}));
    store.append(append_of(catalogue_, {{0, day(2026, 6, 30), 1}}), note);
    store.append(append_of(catalogue_, long_rows(3000, 2)), note);
    store.append(append_of(catalogue_, {{1, day(2026, 6, 30), 1}}), note);
    store.record_judged({{"2026/dept.t0", "behind", false}});
  }
  keep(store, append_of(catalogue_, {}));
  // That may have been of the same group, whose judgements are written last: one group more.
  keep(store, append_of(catalogue_, {}));
  EXPECT_THAT(said, ::testing::ElementsAre("-2", kFull, "-3"));
  EXPECT_THAT(stored_rows(path()), SizeIs(2));
  EXPECT_EQ(query(path(), "SELECT status FROM judged"), "behind");
  EXPECT_EQ(newest_differs(path()), "");
}

TEST_F(FailureTest, JudgementsOfAFullDiskAreKeptForLater) {
  const SmallDisk disk(folder_.path(), "2m");
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting needs root";
  {
    Store store(path());
    disk.fill();
    std::vector<Judged> many;
    for (int i = 0; i < 20'000; ++i) many.push_back({"dept.x" + std::to_string(i), "behind", true});
    store.record_judged(many);
    while (store.statistics().failed_commits == 0) {
      keep(store, append_of(catalogue_, {}));
    }
    EXPECT_THAT(store.judged(), SizeIs(20'000));
    disk.clear();
  }
  EXPECT_EQ(query(path(), "SELECT count(*) FROM judged"), "20000");
}

TEST_F(FailureTest, AFileSizeLimitIsSaidAndCanBeLifted) {
  const std::string said = in_child([&]() -> std::string {
    ::signal(SIGXFSZ, SIG_IGN);
    Store store(path());
    keep(store, append_of(catalogue_, {{0, day(2025, 6, 30), 1}}));
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const rlimit narrow{256 * 1024, limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &narrow);
    const Appended refused = keep(store, append_of(catalogue_, long_rows(1000, 5)));
    const std::size_t known = newest_of(path()).size();
    const Appended small = keep(store, append_of(catalogue_, {{0, day(2025, 6, 30), 2}}));
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const Appended kept = keep(store, append_of(catalogue_, long_rows(1000, 5)));
    return refused.unavailable + " " + std::to_string(known) + " " + counts(small.receipt) + " " +
           counts(kept.receipt);
  });
  EXPECT_EQ(said,
            "数据库文件已达到系统允许的最大长度，数据未保存，请联系管理员后重新报送 1 0/1/0 "
            "1000/0/0");
  EXPECT_EQ(newest_differs(path()), "");
}

TEST_F(FailureTest, ADirectoryInsteadOfAFile) {
  EXPECT_THAT(open_error(folder_.path()), HasSubstr("is a directory, expected a file"));
}

TEST_F(FailureTest, AFileThatIsNoDatabaseIsLeftAlone) {
  const std::string text(5000, 't');
  std::ofstream(path()) << text;
  EXPECT_THAT(open_error(path()), HasSubstr(path().string() + " is not an SQLite database"));
  EXPECT_EQ(std::filesystem::file_size(path()), text.size());
}

TEST_F(FailureTest, ADamagedFileIsNamed) {
  {
    Store store(path());
    keep(store, append_of(catalogue_, long_rows(100, 1)));
  }
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100);  // the root page of the schema, behind the file's header
  file << std::string(3996, '\xff');
  file.close();
  EXPECT_THAT(open_error(path()), HasSubstr(path().string() + " is damaged"));
}

TEST_F(FailureTest, WhatMayNotBeWrittenIsNamed) {
  EXPECT_EQ(open_error(path()), "");
  ::chmod(folder_.path().c_str(), 0755);
  const auto as_nobody = [&](const std::filesystem::path& file) {
    return in_child([&] {
      if (::geteuid() == 0 && ::setuid(65534) != 0) return std::string("setuid failed");
      return open_error(file);
    });
  };
  std::filesystem::create_directory(folder_.path() / "closed");
  ::chmod((folder_.path() / "closed").c_str(), 0500);
  EXPECT_THAT(as_nobody(folder_.path() / "closed" / "districtd.db"),
              HasSubstr("Permission denied"));
  ::chmod((path().string() + ".lock").c_str(), 0666);
  ::chmod(path().c_str(), 0444);
  EXPECT_THAT(as_nobody(path()), HasSubstr(path().string() + " cannot be written"));
  ::chmod(path().c_str(), 0000);
  EXPECT_THAT(as_nobody(path()), HasSubstr(path().string() + " cannot be opened"));
}

// Another program's transaction on the database.
class ForeignLock {
 public:
  explicit ForeignLock(const std::filesystem::path& path)
      : connection_(path, sqlite::Connection::Mode::read_write) {
    connection_.execute("BEGIN IMMEDIATE");
  }
  ~ForeignLock() { connection_.execute("ROLLBACK"); }
  ForeignLock(const ForeignLock&) = delete;
  ForeignLock& operator=(const ForeignLock&) = delete;

 private:
  sqlite::Connection connection_;
};

constexpr const char* kBusy = "数据库正被其他程序占用，数据未保存，请稍后重新报送";

// Each attempt to commit waits for the lock.
TEST_F(FailureTest, WhatWaitsWhileAnotherProgramHoldsTheFileIsRefusedAfterOneAttempt) {
  Store store(path());
  std::vector<std::string> said;
  const auto note = [&](const Appended& appended) { said.push_back(appended.unavailable); };
  {
    Gate gate(store, append_of(catalogue_, {}));
    const ForeignLock lock(path());
    for (Catalogue::Index target = 0; target < 7; ++target) {
      store.append(append_of(catalogue_, {{target, day(2026, 6, 30), 1}}), note);
    }
    store.record_judged({{"2026/dept.t0", "behind", false}});
    std::promise<void> last;
    store.append(append_of(catalogue_, {{7, day(2026, 6, 30), 1}}), [&](const Appended& appended) {
      note(appended);
      last.set_value();
    });
    gate.release();
    last.get_future().wait();
    EXPECT_EQ(store.statistics().failed_commits, 1u);
  }
  EXPECT_EQ(said, std::vector<std::string>(8, kBusy));
  EXPECT_EQ(counts(keep(store, append_of(catalogue_, {{0, day(2026, 6, 30), 1}})).receipt),
            "1/0/0");
  EXPECT_THAT(stored_rows(path()), SizeIs(1));
  EXPECT_EQ(query(path(), "SELECT status FROM judged"), "behind");
  EXPECT_EQ(newest_differs(path()), "");
}

TEST_F(FailureTest, GroupsThatWaitBehindOneThatFoundTheFileHeldAreRefusedWithIt) {
  Store store(path());
  std::vector<std::string> said;
  const auto large = [&] {
    std::vector<Figure> rows(15'000, {0, day(2026, 6, 30), 1});
    return append_of(catalogue_, std::move(rows));
  };
  {
    Gate gate(store, append_of(catalogue_, {}));
    const ForeignLock lock(path());
    std::promise<void> last;
    for (int i = 0; i < 3; ++i) {
      store.append(large(), [&, i](const Appended& appended) {
        said.push_back(appended.unavailable);
        if (i == 2) last.set_value();
      });
    }
    gate.release();
    last.get_future().wait();
    EXPECT_EQ(store.statistics().failed_commits, 1u);
  }
  EXPECT_EQ(said, std::vector<std::string>(3, kBusy));
  EXPECT_EQ(counts(keep(store, large()).receipt), "1/0/14999");
}

TEST(FailureKindTest, OnlyWhatOneSubmissionMayCauseIsTriedOneByOne) {
  const auto concerns = [](int code, int system_error) {
    return concerns_every_submission(sqlite::Error(code, system_error, ""));
  };
  for (const int code : {SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED, SQLITE_READONLY,
                         SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN}) {
    EXPECT_TRUE(concerns(code, 0)) << code;
  }
  EXPECT_TRUE(concerns(SQLITE_IOERR_WRITE, EIO));
  EXPECT_TRUE(concerns(SQLITE_IOERR_FSYNC, EROFS));
  EXPECT_FALSE(concerns(SQLITE_FULL, 0));
  EXPECT_FALSE(concerns(SQLITE_IOERR_WRITE, ENOSPC));
  EXPECT_FALSE(concerns(SQLITE_IOERR_WRITE, EDQUOT));
  EXPECT_FALSE(concerns(SQLITE_IOERR_WRITE, EFBIG));
  EXPECT_FALSE(concerns(SQLITE_NOMEM, 0));
  EXPECT_FALSE(concerns_every_submission(std::out_of_range("index")));
}

// The index is out of its catalogue: a fault of the program, told as such and not kept.
TEST_F(FailureTest, AFaultOfTheProgramRefusesItsSubmissionAlone) {
  Store store(path());
  const Appended refused = keep(store, append_of(catalogue_, {{8, day(2026, 6, 30), 1}}));
  EXPECT_THAT(refused.unavailable, HasSubstr("服务器内部出错"));
  EXPECT_EQ(counts(keep(store, append_of(catalogue_, {{7, day(2026, 6, 30), 1}})).receipt),
            "1/0/0");
}

}  // namespace
}  // namespace districtd
