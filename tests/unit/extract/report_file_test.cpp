// Files that are no text say so in one sentence.
#include "daemon/extract/text/report_file.h"

#include <gmock/gmock.h>

#include "tests/unit/fixture/files_test.h"

namespace districtd::extract {
namespace {

using testing::HasSubstr;

class ReportFileTest : public FilesTest {
 protected:
  // The text, or why there is none.
  static std::string read(const std::filesystem::path& file) {
    std::string text;
    const auto result = read_report(
        file, [](const ReportText&) {}, [&text](std::string_view piece) { text += piece; });
    return result ? text : result.error();
  }
};

TEST_F(ReportFileTest, Utf8WithAndWithoutAByteOrderMark) {
  EXPECT_EQ(read(write("a.txt", "完成投资\n")), "完成投资\n");
  EXPECT_EQ(read(write("b.txt", "\xEF\xBB\xBF完成投资\n")), "完成投资\n");
}

TEST_F(ReportFileTest, LargeFilesComeInPieces) {
  std::string text;
  while (text.size() < 1'000'000) text += "完成文旅投资30亿元以上。\n";
  EXPECT_EQ(read(write("a.txt", text)), text);
}

// The first block is 256 KiB and ends in the middle of a character.
TEST_F(ReportFileTest, ACharacterAcrossTheFirstBlockIsWhole) {
  for (const std::string_view beginning : {"", "a", "ab"}) {
    std::string text{beginning};
    while (text.size() < 300'000) text += "区";
    EXPECT_EQ(read(write("a.txt", text)), text) << beginning;
  }
}

TEST_F(ReportFileTest, WorkbooksAndPdfsAreNamed) {
  EXPECT_THAT(read(write("a.txt", "%PDF-1.7 …")), HasSubstr("PDF"));
  EXPECT_THAT(read(write("b.txt", std::string_view("PK\x03\x04 docx", 9))), HasSubstr("另存为"));
  EXPECT_THAT(read(write("c.txt", "\xD0\xCF\x11\xE0")), HasSubstr("旧式"));
  EXPECT_THAT(read(write("d.txt", std::string_view("a\0b", 3))), HasSubstr("空字节"));
  EXPECT_THAT(read(folder_ / "none.txt"), HasSubstr("打不开"));
  EXPECT_THAT(read(folder_), HasSubstr("文件夹"));
}

TEST_F(ReportFileTest, AnEmptyFileIsAnEmptyText) { EXPECT_EQ(read(write("a.txt", "")), ""); }

}  // namespace
}  // namespace districtd::extract
