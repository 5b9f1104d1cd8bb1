// One daemon a database.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class LockTest : public StoreFixture {};

TEST_F(LockTest, ASecondOpenerIsToldWhichProcessHoldsWhichFile) {
  const Store store(path(), [] { return at(2026, 7, 8, 1, 15); });
  EXPECT_THAT(open_error(path()),
              AllOf(HasSubstr(path().string() + ".lock"), HasSubstr(std::to_string(::getpid())),
                    HasSubstr("2026-07-08T01:15:00")));
}

TEST_F(LockTest, TheHolderIsNotDisturbedByTheAttempt) {
  Store store(path());
  EXPECT_NE(open_error(path()), "");
  EXPECT_EQ(counts(keep(store, append_of(catalogue_, {{0, day(2026, 6, 30), 1}})).receipt),
            "1/0/0");
  EXPECT_NE(open_error(path()), "");
}

TEST_F(LockTest, AnotherProcessIsKeptOutUntilTheHolderIsKilled) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t holder = ::fork();
  if (holder == 0) {
    const Store store(path());
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_THAT(open_error(path()), HasSubstr("held by process " + std::to_string(holder)));
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  EXPECT_EQ(open_error(path()), "");
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(LockTest, AFileLeftBehindMeansNothing) {
  std::ofstream(path().string() + ".lock") << "1 since 2020-01-01T00:00:00.000Z\n";
  EXPECT_EQ(open_error(path()), "");
}

TEST_F(LockTest, ClosingLetsTheNextOneIn) {
  EXPECT_EQ(open_error(path()), "");
  EXPECT_EQ(open_error(path()), "");
}

}  // namespace
}  // namespace districtd
