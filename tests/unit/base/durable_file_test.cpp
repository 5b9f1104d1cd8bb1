#include "base/durable_file.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <gtest/gtest.h>

#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {
namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

mode_t mode_of(const std::filesystem::path& file) {
  struct stat found {};
  return ::stat(file.c_str(), &found) == 0 ? found.st_mode & 07777U : 0;
}

class WriteWholeTest : public testing::Test {
 protected:
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator{folder_.path()}, {}));
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "通报.txt";
};

TEST_F(WriteWholeTest, ReplacesWhatIsThereAndLeavesNothingBeside) {
  write_whole(file_, "before");
  write_whole(file_, "after");
  EXPECT_EQ(content_of(file_), "after");
  EXPECT_EQ(files(), 1u);
}

TEST_F(WriteWholeTest, WhatFailsSaysWhereAndLeavesWhatWasThere) {
  std::filesystem::create_directory(file_);  // cannot be replaced by a file
  try {
    write_whole(file_, "text");
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& failure) {
    EXPECT_NE(std::string{failure.what()}.find(file_.string() + " cannot be put in place: "),
              std::string::npos)
        << failure.what();
  }
  EXPECT_TRUE(std::filesystem::is_directory(file_));
  EXPECT_EQ(files(), 1u);
  EXPECT_THROW(write_whole(folder_.path() / "none" / "a", ""), std::runtime_error);
}

TEST_F(WriteWholeTest, AFileWithSecretsIsItsGroupsAtMostAndKeepsItsMode) {
  write_whole(file_, "secret", FileAccess::as_before);
  EXPECT_EQ(mode_of(file_), 0640U);
  ASSERT_EQ(::chmod(file_.c_str(), 0600), 0);
  write_whole(file_, "another", FileAccess::as_before);
  EXPECT_EQ(mode_of(file_), 0600U);
  EXPECT_EQ(content_of(file_), "another");
}

}  // namespace
}  // namespace districtd
