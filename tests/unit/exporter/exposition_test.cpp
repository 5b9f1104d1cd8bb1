#include "daemon/exporter/exposition.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/exporter/text_exposition.h"
#include "tests/unit/fixture/boards.h"

namespace districtd {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Date kToday = date_of(2026, 7, 8);

std::string text_of(const std::vector<Exposition::Piece>& pieces) {
  std::string text;
  for (const auto& piece : pieces) text += *piece;
  return text;
}

TextExposition render(Exposition& exposition) {
  return read_text_exposition(text_of(exposition.render()));
}

// How many pieces of `after` are not the very pieces of `before`.
std::size_t new_pieces(const std::vector<Exposition::Piece>& before,
                       const std::vector<Exposition::Piece>& after) {
  return static_cast<std::size_t>(
      std::count_if(after.begin(), after.end(), [&](const Exposition::Piece& piece) {
        return std::find(before.begin(), before.end(), piece) == before.end();
      }));
}

// The example of the issue: 12.6 of 30 亿元 by the end of June.
TEST(ExpositionTest, EveryFamilyOfATargetWithAValue) {
  Board board = board_without_data(catalogue_of({investment()}), kToday);
  board.record(0, {date_of(2026, 6, 30), 12.6e8});
  Exposition exposition(board);
  const auto text = render(exposition);

  EXPECT_THAT(text.faults, IsEmpty());
  const std::string labels =
      R"({department="culture-tourism",programme="2026",target="culture-tourism.investment"})";
  EXPECT_EQ(text.value("district_target_unit_scale" + labels), 1e8);
  EXPECT_EQ(text.value("district_target_goal" + labels), 30e8);
  EXPECT_EQ(text.value("district_target_actual" + labels), 12.6e8);
  EXPECT_DOUBLE_EQ(text.value("district_target_expected" + labels), 15e8);
  EXPECT_DOUBLE_EQ(text.value("district_target_progress_ratio" + labels), 0.42);
  EXPECT_DOUBLE_EQ(text.value("district_target_expected_ratio" + labels), 0.5);
  EXPECT_DOUBLE_EQ(text.value("district_target_deviation_ratio" + labels), -0.08);
  EXPECT_DOUBLE_EQ(text.value("district_target_required_pace_ratio" + labels), 0.58 / 6);
  EXPECT_EQ(text.value("district_target_status_since_timestamp_seconds" + labels), 1782777600);
  EXPECT_EQ(text.value("district_target_periods_behind" + labels), 1);
  EXPECT_EQ(text.value("district_target_reports_missing" + labels), 0);
  // date -u -d 2026-12-31 +%s and date -u -d 2026-06-30 +%s
  EXPECT_EQ(text.value("district_target_deadline_timestamp_seconds" + labels), 1798675200);
  EXPECT_EQ(text.value("district_target_as_of_timestamp_seconds" + labels), 1782777600);
  EXPECT_EQ(text.value("district_target_report_overdue" + labels), 0);
  EXPECT_EQ(
      text.value(
          R"(district_target_info{commitment="must",department="culture-tourism",)"
          R"(department_name="区文旅局",direction="at_least",kind="cumulative",)"
          R"(name="文旅投资",programme="2026",target="culture-tourism.investment",unit="亿元"})"),
      1);
  const std::string department = R"({department="culture-tourism",programme="2026"})";
  EXPECT_DOUBLE_EQ(text.value("district_department_score_ratio" + department), 0.92);
  EXPECT_EQ(text.value("district_department_rank" + department), 1);
  EXPECT_FALSE(text.families.contains("district_target_forecast_ratio")) << "before three values";
  EXPECT_FALSE(text.families.contains("district_target_report_overdue_since_timestamp_seconds"));
}

// 0.85 of a milestone on the eve of its deadline is a yellow light and no deviation of +0.85.
TEST(ExpositionTest, AMilestoneExpectsNothingBeforeItsDeadline) {
  Target target = investment();
  target.kind = Kind::milestone;
  target.pace = Pace::deadline;
  target.unit = Unit();
  target.goal = 1;
  Board board = board_without_data(catalogue_of({target}), date_of(2026, 12, 30));
  board.record(0, {date_of(2026, 11, 30), 0.85});
  ASSERT_EQ(board[0].status, Status::at_risk);
  Exposition exposition(board);
  const auto text = render(exposition);
  EXPECT_THAT(text.faults, IsEmpty());
  EXPECT_EQ(text.families.at("district_target_progress_ratio").samples.size(), 1u);
  for (const char* const family :
       {"district_target_expected", "district_target_expected_ratio",
        "district_target_deviation_ratio", "district_target_month_deviation_ratio"}) {
    EXPECT_FALSE(text.families.contains(family)) << family;
  }
  EXPECT_EQ(text.families.at("district_target_month_expected").samples.size(), 1u)
      << "of the deadline's month";
}

TEST(ExpositionTest, NamesOfPersonsAreNeverExported) {
  Target target = investment();
  target.leader = "分管的张三";
  target.owner = "负责的李四";
  target.definition = "口径的王五";
  target.with = {1};
  target.parent = "culture-tourism.all";
  target.common = "culture-investment";
  Target later = target;
  later.changed_from = date_of(2026, 5, 1);
  later.leader = "后来的赵六";
  target.changes = {later};
  const auto catalogue = std::make_shared<const Catalogue>(
      std::vector<Report>{},
      std::vector<Department>{{"culture-tourism", "区文旅局"}, {"finance", "区财政局"}},
      std::vector<Target>{target});
  Board board = board_without_data(catalogue, kToday);
  board.record(0, {date_of(2026, 6, 30), 12.6e8});
  Exposition exposition(board);
  std::string all;
  for (const auto& piece : exposition.render()) all += *piece;
  EXPECT_THAT(all, HasSubstr(R"(,with="finance",parent="culture-tourism.all",)"
                             R"(common="culture-investment"} 1)"));
  for (const char* const name : {"张三", "李四", "王五", "赵六"}) {
    EXPECT_THAT(all, Not(HasSubstr(name)));
  }
}

TEST(ExpositionTest, NodesAreExportedByTheirDays) {
  Target target = investment();
  target.kind = Kind::milestone;
  target.pace = Pace::nodes;
  target.unit = Unit();
  target.goal = 1;
  target.nodes = {{"结顶", date_of(2026, 5, 31), 0.5}, {"竣工", date_of(2026, 12, 31), 1}};
  Board board = board_without_data(catalogue_of({target}), kToday);
  board.record(0, {date_of(2026, 6, 30), 0.4});
  Exposition exposition(board);
  const auto text = render(exposition);
  EXPECT_THAT(text.faults, IsEmpty());
  const auto of_node = [&](const std::string& family, const std::string& name) {
    return text.value("district_target_node_" + family + "_timestamp_seconds" +
                      R"({department="culture-tourism",node=")" + name +
                      R"(",programme="2026",target="culture-tourism.investment"})");
  };
  EXPECT_EQ(of_node("missed", "结顶"), 1780185600);  // date -u -d 2026-05-31 +%s
  EXPECT_EQ(of_node("due", "竣工"), 1798675200);
  EXPECT_FALSE(text.families.contains("district_target_parts_missing"));
}

TEST(ExpositionTest, TheYearOfATargetMonthByMonth) {
  Board board = board_without_data(catalogue_of({investment()}), kToday);
  board.record(0, {date_of(2026, 5, 31), 11e8});
  board.record(0, {date_of(2026, 6, 30), 13.9e8});
  board.record(0, {date_of(2026, 6, 30), 12.6e8});
  Exposition exposition(board);
  const auto text = render(exposition);
  EXPECT_THAT(text.faults, IsEmpty());

  const auto of_month = [&](const std::string& family, const std::string& month) {
    return text.value("district_target_month_" + family +
                      R"({department="culture-tourism",month=")" + month +
                      R"(",programme="2026",target="culture-tourism.investment"})");
  };
  EXPECT_EQ(of_month("actual", "2026-05"), 11e8);
  EXPECT_EQ(of_month("actual", "2026-06"), 12.6e8);
  EXPECT_DOUBLE_EQ(of_month("deviation_ratio", "2026-06"), -0.08);
  EXPECT_DOUBLE_EQ(of_month("expected", "2026-01"), 2.5e8);
  EXPECT_DOUBLE_EQ(of_month("expected", "2026-12"), 30e8);
  EXPECT_EQ(of_month("corrections", "2026-06"), 1);
  EXPECT_EQ(text.value(R"(district_target_month_status{department="culture-tourism",)"
                       R"(month="2026-06",programme="2026",status="behind",)"
                       R"(target="culture-tourism.investment"})"),
            1);
  EXPECT_EQ(text.families.at("district_target_month_actual").samples.size(), 2u);
  EXPECT_EQ(text.families.at("district_target_month_status").samples.size(), 2u);
  EXPECT_EQ(text.families.at("district_target_month_expected").samples.size(), 12u);
  EXPECT_EQ(text.families.at("district_target_month_corrections").samples.size(), 1u);
}

TEST(ExpositionTest, TheMonthsMayBeLeftOut) {
  Board board = board_without_data(catalogue_of({investment()}), kToday);
  board.record(0, {date_of(2026, 6, 30), 12.6e8});
  Exposition exposition(board, false);
  const TextExposition text = render(exposition);
  EXPECT_THAT(text.faults, IsEmpty());
  for (const auto& [name, family] : text.families) {
    EXPECT_EQ(name.find("district_target_month_"), std::string::npos) << name;
  }
}

TEST(ExpositionTest, TheQuoteAndTheUnitStandBesideTheTarget) {
  Board board = board_without_data(catalogue_of({investment(), pledge()}), kToday);
  Exposition exposition(board);
  const auto text = render(exposition);
  EXPECT_EQ(text.value(R"(district_target_quote_info{department="culture-tourism",)"
                       R"(programme="2026",quote="完成文旅投资30亿元以上",section="区文旅局",)"
                       R"(target="culture-tourism.investment"})"),
            1);
  const auto& scale = text.families.at("district_target_unit_scale");
  EXPECT_EQ(scale.samples.size(), 1u) << "a pledge has no unit";
  EXPECT_EQ(scale.samples.begin()->second, 1e8);
}

TEST(ExpositionTest, EveryFamilyIsAGaugeWithHelp) {
  Board board = board_with_data(many_targets(3, 2), kToday);
  Exposition exposition(board);
  for (const auto& [name, family] : render(exposition).families) {
    EXPECT_EQ(family.type, "gauge") << name;
    EXPECT_THAT(family.help, ::testing::MatchesRegex("[A-Z0-9].*\\.")) << name;
  }
}

// The design page: "district_target_status has the present status only"; rules ask for the numbers.
TEST(ExpositionTest, StatusIsThePresentOneAloneAndHasItsNumber) {
  Board board = board_without_data(catalogue_of({investment()}), kToday);
  board.record(0, {date_of(2026, 5, 31), 10e8});
  board.record(0, {date_of(2026, 6, 30), 13.6e8});  // -4.67: yellow, and announced as red still
  Exposition exposition(board);
  const auto text = render(exposition);
  const std::string target = R"(target="culture-tourism.investment"})";
  EXPECT_EQ(
      text.value(
          R"(district_target_status{department="culture-tourism",programme="2026",status="at_risk",)" +
          target),
      1);
  EXPECT_EQ(text.families.at("district_target_status").samples.size(), 1U);
  const std::string of = R"({department="culture-tourism",programme="2026",)" + target;
  EXPECT_EQ(text.value("district_target_status_code" + of), 4);
  EXPECT_EQ(text.value("district_target_announced_code" + of), 6);
  EXPECT_FALSE(text.families.contains("district_target_last_status_code"));
  EXPECT_EQ(text.value(R"(district_on_schedule_ratio{programme="2026"})"), 0);
}

TEST(ExpositionTest, WhatIsStaleSaysHowItStood) {
  Board board = board_without_data(catalogue_of({investment()}), date_of(2026, 9, 11));
  board.record(0, {date_of(2026, 6, 30), 10e8});
  Exposition exposition(board);
  const auto text = render(exposition);
  const std::string of =
      R"({department="culture-tourism",programme="2026",target="culture-tourism.investment"})";
  EXPECT_EQ(text.value("district_target_status_code" + of), 9);
  EXPECT_EQ(text.value("district_target_last_status_code" + of), 6);
  EXPECT_FALSE(text.families.contains("district_on_schedule_ratio")) << "nothing is judged";
}

TEST(ExpositionTest, DepartmentsCountTheirTargetsByEveryStatus) {
  Target other = investment("ecology.other");
  other.department = 1;
  Board board = board_without_data(
      catalogue_of({investment(), pledge(), other},
                   {{"culture-tourism", "区文旅局"}, {"ecology", "生态环境分局"}, {"empty", "空"}}),
      kToday);
  board.record(2, {date_of(2026, 6, 30), 15e8});
  Exposition exposition(board);
  const auto text = render(exposition);
  const auto count = [&](const std::string& department, const std::string& status) {
    return text.value("district_department_targets{department=\"" + department +
                      "\",programme=\"2026\",status=\"" + status + "\"}");
  };
  EXPECT_EQ(count("culture-tourism", "no_data"), 2);
  EXPECT_EQ(count("culture-tourism", "on_track"), 0);
  EXPECT_EQ(count("ecology", "on_track"), 1);
  EXPECT_EQ(count("empty", "no_data"), 0);
  EXPECT_EQ(text.families.at("district_department_targets").samples.size(),
            3 * kAllStatuses.size());
}

TEST(ExpositionTest, WhatHasNoValueHasNoSeries) {
  Board board = board_without_data(catalogue_of({investment(), pledge()}), kToday);
  Exposition exposition(board);
  const auto text = render(exposition);
  EXPECT_THAT(text.faults, IsEmpty());
  for (const char* family : {"district_target_actual", "district_target_progress_ratio",
                             "district_target_deviation_ratio", "district_target_forecast_ratio",
                             "district_target_as_of_timestamp_seconds"}) {
    EXPECT_FALSE(text.families.contains(family)) << family;
  }
  // The pledge has no goal and nothing is expected of it.
  EXPECT_EQ(text.families.at("district_target_goal").samples.size(), 1u);
  EXPECT_EQ(text.families.at("district_target_expected").samples.size(), 1u);
  EXPECT_EQ(text.families.at("district_target_deadline_timestamp_seconds").samples.size(), 2u);
}

TEST(ExpositionTest, LabelValuesAreEscaped) {
  Target target = investment();
  target.name = "a\\b \"c\"\nd";
  Board board = board_without_data(catalogue_of({target}), kToday);
  Exposition exposition(board);
  const std::string text = text_of(exposition.render());
  EXPECT_THAT(text, HasSubstr(R"(name="a\\b \"c\"\nd")"));
  const auto read = read_text_exposition(text);
  EXPECT_THAT(read.faults, IsEmpty());
  EXPECT_THAT(read.families.at("district_target_info").samples.begin()->first,
              HasSubstr("a\\b \"c\"\nd"));
}

TEST(ExpositionTest, NumbersReadBackExactly) {
  Board board = board_without_data(catalogue_of({investment()}), kToday);
  const double awkward = 0.1 + 0.2;
  board.record(0, {date_of(2026, 6, 30), awkward});
  Exposition exposition(board);
  EXPECT_EQ(
      render(exposition)
          .value(
              R"(district_target_actual{department="culture-tourism",programme="2026",target="culture-tourism.investment"})"),
      awkward);
}

TEST(ExpositionTest, NumbersLookAsPrometheusPrintsThem) {
  Board board = board_without_data(catalogue_of({investment()}), kToday);
  board.record(0, {date_of(2026, 6, 30), 126});
  Exposition exposition(board);
  const std::string text = text_of(exposition.render());
  EXPECT_THAT(text, HasSubstr("district_target_goal{target=\"culture-tourism.investment\","
                              "department=\"culture-tourism\",programme=\"2026\"} 3e+09\n"));
  EXPECT_THAT(text, HasSubstr("district_target_actual{target=\"culture-tourism.investment\","
                              "department=\"culture-tourism\",programme=\"2026\"} 126\n"));
}

TEST(ExpositionTest, AnEmptyCatalogueIsAnEmptyExposition) {
  Board board = board_without_data(catalogue_of({}, {}), kToday);
  Exposition exposition(board);
  EXPECT_THAT(exposition.render(), IsEmpty());
  EXPECT_EQ(exposition.series(), 0u);
}

TEST(ExpositionTest, ManyTargetsGiveUniqueSeriesInContiguousFamilies) {
  Board board = board_with_data(many_targets(1000, 7), kToday);
  Exposition exposition(board);
  const auto text = render(exposition);
  EXPECT_THAT(text.faults, IsEmpty());
  std::size_t series = 0;
  for (const auto& [name, family] : text.families) series += family.samples.size();
  EXPECT_EQ(series, 1000 * 35u + 7 * 19u + 1);
  EXPECT_EQ(exposition.series(), series);
}

TEST(ExpositionTest, ATouchedTargetShowsItsNewValueAndTheRestStaysAsItWas) {
  Board board = board_with_data(many_targets(1000, 7), kToday);
  Exposition exposition(board);
  const auto before = exposition.render();
  const auto before_text = read_text_exposition(text_of(before));

  ASSERT_TRUE(board.record(700, {date_of(2026, 6, 30), 29e8}));
  exposition.touch(700);
  const auto after = exposition.render();
  const auto after_text = read_text_exposition(text_of(after));

  EXPECT_THAT(after_text.faults, IsEmpty());
  EXPECT_EQ(
      after_text.value(
          R"(district_target_actual{department="department-0",programme="2026",target="department-0.target-700"})"),
      29e8);
  std::size_t changed = 0;
  for (const auto& [name, family] : after_text.families) {
    for (const auto& [labels, value] : family.samples) {
      if (before_text.value(name + labels) == value) continue;
      ++changed;
      if (!name.starts_with("district_department_") && name != "district_on_schedule_ratio") {
        EXPECT_THAT(labels, HasSubstr("department-0.target-700\""));
      }
    }
  }
  EXPECT_GE(changed, 4u);
  ASSERT_EQ(before.size() + 2, after.size()) << "the first correction, with its header";
  // actual, progress, deviation, required pace, periods behind, status of one chunk; actual,
  // deviation, status and corrections of the month, the last with its header; and the departments'
  // families
  EXPECT_LE(new_pieces(before, after), 14u);
  EXPECT_GE(new_pieces(before, after), 5u);
}

TEST(ExpositionTest, AForecastHasItsIntervalAndProbability) {
  Board board = board_without_data(catalogue_of({investment()}), kToday);
  for (unsigned month = 4; month <= 6; ++month) {
    board.record(0, {period_end(Cadence::month, date_of(2026, month, 1)), 2.4e8 * month});
  }
  Exposition exposition(board);
  const auto text = render(exposition);
  const std::string labels =
      R"({department="culture-tourism",programme="2026",target="culture-tourism.investment"})";
  const double forecast = text.value("district_target_forecast_ratio" + labels);
  EXPECT_LT(text.value("district_target_forecast_lower_ratio" + labels), forecast);
  EXPECT_GT(text.value("district_target_forecast_upper_ratio" + labels), forecast);
  const double probability = text.value("district_target_goal_probability_ratio" + labels);
  EXPECT_GT(probability, 0);
  EXPECT_LT(probability, 1);
  EXPECT_EQ(text.value("district_target_goal_out_of_reach" + labels), 0);
}

// The catalogue alone says from which probability on the goal is out of reach.
TEST(ExpositionTest, AGoalIsOutOfReachBelowTheProbabilityThatTheCatalogueNames) {
  const auto shown = [](double out_of_reach) {
    Target target = investment();
    target.tolerance.out_of_reach = out_of_reach;
    Board board = board_without_data(catalogue_of({target}), kToday);
    for (unsigned month = 4; month <= 6; ++month) {
      board.record(0, {period_end(Cadence::month, date_of(2026, month, 1)), 1.7e8 * month});
    }
    Exposition exposition(board);
    const auto text = render(exposition);
    const std::string labels =
        R"({department="culture-tourism",programme="2026",target="culture-tourism.investment"})";
    return std::pair{text.value("district_target_goal_probability_ratio" + labels),
                     text.value("district_target_goal_out_of_reach" + labels)};
  };
  const double probability = shown(0.2).first;
  ASSERT_GT(probability, 0);
  EXPECT_EQ(shown(probability * 1.01).second, 1);
  EXPECT_EQ(shown(probability * 0.99).second, 0);
}

TEST(ExpositionTest, ATargetThatIsWithdrawnLeavesNoSeries) {
  Target target = investment();
  target.withdrawn = date_of(2026, 8, 1);
  Board board = board_without_data(catalogue_of({target}), kToday);
  board.record(0, {date_of(2026, 6, 30), 12.6e8});
  Exposition exposition(board);
  EXPECT_TRUE(render(exposition).families.contains("district_target_info"));
  for (const Catalogue::Index i : board.advance_to(date_of(2026, 8, 1))) exposition.touch(i);
  for (const auto& [name, family] : render(exposition).families) {
    EXPECT_TRUE(name.starts_with("district_department_")) << name;
  }
}

TEST(ExpositionTest, WithoutATouchEveryPieceIsTheSame) {
  Board board = board_with_data(many_targets(600, 3), kToday);
  Exposition exposition(board);
  const auto before = exposition.render();
  EXPECT_EQ(exposition.render(), before);
  exposition.touch_all();
  EXPECT_EQ(exposition.render(), before) << "the same text is the same piece";
}

TEST(ExpositionTest, AScrapeUnderWayKeepsItsMoment) {
  Board board = board_with_data(many_targets(10, 1), kToday);
  Exposition exposition(board);
  const auto scrape = exposition.render();
  const std::string sent_first = text_of(scrape);
  for (Catalogue::Index i = 0; i < 10; ++i) {
    board.record(i, {date_of(2026, 6, 30), 1});
    exposition.touch(i);
  }
  EXPECT_NE(text_of(exposition.render()), sent_first);
  EXPECT_EQ(text_of(scrape), sent_first);
}

TEST(ExpositionTest, AFirstValueBringsItsFamilies) {
  Board board = board_without_data(catalogue_of({investment()}), kToday);
  Exposition exposition(board);
  const auto series = (exposition.render(), exposition.series());
  board.record(0, {date_of(2026, 6, 30), 12.6e8});
  exposition.touch(0);
  const auto text = render(exposition);
  EXPECT_THAT(text.faults, IsEmpty());
  EXPECT_TRUE(text.families.contains("district_target_actual"));
  // actual, progress, deviation, required pace, as_of; and no report is overdue any more; actual,
  // deviation and status of the month; and there is a share on schedule
  EXPECT_EQ(exposition.series(), series + 5 - 1 + 3 + 2);
}

TEST(ExpositionTest, ANewDayMakesAReportOverdue) {
  Board board = board_without_data(catalogue_of({investment()}), date_of(2026, 2, 1));
  board.record(0, {date_of(2026, 1, 31), 3e8});
  Exposition exposition(board);
  const std::string series =
      R"(district_target_report_overdue{department="culture-tourism",programme="2026",target="culture-tourism.investment"})";
  EXPECT_EQ(render(exposition).value(series), 0);
  for (const auto index : board.advance_to(date_of(2026, 3, 20))) exposition.touch(index);
  EXPECT_EQ(render(exposition).value(series), 1);
}

// 2026, 2027 and a plan of five years with the same id and name in each.
std::shared_ptr<const Catalogue> three_programmes() {
  std::vector<Programme> programmes = {programme_of_years(2026, 2026),
                                       programme_of_years(2027, 2027),
                                       programme_of_years(2026, 2030)};
  std::vector<Target> targets;
  for (std::uint32_t p = 0; p < programmes.size(); ++p) {
    Target target = investment();
    target.programme = p;
    target.start = programmes[p].first;
    target.deadline = programmes[p].last;
    targets.push_back(target);
  }
  return std::make_shared<const Catalogue>(std::vector<Report>{},
                                           std::vector<Department>{{"culture-tourism", "区文旅局"}},
                                           targets, WorkingDays{}, programmes);
}

std::string of_programme(const std::string& family, const std::string& programme) {
  return family + R"({department="culture-tourism",programme=")" + programme + R"(",target=)" +
         R"("culture-tourism.investment"})";
}

TEST(ExpositionTest, ProgrammesWithTheSameIdsAreSeriesOfTheirOwn) {
  Board board = board_without_data(three_programmes(), date_of(2027, 2, 10));
  board.record(0, {date_of(2026, 12, 31), 30e8});  // reached
  board.record(1, {date_of(2027, 1, 31), 0.5e8});  // behind
  board.record(2, {date_of(2026, 12, 31), 6e8});   // a fifth of five years
  Exposition exposition(board);
  const auto text = render(exposition);
  EXPECT_THAT(text.faults, IsEmpty()) << "no series twice";
  EXPECT_EQ(text.value(of_programme("district_target_actual", "2026")), 30e8);
  EXPECT_EQ(text.value(of_programme("district_target_actual", "2027")), 0.5e8);
  EXPECT_EQ(text.value(of_programme("district_target_actual", "2026-2030")), 6e8);
  const auto count = [&](const std::string& programme, const std::string& status) {
    return text.value(R"(district_department_targets{department="culture-tourism",programme=")" +
                      programme + R"(",status=")" + status + R"("})");
  };
  EXPECT_EQ(count("2026", "achieved"), 1);
  EXPECT_EQ(count("2026", "behind"), 0);
  EXPECT_EQ(count("2027", "behind"), 1);
  EXPECT_EQ(count("2027", "achieved"), 0);
  EXPECT_EQ(text.value(R"(district_on_schedule_ratio{programme="2026"})"), 1);
  EXPECT_EQ(text.value(R"(district_on_schedule_ratio{programme="2027"})"), 0);
  const std::string rank = R"(district_department_rank{department="culture-tourism",programme=)";
  EXPECT_EQ(text.value(rank + R"("2026"})"), 1) << "among the departments of its own programme";
  EXPECT_EQ(text.value(rank + R"("2027"})"), 1);
}

// The design page, Interfaces: "the programmes begun and not settled on the day".
TEST(ExpositionTest, AProgrammeComesOnItsFirstDayAndLeavesAfterItsSettlement) {
  Board board = board_without_data(three_programmes(), date_of(2026, 12, 31));
  board.record(0, {date_of(2026, 11, 30), 20e8});
  Exposition exposition(board);
  const auto programmes_on = [&](Date day) {
    for (const auto index : board.advance_to(day)) exposition.touch(index);
    exposition.touch_all();
    const auto text = render(exposition);
    std::string shown;
    for (const std::string programme : {"2026", "2027", "2026-2030"}) {
      const bool has_target = text.has(of_programme("district_target_goal", programme));
      const bool has_counts =
          text.has(R"(district_department_targets{department="culture-tourism",programme=")" +
                   programme + R"(",status="behind"})");
      EXPECT_EQ(has_target, has_counts) << programme;
      if (has_target) shown += programme + " ";
    }
    return shown;
  };
  EXPECT_EQ(programmes_on(date_of(2026, 12, 31)), "2026 2026-2030 ");
  EXPECT_EQ(programmes_on(date_of(2027, 1, 1)), "2026 2027 2026-2030 ");
  EXPECT_EQ(programmes_on(date_of(2027, 2, 28)), "2026 2027 2026-2030 ");
  EXPECT_EQ(programmes_on(date_of(2027, 3, 1)), "2027 2026-2030 ");
  EXPECT_EQ(programmes_on(date_of(2031, 3, 1)), "");
  EXPECT_THAT(exposition.render(), IsEmpty());
}

}  // namespace
}  // namespace districtd
