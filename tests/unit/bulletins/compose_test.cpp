#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/bulletins/district.h"

namespace districtd {
namespace {

using ::testing::Contains;
using testing::day;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::june;
using testing::kJuly8;
using testing::kJune8;
using testing::may;
using testing::Said;
using testing::SmallDistrict;

class ComposeTest : public ::testing::Test {
 protected:
  Bulletin monthly(const std::vector<Said>& now, const std::vector<Said>& before,
                   const std::string& department = "") {
    now_ = district_.picture(kJuly8, now);
    before_ = district_.picture(kJune8, before);
    Occasion occasion = district_.occasion(BulletinKind::monthly, kJuly8, kJune8);
    occasion.department = department;
    return district_.compose(occasion, *now_, *before_, corrections_);
  }

  SmallDistrict district_;
  std::optional<Picture> now_;
  std::optional<Picture> before_;
  std::vector<Correction> corrections_;
};

TEST_F(ComposeTest, TitleAndTotalsAreThoseOfTheMonth) {
  const Bulletin b = monthly(june(), {});
  EXPECT_EQ(b.title, "关于2026年1—6月目标任务进展情况的通报");
  EXPECT_EQ(b.known_text, "2026年7月8日09:00");
  EXPECT_THAT(b.sentences_of("overall"),
              ElementsAre("全区共有目标4项，其中可评判进度的3项和本期未报的1项。",
                          "截至6月底，可评判的3项目标中，达到序时进度的1项，占33.3%；未达到序时进"
                          "度的2项，占66.7%（略滞后1项和欠进度1项）。"));
  EXPECT_FALSE(b.before) << "nothing had been reported: there is nothing to compare with";
}

TEST_F(ComposeTest, ComparisonSaysWhatBecameBetterAndWorse) {
  EXPECT_THAT(monthly(june(), may()).sentences_of("overall"),
              Contains("与上次（6月8日）相比，达到序时进度的减少1项，未达到序时进度的增加1项；1项"
                       "转差。"));
}

TEST_F(ComposeTest, UnchangedIsSaidAsUnchanged) {
  auto same = june();
  same[0].value = 15.5;
  EXPECT_EQ(monthly(same, may()).sentences_of("overall").back(),
            "与上次（6月8日）相比，达到和未达到序时进度的目标项数均持平。");
}

TEST_F(ComposeTest, WhereAllReachTheScheduleNoneIsSaidNotTo) {
  auto all_good = june();
  all_good[0].value = 15;
  all_good[2].value = 50;
  all_good.push_back({"post.points", day(2026, 6, 30), 5, day(2026, 7, 5)});
  auto before = may();
  before.push_back({"post.points", day(2026, 5, 31), 5, day(2026, 6, 5)});
  const Bulletin b = monthly(all_good, before);
  EXPECT_THAT(
      b.sentences_of("overall"),
      ElementsAre("全区共有目标4项，均可评判进度。", "截至6月底，全区4项目标中，全部达到序时进度。",
                  "与上次（6月8日）相比，达到序时进度的增加1项，未达到序时进度的减少1项；1"
                  "项转好。"));
  EXPECT_THAT(b.not_reached, IsEmpty());
}

TEST_F(ComposeTest, AMonthWithoutAReportIsUnreportedAndNotJudgedByTheMonthBefore) {
  const Bulletin b = monthly(may(), may());
  EXPECT_THAT(b.sentences_of("overall").front(), "全区共有目标4项，其中本期未报的4项。");
  EXPECT_EQ(b.counts.unreported, 4U);
  EXPECT_EQ(b.counts.judged(), 0U);
  EXPECT_THAT(b.not_reached, IsEmpty());
}

// A target that reports by quarters owes nothing of April.
TEST_F(ComposeTest, OlderDataThatNothingFollowsAreSaidToBeOlder) {
  for (Target& target : district_.targets) target.cadence = Cadence::quarter;
  auto march = june();
  for (Said& one : march) one.as_of = day(2026, 3, 31);
  now_ = district_.picture(day(2026, 5, 12), march);
  const Bulletin b = district_.compose(
      district_.occasion(BulletinKind::monthly, day(2026, 5, 12), day(2026, 4, 12)), *now_, *now_);
  EXPECT_THAT(b.sentences_of("overall"),
              Contains("其中3项的最近一次数据早于4月底，按数据截至日期的序时进度评判。"));
}

// After a goal was cut a better light is no progress.
TEST_F(ComposeTest, AChangedGoalIsNeitherBetterNorWorse) {
  Target change = district_.targets[0];
  change.goal = 20e8;
  change.changed_from = day(2026, 6, 1);
  district_.targets[0].changes = {change};
  const Bulletin b =
      monthly({{"culture-tourism.investment", day(2026, 6, 30), 12.6, day(2026, 7, 5)}},
              {{"culture-tourism.investment", day(2026, 5, 31), 10, day(2026, 6, 5)}});
  EXPECT_THAT(b.sentences_of("overall").back(), ::testing::Not(HasSubstr("转好")));
  ASSERT_FALSE(b.changes.empty());
  EXPECT_EQ(b.changes.front().direction, BulletinChange::Direction::other);
  EXPECT_THAT(b.changes.front().text, HasSubstr("（目标或期限已调整）"));
}

// Each point of the curve is made of the same targets.
TEST_F(ComposeTest, TheCurveIsOfTheTargetsThatHaveAFigureOfEachMonth) {
  std::vector<Said> said;
  for (unsigned month = 1; month <= 6; ++month) {
    const Date end = period_end(Cadence::month, day(2026, static_cast<int>(month), 1));
    said.push_back({"culture-tourism.investment", end, 2.0 * month, end + std::chrono::days{5}});
    if (month != 3) said.push_back({"health.doctors", end, 90, end + std::chrono::days{5}});
  }
  const Bulletin b = monthly(said, {});
  EXPECT_EQ(b.curve_targets, 1U);
  ASSERT_EQ(b.curve.size(), 6U);
  EXPECT_EQ(b.curve.back().date, day(2026, 6, 30));
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_DOUBLE_EQ(b.curve[i].progress, 2.0 * static_cast<double>(i + 1) / 30);
  }
}

TEST_F(ComposeTest, DepartmentWithoutFiguresIsSaidToHaveSentNone) {
  EXPECT_THAT(monthly(june(), {}).sentences_of("department_sentences"),
              Contains("区邮政管理局至今未报送任何数据。"));
}

TEST_F(ComposeTest, NotReachedAreRedBeforeYellow) {
  const Bulletin b = monthly(june(), {});
  ASSERT_EQ(b.not_reached.size(), 2U);
  EXPECT_EQ(b.not_reached[0].target->id, "culture-tourism.investment");
  EXPECT_EQ(b.not_reached[1].target->id, "health.doctors");
}

// A milestone has no deviation before its deadline: it stands after what is measurably behind, and
// the one of which less is done stands first.
TEST_F(ComposeTest, WhatExpectsNothingYetComesLastOfTheYellow) {
  for (const std::size_t i : {1U, 3U}) {
    Target milestone = testing::milestone();
    milestone.id = district_.targets[i].id;
    milestone.department = district_.targets[i].department;
    milestone.deadline = day(2026, 8, 1);
    district_.targets[i] = milestone;
  }
  const Bulletin b = monthly({{"health.rate", day(2026, 6, 30), 0.8, day(2026, 7, 5)},
                              {"health.doctors", day(2026, 6, 30), 48, day(2026, 7, 5)},
                              {"post.points", day(2026, 6, 30), 0.2, day(2026, 7, 5)}},
                             {});
  std::vector<std::string> order;
  for (const TargetView& view : b.not_reached) order.push_back(view.target->id);
  EXPECT_THAT(order, ElementsAre("health.doctors", "post.points", "health.rate"));
  EXPECT_EQ(b.counts.of(Status::at_risk), 3U);
  EXPECT_EQ(b.counts.not_reached(), 3U);
}

TEST_F(ComposeTest, LateReportsAreNamedWithTheirDueDays) {
  now_ = district_.picture(day(2026, 7, 15), may());
  before_ = district_.picture(kJune8, {});
  const Bulletin b = district_.compose(
      district_.occasion(BulletinKind::monthly, day(2026, 7, 15), kJune8), *now_, *before_);
  EXPECT_THAT(b.sentences_of("discipline"),
              Contains("区文旅局1项：文旅投资（应于7月10日前报送）。"));
  EXPECT_THAT(b.sentences_of("discipline"),
              Contains("区邮政管理局1项：服务点（应于2月10日前报送，已连续6期未报，从未报送）。"));
  EXPECT_THAT(b.sentences_of("next_steps"), Contains(HasSubstr("抓紧补报逾期未报的4项数据。")));
  EXPECT_THAT(b.sentences_of("next_steps"),
              Contains("截至7月底的数据（4项目标），请于8月10日前报送。"));
}

TEST_F(ComposeTest, CorrectionsSayBothValues) {
  corrections_ = {{.target = "2026/culture-tourism.investment",
                   .as_of = day(2026, 6, 30),
                   .value = 1.26e9,
                   .value_before = 1.29e9,
                   .note = "",
                   .received_at = district_.clock.time_at(day(2026, 7, 6), std::chrono::hours{9})}};
  EXPECT_THAT(monthly(june(), {}).sentences_of("corrections"),
              ElementsAre("文旅投资（区文旅局）截至6月底的数据由12.9亿元更正为12.6亿元（7月6日报"
                          "送）。"));
}

// A correction of a published period says whether what was published would have been another light.
TEST_F(ComposeTest, ACorrectionSaysWhatThePublishedLightShouldHaveBeen) {
  auto corrected = may();
  corrected[0].value = 10;
  now_ = district_.picture(kJuly8, june());
  before_ = district_.picture(kJune8, may());
  const Picture revised = district_.picture(kJune8, corrected);
  corrections_ = {{.target = "2026/culture-tourism.investment",
                   .as_of = day(2026, 5, 31),
                   .value = 1e9,
                   .value_before = 1.3e9,
                   .note = "重复计入",
                   .received_at = district_.clock.time_at(day(2026, 7, 6), std::chrono::hours{9})}};
  const Bulletin b =
      district_.compose(district_.occasion(BulletinKind::monthly, kJuly8, kJune8), *now_, *before_,
                        corrections_, bulletin_sections(), &revised);
  EXPECT_THAT(
      b.sentences_of("corrections"),
      ElementsAre("文旅投资（区文旅局）截至5月底的数据由13亿元更正为10亿元（7月6日报送，说明：重复"
                  "计入），上期通报的达进度应为欠进度。"));
}

TEST_F(ComposeTest, AValueTakenBackIsSaidToBe) {
  const auto at_nine = district_.clock.time_at(day(2026, 7, 6), std::chrono::hours{9});
  corrections_ = {{.target = "2026/culture-tourism.investment",
                   .as_of = day(2026, 5, 31),
                   .value = ReportedValue::withdrawn(),
                   .value_before = 1.29e9,
                   .note = "",
                   .received_at = at_nine},
                  {.target = "2026/culture-tourism.investment",
                   .as_of = day(2026, 6, 30),
                   .value = 1.26e9,
                   .value_before = ReportedValue::withdrawn(),
                   .note = "",
                   .received_at = at_nine}};
  EXPECT_THAT(
      monthly(june(), {}).sentences_of("corrections"),
      ElementsAre("文旅投资（区文旅局）截至5月底的数据撤回，原为12.9亿元（7月6日报送）。",
                  "文旅投资（区文旅局）截至6月底的数据撤回后重新报送，为12.6亿元（7月6日报送）。"));
}

// Where only its note changes, a withdrawal is corrected by another one: there is no value to name.
TEST_F(ComposeTest, AWithdrawalThatIsCorrectedNamesNoValue) {
  corrections_ = {{.target = "2026/culture-tourism.investment",
                   .as_of = day(2026, 5, 31),
                   .value = ReportedValue::withdrawn(),
                   .value_before = ReportedValue::withdrawn(),
                   .note = "重复报送",
                   .received_at = district_.clock.time_at(day(2026, 7, 6), std::chrono::hours{9})}};
  EXPECT_THAT(
      monthly(june(), {}).sentences_of("corrections"),
      ElementsAre("文旅投资（区文旅局）截至5月底的数据撤回（7月6日报送，说明：重复报送）。"));
}

TEST_F(ComposeTest, OneDepartmentsBulletinSpeaksOfItAloneAndOfItsPlace) {
  const Bulletin b = monthly(june(), may(), "health");
  EXPECT_EQ(b.title, "关于区卫健局2026年1—6月目标任务进展情况的通报");
  EXPECT_THAT(b.sentences_of("overall").front(), "区卫健局共有目标2项，均可评判进度。");
  EXPECT_EQ(b.targets.size(), 2U);
  ASSERT_EQ(b.departments.size(), 1U);
  // 99.0 less half a point for each of the five months that only June's figures cover, late.
  EXPECT_THAT(b.sentences_of("department_sentences"),
              ElementsAre(HasSubstr("区卫健局得分96.5分，在参评的3个部门（单位）中列第1位")));
}

TEST_F(ComposeTest, DailyDigestHasNothingToSayWhereNothingChanged) {
  now_ = district_.picture(kJuly8, june(), BulletinKind::daily);
  before_ = district_.picture(day(2026, 7, 7), june(), BulletinKind::daily);
  const auto occasion = district_.occasion(BulletinKind::daily, kJuly8, day(2026, 7, 7));
  EXPECT_TRUE(district_.compose(occasion, *now_, *before_).is_unchanged());
}

TEST_F(ComposeTest, DailyDigestNamesTheChangedLights) {
  now_ = district_.picture(kJuly8, june(), BulletinKind::daily);
  before_ = district_.picture(day(2026, 7, 7), may(), BulletinKind::daily);
  const auto occasion = district_.occasion(BulletinKind::daily, kJuly8, day(2026, 7, 7));
  const Bulletin b = district_.compose(occasion, *now_, *before_);
  EXPECT_FALSE(b.is_unchanged());
  ASSERT_FALSE(b.changes.empty());
  EXPECT_EQ(b.changes.front().direction, BulletinChange::Direction::worse);
  EXPECT_EQ(
      b.changes.front().text,
      "文旅投资（区文旅局）由达进度转为欠进度：目标30亿元，截至6月底完成12.6亿元，完成率42.0%，"
      "序时进度50.0%，欠8.0个百分点。");
}

TEST_F(ComposeTest, DailyDigestSpeaksWhereOnlyAReportFellDue) {
  now_ = district_.picture(day(2026, 7, 11), may(), BulletinKind::daily);
  before_ = district_.picture(day(2026, 7, 10), may(), BulletinKind::daily);
  const auto occasion = district_.occasion(BulletinKind::daily, day(2026, 7, 11), day(2026, 7, 10));
  EXPECT_FALSE(district_.compose(occasion, *now_, *before_).is_unchanged());
}

TEST_F(ComposeTest, EmptyCatalogueIsSaidToBeEmpty) {
  district_.targets.clear();
  const Bulletin b = monthly({}, {});
  EXPECT_THAT(b.sentences_of("overall"), ElementsAre("全区目前没有列入目标库的目标。"));
}

}  // namespace
}  // namespace districtd
