#include "daemon/deviations/deviation_log.h"

#include <algorithm>
#include <filesystem>
#include <random>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/time.h"
#include "tests/unit/fixture/boards.h"
#include "tests/unit/log/log_file.h"
#include "tests/unit/log/no_room.h"

namespace districtd {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Date kJuly = date_of(2026, 7, 8);
const Date kEndOfJune = date_of(2026, 6, 30);

std::string text_of(const json::object& record, const char* key) {
  return std::string(record.at(key).as_string());
}

// By which the store knows a target of the year: Target::key.
std::string key_of(const Target& target) { return "2026/" + target.id; }

// What the store keeps of the log, without a store.
class Kept {
 public:
  DeviationLog::Persist persist() {
    return [this](const std::vector<Judged>& judged) {
      calls.push_back(judged);
      for (const auto& one : judged) last[one.target] = one;
    };
  }
  std::unordered_map<std::string, Judged> last;
  std::vector<std::vector<Judged>> calls;
};

class DeviationLogTest : public ::testing::Test {
 protected:
  // The records of one event so far.
  std::vector<json::object> records(const std::string& event) const {
    std::vector<json::object> found;
    for (const auto& record : file_.records()) {
      if (text_of(record, "event") == event) found.push_back(record);
    }
    return found;
  }
  json::object only_record() const {
    const auto all = file_.records();
    EXPECT_THAT(all, SizeIs(1));
    return all.empty() ? json::object() : all.back();
  }

  LogFile file_;
  Kept kept_;
};

// The example of the issue.
TEST_F(DeviationLogTest, AChangeOfStatusSaysEverythingAboutIt) {
  Board board = board_without_data(catalogue_of({investment()}), kJuly);
  DeviationLog log({}, kept_.persist());
  board.record(0, {kEndOfJune, 12.6e8});
  log.compare(board, {0}, "20260708-42");

  const auto record = only_record();
  EXPECT_EQ(text_of(record, "event"), "status_changed");
  EXPECT_EQ(text_of(record, "level"), "warn");
  EXPECT_EQ(text_of(record, "message"),
            "文旅投资（区文旅局）由 未报送 转为 欠进度：完成 12.6 亿元，完成率 42.0%，"
            "序时进度 50.0%，偏差 -8.0 个百分点（截至 2026-06-30）");
  EXPECT_EQ(text_of(record, "target"), "culture-tourism.investment");
  EXPECT_EQ(text_of(record, "name"), "文旅投资");
  EXPECT_EQ(text_of(record, "department"), "culture-tourism");
  EXPECT_EQ(text_of(record, "department_name"), "区文旅局");
  EXPECT_EQ(text_of(record, "from"), "no_data");
  EXPECT_EQ(text_of(record, "to"), "behind");
  EXPECT_EQ(record.at("actual").to_number<double>(), 12.6);
  EXPECT_EQ(record.at("expected").to_number<double>(), 15);
  EXPECT_EQ(text_of(record, "unit"), "亿元");
  EXPECT_EQ(record.at("progress").to_number<double>(), 0.42);
  EXPECT_EQ(record.at("expected_share").to_number<double>(), 0.5);
  EXPECT_EQ(record.at("deviation_points").to_number<double>(), -8);
  EXPECT_EQ(text_of(record, "as_of"), "2026-06-30");
  EXPECT_EQ(text_of(record, "submission"), "20260708-42");
  EXPECT_EQ(text_of(record, "quote"), "完成文旅投资30亿元以上");
}

TEST_F(DeviationLogTest, OnlyARedLightIsAWarning) {
  Board board = board_without_data(catalogue_of({investment()}), kJuly);
  DeviationLog log({}, kept_.persist());
  for (const double value : {12.6e8, 14.9e8, 15e8, 20e8, 1e8}) {
    board.record(0, {kEndOfJune, value});
    log.compare(board, {0}, "s");
  }
  std::vector<std::string> seen;
  for (const auto& record : file_.records()) {
    seen.push_back(text_of(record, "to") + " " + text_of(record, "level"));
  }
  EXPECT_THAT(seen, ElementsAre("behind warn", "at_risk info", "on_track info", "ahead info",
                                "behind warn"));
}

TEST_F(DeviationLogTest, ALevelSaysWhatItShouldBe) {
  Board board =
      board_without_data(catalogue_of({air_quality()}, {{"ecology", "生态环境分局"}}), kJuly);
  DeviationLog log({}, kept_.persist());
  board.record(0, {kEndOfJune, 0.932});
  log.compare(board, {0}, "s");
  EXPECT_EQ(text_of(only_record(), "message"),
            "优良率（生态环境分局）由 未报送 转为 略滞后：实际 93.2%，应达 95%，"
            "偏差 -1.8 个百分点（截至 2026-06-30）");
  EXPECT_EQ(only_record().at("deviation_points").to_number<double>(), -1.8);
  EXPECT_EQ(only_record().at("actual").to_number<double>(), 93.2);
}

TEST_F(DeviationLogTest, ALevelThatIsNoPercentageDeviatesByAPart) {
  Target target = air_quality();
  target.unit = *Unit::parse("家");
  target.goal = 200;
  Board board = board_without_data(catalogue_of({target}), kJuly);
  DeviationLog log({}, kept_.persist());
  board.record(0, {kEndOfJune, 180});
  log.compare(board, {0}, "s");
  EXPECT_THAT(text_of(only_record(), "message"),
              HasSubstr("实际 180 家，应达 200 家，偏差 -10.0%"));
}

TEST_F(DeviationLogTest, AMilestoneBeforeItsDeadlineSpeaksOfTheDeadline) {
  Target target = investment();
  target.kind = Kind::milestone;
  target.pace = Pace::deadline;
  target.goal = 1;
  target.unit = Unit();
  target.quote = "确保年内投用";
  Board board = board_without_data(catalogue_of({target}), kJuly);
  DeviationLog log({}, kept_.persist());
  board.record(0, {kEndOfJune, 0.6});
  log.compare(board, {0}, "s");
  EXPECT_EQ(text_of(only_record(), "message"),
            "文旅投资（区文旅局）由 未报送 转为 推进中：形象进度 60.0%，期限 2026-12-31"
            "（截至 2026-06-30）");
  for (const char* field : {"expected", "expected_share", "deviation_points"}) {
    EXPECT_TRUE(only_record().at(field).is_null()) << field;
  }
}

TEST_F(DeviationLogTest, ANodeThatIsMissedIsNamed) {
  Target target = investment();
  target.kind = Kind::milestone;
  target.pace = Pace::nodes;
  target.goal = 1;
  target.unit = Unit();
  target.nodes = {{"结顶", kEndOfJune, 0.5}, {"竣工", target.deadline, 1}};
  Board board = board_without_data(catalogue_of({target}), kJuly);
  DeviationLog log({}, kept_.persist());
  board.record(0, {kEndOfJune, 0.42});
  log.compare(board, {0}, "s");
  EXPECT_EQ(
      text_of(only_record(), "message"),
      "文旅投资（区文旅局）由 未报送 转为 欠进度：形象进度 42.0%，节点应完成 50.0%，偏差 -8.0 "
      "个百分点，节点“结顶”（2026-06-30 应完成 50.0%）未完成（截至 2026-06-30）");
}

TEST_F(DeviationLogTest, APledgeHasNoNumbers) {
  Board board = board_without_data(catalogue_of({pledge()}), kJuly);
  DeviationLog log({}, kept_.persist());
  board.record(0, {kEndOfJune, 1});
  log.compare(board, {0}, "s");
  const auto record = only_record();
  EXPECT_EQ(text_of(record, "message"),
            "文明创建（区文旅局）由 未报送 转为 已报送（截至 2026-06-30）");
  for (const char* field :
       {"actual", "expected", "progress", "expected_share", "deviation_points"}) {
    EXPECT_TRUE(record.at(field).is_null()) << field;
  }
}

TEST_F(DeviationLogTest, AFirstLookAtNothingReportedIsNoChange) {
  Board board = board_without_data(many_targets(20, 2), date_of(2026, 1, 5));
  DeviationLog log({}, kept_.persist());
  log.compare_all(board);
  EXPECT_THAT(file_.lines(), IsEmpty());
  EXPECT_THAT(kept_.calls, IsEmpty());
}

TEST_F(DeviationLogTest, AThousandRowsSentAgainLogNothing) {
  Board board = board_without_data(many_targets(1000, 5), kJuly);
  DeviationLog log({}, kept_.persist());
  const auto send = [&](double value) {
    for (Catalogue::Index i = 0; i < 1000; ++i) {
      board.record(i, {kEndOfJune, value});
      log.compare(board, {i}, "s");
    }
  };
  send(12e8);
  const auto lines = file_.lines().size();
  EXPECT_EQ(records("status_changed").size(), 1000u);
  send(12e8);
  send(12.3e8);  // another value, the same light
  EXPECT_EQ(file_.lines().size(), lines);
  EXPECT_THAT(kept_.calls, SizeIs(1000));
}

TEST_F(DeviationLogTest, ARestartSaysNothingAgain) {
  const auto catalogue = many_targets(30, 3);
  {
    Board board = board_with_data(catalogue, kJuly);
    DeviationLog(kept_.last, kept_.persist()).compare_all(board);
  }
  const auto lines = file_.lines().size();
  const auto calls = kept_.calls.size();
  EXPECT_GE(lines, 30u);
  Board board = board_with_data(catalogue, kJuly);
  DeviationLog(kept_.last, kept_.persist()).compare_all(board);
  EXPECT_EQ(file_.lines().size(), lines);
  EXPECT_EQ(kept_.calls.size(), calls);
}

TEST_F(DeviationLogTest, AKillBeforePersistRepeatsARecordRatherThanLosingIt) {
  Board board = board_without_data(catalogue_of({investment()}), date_of(2026, 7, 1));
  board.record(0, {kEndOfJune, 12.6e8});
  DeviationLog({}, [](const std::vector<Judged>&) {}).compare_all(board);
  DeviationLog(kept_.last, kept_.persist()).compare_all(board);
  EXPECT_THAT(records("status_changed"), SizeIs(2));
}

TEST_F(DeviationLogTest, RecordsAreWrittenBeforeTheyArePersistedAndOnlyWhatChangedIs) {
  Board board = board_without_data(many_targets(10, 1), date_of(2026, 2, 5));
  board.record(3, {date_of(2026, 1, 31), 0.5e8});
  board.record(7, {date_of(2026, 1, 31), 2.5e8});
  std::size_t lines_at_persist = 0;
  std::vector<Judged> persisted;
  const auto status_of = [](const Judged& judged) { return judged.target + " " + judged.status; };
  DeviationLog log({}, [&](std::vector<Judged> judged) {
    lines_at_persist = records("status_changed").size();
    persisted = std::move(judged);
  });
  log.compare(board, {1, 3, 7}, "s");
  EXPECT_EQ(lines_at_persist, 2u);
  ASSERT_THAT(persisted, SizeIs(2));
  EXPECT_EQ(status_of(persisted[0]), "2026/department-0.target-3 behind");
  EXPECT_EQ(status_of(persisted[1]), "2026/department-0.target-7 on_track");
}

TEST_F(DeviationLogTest, ADeadlinePassesByTimeAlone) {
  Board board = board_without_data(catalogue_of({investment()}), date_of(2026, 12, 31));
  board.record(0, {date_of(2026, 12, 31), 29e8});
  DeviationLog log({}, kept_.persist());
  log.compare_all(board);
  const auto before = records("status_changed").size();
  log.compare(board, board.advance_to(date_of(2027, 1, 1)), "");
  const auto changes = records("status_changed");
  ASSERT_EQ(changes.size(), before + 1);
  EXPECT_EQ(text_of(changes.back(), "to"), "overdue");
  EXPECT_TRUE(changes.back().at("submission").is_null());
  EXPECT_THAT(text_of(changes.back(), "message"), HasSubstr("期限 2026-12-31"));
}

// Cadence month with ten days of grace: January is due by 10 February.
TEST_F(DeviationLogTest, AReportBecomesOverdueOnceAndArrivesOnce) {
  Board board = board_without_data(catalogue_of({investment()}), date_of(2026, 2, 1));
  DeviationLog log({}, kept_.persist());
  for (int day = 1; day <= 20; ++day) {
    log.compare(board, board.advance_to(date_of(2026, 2, static_cast<unsigned>(day))), "");
    EXPECT_EQ(records("report_overdue").size(), day > 10 ? 1u : 0u) << day;
  }
  const auto overdue = records("report_overdue").at(0);
  EXPECT_EQ(text_of(overdue, "level"), "warn");
  EXPECT_EQ(
      text_of(overdue, "message"),
      "文旅投资（区文旅局）迟报：截至 2026-01-31 的数据最迟应于 2026-02-10 报送，至今未报送过");
  EXPECT_EQ(text_of(overdue, "period_end"), "2026-01-31");
  EXPECT_EQ(text_of(overdue, "due_by"), "2026-02-10");
  EXPECT_EQ(text_of(overdue, "overdue_since"), "2026-02-11");
  EXPECT_TRUE(overdue.at("as_of").is_null());

  board.record(0, {date_of(2026, 1, 31), 3e8});
  log.compare(board, {0}, "20260220-1");
  log.compare(board, {0}, "20260220-2");
  const auto arrived = records("report_arrived");
  ASSERT_THAT(arrived, SizeIs(1));
  EXPECT_EQ(text_of(arrived[0], "level"), "info");
  EXPECT_EQ(text_of(arrived[0], "submission"), "20260220-1");
  EXPECT_EQ(text_of(arrived[0], "period_end"), "2026-01-31");
  EXPECT_EQ(text_of(arrived[0], "message"),
            "文旅投资（区文旅局）迟报的数据已报送（截至 2026-01-31）");
  EXPECT_FALSE(kept_.last.at("2026/culture-tourism.investment").report_overdue);
}

TEST_F(DeviationLogTest, ANextOverduePeriodNamesTheLastReport) {
  Board board = board_without_data(catalogue_of({investment()}), date_of(2026, 2, 5));
  DeviationLog log({}, kept_.persist());
  board.record(0, {date_of(2026, 1, 31), 3e8});
  log.compare(board, {0}, "s");
  log.compare(board, board.advance_to(date_of(2026, 3, 11)), "");
  ASSERT_THAT(records("report_overdue"), SizeIs(1));
  EXPECT_THAT(text_of(records("report_overdue")[0], "message"),
              ::testing::EndsWith("最近一次报送截至 2026-01-31"));
  EXPECT_EQ(text_of(records("report_overdue")[0], "as_of"), "2026-01-31");
}

TEST_F(DeviationLogTest, AReportThatIsNoLongerAskedForDidNotArrive) {
  Target target = investment();
  kept_.last[key_of(target)] = {key_of(target), "no_data", true};
  target.cadence = Cadence::none;
  Board board = board_without_data(catalogue_of({target}), kJuly);
  DeviationLog log(kept_.last, kept_.persist());
  log.compare_all(board);
  EXPECT_THAT(file_.lines(), IsEmpty());
  EXPECT_FALSE(kept_.last.at(key_of(target)).report_overdue);
}

TEST_F(DeviationLogTest, ATargetThatLeftTheCatalogueIsLeftAlone) {
  kept_.last["2026/culture-tourism.gone"] = {"2026/culture-tourism.gone", "behind", true};
  Board board = board_without_data(catalogue_of({investment()}), date_of(2026, 1, 5));
  DeviationLog log(kept_.last, kept_.persist());
  log.compare_all(board);
  EXPECT_THAT(file_.lines(), IsEmpty());
  EXPECT_THAT(kept_.calls, IsEmpty());
}

TEST_F(DeviationLogTest, AStatusOfAnotherVersionIsSaidAsItStands) {
  const Target target = investment();
  kept_.last[key_of(target)] = {key_of(target), "paused", false};
  Board board = board_without_data(catalogue_of({target}), date_of(2026, 7, 1));
  board.record(0, {kEndOfJune, 12.6e8});
  DeviationLog log(kept_.last, kept_.persist());
  log.compare_all(board);
  EXPECT_EQ(text_of(only_record(), "from"), "paused");
  EXPECT_THAT(text_of(only_record(), "message"), HasSubstr("由 paused 转为 欠进度"));
}

// Whatever order the targets come in, and however they are cut into calls, the same is said.
TEST_F(DeviationLogTest, TheOrderOfTargetsDoesNotMatter) {
  constexpr Catalogue::Index kTargets = 60;
  Board board = board_with_data(many_targets(kTargets, 4), kJuly);
  std::set<std::string> first;
  std::mt19937 random(7);
  for (int round = 0; round < 4; ++round) {
    std::vector<Catalogue::Index> order(kTargets);
    for (Catalogue::Index i = 0; i < kTargets; ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    const auto lines_before = file_.records().size();

    DeviationLog log({}, kept_.persist());
    const auto cut = order.begin() + 1 + round * 13;
    log.compare(board, {order.begin(), cut}, "s");
    log.compare(board, {cut, order.end()}, "s");

    std::set<std::string> said;
    const auto all = file_.records();
    for (std::size_t i = lines_before; i < all.size(); ++i) {
      said.insert(text_of(all[i], "event") + " " + text_of(all[i], "message"));
    }
    EXPECT_EQ(said.size(), all.size() - lines_before);
    if (round == 0) first = said;
    EXPECT_EQ(said, first);
  }
  EXPECT_GE(first.size(), kTargets);
}

TEST_F(DeviationLogTest, TheDailyLineNamesWhatIsRed) {
  Board board = board_without_data(
      catalogue_of({investment(), investment("culture-tourism.other"), pledge()}),
      date_of(2026, 7, 1));
  board.record(0, {kEndOfJune, 12.6e8});
  board.record(1, {kEndOfJune, 15e8});
  DeviationLog log({}, kept_.persist());
  log.summarise(board);
  const auto record = only_record();
  EXPECT_EQ(text_of(record, "event"), "daily_summary");
  EXPECT_EQ(text_of(record, "date"), "2026-07-01");
  EXPECT_EQ(record.at("red").to_number<int>(), 1);
  EXPECT_EQ(record.at("green").to_number<int>(), 1);
  EXPECT_EQ(record.at("grey").to_number<int>(), 1);
  EXPECT_EQ(record.at("report_overdue").to_number<int>(), 1);
  EXPECT_EQ(json::serialize(record.at("red_targets")), R"(["culture-tourism.investment"])");
  EXPECT_EQ(text_of(record, "message"), "2026-07-01 亮红灯 1 项：文旅投资（区文旅局）；迟报 1 项");
  EXPECT_THAT(kept_.calls, IsEmpty());
}

TEST_F(DeviationLogTest, TheDailyLineNamesFiftyAndCountsTheRest) {
  const auto catalogue = many_targets(70, 2);
  Board board = board_without_data(catalogue, date_of(2026, 7, 1));
  for (Catalogue::Index i = 0; i < 70; ++i) board.record(i, {kEndOfJune, 1e8});
  DeviationLog log({}, kept_.persist());
  log.summarise(board);
  const auto record = only_record();
  EXPECT_EQ(record.at("red").to_number<int>(), 70);
  EXPECT_THAT(record.at("red_targets").as_array(), SizeIs(50));
  EXPECT_EQ(record.at("red_more").to_number<int>(), 20);
  EXPECT_THAT(text_of(record, "message"), HasSubstr("亮红灯 70 项：目标0（第0局）、"));
  EXPECT_THAT(text_of(record, "message"), ::testing::EndsWith(" 等，另有 20 项"));
}

TEST_F(DeviationLogTest, ADayWithoutRedSaysSo) {
  Board board = board_without_data(catalogue_of({investment()}), date_of(2026, 1, 5));
  DeviationLog({}, kept_.persist()).summarise(board);
  EXPECT_EQ(text_of(only_record(), "message"), "2026-01-05 没有亮红灯的目标");
  EXPECT_THAT(only_record().at("red_targets").as_array(), IsEmpty());
}

TEST_F(DeviationLogTest, WhatADiskWithoutRoomDidNotTakeIsSaidOnceThereIsRoom) {
  Board board = board_without_data(catalogue_of({investment()}), kJuly);
  DeviationLog log({}, kept_.persist());
  {
    const NoRoom full(0);
    for (const double value : {12.6e8, 20e8, 12.6e8}) {
      board.record(0, {kEndOfJune, value});
      log.compare(board, {0}, "s");
    }
    log.summarise(board);
    log.write_unsaid(board);
    EXPECT_EQ(log.unsaid(), 4u);
    EXPECT_THAT(kept_.calls, IsEmpty());
  }
  log.write_unsaid(board);
  EXPECT_EQ(log.unsaid(), 0u);
  const auto changes = records("status_changed");
  std::vector<std::string> seen;
  for (const auto& change : changes) {
    seen.push_back(text_of(change, "from") + " " + text_of(change, "to"));
    EXPECT_TRUE(from_rfc3339(text_of(change, "seen_at"))) << json::serialize(change);
  }
  EXPECT_THAT(seen, ElementsAre("no_data behind", "behind ahead", "ahead behind"));
  EXPECT_THAT(records("daily_summary"), SizeIs(1));
  EXPECT_THAT(records("log_gap"), SizeIs(1));
  EXPECT_EQ(kept_.last.at(key_of(investment())).status, "behind");

  const auto lines = file_.lines().size();
  log.write_unsaid(board);
  log.compare_all(board);
  EXPECT_EQ(file_.lines().size(), lines);
  board.record(0, {kEndOfJune, 20e8});
  log.compare(board, {0}, "s");
  EXPECT_FALSE(records("status_changed").back().contains("seen_at"));
}

TEST_F(DeviationLogTest, AStartSaysWhatWaitedWhenTheDaemonEnded) {
  Board board = board_without_data(catalogue_of({investment()}), kJuly);
  {
    const NoRoom full(0);
    DeviationLog log(kept_.last, kept_.persist());
    board.record(0, {kEndOfJune, 12.6e8});
    log.compare(board, {0}, "s");
  }
  EXPECT_THAT(kept_.calls, IsEmpty());
  DeviationLog(kept_.last, kept_.persist()).compare_all(board);
  EXPECT_THAT(records("status_changed"), SizeIs(1));
  EXPECT_THAT(kept_.calls, SizeIs(1));
}

// The report of June arrives and turns the light: there is room for the one and not for the other.
TEST_F(DeviationLogTest, OfTwoRecordsOfATargetTheOneThatWasWrittenIsNotRepeated) {
  Board board = board_without_data(catalogue_of({investment()}), date_of(2026, 8, 1));
  DeviationLog log({}, kept_.persist());
  log.compare_all(board);
  ASSERT_THAT(records("report_overdue"), SizeIs(1));
  board.record(0, {kEndOfJune, 12.6e8});
  {
    const NoRoom nearly_full(std::filesystem::file_size(file_.config().path) + 500);
    log.compare(board, {0}, "s");
  }
  EXPECT_EQ(log.unsaid(), 1u);
  const Judged& halfway = kept_.last.at(key_of(investment()));
  EXPECT_FALSE(halfway.report_overdue);
  EXPECT_EQ(halfway.status, "no_data");
  log.write_unsaid(board);
  std::vector<std::string> events;
  for (const auto& line : file_.lines()) {
    boost::system::error_code torn;
    const auto record = json::parse(line, torn);
    if (!torn) events.push_back(text_of(record.as_object(), "event"));
  }
  EXPECT_THAT(events, ElementsAre("report_overdue", "report_arrived", "log_gap", "status_changed"));
  EXPECT_EQ(kept_.last.at(key_of(investment())).status, "behind");
}

TEST_F(DeviationLogTest, MoreChangesThanMayWaitAreSaidAsWell) {
  constexpr Catalogue::Index kTargets = DeviationLog::kMostUnsaid + 50;
  Board board = board_without_data(many_targets(kTargets, 5), date_of(2026, 2, 5));
  DeviationLog log({}, kept_.persist());
  std::vector<Catalogue::Index> all(kTargets);
  for (Catalogue::Index i = 0; i < kTargets; ++i) {
    all[i] = i;
    board.record(i, {date_of(2026, 1, 31), 0.5e8});
  }
  {
    const NoRoom full(0);
    log.compare(board, all, "s");
    EXPECT_EQ(log.unsaid(), DeviationLog::kMostUnsaid);
  }
  log.write_unsaid(board);
  EXPECT_EQ(log.unsaid(), 0u);
  std::set<std::string> said;
  for (const auto& record : records("status_changed")) said.insert(text_of(record, "target"));
  EXPECT_EQ(said.size(), kTargets);
  EXPECT_EQ(records("status_changed").size(), kTargets);
  EXPECT_EQ(kept_.last.size(), kTargets);
}

}  // namespace
}  // namespace districtd
