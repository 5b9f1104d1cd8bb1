// What /metrics tells of changes: extensions of a target, and counts a department.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "daemon/exporter/exposition.h"
#include "tests/unit/exporter/text_exposition.h"
#include "tests/unit/fixture/boards.h"

namespace districtd {
namespace {

using testing::day;
using testing::end_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string text_of(Exposition& exposition) {
  std::string text;
  for (const auto& piece : exposition.render()) text += *piece;
  return text;
}

// Until June; on 15 July extended to December and given to sports.
Target changed() {
  Target target = investment();
  target.deadline = end_of(6);
  Target later = target;
  later.deadline = end_of(12);
  later.department = 1;
  later.changed_from = day(2026, 7, 1);
  later.decided = day(2026, 7, 15);
  target.changes.push_back(later);
  return target;
}

std::shared_ptr<const Catalogue> catalogue() {
  return catalogue_of({changed()}, {{"culture-tourism", "区文旅局"}, {"sports", "区体育局"}});
}

TEST(ChangeLinesTest, BeforeTheDecisionThereIsNothing) {
  const Board board = board_without_data(catalogue(), day(2026, 7, 14));
  Exposition exposition(board);
  const std::string text = text_of(exposition);
  EXPECT_THAT(text, Not(HasSubstr("district_target_extensions")));
  EXPECT_THAT(text, Not(HasSubstr("district_department_changes")));
  EXPECT_THAT(text, Not(HasSubstr("district_department_first_promise_targets")));
  EXPECT_THAT(text,
              HasSubstr("target=\"culture-tourism.investment\",department=\"culture-tourism\""));
}

TEST(ChangeLinesTest, FromItsDayOnTheDepartmentAndTheCountsAreThoseOfTheDecision) {
  Board board = board_without_data(catalogue(), day(2026, 7, 14));
  board.record(0, {end_of(6), ReportedValue(20e8), day(2026, 7, 2)});
  Exposition exposition(board);
  exposition.render();
  board.advance_to(day(2026, 7, 20));
  exposition.touch_all();
  const auto text = read_text_exposition(text_of(exposition));
  EXPECT_THAT(text.faults, IsEmpty());
  EXPECT_EQ(
      text.value("district_target_extensions"
                 R"({department="sports",programme="2026",target="culture-tourism.investment"})"),
      1);
  EXPECT_EQ(text.value("district_department_changes"
                       R"({department="sports",kind="extension",programme="2026"})"),
            1);
  EXPECT_EQ(text.value("district_department_changes"
                       R"({department="sports",kind="department",programme="2026"})"),
            1);
  EXPECT_TRUE(
      std::isnan(text.value("district_department_changes"
                            R"({department="sports",kind="goal",programme="2026"})")));
  EXPECT_EQ(text.value("district_department_first_promise_targets"
                       R"({department="sports",programme="2026",status="overdue"})"),
            1);
  EXPECT_EQ(
      text.value(
          R"(district_department_targets{department="sports",programme="2026",status="overdue"})"),
      0);
  EXPECT_EQ(
      text.value(
          R"(district_department_targets{department="culture-tourism",programme="2026",status="overdue"})"),
      0);
}

TEST(ChangeLinesTest, WhatWasWithdrawnIsCountedApart) {
  Target withdrawn = investment();
  withdrawn.withdrawn = day(2026, 7, 1);
  const Board board = board_without_data(catalogue_of({withdrawn}), day(2026, 7, 20));
  Exposition exposition(board);
  const auto text = read_text_exposition(text_of(exposition));
  EXPECT_EQ(text.value("district_department_withdrawn_targets"
                       R"({department="culture-tourism",programme="2026"})"),
            1);
  EXPECT_EQ(text.value("district_department_changes"
                       R"({department="culture-tourism",kind="withdrawn",programme="2026"})"),
            1);
}

}  // namespace
}  // namespace districtd
