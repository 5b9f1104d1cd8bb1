// Lines that belong together, wherever the text is cut.
#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/extract/drafts/drafting.h"
#include "daemon/extract/drafts/lines.h"
#include "daemon/extract/drafts/outbox.h"
#include "tests/unit/extract/rules_fixture.h"

namespace districtd::extract {
namespace {

using testing::ElementsAre;

struct Seen : LineConsumer {
  std::vector<std::string> said;
  std::size_t newlines = 0;
  std::size_t longs = 0;
  void take_beginning(std::string_view text) override {
    said.push_back("beginning " + std::to_string(text.size()));
  }
  void take_piece(std::string_view text, bool begins_line) override {
    said.push_back((begins_line ? "" : "+") + std::string{text});
  }
  void take_columns(std::string_view text, std::vector<TableColumn> columns) override {
    said.push_back("columns " + std::to_string(columns.size()) + " " + std::string{text});
  }
  void take_row(std::string_view text, bool is_whole) override {
    said.push_back((is_whole ? "row " : "half ") + std::string{text});
  }
  void end_line(bool was_long) override {
    ++newlines;
    if (was_long) ++longs;
  }
};

Seen seen_of(std::string_view text, std::size_t cut) {
  Seen seen;
  Lines lines(built_in(), 2026, seen);
  for (std::size_t at = 0; at < text.size(); at += cut) lines.feed(text.substr(at, cut));
  lines.finish();
  seen.said.erase(seen.said.begin());  // of the beginning
  return seen;
}

TEST(LinesTest, TheCutMakesNoDifference) {
  const std::string text =
      "一、2026年目标\n全年安排市级重点项目260个,完成投资3500亿\n元;新增绿色工厂30家。\n\n"
      "序号\n指标\n2026年目标\n责任单位\n1\n新增床位\n120张\n县民政局\n二、要求。\n最后一行";
  const Seen whole = seen_of(text, text.size());
  std::size_t within = 0;  // newlines of lines that belong together
  for (const std::string& piece : whole.said) {
    within += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
  }
  EXPECT_EQ(whole.newlines + within,
            static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
  for (const std::size_t cut : {1U, 2U, 3U, 7U, 20U, 64U}) {
    const Seen pieces = seen_of(text, cut);
    EXPECT_EQ(pieces.said, whole.said) << cut;
    EXPECT_EQ(pieces.newlines, whole.newlines) << cut;
  }
}

TEST(LinesTest, CellsThatStandOneALineAreRows) {
  const Seen seen = seen_of("指标\n2026年目标\n责任单位\n新增床位\n120张\n县民政局\n", 1000);
  EXPECT_THAT(seen.said,
              ElementsAre("columns 3 指标\n2026年目标\n责任单位", "row 新增床位\n120张\n县民政局"));
}

TEST(LinesTest, ALongLineGoesOutInPartsThatEndWithASentence) {
  std::string text;
  while (text.size() < 100'000) text += "新建口袋公园12个。";
  const Seen seen = seen_of(text + "\n完。\n", 5000);
  EXPECT_EQ(seen.longs, 1U);
  std::string all;
  for (std::size_t i = 0; i + 1 < seen.said.size(); ++i) {
    const std::string& part = seen.said[i];
    EXPECT_TRUE(part.ends_with("。"));
    EXPECT_EQ(part.starts_with("+"), i > 0);
    all += i > 0 ? part.substr(1) : part;
  }
  EXPECT_EQ(all, text);
}

Draft named(std::string name) {
  Draft draft;
  draft.name = std::move(name);
  draft.goal = 1;
  draft.deadline = date_of(2026, 12, 31);
  return draft;
}

TEST(OutboxTest, TwoDraftsOfADepartmentNeverHaveOneName) {
  std::vector<std::string> names;
  ReportSummary summary;
  Outbox outbox(
      built_in(), 2026, [&](const Draft& d) { names.push_back(d.name); }, summary);
  for (int i = 0; i < 3; ++i) outbox.wait(named("新增床位"));
  Draft later = named("新增床位");
  later.deadline = date_of(2027, 12, 31);
  outbox.wait(later);
  outbox.finish();
  EXPECT_THAT(names, ElementsAre("新增床位", "新增床位(2)", "新增床位(3)", "新增床位(2027年)"));
  EXPECT_EQ(summary.drafts, 4U);
  EXPECT_EQ(summary.unnamed, 4U);
}

TEST(OutboxTest, AnOfficeIsGivenToThoseThatWait) {
  std::vector<std::string> departments;
  ReportSummary summary;
  Outbox outbox(
      built_in(), 2026, [&](const Draft& d) { departments.push_back(d.department); }, summary);
  outbox.wait(named("甲"));
  const std::size_t from = outbox.size();
  outbox.wait(named("乙"));
  outbox.give_office({"县教育局", {}, {"县财政局"}}, from);
  outbox.release();
  outbox.wait(named("丙"));
  outbox.finish();
  EXPECT_THAT(departments, ElementsAre("", "县教育局", ""));
}

TEST(DraftingTest, APieceKnowsItsLines) {
  Piece piece;
  piece.text = "一\n二三\n四";
  EXPECT_EQ(piece.line_at(0), 1U);
  EXPECT_EQ(piece.line_at(piece.text.size()), 3U);
  piece.pass();
  piece.pass_newline();
  EXPECT_EQ(piece.line, 4U);
  EXPECT_EQ(piece.characters, 7U);
  EXPECT_EQ(piece.offset, 15U);
}

TEST(GoalSentenceTest, TheUnitStandsBehindTheFigure) {
  const std::string_view row = "优良率\t95以上\t%";
  const auto cells = cells_in(row, '\t');
  const GoalSentence sentence(cells[0], cells[1], cells[2].text, built_in());
  EXPECT_EQ(sentence.text(), "优良率95%以上");
  const Range quote = sentence.quote();
  EXPECT_EQ(row.substr(quote.begin, quote.end - quote.begin), "优良率\t95以上");
}

}  // namespace
}  // namespace districtd::extract
