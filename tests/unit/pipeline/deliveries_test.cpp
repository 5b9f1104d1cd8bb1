// What the board, the metrics and the log make of a delivery that comes a second time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "collectors/receipt_json.h"
#include "tests/unit/fixture/catalogue_text.h"
#include "tests/unit/fixture/temporary_folder.h"
#include "tests/unit/pipeline/living.h"

namespace districtd {
namespace {

using testing::HasSubstr;
using testing::Not;

LoadedCatalogue catalogue() {
  return parsed_catalogue(
      "[report]\nid = \"r\"\npublisher = \"报\"\npublished = 2026-01-01\ntitle = \"题\"\n"
      "[[department]]\nid = \"d\"\nname = \"部门\"\n" +
      target_text("d.t", "指标", "cumulative", "goal = 100\nunit = \"个\"\n"));
}

class PipelineDeliveriesTest : public testing::Test {
 protected:
  PipelineDeliveriesTest() {
    log_errors_only();
    living_.pipeline().set_rules({});
  }

  SubmissionResult send(const std::string& key, const std::string& value) {
    return living_.submit({"d", "http_push", "text/csv", "10.0.0.7",
                           "target,as_of,value\nd.t,2026-06-30," + value + "\nnone,2026-06-30,1\n",
                           key});
  }

  double shown() { return living_.pipeline().board()[0].actual.value_or(-1); }
  std::string metrics() const { return living_.metrics(); }

  TemporaryFolder folder_;
  Living living_{folder_.path() / "districtd.db",
                 [] { return Time{std::chrono::sys_days{std::chrono::year{2026} / 7 / 8}}; },
                 catalogue()};
};

TEST_F(PipelineDeliveriesTest, ARepeatIsAnsweredCountedAsOneAndChangesNothing) {
  const SubmissionResult first = send("k", "5");
  ASSERT_EQ(first.outcome, Outcome::taken);
  EXPECT_FALSE(first.is_repeat);
  send("", "6");
  EXPECT_EQ(shown(), 6);
  const SubmissionResult again = send("k", "5");
  EXPECT_TRUE(again.is_repeat);
  EXPECT_EQ(again.outcome, Outcome::taken);
  EXPECT_EQ(to_json(again.receipt), to_json(first.receipt));
  EXPECT_EQ(again.receipt.refused.size(), 1u);
  EXPECT_EQ(shown(), 6);
  EXPECT_EQ(living_.pipeline().in_flight(), 0u);

  const std::string of = R"({collector="http_push",department="d",result=)";
  const std::string text = metrics();
  EXPECT_THAT(text, HasSubstr("districtd_submissions_total" + of + R"("taken"} 2)"));
  EXPECT_THAT(text, HasSubstr("districtd_submissions_total" + of + R"("repeated"} 1)"));
  EXPECT_THAT(text, HasSubstr("districtd_rows_total" + of + R"("accepted"} 1)"));
  EXPECT_THAT(text, HasSubstr("districtd_rows_total" + of + R"("rejected"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(reason="unknown_target"} 2)"));
}

TEST_F(PipelineDeliveriesTest, AConflictIsCountedAndKeepsNothing) {
  send("k", "5");
  const SubmissionResult other = send("k", "6");
  EXPECT_EQ(other.outcome, Outcome::conflict);
  EXPECT_EQ(shown(), 5);
  const std::string text = metrics();
  EXPECT_THAT(text, HasSubstr(R"(result="conflict"} 1)"));
  EXPECT_THAT(text, Not(HasSubstr(R"(result="repeated")")));
}

}  // namespace
}  // namespace districtd
