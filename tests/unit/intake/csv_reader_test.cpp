#include "daemon/intake/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace districtd {
namespace {

using Table = std::vector<std::vector<std::string>>;

Table read_all(std::string_view text) {
  Table table;
  CsvReader csv(text);
  while (csv.next()) {
    EXPECT_EQ(csv.fault(), CsvReader::Fault::none) << "row " << csv.row();
    table.emplace_back(csv.cells().begin(), csv.cells().end());
  }
  return table;
}

struct Case {
  std::string_view text;
  Table table;
};

// RFC 4180, section 2; the rest is what spreadsheets write.
TEST(CsvReaderTest, ReadsWhatRfc4180AndSpreadsheetsWrite) {
  const std::vector<Case> cases = {
      {"", {}},
      {"a", {{"a"}}},
      {"a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {"a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
      {"a,b\rc,d\r", {{"a", "b"}, {"c", "d"}}},
      {"a,,\n,\n", {{"a", "", ""}, {"", ""}}},
      {"a,", {{"a", ""}}},
      {"a\n\nb\n", {{"a"}, {""}, {"b"}}},
      {"\"a\",\"b\"\r\n", {{"a", "b"}}},
      {"\"a,b\",c", {{"a,b", "c"}}},
      {"\"a\r\nb\",c\n", {{"a\r\nb", "c"}}},
      {"\"a\"\"b\",\"\"\"\"", {{"a\"b", "\""}}},
      {"\"\",\"\"\n", {{"", ""}}},
      {"\"a\" ,b\n", {{"a", "b"}}},
      {"a\"b,c\"\n", {{"a\"b", "c\""}}},
      {" a , b ", {{" a ", " b "}}},
  };
  for (const Case& each : cases) EXPECT_EQ(read_all(each.text), each.table) << each.text;
}

TEST(CsvReaderTest, CountsARowWithQuotedNewlinesOnce) {
  CsvReader csv("h\n\"a\nb\nc\"\nd\n");
  ASSERT_TRUE(csv.next() && csv.next() && csv.next());
  EXPECT_EQ(csv.row(), 3);
  EXPECT_EQ(csv.cells()[0], "d");
}

TEST(CsvReaderTest, CellsWithoutDoubledQuotesAreViewsIntoTheText) {
  const std::string text = "a,\"b,c\"\n";
  CsvReader csv(text);
  ASSERT_TRUE(csv.next());
  for (const std::string_view cell : csv.cells()) {
    EXPECT_GE(cell.data(), text.data());
    EXPECT_LE(cell.data() + cell.size(), text.data() + text.size());
  }
}

TEST(CsvReaderTest, AnUnterminatedQuoteIsAFaultOfTheRowWhereItOpens) {
  for (const std::string_view text : {"h\na,\"b\nc,d\n", "h\na,\"b\"\"", "h\na,\""}) {
    CsvReader csv(text);
    ASSERT_TRUE(csv.next() && csv.next());
    EXPECT_EQ(csv.fault(), CsvReader::Fault::unterminated_quote);
    EXPECT_EQ(csv.row(), 2);
    EXPECT_EQ(csv.faulty_cell(), 1U);
    EXPECT_EQ(csv.cells().size(), 2U);
    EXPECT_FALSE(csv.next());
  }
}

TEST(CsvReaderTest, TextAfterAClosingQuoteIsAFaultOfItsRowOnly) {
  CsvReader csv("x,\"a\"\"b\"c,d\ne\n");
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.fault(), CsvReader::Fault::stray_quote);
  EXPECT_EQ(csv.faulty_cell(), 1U);
  EXPECT_THAT(csv.cells(), testing::ElementsAre("x", "\"a\"\"b\"c", "d"));
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.fault(), CsvReader::Fault::none);
  EXPECT_THAT(csv.cells(), testing::ElementsAre("e"));
}

TEST(CsvReaderTest, HoldsOnlyTheFirstCellsOfARowOfVeryManyAndReadsOn) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += i % 2 == 0 ? "a," : "\"b\"\"\",";
  text += "\"x\"stray\nc,d\n";
  CsvReader csv(text);
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.fault(), CsvReader::Fault::too_many_cells);
  EXPECT_EQ(csv.width(), 100'001U);
  EXPECT_EQ(csv.cells().size(), CsvReader::kMostCells);
  EXPECT_EQ(csv.cells()[CsvReader::kMostCells - 1], "b\"");
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.fault(), CsvReader::Fault::none);
  EXPECT_EQ(csv.row(), 2);
  EXPECT_THAT(csv.cells(), testing::ElementsAre("c", "d"));
}

TEST(CsvReaderTest, EmptyCellsBeyondTheMostAreNoFault) {
  const std::string widest(CsvReader::kMostCells - 1, ',');
  const std::string text = widest + "\n" + widest + ",,,,\n" + widest + ",,,,x\n";
  CsvReader csv(text);
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.fault(), CsvReader::Fault::none);
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.fault(), CsvReader::Fault::none);
  EXPECT_EQ(csv.cells().size(), CsvReader::kMostCells);
  EXPECT_EQ(csv.width(), CsvReader::kMostCells);
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.fault(), CsvReader::Fault::too_many_cells);
  EXPECT_EQ(csv.width(), CsvReader::kMostCells + 4);
  EXPECT_FALSE(csv.next());
}

TEST(CsvReaderTest, DoesNotCopyARowThatIsTooLong) {
  std::string quotes = "\"";
  for (std::size_t i = 0; i < CsvReader::kMostRowBytes; ++i) quotes += "a\"\"";
  const std::string text = "h,\"1\"\"2\"," + quotes + "\",end\r\nb\r\n" + quotes;
  CsvReader csv(text);
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.fault(), CsvReader::Fault::too_long);
  EXPECT_EQ(csv.bytes(), text.find('\r'));
  ASSERT_EQ(csv.cells().size(), 4U);
  EXPECT_EQ(csv.cells()[1], "1\"2");
  EXPECT_GE(csv.cells()[2].data(), text.data());
  EXPECT_LT(csv.cells()[2].data(), text.data() + text.size());
  EXPECT_EQ(csv.cells()[3], "end");
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.fault(), CsvReader::Fault::none);
  EXPECT_THAT(csv.cells(), testing::ElementsAre("b"));
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.fault(), CsvReader::Fault::unterminated_quote);
}

std::string in_quotes(const std::string& cell) {
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

TEST(CsvReaderTest, WhateverIsWrittenWithRandomQuotingReadsBackEqual) {
  const std::vector<std::string> pieces = {"a",    "文旅", ",", "\"",       "\n",
                                           "\r\n", "\r",   " ", "12.6亿元", ""};
  std::mt19937 random(20260708);
  const auto below = [&](std::size_t n) { return random() % n; };
  for (int round = 0; round < 2000; ++round) {
    const std::string end = std::vector<std::string>{"\n", "\r\n", "\r"}[below(3)];
    Table table(1 + below(5));
    std::string text;
    for (auto& row : table) {
      row.resize(1 + below(5));
      for (std::size_t i = 0; i < row.size(); ++i) {
        for (std::size_t n = below(5); n > 0; --n) row[i] += pieces[below(pieces.size())];
        const bool must = row[i].find_first_of(",\r\n\"") != std::string::npos || row.size() == 1;
        text += (i > 0 ? "," : "") + (must || below(2) == 0 ? in_quotes(row[i]) : row[i]);
      }
      if (&row != &table.back() || below(2) == 0) text += end;
    }
    ASSERT_EQ(read_all(text), table) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace districtd
