#include "base/ports/files.h"

#include <cerrno>
#include <string>
#include <gtest/gtest.h>

#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {
namespace {

class ReadFileTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "figures.csv";
};

TEST_F(ReadFileTest, ReadsEveryByteOfSmallAndLargeFiles) {
  for (const std::size_t size : {0U, 1U, 65'535U, 65'536U, 65'537U, 300'001U}) {
    std::string text(size, 'a');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i % 251);
    write_file(file_, text);
    const auto read = read_whole(file_);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, text) << size;
  }
}

// The kernel says that the files of /proc have no size.
TEST_F(ReadFileTest, ReadsFilesThatDoNotSayTheirSize) {
  const auto read = read_whole("/proc/self/status");
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->starts_with("Name:")) << *read;
}

TEST_F(ReadFileTest, SaysWhyItCannotBeRead) {
  const auto missing = read_whole(folder_.path() / "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().value(), ENOENT);
  const auto folder = read_whole(folder_.path());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().value(), EISDIR);
}

TEST_F(ReadFileTest, ReadsPieceByPiece) {
  write_file(file_, "0123456789");
  const UniqueFd file = open_file(file_, O_RDONLY);
  ASSERT_TRUE(file);
  EXPECT_EQ(*read_some(file, 4), "0123");
  EXPECT_EQ(*read_rest(file), "456789");
  EXPECT_EQ(*read_some(file, 4), "");
}

TEST_F(ReadFileTest, TheFirstLineIsWithoutItsEnd) {
  const auto first_line_of = [this](std::string_view text) {
    write_file(file_, text);
    return *read_first_line(file_);
  };
  EXPECT_EQ(first_line_of("secret\n"), "secret");
  EXPECT_EQ(first_line_of("se cret \r\nmore\n"), "se cret");
  EXPECT_EQ(first_line_of("secret"), "secret");
  EXPECT_EQ(first_line_of("\nsecret"), "");
  write_file(file_, "");
  EXPECT_FALSE(read_first_line(file_));
  EXPECT_FALSE(read_first_line(folder_.path() / "none"));
}

TEST_F(ReadFileTest, ADescriptorIsClosedInProgramsThatAreStarted) {
  write_file(file_, "");
  const UniqueFd file = open_file(file_, O_RDONLY);
  EXPECT_NE(::fcntl(file.get(), F_GETFD) & FD_CLOEXEC, 0);
  const UniqueFd folder = open_file(folder_.path(), O_RDONLY | O_DIRECTORY);
  EXPECT_NE(::fcntl(open_at(folder.get(), "figures.csv", O_RDONLY).get(), F_GETFD) & FD_CLOEXEC, 0);
}

}  // namespace
}  // namespace districtd
