// What departments really send: each file of tests/fixtures/intake and each workbook that
// tests/fixtures/workbooks.py writes, with all that is made of it, and the way back: what was
// refused is corrected as its .fix says, dropped again as NAME.errors.csv is, and taken.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/media_type.h"
#include "collectors/inbox/receipt_files.h"
#include "tests/unit/intake/example_catalogue.h"

namespace districtd {
namespace {

namespace fs = std::filesystem;

const fs::path kFixtures = DISTRICT_FIXTURES;
const fs::path kWorkbooks = DISTRICT_WORKBOOKS;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Decoded decode_file(const std::string& name, std::string body) {
  return decode_example(
      {"culture-tourism", "csv_drop", media_type_by_ending(name), name, std::move(body)});
}

// All that a receipt and the store would get, a line each.
std::string summary(const Decoded& decoded) {
  const Receipt& receipt = decoded.receipt;
  std::string text = std::string(to_string(decoded.outcome)) + " " + receipt.encoding + "\n";
  text += "rows " + std::to_string(receipt.rows) + ", rejected " +
          std::to_string(receipt.rejected) + ", empty " + std::to_string(receipt.empty) + "\n";
  const std::vector<std::string> values = readings(decoded);
  for (std::size_t i = 0; i < values.size(); ++i) {
    text += "value " + std::to_string(decoded.observations[i].row) + " " + values[i];
    const std::string& note = decoded.observations[i].note;
    text += (note.empty() ? "" : " " + note) + "\n";
  }
  for (const RowError& error : receipt.errors) {
    text += "error " + (error.sheet.empty() ? "" : error.sheet + " ") + std::to_string(error.row) +
            " " + error.column + " " + error.code + " " + error.message + "\n";
  }
  for (const std::string& note : receipt.notes) text += "note " + note + "\n";
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string corrected(std::string text, const fs::path& fix) {
  std::ifstream file(fix);
  for (std::string line; std::getline(file, line);) {
    const std::size_t arrow = line.find(" => ");
    if (arrow == std::string::npos) continue;
    std::string from = line.substr(0, arrow);
    for (std::size_t at; (at = from.find("\\n")) != std::string::npos;) from.replace(at, 2, "\n");
    text = replaced(std::move(text), from, line.substr(arrow + 4));
  }
  return text;
}

void expect_as_written(const fs::path& expected, const Decoded& decoded) {
  if (std::getenv("DISTRICT_WRITE_EXPECTED") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    std::ofstream(expected) << summary(decoded);
  }
  EXPECT_EQ(summary(decoded), read_file(expected)) << expected;
}

// Every refused row is taken once it is corrected, and nothing of it has to be typed again.
void expect_a_way_back(const fs::path& input, const fs::path& stem, const Decoded& decoded) {
  if (decoded.receipt.errors.empty()) return;
  const fs::path fixed = stem.string() + ".fixed";
  if (fs::exists(fixed)) {
    const bool is_json = read_file(fixed).starts_with('{');
    const Decoded again = decode_file(is_json ? "fixed.json" : "fixed.csv", read_file(fixed));
    EXPECT_TRUE(again.receipt.errors.empty()) << summary(again);
    EXPECT_FALSE(again.observations.empty()) << fixed;
    return;
  }
  const fs::path fix = stem.string() + ".fix";
  ASSERT_TRUE(fs::exists(fix)) << input << " has refusals and no way back";
  const std::string given_back = errors_csv(decoded.receipt);
  ASSERT_FALSE(given_back.empty()) << input;
  EXPECT_FALSE(decode_file("again.csv", given_back).receipt.errors.empty()) << given_back;
  const std::string sent_again = corrected(given_back, fix);
  const Decoded again = decode_file("again.csv", sent_again);
  EXPECT_TRUE(again.receipt.errors.empty()) << sent_again << summary(again);
  EXPECT_GE(static_cast<std::int64_t>(again.observations.size()) + again.receipt.empty,
            decoded.receipt.rejected)
      << sent_again;
}

std::vector<fs::path> inputs(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string ending = entry.path().extension();
    if (ending == ".expected" || ending == ".fix" || ending == ".fixed") continue;
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(FixturesTest, EveryFileThatDepartmentsSendGetsItsReceiptAndHasAWayBack) {
  const std::vector<fs::path> files = inputs(kFixtures);
  EXPECT_GE(files.size(), 80U);
  for (const fs::path& input : files) {
    SCOPED_TRACE(input);
    const Decoded decoded = decode_file(input.filename(), read_file(input));
    fs::path stem = input;
    stem.replace_extension();
    expect_as_written(stem.string() + ".expected", decoded);
    expect_a_way_back(input, stem, decoded);
  }
}

TEST(FixturesTest, EveryWorkbookGetsItsReceiptAndHasAWayBack) {
  if (!fs::exists(kWorkbooks)) GTEST_SKIP() << "python3-openpyxl is not installed";
  const std::vector<fs::path> files = inputs(kWorkbooks);
  EXPECT_GE(files.size(), 15U);
  for (const fs::path& input : files) {
    SCOPED_TRACE(input);
    const Decoded decoded = decode_file(input.filename(), read_file(input));
    const fs::path stem = kFixtures / input.filename();
    expect_as_written(stem.string() + ".expected", decoded);
    if (!decoded.receipt.errors.empty() && decoded.receipt.refused.empty()) {
      // The whole workbook was refused: it is saved again.
      const Decoded again = decode_file("again.xlsx", read_file(kWorkbooks / "plain.xlsx"));
      EXPECT_TRUE(again.receipt.errors.empty());
    } else {
      expect_a_way_back(input, stem, decoded);
    }
  }
}

}  // namespace
}  // namespace districtd
