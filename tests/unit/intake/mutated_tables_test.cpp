// The fixtures with cells moved, doubled, emptied and cut: whatever a table looks like, reading
// ends, counts add up, and a table read twice gives the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "daemon/intake/several_rows.h"
#include "tests/unit/intake/containers.h"
#include "tests/unit/intake/example_catalogue.h"

namespace districtd {
namespace {

namespace fs = std::filesystem;

// The cells of all text fixtures, roughly: what a random table is put together of.
std::vector<std::string> all_cells() {
  std::set<std::string> cells;
  for (const auto& entry : fs::directory_iterator(DISTRICT_FIXTURES)) {
    if (entry.path().extension() != ".csv") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    for (std::string line; std::getline(file, line);) {
      std::istringstream row(line);
      for (std::string cell; std::getline(row, cell, ',');) {
        const bool is_plain = cell.find_first_of("\"\r|;\t") == std::string::npos;
        if (is_plain && cell.size() < 60 && utf8::is_valid(cell)) cells.insert(cell);
      }
    }
  }
  return {cells.begin(), cells.end()};
}

TEST(MutatedTablesTest, ReadingEndsAndCountsAddUpWhateverATableIsMadeOf) {
  const std::vector<std::string> cells = all_cells();
  ASSERT_GT(cells.size(), 200U);
  std::mt19937 random(20260708);
  const auto below = [&](std::size_t most) { return random() % most; };
  const std::vector<std::vector<std::string>> headers = {
      {"指标", "截至日期", "数值"},
      {"指标", "1月", "2月", "1-2月", "累计"},
      {"截至日期", "文旅投资", "活动场次"},
      {"指标", "单位", "本月", "1-本月", "同比增长(%)"},
      {"指标名称", "类别", "截至日期", "累计完成(万元)", "备注"}};
  for (int round = 0; round < 3000; ++round) {
    TableCells table;
    for (std::size_t above = below(3); above > 0; --above) {
      table.push_back({cells[below(cells.size())]});
    }
    table.push_back(headers[below(headers.size())]);
    for (std::size_t rows = below(8); rows > 0; --rows) {
      std::vector<std::string> row(below(7));
      for (std::string& cell : row) cell = cells[below(cells.size())];
      if (!row.empty() && below(3) != 0) row[0] = below(2) != 0 ? "文旅投资" : "招商引资";
      if (row.size() > 2 && below(2) != 0) row[1] = "2026-06-30";
      if (below(9) == 0) row = headers[below(headers.size())];
      table.push_back(std::move(row));
    }
    const Container container = below(8) == 0 ? Container::utf16 : Container::csv;
    const Submission submission = in_container(container, table);
    SCOPED_TRACE(submission.body);
    const Decoded decoded = decode_example(submission);
    const auto taken = static_cast<std::int64_t>(decoded.observations.size());
    ASSERT_EQ(decoded.receipt.rows, taken + decoded.receipt.rejected);
    ASSERT_TRUE(std::is_sorted(decoded.receipt.errors.begin(), decoded.receipt.errors.end(),
                               [](const RowError& a, const RowError& b) { return a.row < b.row; }));
    ASSERT_EQ(decoded.observations.empty(), decoded.outcome != Outcome::taken);
    // One value for one target and day.
    std::vector<Observation> sorted = decoded.observations;
    ASSERT_TRUE(judge_several(sorted, {}).empty());
    for (const RowError& error : decoded.receipt.errors) {
      ASSERT_FALSE(error.message.empty());
      ASSERT_EQ(error.message.find('{'), std::string::npos) << error.message;
    }
  }
}

}  // namespace
}  // namespace districtd
