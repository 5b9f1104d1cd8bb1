// The list of changes, extensions, and how targets stand by their first promises. The rules:
// docs/judging.md, Changes in mid-year.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "daemon/domain/changes.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::end_of;

Target& change(Target& target, Date from, Date decided, std::string reason) {
  Target later = target.version(target.changes.size());
  later.changes.clear();
  later.changed_from = from;
  later.decided = decided;
  later.change_reason = std::move(reason);
  target.changes.push_back(later);
  return target.changes.back();
}

// 30亿元 by June: extended on 15 July, and again with a lower goal on 1 October.
Target twice_extended() {
  Target target = cumulative(30, "亿元");
  target.deadline = end_of(6);
  change(target, day(2026, 7, 1), day(2026, 7, 15), "第12次常务会议").deadline = end_of(9);
  Target& second = change(target, day(2026, 10, 1), day(2026, 10, 1), "第15次常务会议");
  second.deadline = end_of(12);
  second.goal = 24e8;
  return target;
}

Catalogue catalogue_of(std::vector<Target> targets) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    targets[i].id = "culture-tourism.t" + std::to_string(i);
    targets[i].name = targets[i].id;
  }
  return {{},
          {{"culture-tourism", "区文旅局"}, {"sports", "区体育局"}},
          std::move(targets),
          {},
          {programme_of_years(2026, 2026)}};
}

TEST(ChangesTest, AreListedTermByTermFromTheDayOfTheirDecision) {
  const Catalogue catalogue = catalogue_of({twice_extended()});
  EXPECT_TRUE(changes(catalogue, day(2026, 7, 14)).empty());
  const auto july = changes(catalogue, day(2026, 7, 15));
  ASSERT_EQ(july.size(), 1U);
  EXPECT_EQ(july[0], (TargetChange{0, ChangeKind::extension, std::string("2026-06-30"),
                                   std::string("2026-09-30"), day(2026, 7, 1), day(2026, 7, 15),
                                   "第12次常务会议", 1}));
  const auto all = changes(catalogue, day(2026, 12, 31));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].kind, ChangeKind::goal);
  EXPECT_EQ(all[1].before, ChangedTerm(30.0));
  EXPECT_EQ(all[1].after, ChangedTerm(24.0));
  EXPECT_EQ(all[2].kind, ChangeKind::extension);
  EXPECT_EQ(all[2].extension, 2);
  EXPECT_EQ(all[2].before, ChangedTerm(std::string("2026-09-30"))) << "from the one before it";
  EXPECT_EQ(changes(catalogue, day(2026, 12, 31), day(2026, 10, 1)).size(), 2U);
  EXPECT_EQ(changes(catalogue, day(2026, 12, 31), day(2026, 10, 2)).size(), 0U);
}

TEST(ChangesTest, AddedAndWithdrawnAndMovedTargetsAreInTheList) {
  Target added = cumulative(100, "个");
  added.added = day(2026, 4, 1);
  Target withdrawn = cumulative(100, "个");
  withdrawn.withdrawn = day(2026, 9, 1);
  withdrawn.withdrawal_reason = "第14次常务会议";
  Target moved = cumulative(100, "个");
  change(moved, day(2026, 5, 1), day(2026, 5, 1), "机构改革").department = 1;
  Target from_the_start = cumulative(100, "个");
  from_the_start.added = day(2026, 1, 1);
  const Catalogue catalogue = catalogue_of({added, withdrawn, moved, from_the_start});
  const auto all = changes(catalogue, day(2026, 12, 31));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].kind, ChangeKind::added);
  EXPECT_EQ(all[0].decided, day(2026, 4, 1));
  EXPECT_EQ(all[0].reason, "");
  EXPECT_EQ(all[1].kind, ChangeKind::department);
  EXPECT_EQ(all[1].before, ChangedTerm(std::string("culture-tourism")));
  EXPECT_EQ(all[1].after, ChangedTerm(std::string("sports")));
  EXPECT_EQ(all[2].kind, ChangeKind::withdrawn);
  EXPECT_EQ(all[2].reason, "第14次常务会议");
  EXPECT_TRUE(changes(catalogue, day(2026, 3, 31)).empty());
}

TEST(ChangesTest, AnExtensionIsALaterDeadlineAndNoOther) {
  Target target = cumulative(100, "个");
  change(target, day(2026, 3, 1), day(2026, 3, 1), "提前").deadline = end_of(10);
  change(target, day(2026, 4, 1), day(2026, 4, 1), "放宽").deadline = end_of(11);
  change(target, day(2026, 5, 1), day(2026, 5, 1), "调整").goal = 90;
  EXPECT_EQ(extensions_of(target, day(2026, 3, 31)), 0);
  EXPECT_EQ(extensions_of(target, day(2026, 12, 1)), 1);
  const auto all = changes(catalogue_of({target}), day(2026, 12, 1));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].kind, ChangeKind::deadline);
  EXPECT_EQ(all[1].kind, ChangeKind::extension);
  EXPECT_EQ(all[1].extension, 1);
}

TEST(ChangesTest, NodesPeopleAndTheDefinitionAreTermsToo) {
  Target target = testing::milestone();
  target.pace = Pace::nodes;
  target.nodes = {{"主体结顶", end_of(6), 0.5}, {"竣工", end_of(12), 1}};
  target.owner = "李某";
  Target& later = change(target, day(2026, 5, 1), day(2026, 5, 2), "第12次常务会议");
  later.nodes.front().due = end_of(8);
  later.with = {1};
  later.leader = "张某";
  later.definition = "以验收为准";
  const auto all = changes(catalogue_of({target}), day(2026, 12, 1));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].kind, ChangeKind::nodes);
  EXPECT_EQ(all[0].before,
            ChangedTerm(std::string("主体结顶 2026-06-30 50%、竣工 2026-12-31 100%")));
  EXPECT_EQ(all[0].after,
            ChangedTerm(std::string("主体结顶 2026-08-31 50%、竣工 2026-12-31 100%")));
  EXPECT_EQ(all[1].kind, ChangeKind::people);
  EXPECT_EQ(all[1].before, ChangedTerm(std::string("责任人 李某")));
  EXPECT_EQ(all[1].after, ChangedTerm(std::string("配合单位 sports；分管领导 张某；责任人 李某")));
  EXPECT_EQ(all[2].kind, ChangeKind::definition);
  EXPECT_EQ(all[2].before, ChangedTerm{});
}

TEST(ChangesTest, EachKindHasItsOwnWords) {
  const auto kinds = change_kinds();
  ASSERT_EQ(kinds.size(), kChangeKinds);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kinds[i].kind), i);
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(kinds[i].word, kinds[j].word);
      EXPECT_NE(kinds[i].chinese, kinds[j].chinese);
    }
  }
}

// 20 of 30亿元 by June, 24 by October: done by the second promise, overdue by the first.
TEST(FirstPromiseTest, IsTheStatusAsIfNothingHadBeenChanged) {
  const Target target = twice_extended();
  const std::vector<Reading> readings = {{end_of(6), 20e8, end_of(6)},
                                         {end_of(10), 24e8, end_of(10)}};
  const Assessment before = assess(target, WorkingDays{}, readings, day(2026, 7, 14));
  EXPECT_EQ(before.first_status, std::nullopt);
  EXPECT_EQ(first_status_of(before), Status::overdue);
  const Assessment august = assess(target, WorkingDays{}, readings, day(2026, 8, 1));
  EXPECT_NE(august.status, Status::overdue);
  EXPECT_EQ(august.first_status, Status::overdue);
  const Assessment november = assess(target, WorkingDays{}, readings, day(2026, 11, 5));
  EXPECT_EQ(november.status, Status::achieved);
  EXPECT_EQ(november.first_status, Status::overdue);
}

TEST(FirstPromiseTest, CountsStandBesideThePresentOnes) {
  Target added = cumulative(100, "个");
  added.added = day(2026, 4, 1);
  Target withdrawn = cumulative(100, "个");
  withdrawn.withdrawn = day(2026, 9, 1);
  const Catalogue catalogue =
      catalogue_of({twice_extended(), added, withdrawn, cumulative(100, "个")});
  const Date on = day(2026, 11, 5);
  const std::vector<std::vector<Reading>> readings = {
      {{end_of(6), 20e8, end_of(6)}, {end_of(10), 24e8, end_of(10)}},
      {{end_of(10), 100, end_of(10)}},
      {{end_of(8), 70, end_of(8)}},
      {{end_of(10), 85, end_of(10)}}};
  std::vector<Assessment> all;
  for (Catalogue::Index i = 0; i < 4; ++i) {
    all.push_back(assess(catalogue[i], terms_of(catalogue, i), readings[i], on));
  }
  const auto counts = promise_counts(catalogue, all, on);
  EXPECT_TRUE(counts[0].differ());
  EXPECT_EQ(PromiseCounts::of(counts[0].present, Status::achieved), 2U);
  EXPECT_EQ(PromiseCounts::of(counts[0].present, Status::overdue), 0U);
  EXPECT_EQ(PromiseCounts::of(counts[0].first, Status::achieved), 0U);
  EXPECT_EQ(PromiseCounts::of(counts[0].first, Status::overdue), 1U);
  EXPECT_EQ(PromiseCounts::of(counts[0].first, Status::on_track), 1U);
  EXPECT_EQ(counts[0].withdrawn, 1U);
  EXPECT_EQ(counts[0].added, 1U);
  EXPECT_FALSE(counts[1].differ());
  EXPECT_EQ(sum_of(counts).withdrawn, 1U);
  EXPECT_FALSE(promise_counts(catalogue, all, on, 7)[0].differ()) << "of another programme";
}

}  // namespace
}  // namespace districtd
