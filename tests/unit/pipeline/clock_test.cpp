// What the board, the log's memory and the senders see while the clock is not credible.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/sqlite.h"
#include "tests/unit/fixture/catalogue_text.h"
#include "tests/unit/fixture/temporary_folder.h"
#include "tests/unit/pipeline/living.h"

namespace districtd {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using testing::HasSubstr;

LoadedCatalogue catalogue() {
  return parsed_catalogue(
      "[report]\nid = \"r\"\npublisher = \"报\"\npublished = 2026-01-01\ntitle = \"题\"\n"
      "[[department]]\nid = \"d\"\nname = \"部门\"\n" +
      target_text("d.t", "指标", "cumulative", "goal = 100\nunit = \"个\"\n"));
}

const Date kDay = date_of(2026, 7, 8);

class PipelineClockTest : public testing::Test {
 protected:
  PipelineClockTest() { log_errors_only(); }

  void start() {
    living_.reset();
    living_ = std::make_unique<Living>(
        path(), [this] { return clock_.now(); }, catalogue());
    living_->pipeline().set_rules({});
  }
  SubmissionResult send(const std::string& row) {
    return living_->submit(
        {"d", "http_push", "text/csv", "10.0.0.7", "target,as_of,value\nd.t," + row + "\n", ""});
  }
  // What the deviation log said last of the target, as the store has it; "" where nothing.
  std::string said() {
    for (int looked = 0; looked < 2; ++looked) send("2026-01-31,1");  // behind what was recorded
    sqlite::Connection file(path(), sqlite::Connection::Mode::read_only);
    sqlite::Statement found(file, "SELECT status FROM judged");
    return found.step() ? std::string(found.text(0)) : "";
  }
  void set(KnownTime now, int reckoning = 1) {
    now.reckoning = reckoning;
    clock_.set(now);
  }
  std::filesystem::path path() const { return folder_.path() / "districtd.db"; }
  Date today() { return living_->pipeline().board().today(); }
  std::optional<double> shown() { return living_->pipeline().board()[0].actual; }

  TemporaryFolder folder_;
  SetClock clock_{Time{kDay}};
  std::unique_ptr<Living> living_;
};

TEST_F(PipelineClockTest, FiguresAreTakenAndShownButNothingIsSaidUntilTheClockIsCredible) {
  start();
  set({Time{kDay + days{1}}, Time{kDay + days{41}}});
  living_->pipeline().advance_to_today();
  const SubmissionResult taken = send("2026-06-30,5");
  EXPECT_EQ(taken.outcome, Outcome::taken);
  EXPECT_EQ(taken.receipt.received_at, Time{kDay + days{1}});
  EXPECT_EQ(shown(), 5);
  EXPECT_EQ(today(), kDay) << "the last day that was believed";
  EXPECT_EQ(said(), "no_data") << "as at the start";
  set(Time{kDay + days{1}});
  living_->pipeline().advance_to_today();
  EXPECT_EQ(today(), kDay + days{1});
  EXPECT_EQ(said(), "behind");
}

TEST_F(PipelineClockTest, AReloadMeanwhileKeepsTheDayAndSaysNothing) {
  start();
  set({Time{kDay + days{1}}, Time{kDay + days{41}}});
  send("2026-06-30,5");
  living_->pipeline().adopt(catalogue());
  EXPECT_EQ(today(), kDay);
  EXPECT_EQ(said(), "no_data") << "as at the start";
  set(Time{kDay + days{1}});
  living_->pipeline().advance_to_today();
  EXPECT_EQ(said(), "behind");
}

TEST_F(PipelineClockTest, AStartWithAClockThatIsNotCredibleSaysNothing) {
  start();
  send("2026-06-30,5");
  set({Time{kDay}, Time{kDay - days{90}}}, 0);
  living_.reset();
  {
    sqlite::Connection file(path(), sqlite::Connection::Mode::read_write);
    file.execute("DELETE FROM judged");
  }
  start();
  EXPECT_EQ(today(), kDay);
  EXPECT_EQ(shown(), 5);
  EXPECT_EQ(said(), "");
  set(Time{kDay + days{2}});
  living_->pipeline().advance_to_today();
  EXPECT_EQ(said(), "behind");
}

TEST_F(PipelineClockTest, WhatMayLieInTheFutureByTheClockAloneIsToBeSentAgain) {
  start();
  set({Time{kDay}, Time{kDay + days{30}}});
  const SubmissionResult unsure = send("2026-07-31,5");
  EXPECT_EQ(unsure.outcome, Outcome::unavailable);
  EXPECT_THAT(unsure.reason, HasSubstr("时钟"));
  EXPECT_EQ(send("2026-10-31,5").outcome, Outcome::refused) << "it does by any clock";
  EXPECT_EQ(send("2026-06-30,5").outcome, Outcome::taken);
  set(Time{kDay});
  EXPECT_EQ(send("2026-07-31,5").outcome, Outcome::refused);
}

TEST_F(PipelineClockTest, WhatWasReportedByAClockThatWasAheadWasReportedByNow) {
  start();
  set(Time{kDay + days{40}});
  living_->pipeline().advance_to_today();
  send("2026-06-30,5");
  const auto reported_on = [&] {
    return living_->pipeline().board().readings(0).back().reported_on;
  };
  EXPECT_EQ(reported_on(), kDay + days{40});
  set(Time{kDay}, 2);
  living_->pipeline().advance_to_today();
  EXPECT_EQ(reported_on(), kDay);
  start();
  EXPECT_EQ(reported_on(), kDay) << "and after a restart";
}

TEST_F(PipelineClockTest, ARowThatWaitsSinceAClockThatWasAheadWasReportedByNow) {
  start();
  living_->pipeline().set_rules({{}, static_cast<Oddities>(Oddity::decrease)});
  send("2026-05-31,50");
  set(Time{kDay + days{40}});
  living_->pipeline().advance_to_today();
  const SubmissionResult held = send("2026-06-30,5");
  ASSERT_EQ(held.receipt.held, 1);
  set(Time{kDay}, 2);
  living_->pipeline().advance_to_today();
  ASSERT_TRUE(living_->decide(held.receipt.submission, true));
  const auto reported_on = [&] {
    return living_->pipeline().board().readings(0).back().reported_on;
  };
  EXPECT_EQ(reported_on(), kDay);
  start();
  EXPECT_EQ(reported_on(), kDay) << "and after a restart";
}

}  // namespace
}  // namespace districtd
