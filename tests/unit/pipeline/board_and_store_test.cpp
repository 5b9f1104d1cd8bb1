// What the board shows now is what the store gives after a restart, where the two are reached in
// different ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "daemon/config/catalogue_file.h"
#include "tests/unit/fixture/catalogue_text.h"
#include "tests/unit/fixture/temporary_folder.h"
#include "tests/unit/pipeline/living.h"

namespace districtd {
namespace {

using ::testing::ElementsAre;

class BoardAndStoreTest : public ::testing::Test {
 protected:
  BoardAndStoreTest() {
    log_errors_only();
    start();
  }

  // With the targets d.a and, unless it left the catalogue, d.b.
  static LoadedCatalogue catalogue(bool with_b = true) {
    std::string toml =
        "[report]\nid = \"r\"\npublisher = \"报\"\npublished = 2026-01-01\ntitle = \"题\"\n"
        "[[department]]\nid = \"d\"\nname = \"部门\"\n";
    for (const std::string id : {"d.a", "d.b"}) {
      if (id == "d.b" && !with_b) continue;
      toml += target_text(id, id, "cumulative", "goal = 100\nunit = \"个\"\n");
    }
    const std::string holidays =
        "year = 2026\nsource = \"通知\"\n"
        "[[holiday]]\nname = \"国庆节\"\nfrom = 2026-10-01\nto = 2026-10-07\n";
    return parsed_catalogue({{CatalogueSource::Role::targets, "targets.toml", toml},
                             {CatalogueSource::Role::holidays, "2026.toml", holidays}});
  }

  void start() {
    living_.reset();
    living_ = std::make_unique<Living>(
        folder_.path() / "districtd.db", [this] { return clock_.now(); }, catalogue());
  }
  Receipt take(const std::string& rows) {
    clock_.set(clock_.now().time + std::chrono::hours(24));
    return living_->take("d", "target,as_of,value\n" + rows);
  }
  void adopt(bool with_b) { living_->pipeline().adopt(catalogue(with_b)); }

  // "as_of=value reported_on" of all readings that the board has, and "as_of x count" of what was
  // corrected.
  std::vector<std::string> shown(const std::string& id) const {
    const Board& board = living_->pipeline().board();
    const auto target = board.catalogue().find_id(id).value();
    std::vector<std::string> texts;
    for (const Reading& reading : board.readings(target)) {
      texts.push_back(to_string(reading.as_of) + "=" +
                      std::to_string(static_cast<int>(reading.value)) + " " +
                      to_string(reading.reported_on));
    }
    for (const Corrections& corrected : board.corrections(target)) {
      texts.push_back(to_string(corrected.as_of) + " x " + std::to_string(corrected.count));
    }
    return texts;
  }
  void expect_the_same_after_a_restart(const std::string& id) {
    const std::vector<std::string> live = shown(id);
    start();
    EXPECT_EQ(shown(id), live);
  }

  SetClock clock_{Time(std::chrono::sys_days(date_of(2026, 7, 1)).time_since_epoch())};
  TemporaryFolder folder_;
  std::unique_ptr<Living> living_;
};

TEST_F(BoardAndStoreTest, ADayThatOneSubmissionTakesBackAndSaysAnewIsRefusedAndStays) {
  take("d.a,2026-06-30,5\n");
  for (const std::string rows :
       {"d.a,2026-06-30,撤回\nd.a,2026-06-30,7\n", "d.a,2026-06-30,7\nd.a,2026-06-30,撤回\n",
        "d.a,2026-06-30,撤回\nd.a,2026-06-30,5\nd.a,2026-06-30,撤回\n"}) {
    const Receipt receipt = take(rows);
    EXPECT_EQ(receipt.rejected, receipt.rows);
    for (const RowError& error : receipt.errors) EXPECT_EQ(error.code, "several_rows");
    EXPECT_THAT(shown("d.a"), ElementsAre("2026-06-30=5 2026-07-02"));
  }
  expect_the_same_after_a_restart("d.a");
}

TEST_F(BoardAndStoreTest, AValueTakenBackByItselfIsReportedAnewLater) {
  take("d.a,2026-06-30,5\n");
  take("d.a,2026-06-30,撤回\n");
  take("d.a,2026-06-30,7\n");
  EXPECT_THAT(shown("d.a"), ElementsAre("2026-06-30=7 2026-07-04", "2026-06-30 x 1"));
  expect_the_same_after_a_restart("d.a");
}

TEST_F(BoardAndStoreTest, WhatWasTakenBackOfATargetIsNoCorrectionOfTheNext) {
  take("d.a,2026-05-31,5\nd.b,2026-05-31,5\n");
  take("d.a,2026-05-31,撤回\n");
  EXPECT_THAT(shown("d.a"), ElementsAre("2026-05-31 x 1"));
  EXPECT_THAT(shown("d.b"), ElementsAre("2026-05-31=5 2026-07-02"));
  expect_the_same_after_a_restart("d.a");
  EXPECT_THAT(shown("d.b"), ElementsAre("2026-05-31=5 2026-07-02"));
}

TEST_F(BoardAndStoreTest, ARowThatIsConfirmedWhileItsTargetIsGoneIsThereWhenItComesBack) {
  take("d.a,2026-05-31,5\nd.b,2026-05-31,5\n");
  const Receipt held = take("d.a,2026-06-30,4\nd.b,2026-06-30,3\n");
  ASSERT_EQ(held.held, 2);
  adopt(false);
  EXPECT_TRUE(living_->decide(held.submission, true));
  EXPECT_THAT(shown("d.a"), ElementsAre("2026-05-31=5 2026-07-02", "2026-06-30=4 2026-07-03"));
  adopt(true);
  EXPECT_THAT(shown("d.b"), ElementsAre("2026-05-31=5 2026-07-02", "2026-06-30=3 2026-07-03"));
  expect_the_same_after_a_restart("d.b");
}

}  // namespace
}  // namespace districtd
