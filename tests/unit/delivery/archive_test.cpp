#include "daemon/delivery/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/bulletins/converter.h"
#include "tests/unit/fixture/files_test.h"

namespace districtd {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Edition edition(const std::string& id, const std::string& on) {
  Edition edition;
  edition.id = id;
  edition.summary = "{\"id\":\"" + id + "\",\"title\":\"通报<" + id + ">\",\"on\":\"" + on + "\"}";
  edition.files = {id + ".html", id + ".pdf"};
  return edition;
}

class ArchiveTest : public FilesTest {};

TEST_F(ArchiveTest, IndexHasTheNewestFirstAndEachOnce) {
  add_to_index(folder_, edition("monthly-2026-06-08", "2026-06-08"), false);
  add_to_index(folder_, edition("monthly-2026-07-08", "2026-07-08"), true);
  add_to_index(folder_, edition("monthly-2026-06-08", "2026-06-08"), false);
  const std::string page = read_archived(folder_, "")->body;
  EXPECT_LT(page.find("2026-07-08（补发）"), page.find("<td>2026-06-08</td>"));
  EXPECT_EQ(page.find("<td>2026-06-08</td>"), page.rfind("<td>2026-06-08</td>"));
  EXPECT_THAT(page, HasSubstr("通报&lt;monthly-2026-06-08&gt;"));
}

TEST_F(ArchiveTest, DamagedIndexIsBegunAnew) {
  write("index.json", "[{\"id\":");
  add_to_index(folder_, edition("monthly-2026-06-08", "2026-06-08"), false);
  EXPECT_THAT(read_archived(folder_, "")->body, HasSubstr("monthly-2026-06-08.pdf"));
}

TEST_F(ArchiveTest, NamesFromOutsideReachNothingButBulletins) {
  write("monthly-2026-07-08.html", "page");
  write("monthly-2026-07-08.pdf", "%PDF");
  write("secret", "secret");
  EXPECT_EQ(read_archived(folder_, "monthly-2026-07-08")->body, "page");
  EXPECT_EQ(read_archived(folder_, "monthly-2026-07-08.pdf")->content_type, "application/pdf");
  for (const char* name : {"secret", "../secret", "monthly-2026-07-08.exe", ".html", "..",
                           "a/../monthly-2026-07-08", "monthly-2026-07-09"}) {
    EXPECT_FALSE(read_archived(folder_, name)) << name;
  }
}

TEST_F(ArchiveTest, EmptyDirectoryHasAnEmptyIndex) {
  EXPECT_THAT(read_archived(folder_, "")->body, HasSubstr("还没有通报"));
}

TEST(ConverterTest, FailureIsSaidWithTheLastWordsOfTheProgram) {
  const auto epoch = std::chrono::sys_seconds{};
  EXPECT_EQ(run_converter({"/bin/true"}, std::chrono::seconds{10}, epoch), "");
  EXPECT_EQ(run_converter({"/bin/sh", "-c", "echo no; echo font is missing >&2; exit 3"},
                          std::chrono::seconds{10}, epoch),
            "/bin/sh failed with status 3: font is missing");
  EXPECT_THAT(run_converter({"/no/such/program"}, std::chrono::seconds{10}, epoch),
              HasSubstr("cannot be started: No such file"));
}

TEST(ConverterTest, HangingProgramAndItsChildrenAreStopped) {
  EXPECT_EQ(run_converter({"/bin/sh", "-c", "sleep 1000 & sleep 1000"}, std::chrono::seconds{1},
                          std::chrono::sys_seconds{}),
            "/bin/sh did not finish within 1 s and was stopped");
}

TEST(ConverterTest, PageForATextProcessorHasNoChartsAndNoStyle) {
  EXPECT_EQ(for_text_processor("<style>p{}</style><p>甲<svg x=\"1\"><a/></svg>乙</p>"),
            "<p>甲乙</p>");
}

}  // namespace
}  // namespace districtd
