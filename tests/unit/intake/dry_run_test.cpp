// A dry run is read as the real one, with a note for each row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "collectors/receipt_json.h"
#include "tests/unit/intake/example_catalogue.h"

namespace districtd {
namespace {

Decoded decode_dry(Submission submission) {
  submission.is_dry_run = true;
  return decode_example(submission);
}

TEST(DryRunOfIntakeTest, EveryFixtureIsReadAlike) {
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(DISTRICT_FIXTURES)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string body(std::istreambuf_iterator<char>(file), {});
    const Decoded real = decode_example(csv_of(body));
    const Decoded dry = decode_dry(csv_of(body));
    EXPECT_EQ(to_json(dry.receipt), to_json(real.receipt)) << entry.path();
    EXPECT_EQ(readings(dry), readings(real)) << entry.path();
    EXPECT_TRUE(real.row_notes.empty());
    ++read;
  }
  EXPECT_GT(read, 20);
}

TEST(DryRunOfIntakeTest, EachRowHasItsOwnNotes) {
  const Decoded decoded = decode_dry(
      csv_of("指标,截至日期,数值,数据性质\n文旅投资,6月,三万五万元,\n活动场次,2026年6月,(35),预计\n"
             "招商引资,5月,1亿元,\n"));
  std::vector<std::string> notes;
  for (const RowNote& one : decoded.row_notes) {
    notes.push_back(std::to_string(one.row) + " " + one.sentence);
  }
  EXPECT_THAT(notes, ::testing::UnorderedElementsAre(
                         ::testing::HasSubstr("2 第 2 行的日期“6月”没有写年份"),
                         ::testing::HasSubstr("2 第 2 行的“三万五万元”按口语"),
                         ::testing::HasSubstr("3 第 3 行的“(35)”在括号里"),
                         ::testing::HasSubstr("3 第 3 行的“活动场次”是预计数"),
                         ::testing::HasSubstr("4 第 4 行的日期“5月”没有写年份")));
}

}  // namespace
}  // namespace districtd
