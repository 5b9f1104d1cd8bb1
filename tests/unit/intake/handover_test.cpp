// Who may report a target that passed to another department, and what the receipt says of it: a
// department's token can write that department's targets and nothing else.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "daemon/intake/intake.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// 场馆 passed from culture to sports on 1 July; sports was merged into health on 1 September.
Catalogue catalogue() {
  Target hall = cumulative(30, "亿元");
  hall.name = "场馆";
  Target later = hall;
  later.department = 1;
  later.changed_from = later.decided = day(2026, 7, 1);
  hall.changes.push_back(later);
  Target track = cumulative(30, "亿元");
  track.id = "sports.track";
  track.name = "步道";
  track.department = 1;
  Target doctors = cumulative(30, "亿元");
  doctors.id = "health.doctors";
  doctors.name = "村医";
  doctors.department = 2;
  return {{},
          {{"culture-tourism", "区文旅局"},
           {"sports", "区体育局", {}, Department::Merger{2, day(2026, 9, 1)}},
           {"health", "区卫健局", {{day(2026, 9, 1), "区卫健体育局"}}}},
          {hall, track, doctors}};
}

Decoded decoded(std::string department, const std::string& target, Date today) {
  Submission submission{std::move(department), "http_push", "text/csv", "", ""};
  submission.body = "指标,截至日期,数值\n" + target + ",2026-05-31,1亿元\n";
  return decode(submission, catalogue(), today);
}

std::string outcome(std::string department, const std::string& target, Date today) {
  const Decoded result = decoded(std::move(department), target, today);
  return result.receipt.errors.empty() ? "taken" : result.receipt.errors[0].code;
}

TEST(HandoverTest, TheDepartmentResponsibleTodayReportsEarlierDaysToo) {
  EXPECT_EQ(outcome("culture-tourism", "场馆", day(2026, 6, 30)), "taken");
  EXPECT_EQ(outcome("sports", "场馆", day(2026, 6, 30)), "other_department");
  EXPECT_EQ(outcome("culture-tourism", "场馆", day(2026, 7, 1)), "other_department");
  EXPECT_EQ(outcome("sports", "场馆", day(2026, 7, 1)), "taken");
  EXPECT_EQ(outcome("sports", "culture-tourism.investment", day(2026, 7, 1)), "taken");
}

TEST(HandoverTest, AMergedDepartmentGoesOnWithWhatItHadAndNothingElse) {
  for (const char* const target : {"场馆", "步道", "sports.track", "“步 道”"}) {
    EXPECT_EQ(outcome("sports", target, day(2026, 9, 1)), "taken") << target;
    EXPECT_EQ(outcome("health", target, day(2026, 9, 1)), "taken") << target;
    EXPECT_EQ(outcome("culture-tourism", target, day(2026, 9, 1)),
              std::string(target) == "“步 道”" ? "unknown_target" : "other_department");
  }
  EXPECT_EQ(outcome("sports", "村医", day(2026, 9, 1)), "other_department");
  EXPECT_EQ(outcome("health", "步道", day(2026, 8, 31)), "other_department");
}

TEST(HandoverTest, TheReceiptSaysWhoseItIsNow) {
  EXPECT_THAT(decoded("sports", "步道", day(2026, 8, 31)).receipt.notes, IsEmpty());
  EXPECT_THAT(decoded("sports", "步道", day(2026, 9, 5)).receipt.notes,
              ElementsAre(HasSubstr("“步道”原由区体育局负责，自 2026-09-01 "
                                    "起由区卫健体育局负责，计入后者。")));
  EXPECT_THAT(decoded("sports", "场馆", day(2026, 7, 5)).receipt.notes,
              ElementsAre(HasSubstr("原由区文旅局负责，自 2026-07-01 起由区体育局负责")));
  EXPECT_THAT(decoded("culture-tourism", "场馆", day(2026, 9, 5)).receipt.errors[0].message,
              HasSubstr("区卫健体育局"));
}

}  // namespace
}  // namespace districtd
