// Departments that are renamed, merged or closed, and targets that pass from one to another: what
// was earned before stays where it was earned. The rules: docs/judging.md, Departments that change.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "daemon/domain/board.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::day;
using testing::end_of;
using testing::Random;

constexpr std::uint32_t kCulture = 0;
constexpr std::uint32_t kSports = 1;
constexpr std::uint32_t kMedia = 2;

// Sports was merged into culture on 1 September, media was called otherwise from 1 July on.
std::vector<Department> departments() {
  return {{"culture-tourism", "区文旅局"},
          {"sports", "区体育局", {}, Department::Merger{kCulture, day(2026, 9, 1)}},
          {"media", "区广电台", {{day(2026, 7, 1), "区融媒体中心"}}}};
}

Target of(std::uint32_t department, std::string id) {
  Target target = cumulative(100, "个");
  target.department = department;
  target.id = std::move(id);
  target.name = target.id;
  return target;
}

// From media to sports by a decision of 15 June, for values from 1 June on.
Target moved() {
  Target target = of(kMedia, "media.hall");
  Target later = target;
  later.department = kSports;
  later.changed_from = day(2026, 6, 1);
  later.decided = day(2026, 6, 15);
  target.changes.push_back(later);
  return target;
}

Catalogue catalogue_of(std::vector<Target> targets) {
  return {{}, departments(), std::move(targets)};
}

TEST(DepartmentOnTest, FollowsDecisionsAndMergers) {
  const Catalogue catalogue = catalogue_of({moved(), of(kSports, "sports.track")});
  EXPECT_EQ(catalogue.department_on(catalogue[0], day(2026, 6, 14)), kMedia);
  EXPECT_EQ(catalogue.department_on(catalogue[0], day(2026, 6, 15)), kSports);
  EXPECT_EQ(catalogue.department_on(catalogue[0], day(2026, 8, 31)), kSports);
  EXPECT_EQ(catalogue.department_on(catalogue[0], day(2026, 9, 1)), kCulture);
  EXPECT_EQ(catalogue.department_on(catalogue[1], day(2026, 8, 31)), kSports);
  EXPECT_EQ(catalogue.department_on(catalogue[1], day(2026, 9, 1)), kCulture);
  const auto handovers = catalogue.handovers(0);
  EXPECT_EQ(std::vector<Date>(handovers.begin(), handovers.end()),
            (std::vector<Date>{day(2026, 6, 15), day(2026, 9, 1)}));
}

// A department's token can write that department's targets and nothing else; one that was merged
// goes on with those that it had.
TEST(DepartmentOnTest, WhoMayReportIsWhoIsResponsibleToday) {
  const Catalogue catalogue =
      catalogue_of({moved(), of(kSports, "sports.track"), of(kCulture, "culture-tourism.park")});
  const auto may = [&](Catalogue::Index target, Date on) {
    std::vector<std::uint32_t> who;
    for (const std::uint32_t d : {kCulture, kSports, kMedia}) {
      if (catalogue.may_report(catalogue[target], d, on)) who.push_back(d);
    }
    return who;
  };
  using Who = std::vector<std::uint32_t>;
  EXPECT_EQ(may(0, day(2026, 6, 14)), (Who{kMedia}));
  EXPECT_EQ(may(0, day(2026, 6, 15)), (Who{kSports}));
  EXPECT_EQ(may(0, day(2026, 9, 1)), (Who{kCulture, kSports}));
  EXPECT_EQ(may(1, day(2026, 8, 31)), (Who{kSports}));
  EXPECT_EQ(may(1, day(2026, 9, 1)), (Who{kCulture, kSports}));
  EXPECT_EQ(may(2, day(2026, 9, 1)), (Who{kCulture})) << "a merged one gains nothing";
}

TEST(DepartmentOnTest, ANameIsThatOfTheDay) {
  const Department media = departments()[kMedia];
  EXPECT_EQ(media.name_on(day(2026, 6, 30)), "区广电台");
  EXPECT_EQ(media.name_on(day(2026, 7, 1)), "区融媒体中心");
  EXPECT_TRUE(media.is_called("区广电台"));
  EXPECT_TRUE(media.is_called("区融媒体中心"));
  EXPECT_FALSE(media.is_called("区文旅局"));
}

TEST(DepartmentOnTest, AMovedTargetIsFoundByItsNameByBoth) {
  const Catalogue catalogue =
      catalogue_of({moved(), of(kCulture, "culture-tourism.park"), of(kSports, "sports.park")});
  EXPECT_EQ(catalogue.find("sports", "media.hall"), 0U);
  EXPECT_EQ(catalogue.find("media", "media.hall"), 0U);
  EXPECT_TRUE(catalogue.is_ever_of(catalogue[0], kCulture));
  EXPECT_FALSE(catalogue.is_ever_of(catalogue[1], kSports));
}

// March's figure came in time, June's on 20 July; the target had passed on 15 June, so that May's
// report (due on 10 June) was media's, and June's was sports'.
TEST(HandoverTest, FaultsAndPunctualityStayWhereTheyWereEarned) {
  const Catalogue catalogue = catalogue_of({moved()});
  Readings readings;
  readings.record(catalogue[0].key, {end_of(3), ReportedValue(20.0), day(2026, 4, 5)});
  readings.record(catalogue[0].key, {end_of(6), ReportedValue(50.0), day(2026, 7, 20)});
  const auto standings_on = [&](Date on) {
    const Assessment a =
        assess(catalogue[0], terms_of(catalogue, 0), readings.of(catalogue[0].key), on);
    return standings(catalogue, std::vector{a}, on);
  };
  const auto august = standings_on(day(2026, 8, 5));
  EXPECT_EQ(august[kMedia].reports_due, 5U) << "January to May";
  EXPECT_EQ(august[kMedia].reports_on_time, 1U) << "March's";
  EXPECT_EQ(august[kMedia].periods_late, 4U) << "each came with a later figure";
  EXPECT_EQ(august[kSports].reports_due, 1U);
  EXPECT_EQ(august[kSports].reports_on_time, 0U);
  EXPECT_EQ(august[kSports].periods_late, 1U);
  EXPECT_EQ(august[kMedia].in_force, 0U);
  EXPECT_EQ(august[kSports].in_force, 1U);
  EXPECT_FALSE(august[kMedia].score);
  EXPECT_TRUE(august[kSports].score);

  const auto october = standings_on(day(2026, 10, 5));
  EXPECT_EQ(october[kMedia].reports_due, 5U) << "nothing of it is taken away";
  EXPECT_EQ(october[kSports].reports_due, 2U) << "June's and July's";
  EXPECT_EQ(october[kCulture].reports_due, 1U) << "August's, due on 10 September";
  EXPECT_EQ(october[kCulture].in_force, 1U);
}

// What is compared with is that of then: on 31 May the target was media's.
TEST(HandoverTest, TheScoreBeforeIsThatOfTheDepartmentOfThen) {
  const Catalogue catalogue = catalogue_of({moved()});
  Readings readings;
  readings.record(catalogue[0].key, {end_of(5), ReportedValue(30.0), day(2026, 6, 5)});
  const Date on = day(2026, 7, 5);
  const Assessment a =
      assess(catalogue[0], terms_of(catalogue, 0), readings.of(catalogue[0].key), on);
  const auto result = standings(catalogue, std::vector{a}, on);
  EXPECT_TRUE(result[kMedia].score_before);
  EXPECT_FALSE(result[kMedia].score);
  EXPECT_FALSE(result[kSports].score_before);
  EXPECT_TRUE(result[kSports].score);
}

TEST(HandoverTest, TheBoardCountsATargetWhereItIsToday) {
  const auto catalogue = std::make_shared<const Catalogue>(catalogue_of({moved()}));
  Board board(catalogue, Readings{}, day(2026, 6, 14));
  EXPECT_EQ(board.counts(kMedia).of(Status::no_data), 1U);
  board.advance_to(day(2026, 6, 15));
  EXPECT_EQ(board.counts(kMedia).of(Status::no_data), 0U);
  EXPECT_EQ(board.counts(kSports).of(Status::no_data), 1U);
  EXPECT_EQ(board.department(0), kSports);
  board.advance_to(day(2026, 9, 1));
  EXPECT_EQ(board.counts(kSports).of(Status::no_data), 0U);
  EXPECT_EQ(board.counts(kCulture).of(Status::no_data), 1U);
  EXPECT_EQ(board.standings()[kCulture].in_force, 1U);
}

// However targets pass from one to another: every report is one department's, and none is lost.
TEST(HandoverTest, DepartmentsTogetherHaveAllReportsOnEveryDay) {
  Random random(23);
  for (int round = 0; round < 60; ++round) {
    std::vector<Target> targets;
    for (int t = 0; t < 4; ++t) {
      Target target = of(kMedia, "media.t" + std::to_string(t));
      target.cadence = random.one_of<Cadence>({Cadence::week, Cadence::month, Cadence::quarter});
      Date from = day(2026, 2, 1);
      for (int n = random.whole(0, 3); n > 0; --n) {
        Target later = target.version(target.changes.size());
        later.changes.clear();
        from += std::chrono::days{random.whole(1, 80)};
        later.changed_from = later.decided = from;
        later.department = static_cast<std::uint32_t>(random.whole(0, 2));
        target.changes.push_back(later);
      }
      targets.push_back(target);
    }
    const Catalogue catalogue = catalogue_of(targets);
    Readings readings;
    for (const Target& target : catalogue.targets()) {
      for (Date as_of = day(2026, 1, 20); as_of < day(2026, 11, 1);
           as_of += std::chrono::days{random.whole(10, 90)}) {
        readings.record(target.key, {as_of, ReportedValue(random.real(0, 100)),
                                     as_of + std::chrono::days{random.whole(0, 30)}});
      }
    }
    for (Date on = day(2026, 2, 1); on < day(2026, 12, 31);
         on += std::chrono::days{random.whole(1, 40)}) {
      std::vector<Assessment> all;
      std::uint32_t due = 0;
      std::uint32_t on_time = 0;
      for (Catalogue::Index i = 0; i < catalogue.targets().size(); ++i) {
        all.push_back(
            assess(catalogue[i], terms_of(catalogue, i), readings.of(catalogue[i].key), on));
        due += static_cast<std::uint32_t>(all.back().reports_due);
        on_time += static_cast<std::uint32_t>(all.back().reports_on_time);
        // Where the reports are counted one by one, the faults say the same.
        const auto faults = static_cast<int>(all.back().report_faults.size());
        EXPECT_EQ(all.back().reports_due - all.back().reports_on_time, faults);
      }
      std::uint32_t sum_due = 0;
      std::uint32_t sum_on_time = 0;
      for (const Standing& standing : standings(catalogue, all, on)) {
        EXPECT_LE(standing.reports_on_time, standing.reports_due);
        sum_due += standing.reports_due;
        sum_on_time += standing.reports_on_time;
      }
      EXPECT_EQ(sum_due, due) << to_string(on);
      EXPECT_EQ(sum_on_time, on_time) << to_string(on);
    }
  }
}

}  // namespace
}  // namespace districtd
