// kill -9 at any moment: nothing acknowledged is lost, nothing is doubled.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <set>
#include <sstream>
#include <thread>

#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

class CrashTest : public StoreFixture {
 protected:
  // In a child: four threads send numbers from `first` on, each number a row of its own; what is
  // acknowledged is written to `report`, one number a line.
  [[noreturn]] void send_for_ever(int first, int report) const {
    Store store(path());
    std::vector<std::thread> senders;
    for (int thread = 0; thread < 4; ++thread) {
      senders.emplace_back([&, thread] {
        for (int number = first + thread;; number += 4) {
          const Figure row{static_cast<Catalogue::Index>(number % 8),
                           day(2026, 1, 1) + std::chrono::days(number / 8), 1.0 * number, "n"};
          std::promise<void> kept;
          store.append(append_of(catalogue_, {row}), [&](const Appended& appended) {
            if (appended.unavailable.empty() && appended.receipt.accepted == 1) {
              ::dprintf(report, "%d\n", number);
            }
            kept.set_value();
          });
          kept.get_future().wait();
        }
      });
    }
    for (std::thread& sender : senders) sender.join();
    ::_exit(0);
  }
};

TEST_F(CrashTest, EveryAcknowledgedRowIsThereOnceAfterAKill) {
  std::set<int> acknowledged;
  for (int round = 0; round < 4; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      send_for_ever(round * 1'000'000, ends[1]);
    }
    ::close(ends[1]);
    FILE* report = ::fdopen(ends[0], "r");
    const std::size_t before = acknowledged.size();
    bool killed = false;
    int number = 0;
    // What is still in the pipe after the kill was acknowledged too.
    while (std::fscanf(report, "%d", &number) == 1) {
      acknowledged.insert(number);
      if (!killed && acknowledged.size() >= before + 200 + 37 * static_cast<unsigned>(round)) {
        ::kill(child, SIGKILL);
        killed = true;
      }
    }
    std::fclose(report);
    ::waitpid(child, nullptr, 0);
    ASSERT_TRUE(killed) << "the child stopped by itself";

    ASSERT_EQ(open_error(path()), "");
    std::multiset<int> stored;
    for (const std::string& row : stored_rows(path())) {
      std::istringstream fields(row);
      std::string value;
      for (int field = 0; field < 5; ++field) std::getline(fields, value, '|');
      stored.insert(std::stoi(value));
    }
    for (const int one : acknowledged) ASSERT_EQ(stored.count(one), 1u) << one;
    ASSERT_EQ(std::set<int>(stored.begin(), stored.end()).size(), stored.size());
    // Each of the four threads may have had one row under way.
    ASSERT_LE(stored.size(), acknowledged.size() + 4 * static_cast<std::size_t>(round + 1));
    ASSERT_EQ(newest_differs(path()), "");
  }
}

}  // namespace
}  // namespace districtd
