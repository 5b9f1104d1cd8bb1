// What a submission leaves behind, and how submissions are grouped.
#include <atomic>
#include <set>
#include <thread>

#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class RecordingTest : public StoreFixture {};

TEST_F(RecordingTest, AnAcceptedRowIsInTheFileWhenDoneIsCalled) {
  Store store(path());
  std::promise<std::vector<std::string>> rows;
  store.append(append_of(catalogue_, {{2, day(2026, 6, 30), 1.26e9, "累计"}}),
               [&](const Appended&) { rows.set_value(stored_rows(path())); });
  EXPECT_THAT(rows.get_future().get(),
              ElementsAre("2026/dept.t2|2026-06-30|1|2|1260000000.0|累计"));
}

TEST_F(RecordingTest, TheReceiptIsCompletedWithIdTimeAndCounts) {
  Store store(path(), [] { return at(2026, 7, 8, 23, 59); });
  Append append = append_of(catalogue_, {{0, day(2026, 6, 30), 1}, {1, day(2026, 6, 30), 2}});
  append.decoded.receipt.rows = 3;
  append.decoded.receipt.rejected = 1;
  append.decoded.receipt.errors = {{4, "数值", "abc", "value_not_a_number", "数值不是数字"}};
  append.decoded.receipt.header = {"target", "as_of", "value"};
  append.decoded.receipt.refused = {{4, {"2026/dept.t2", "2026-06-30", "abc"}}};
  const Appended appended = keep(store, std::move(append));

  EXPECT_EQ(appended.receipt.submission, "20260708-1");
  EXPECT_EQ(appended.receipt.received_at, at(2026, 7, 8, 23, 59));
  EXPECT_EQ(appended.receipt.department, "dept");
  EXPECT_EQ(counts(appended.receipt), "2/0/0");
  EXPECT_EQ(appended.receipt.rows, 3);
  EXPECT_EQ(appended.receipt.rejected, 1);
  EXPECT_EQ(appended.receipt.errors.size(), 1u);
  EXPECT_EQ(appended.receipt.header.size(), 3u);
  EXPECT_EQ(appended.receipt.refused.size(), 1u);
  EXPECT_EQ(appended.changes.catalogue, catalogue_);
  EXPECT_THAT(appended.unavailable, IsEmpty());
}

TEST_F(RecordingTest, SizeAndHashOfTheBodyAreKeptAndTheBodyIsNot) {
  Store store(path());
  Append append = append_of(catalogue_, {{0, day(2026, 6, 30), 1}});
  append.submission.body = "abc";
  keep(store, std::move(append));
  // FIPS 180-4's example for "abc".
  EXPECT_EQ(query(path(), "SELECT bytes || ' ' || lower(hex(sha256)) FROM submission"),
            "3 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(RecordingTest, ARefusedAndAnUnreadableSubmissionAreRecordedWithoutRows) {
  Store store(path());
  Append refused = append_of(catalogue_, {});
  refused.decoded.receipt.rows = refused.decoded.receipt.rejected = 7;
  Append unreadable = append_of(catalogue_, {});
  unreadable.decoded.outcome = Outcome::unreadable;
  unreadable.catalogue = nullptr;
  unreadable.submission.body = std::string("\0\x01", 2);
  EXPECT_THAT(keep(store, std::move(refused)).changes.targets, IsEmpty());
  EXPECT_EQ(keep(store, std::move(unreadable)).receipt.submission.substr(8), "-2");
  EXPECT_EQ(query(path(), "SELECT group_concat(outcome || rejected) FROM submission"),
            "refused7,unreadable0");
  EXPECT_THAT(stored_rows(path()), IsEmpty());
}

TEST_F(RecordingTest, TheTimeOfReceiptIsTheClocksAlsoWhereThatGoesBack) {
  std::vector<Time> received;
  {
    SetClock clock{at(2026, 1, 1)};
    Store store(path(), [&] { return clock.now(); });
    double value = 0;
    for (const Time time : {at(2026, 7, 8), at(2026, 7, 7), at(2026, 7, 9)}) {
      clock.set(time);
      ++value;
      received.push_back(
          keep(store, append_of(catalogue_, {{0, day(2026, 6, 30), value}})).receipt.received_at);
    }
  }
  Store store(path(), [] { return at(2026, 7, 1); });
  const Receipt last = keep(store, append_of(catalogue_, {{0, day(2026, 6, 30), 9}})).receipt;
  received.push_back(last.received_at);
  EXPECT_THAT(received,
              ElementsAre(at(2026, 7, 8), at(2026, 7, 7), at(2026, 7, 9), at(2026, 7, 1)));
  EXPECT_EQ(last.submission, "20260701-4");
}

TEST_F(RecordingTest, IdsAreUniqueAndRisingAcrossRestartsAndEqualTheFilesOwn) {
  std::vector<std::string> ids;
  for (int round = 0; round < 3; ++round) {
    Store store(path(), [&] { return at(2026, 7, 8) + std::chrono::days(round); });
    for (int i = 0; i < 2; ++i) {
      ids.push_back(keep(store, append_of(catalogue_, {})).receipt.submission);
    }
  }
  EXPECT_THAT(ids, ElementsAre("20260708-1", "20260708-2", "20260709-3", "20260709-4", "20260710-5",
                               "20260710-6"));
  EXPECT_EQ(query(path(), "SELECT group_concat(id, ' ') FROM submission"),
            "20260708-1 20260708-2 20260709-3 20260709-4 20260710-5 20260710-6");
}

TEST_F(RecordingTest, WhatIsQueuedTogetherIsOneCommitAndToldInOrder) {
  Store store(path());
  std::vector<int> told;
  Gate gate(store, append_of(catalogue_, {}));
  for (int i = 0; i < 200; ++i) {
    store.append(append_of(catalogue_, {{0, day(2026, 6, 30), double(i)}}),
                 [&told, i](const Appended& appended) {
                   if (appended.unavailable.empty()) told.push_back(i);
                 });
  }
  EXPECT_EQ(store.statistics().queued, 200u);
  gate.release();
  keep(store, append_of(catalogue_, {}));
  std::vector<int> expected(200);
  for (int i = 0; i < 200; ++i) expected[static_cast<std::size_t>(i)] = i;
  EXPECT_EQ(told, expected);
  const StoreStatistics statistics = store.statistics();
  EXPECT_EQ(statistics.submissions, 202u);
  EXPECT_LE(statistics.commits, 3u);
  EXPECT_EQ(statistics.queued, 0u);
}

TEST_F(RecordingTest, ALargeSubmissionIsAGroupOfItsOwn) {
  Store store(path());
  std::vector<Figure> many;
  for (int i = 0; i < 30'000; ++i) many.push_back({0, day(1950, 1, 1) + std::chrono::days(i), 1});
  std::vector<std::uint64_t> commits;
  const auto note = [&](const Appended&) { commits.push_back(store.statistics().commits); };
  {
    Gate gate(store, append_of(catalogue_, {}));
    store.append(append_of(catalogue_, {}), note);
    store.append(append_of(catalogue_, {}), note);
    store.append(append_of(catalogue_, std::move(many)), note);
    store.append(append_of(catalogue_, {}), note);
  }
  keep(store, append_of(catalogue_, {}));
  EXPECT_THAT(std::vector(commits.begin(), commits.begin() + 3), ElementsAre(2, 2, 3));
}

TEST_F(RecordingTest, ClosingCommitsWhatIsQueued) {
  std::atomic<int> told = 0;
  {
    Store store(path());
    for (int i = 0; i < 500; ++i) {
      store.append(append_of(catalogue_, {{0, day(2026, 6, 30), double(i)}}),
                   [&](const Appended&) { ++told; });
    }
    store.record_judged({{"2026/dept.t0", "behind", true}});
  }
  EXPECT_EQ(told, 500);
  EXPECT_EQ(stored_rows(path()).size(), 500u);
  EXPECT_EQ(query(path(), "SELECT status || report_overdue FROM judged"), "behind1");
}

TEST_F(RecordingTest, JudgementsAreKeptAcrossRestartsTheLastOneOfEachTarget) {
  {
    Store store(path());
    EXPECT_THAT(store.judged(), IsEmpty());
    store.record_judged({{"2026/dept.t0", "on_track", false}, {"2026/dept.t1", "no_data", true}});
    store.record_judged({{"2026/dept.t0", "behind", true}});
    EXPECT_EQ(store.judged().at("2026/dept.t0").status, "behind");
  }
  const Store store(path());
  const auto judged = store.judged();
  ASSERT_EQ(judged.size(), 2u);
  EXPECT_EQ(judged.at("2026/dept.t0").target, "2026/dept.t0");
  EXPECT_EQ(judged.at("2026/dept.t0").status, "behind");
  EXPECT_TRUE(judged.at("2026/dept.t0").report_overdue);
  EXPECT_EQ(judged.at("2026/dept.t1").status, "no_data");
}

TEST_F(RecordingTest, SeveralAppendersLoseNothingAndDoubleNothing) {
  constexpr int kThreads = 4;
  constexpr int kEach = 250;
  std::mutex mutex;
  std::set<std::string> ids;
  std::uint64_t commits = 0;
  {
    Store store(path());
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          const Date as_of = day(2026, 1, 1) + std::chrono::days(i);
          store.append(append_of(catalogue_, {{static_cast<Catalogue::Index>(t), as_of, 1.0 * i}}),
                       [&](const Appended& appended) {
                         const std::lock_guard lock(mutex);
                         ids.insert(appended.receipt.submission);
                       });
          store.record_judged({{"2026/dept.t" + std::to_string(t), std::to_string(i), false}});
          if (i % 50 == 0) {
            EXPECT_LE(store.judged().size(), std::size_t{kThreads});
            EXPECT_FALSE(store.statistics().failing);
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    keep(store, append_of(catalogue_, {}));
    commits = store.statistics().commits;
    EXPECT_EQ(newest_of(path()).at("2026/dept.t3").value, kEach - 1);
  }
  EXPECT_EQ(ids.size(), std::size_t{kThreads * kEach});
  EXPECT_EQ(stored_rows(path()).size(), std::size_t{kThreads * kEach});
  EXPECT_EQ(query(path(), "SELECT group_concat(status) FROM judged"), "249,249,249,249");
  EXPECT_LT(commits, std::uint64_t{2 * kThreads * kEach});
}

TEST_F(RecordingTest, StatisticsCountWhatWasDone) {
  Store store(path());
  const StoreStatistics before = store.statistics();
  EXPECT_EQ(before.commits, 0u);
  EXPECT_GT(before.bytes, 0u);
  keep(store, append_of(catalogue_, {{0, day(2026, 5, 31), 1}, {0, day(2026, 6, 30), 2}}));
  keep(store, append_of(catalogue_, {{0, day(2026, 5, 31), 1}, {0, day(2026, 6, 30), 3}}));
  const StoreStatistics after = store.statistics();
  EXPECT_EQ(after.commits, 2u);
  EXPECT_EQ(after.submissions, 2u);
  EXPECT_EQ(after.observations, 3u);
  EXPECT_EQ(after.failed_commits, 0u);
  EXPECT_GT(after.commit_seconds, 0);
  EXPECT_GT(after.bytes, before.bytes);
  EXPECT_GT(after.available_bytes, 0u);
  EXPECT_GE(after.filesystem_bytes, after.available_bytes);
  EXPECT_FALSE(after.failing);
}

TEST_F(RecordingTest, AReloadedCatalogueWithOtherIndexesReachesTheSameTargets) {
  const auto other = [] {
    std::vector<Target> targets(2);
    targets[0].id = "dept.t7";
    targets[1].id = "dept.new";
    for (Target& target : targets) {
      target.start = day(2026, 1, 1);
      target.deadline = day(2026, 12, 31);
    }
    return std::make_shared<const Catalogue>(
        std::vector<Report>{}, std::vector<Department>{{"dept", "区某局"}}, std::move(targets));
  }();
  Store store(path());
  keep(store, append_of(catalogue_, {{7, day(2026, 5, 31), 1}}));
  EXPECT_EQ(counts(keep(store, append_of(other, {{0, day(2026, 5, 31), 2}})).receipt), "0/1/0");
  keep(store, append_of(other, {{1, day(2026, 5, 31), 3}}));
  EXPECT_EQ(counts(keep(store, append_of(catalogue_, {{7, day(2026, 5, 31), 2}})).receipt),
            "0/0/1");
  EXPECT_EQ(newest_of(path()).at("2026/dept.t7").value, 2);
  EXPECT_EQ(newest_of(path()).at("2026/dept.new").value, 3);
}

TEST_F(RecordingTest, MissingFoldersAreMade) {
  const auto deep = folder_.path() / "a" / "b" / "store.db";
  EXPECT_EQ(open_error(deep), "");
  EXPECT_TRUE(std::filesystem::exists(deep));
}

}  // namespace
}  // namespace districtd
