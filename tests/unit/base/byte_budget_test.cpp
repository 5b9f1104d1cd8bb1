#include "base/byte_budget.h"

#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace districtd {
namespace {

TEST(ByteBudgetTest, GivesWhatItHasAndNoMore) {
  const auto budget = std::make_shared<ByteBudget>(100);
  ByteBudget::Share first(budget);
  ByteBudget::Share second(budget);
  EXPECT_TRUE(first.resize(60));
  EXPECT_FALSE(second.resize(41));
  EXPECT_EQ(second.bytes(), 0u) << "as before";
  EXPECT_TRUE(second.resize(40));
  EXPECT_FALSE(first.resize(61));
  EXPECT_TRUE(second.resize(20));
  EXPECT_FALSE(second.resize(31, 10)) << "something is to be left";
  EXPECT_TRUE(second.resize(30, 10));
  EXPECT_TRUE(second.resize(40));
  EXPECT_EQ(budget->in_use(), 100u);
}

TEST(ByteBudgetTest, HasAgainWhatIsNotHeldAnyMore) {
  const auto budget = std::make_shared<ByteBudget>(100);
  ByteBudget::Share held(budget);
  {
    ByteBudget::Share gone(budget);
    EXPECT_TRUE(gone.resize(100));
  }
  EXPECT_TRUE(held.resize(100));
  EXPECT_TRUE(held.resize(30));
  EXPECT_EQ(budget->in_use(), 30u);
  ByteBudget::Share moved(std::move(held));
  moved.reset();
  EXPECT_EQ(budget->in_use(), 0u);
}

TEST(ByteBudgetTest, UnderALowerLimitNobodyLosesWhatHeHas) {
  const auto budget = std::make_shared<ByteBudget>(100);
  ByteBudget::Share held(budget);
  EXPECT_TRUE(held.resize(100));
  budget->set_limit(50);
  EXPECT_FALSE(held.resize(101));
  EXPECT_TRUE(held.resize(70));
  EXPECT_FALSE(held.resize(71));
  EXPECT_TRUE(held.resize(50));
}

TEST(ByteBudgetTest, NoSizeIsTooLargeToBeRefused) {
  const auto budget = std::make_shared<ByteBudget>(100);
  ByteBudget::Share held(budget);
  EXPECT_TRUE(held.resize(1));
  EXPECT_FALSE(held.resize(SIZE_MAX));
}

TEST(ByteBudgetTest, ManyThreadsNeverHoldMoreThanThereIs) {
  const auto budget = std::make_shared<ByteBudget>(3);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) {
        ByteBudget::Share share(budget);
        if (share.resize(2)) {
          EXPECT_LE(budget->in_use(), 3u);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(budget->in_use(), 0u);
}

}  // namespace
}  // namespace districtd
