// A dry run says what the real one then says, and leaves no byte behind.
#include <fstream>
#include <iterator>
#include <random>

#include "collectors/receipt_json.h"
#include "tests/unit/store/store_fixture.h"

namespace districtd {
namespace {

class DryRunTest : public StoreFixture {
 protected:
  // Every byte of the database and of what is not copied into it yet.
  std::string bytes() const {
    std::string all;
    for (const char* const suffix : {"", "-wal"}) {
      std::ifstream file(path().string() + suffix, std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
      all += '|';
    }
    return all;
  }
  static Appended try_out(Store& store, Append append) {
    append.submission.is_dry_run = true;
    return keep(store, std::move(append));
  }
  // Without number and time.
  static std::string compared(Receipt receipt) {
    receipt.submission.clear();
    receipt.received_at = {};
    return to_json(receipt);
  }
  static std::vector<std::string> becomes(const Appended& appended) {
    std::vector<std::string> words;
    for (const RowRead& row : appended.rows_read) words.push_back(row.becomes);
    return words;
  }
};

class Generator {
 public:
  Generator(std::uint32_t seed, std::shared_ptr<const Catalogue> catalogue)
      : random_(seed), catalogue_(std::move(catalogue)) {}

  Append any() {
    std::vector<Figure> rows;
    for (int left = of(6); left > 0; --left) {
      Figure row{static_cast<Catalogue::Index>(of(3)),
                 day(2026, 3 + static_cast<unsigned>(of(4)), 28), ReportedValue(of(5)),
                 of(4) == 0 ? "注" : "", of(4) == 0 ? Basis::projected : Basis::actual};
      if (of(10) == 0) row.value = ReportedValue::withdrawn();
      rows.push_back(row);
    }
    Append append = append_of(catalogue_, rows);
    for (int left = of(3); left > 0; --left) {
      append.decoded.narratives.push_back(
          {static_cast<Catalogue::Index>(of(3)),
           day(2026, 3 + static_cast<unsigned>(of(3)), 28),
           20 + left,
           {{of(2) == 0 ? "好" : "", "难" + std::to_string(of(3)), ""}},
           true});
      ++append.decoded.receipt.wordy;
      append.decoded.outcome = Outcome::taken;
    }
    append.submission.body = std::to_string(of(1000));
    if (of(3) == 0) append.submission.key = "k" + std::to_string(of(4));
    if (!append.submission.key.empty() && of(3) > 0) append.submission.body = "the same";
    if (!append.submission.key.empty() && of(2) == 0) {
      append.submission.collector = "http_pull";
      append.submission.series = "page";
    }
    if (of(2) == 0) append.hold = static_cast<Oddities>(Oddity::decrease);
    if (of(4) == 0) {
      append.decoded.receipt.errors.push_back({9, "数值", "x", "not_a_number", "不是数字"});
      ++append.decoded.receipt.rejected;
      ++append.decoded.receipt.rows;
    }
    return append;
  }

 private:
  int of(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }

  std::mt19937 random_;
  std::shared_ptr<const Catalogue> catalogue_;
};

TEST_F(DryRunTest, SaysWhatTheRealOneThenSaysAndChangesNothing) {
  Store store(path());
  Generator generator(20260708, catalogue_);
  std::map<std::string, int> seen;
  std::int64_t last = 0;
  for (int i = 0; i < 80; ++i) {
    const Append append = generator.any();
    const std::string before = bytes();
    const Appended tried = try_out(store, append);
    EXPECT_EQ(bytes(), before) << i;
    const std::uint64_t submissions = store.statistics().submissions;
    const Appended kept = keep(store, append);
    ASSERT_EQ(compared(tried.receipt), compared(kept.receipt)) << i;
    EXPECT_EQ(tried.outcome, kept.outcome);
    EXPECT_EQ(tried.is_repeat, kept.is_repeat);
    EXPECT_TRUE(tried.changes.readings.empty()) << "the board hears nothing of it";
    if (!kept.is_repeat) {
      const auto number = std::stoll(kept.receipt.submission.substr(9));
      EXPECT_EQ(number, ++last) << "it took no number";
      EXPECT_EQ(tried.receipt.submission, "");
      EXPECT_EQ(store.statistics().submissions, submissions + 1);
      std::map<std::string, std::int64_t> counted;
      for (const std::string& word : becomes(tried)) ++counted[word];
      EXPECT_EQ(counted["accepted"], kept.receipt.accepted);
      EXPECT_EQ(counted["corrected"], kept.receipt.corrected);
      EXPECT_EQ(counted["unchanged"], kept.receipt.unchanged);
      EXPECT_EQ(counted["held"], kept.receipt.held);
      EXPECT_EQ(counted["narrative"], kept.receipt.wordy);
    }
    for (const std::string& word : becomes(tried)) ++seen[word];
    ++seen[kept.outcome == Outcome::conflict ? "conflict" : kept.is_repeat ? "repeat" : "new"];
  }
  for (const char* const word :
       {"accepted", "corrected", "unchanged", "held", "narrative", "conflict", "repeat", "new"}) {
    EXPECT_GT(seen[word], 1) << word << " hardly occurs: the test says nothing of it";
  }
}

TEST_F(DryRunTest, EachRowSaysHowItWasReadWhatStandsAndWhatItBecomes) {
  Store store(path());
  keep(store, append_of(catalogue_, {{0, day(2026, 5, 31), 4}, {0, day(2026, 6, 30), 5}}));
  const Appended tried =
      try_out(store, append_of(catalogue_, {{0, day(2026, 5, 31), 4},
                                            {0, day(2026, 6, 30), 6, "", Basis::projected},
                                            {1, day(2026, 6, 30), 7},
                                            {0, day(2026, 6, 29), ReportedValue::withdrawn()}}));
  ASSERT_EQ(tried.rows_read.size(), 4U);
  const RowRead& corrected = tried.rows_read[1];
  EXPECT_EQ(corrected.row, 3);
  EXPECT_EQ(corrected.target, "dept.t0");
  EXPECT_EQ(corrected.name, "目标0");
  EXPECT_EQ(corrected.programme, "2026");
  EXPECT_EQ(corrected.as_of, "2026-06-30");
  EXPECT_EQ(corrected.value, 6);
  EXPECT_EQ(corrected.value_text, "预计 6");
  EXPECT_EQ(corrected.basis, "projected");
  EXPECT_EQ(corrected.stands, "5");
  EXPECT_THAT(becomes(tried),
              ::testing::ElementsAre("unchanged", "corrected", "accepted", "unchanged"));
  EXPECT_EQ(tried.rows_read[2].stands, std::nullopt);
  EXPECT_EQ(tried.rows_read[3].value_text, "撤回");
}

TEST_F(DryRunTest, ATargetThatTheFileDidNotKnowIsStillUnknownToIt) {
  Store store(path());
  try_out(store, append_of(catalogue_, {{3, day(2026, 6, 30), 5}}));
  EXPECT_EQ(query(path(), "SELECT count(*) FROM target_key"), "0");
  EXPECT_EQ(counts(keep(store, append_of(catalogue_, {{3, day(2026, 6, 30), 5}})).receipt),
            "1/0/0");
}

// A dry run in the queue is alone in its transaction: what stands before and behind it is kept.
TEST_F(DryRunTest, WhatIsQueuedAroundItIsKept) {
  Store store(path());
  std::vector<std::promise<Appended>> answers(9);
  {
    Gate gate(store, append_of(catalogue_, {{0, day(2026, 1, 31), 1}}));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      Append append = append_of(
          catalogue_, {{0, day(2026, 2, 1) + std::chrono::days(i), static_cast<double>(i)}});
      append.submission.is_dry_run = i % 3 == 1;
      store.append(std::move(append),
                   [&answers, i](Appended done) { answers[i].set_value(std::move(done)); });
    }
    gate.release();
  }
  for (auto& answer : answers) EXPECT_EQ(counts(answer.get_future().get().receipt), "1/0/0");
  EXPECT_EQ(stored_rows(path()).size(), 7U);
}

}  // namespace
}  // namespace districtd
