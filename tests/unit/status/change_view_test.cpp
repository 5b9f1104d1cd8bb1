#include "daemon/status/change_view.h"

#include <gmock/gmock.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::end_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Catalogue changed() {
  Target target = cumulative(30, "亿元");
  Target later = target;
  later.goal = 36e8;
  later.deadline = day(2027, 3, 31);
  later.department = 1;
  later.changed_from = day(2026, 7, 1);
  later.decided = day(2026, 7, 15);
  later.change_reason = "第12次常务会议";
  target.changes.push_back(later);
  Target withdrawn = cumulative(10, "个");
  withdrawn.id = "culture-tourism.hall";
  withdrawn.name = "场馆";
  withdrawn.withdrawn = day(2026, 8, 1);
  withdrawn.withdrawal_reason = "第13次常务会议";
  return {
      {},
      {{"culture-tourism", "区文旅局"}, {"sports", "区体育局", {{day(2026, 7, 10), "区体育中心"}}}},
      {target, withdrawn},
      {},
      {programme_of_years(2026, 2026)}};
}

// The one programme of the catalogue.
constexpr std::array<std::uint32_t, 1> kAll = {0};

TEST(ChangeViewTest, JsonHasEachTermWithItsDecision) {
  const Catalogue catalogue = changed();
  const auto all = changes_concerning(catalogue, kAll, "", day(2026, 12, 1), std::nullopt);
  const auto json = boost::json::parse(changes_json(all)).as_array();
  ASSERT_EQ(json.size(), 4U);
  const auto& goal = json[0].as_object();
  EXPECT_EQ(goal.at("programme"), "2026");
  EXPECT_EQ(goal.at("target"), "culture-tourism.investment");
  EXPECT_EQ(goal.at("kind"), "goal");
  EXPECT_EQ(goal.at("old").to_number<double>(), 30);
  EXPECT_EQ(goal.at("new").to_number<double>(), 36);
  EXPECT_EQ(goal.at("unit"), "亿元");
  EXPECT_EQ(goal.at("from"), "2026-07-01");
  EXPECT_EQ(goal.at("decided"), "2026-07-15");
  EXPECT_EQ(goal.at("reason"), "第12次常务会议");
  EXPECT_TRUE(goal.at("extension").is_null());
  const auto& extension = json[1].as_object();
  EXPECT_EQ(extension.at("kind"), "extension");
  EXPECT_EQ(extension.at("new"), "2027-03-31");
  EXPECT_EQ(extension.at("extension"), 1);
  EXPECT_TRUE(extension.at("unit").is_null());
  const auto& moved = json[2].as_object();
  EXPECT_EQ(moved.at("old"), "culture-tourism");
  EXPECT_EQ(moved.at("new_text"), "区体育中心") << "as it was called on the day of the decision";
  EXPECT_EQ(moved.at("department"), "sports");
  const auto& withdrawn = json[3].as_object();
  EXPECT_EQ(withdrawn.at("kind"), "withdrawn");
  EXPECT_TRUE(withdrawn.at("old").is_null());
}

TEST(ChangeViewTest, ADepartmentSeesWhatItGotAndWhatItGaveAway) {
  const Catalogue catalogue = changed();
  const Date on = day(2026, 12, 1);
  EXPECT_EQ(changes_concerning(catalogue, kAll, "sports", on, std::nullopt).size(), 3U);
  EXPECT_EQ(changes_concerning(catalogue, kAll, "culture-tourism", on, std::nullopt).size(), 4U);
  EXPECT_EQ(changes_concerning(catalogue, kAll, "", on, day(2026, 7, 16)).size(), 1U);
  EXPECT_THAT(changes_concerning(catalogue, kAll, "", day(2026, 7, 14), std::nullopt), IsEmpty());
}

TEST(ChangeViewTest, TheTableNamesTheExtensionAndTheFirstPromises) {
  const Catalogue catalogue = changed();
  const auto all = changes_concerning(catalogue, kAll, "", day(2026, 12, 1), std::nullopt);
  PromiseCounts promises;
  promises.first[static_cast<std::size_t>(Status::overdue)] = 3;
  promises.present[static_cast<std::size_t>(Status::overdue)] = 1;
  promises.withdrawn = 1;
  const std::string table = changes_table(all, promises, "目标调整");
  EXPECT_THAT(table, HasSubstr("延期（第1次）"));
  EXPECT_THAT(table, HasSubstr("30 亿元 → 36 亿元"));
  EXPECT_THAT(table, HasSubstr("共 4 项调整，其中延期 1 次。"));
  EXPECT_THAT(table,
              HasSubstr("按最初的承诺：完成 0 项、逾期未完成 3 项；按现在的承诺：0 项、1 项；"
                        "最初承诺而后撤销的 1 项，结果无从得知"));
  EXPECT_THAT(changes_table({}, {}, "目标调整"), HasSubstr("没有调整过的目标"));
  EXPECT_THAT(changes_csv(all),
              HasSubstr("extension,延期,2026-12-31,2027-03-31,2026-12-31,2027-03-31,,2026-07-01,"
                        "2026-07-15,第12次常务会议,1\r\n"));
}

}  // namespace
}  // namespace districtd
