#include "collectors/inbox/inbox_file.h"
#include "collectors/inbox/inbox_survey.h"
#include "collectors/inbox/put_away.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <gtest/gtest.h>

#include "base/durable_file.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {
namespace {

namespace fs = std::filesystem;
using Read = InboxFile::Result;
using Result = PutAway::Result;

class InboxFilesTest : public testing::Test {
 protected:
  OpenFolder folder() const { return {open_folder(folder_.path()), folder_.path(), 0}; }

  InboxFile look(const std::string& name, std::uint64_t max_bytes = 1000) {
    return read_inbox_file(folder(), name, max_bytes, {}, go_on_);
  }

  PutAway accept(const std::string& name, const FileState& state) {
    return put_away(folder(), name, state, true, receipt_);
  }

  fs::path accepted(const std::string& name) { return folder_.path() / "accepted" / name; }

  TemporaryFolder folder_;
  std::atomic<bool> go_on_ = false;
  Receipt receipt_;
};

TEST_F(InboxFilesTest, ReadsAWholeFile) {
  write_file(folder_.path() / "a.csv", "figures");
  const InboxFile file = look("a.csv");
  EXPECT_EQ(file.result, Read::read);
  EXPECT_EQ(file.body, "figures");
}

TEST_F(InboxFilesTest, WhatCannotBeSeenForWantOfADescriptorIsNotGone) {
  write_file(folder_.path() / "a.csv", "figures");
  const auto seen = see_names(folder(), {"a.csv", "gone.csv"});
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->contains("a.csv"));
  EXPECT_FALSE(seen->contains("gone.csv"));
  EXPECT_FALSE(see_names({UniqueFd(), folder_.path(), EMFILE}, {"a.csv"}));
}

TEST_F(InboxFilesTest, DoesNotReadWhatSomebodyHoldsOpenForWriting) {
  std::ofstream writer(folder_.path() / "a.csv");
  writer << "half" << std::flush;
  EXPECT_EQ(look("a.csv").result, Read::being_written);
  writer.close();
  EXPECT_EQ(look("a.csv").result, Read::read);
}

TEST_F(InboxFilesTest, ReadsWhatSomebodyHoldsOpenForReading) {
  write_file(folder_.path() / "a.csv", "figures");
  const std::ifstream reader(folder_.path() / "a.csv");
  EXPECT_EQ(look("a.csv").result, Read::read);
}

TEST_F(InboxFilesTest, SaysWhatIsNoFile) {
  write_file(folder_.path() / "real.txt", "secret");
  fs::create_symlink("real.txt", folder_.path() / "link.csv");
  ASSERT_EQ(::mkfifo((folder_.path() / "fifo.csv").c_str(), 0600), 0);
  fs::create_directory(folder_.path() / "folder.csv");
  for (const auto& [name, type] :
       std::vector<std::pair<std::string, mode_t>>{{"link.csv", S_IFLNK}, {"fifo.csv", S_IFIFO}}) {
    EXPECT_EQ(look(name).result, Read::not_a_file) << name;
    EXPECT_EQ(look(name).state.type, type) << name;
  }
  EXPECT_EQ(look("gone.csv").result, Read::gone);
  fs::create_symlink("nowhere", folder_.path() / "accepted");
  EXPECT_EQ(look("accepted").result, Read::gone) << "that is a trouble, and not a delivery";
}

TEST_F(InboxFilesTest, AFolderMayBeBeingFilledForAMinute) {
  fs::create_directory(folder_.path() / "folder.csv");
  const InboxFile seen = look("folder.csv");
  EXPECT_EQ(seen.result, Read::being_written);
  const auto look_after = [&](std::chrono::seconds time) {
    return read_inbox_file(folder(), "folder.csv", 1000, {false, false, seen.state, time, {}},
                           go_on_)
        .result;
  };
  EXPECT_EQ(look_after(std::chrono::seconds(59)), Read::being_written);
  EXPECT_EQ(look_after(std::chrono::seconds(60)), Read::not_a_file);
  // Its own times may lie in the future; what is in it counts too.
  write_file(folder_.path() / "folder.csv" / "a.csv", "figures");
  EXPECT_EQ(look_after(std::chrono::seconds(60)), Read::being_written);
}

TEST_F(InboxFilesTest, LeavesAFileOfWhichOnlyTheCreationWasHeardToItsWriter) {
  write_file(folder_.path() / "a.csv", "figures");
  fs::create_symlink("nowhere", folder_.path() / "link.csv");
  const auto look_at_created = [&](const std::string& name) {
    return read_inbox_file(folder(), name, 1000, {true, false, std::nullopt, {}, {}}, go_on_)
        .result;
  };
  EXPECT_EQ(look_at_created("a.csv"), Read::gone);
  EXPECT_EQ(look_at_created("link.csv"), Read::not_a_file);
}

TEST_F(InboxFilesTest, DoesNotReadMoreThanAllowed) {
  write_file(folder_.path() / "a.csv", std::string(1001, 'x'));
  EXPECT_EQ(look("a.csv").result, Read::too_large);
  EXPECT_EQ(look("a.csv", 1001).result, Read::read);
}

TEST_F(InboxFilesTest, LeavesAloneWhatOthersWriteBesideTheRealFile) {
  for (const char* name :
       {"", ".hidden.csv", "a.csv~", "a.csv.tmp", "a.csv.PART", "~$6月.xlsx", "a.csv.filepart",
        "a.csv.crdownload", "7C3A91F0", "7c3a91f0", "20261399", "~WRL0005.tmp", "~WRD0001.docx",
        ".~lock.6月.ods#", "Thumbs.db", "thumbs.db", "desktop.ini", ".DS_Store", "$RECYCLE.BIN"}) {
    EXPECT_TRUE(is_left_alone(name)) << name;
  }
  for (const char* name : {"a.csv", "part", "tmp.csv", "6月.xlsx", "20260630", "7C3A91F",
                           "7C3A91F0.csv", "7C3A91FG", "mythumbs.db.csv"}) {
    EXPECT_FALSE(is_left_alone(name)) << name;
  }
}

TEST_F(InboxFilesTest, NeverReplacesAnEarlierFileOrReceipt) {
  fs::create_directory(folder_.path() / "accepted");
  write_file(accepted("6月.csv"), "first");
  write_file(accepted("6月-2.csv.receipt.json"), "of an earlier crash");
  write_file(accepted("6月-3.csv.errors.csv"), "of another");
  write_file(folder_.path() / "6月.csv", "second");
  ASSERT_EQ(accept("6月.csv", look("6月.csv").state).result, Result::moved);
  EXPECT_EQ(read_file(accepted("6月.csv")), "first");
  EXPECT_EQ(read_file(accepted("6月-2.csv.receipt.json")), "of an earlier crash");
  EXPECT_EQ(read_file(accepted("6月-4.csv")), "second");
  EXPECT_TRUE(fs::exists(accepted("6月-4.csv.receipt.json")));
  EXPECT_FALSE(fs::exists(folder_.path() / "6月.csv"));
}

TEST_F(InboxFilesTest, NumbersNamesWithoutAnEndingAtTheirEnd) {
  fs::create_directory(folder_.path() / "accepted");
  write_file(accepted("figures"), "first");
  write_file(folder_.path() / "figures", "second");
  ASSERT_EQ(accept("figures", look("figures").state).result, Result::moved);
  EXPECT_EQ(read_file(accepted("figures-2")), "second");
}

TEST_F(InboxFilesTest, ShortensANameThatLeavesNoRoomForItsReceipt) {
  std::string name;
  for (int i = 0; i < 83; ++i) name += "月";  // 249 bytes, and 4 for the ending
  name += ".csv";
  write_file(folder_.path() / name, "figures");
  ASSERT_EQ(accept(name, look(name).state).result, Result::moved);
  std::string kept;
  for (int i = 0; i < 79; ++i) kept += "月";
  EXPECT_EQ(read_file(accepted(kept + ".csv")), "figures");
  EXPECT_TRUE(fs::exists(accepted(kept + ".csv.receipt.json")));
}

TEST_F(InboxFilesTest, DoesNotPutAwayWhatIsNoLongerWhatWasRead) {
  write_file(folder_.path() / "a.csv", "old");
  const FileState state = look("a.csv").state;
  write_file(folder_.path() / "new", "new");
  fs::rename(folder_.path() / "new", folder_.path() / "a.csv");
  EXPECT_EQ(accept("a.csv", state).result, Result::changed);
  EXPECT_EQ(read_file(folder_.path() / "a.csv"), "new");
  EXPECT_TRUE(fs::is_empty(folder_.path() / "accepted"));
}

TEST_F(InboxFilesTest, DoesNotPutAwayWhatIsBeingWrittenAgain) {
  write_file(folder_.path() / "a.csv", "old");
  const FileState state = look("a.csv").state;
  const std::ofstream writer(folder_.path() / "a.csv", std::ios::app);
  EXPECT_EQ(accept("a.csv", state).result, Result::changed);
}

TEST_F(InboxFilesTest, FollowsNoLinkInPlaceOfAccepted) {
  const TemporaryFolder elsewhere;
  fs::create_directory_symlink(elsewhere.path(), folder_.path() / "accepted");
  write_file(folder_.path() / "a.csv", "figures");
  const PutAway away = accept("a.csv", look("a.csv").state);
  EXPECT_EQ(away.result, Result::failed);
  EXPECT_NE(away.trouble.find("accepted"), std::string::npos) << away.trouble;
  EXPECT_TRUE(fs::is_empty(elsewhere.path()));
  EXPECT_TRUE(fs::exists(folder_.path() / "a.csv"));
}

TEST_F(InboxFilesTest, WritesNewFilesWholeOrNotAtAll) {
  const UniqueFd folder(::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY));
  for (const auto how : {UnfinishedFile::without_name, UnfinishedFile::of_its_own_name}) {
    const std::string name = how == UnfinishedFile::without_name ? "a" : "b";
    EXPECT_EQ(write_new_file(folder.get(), name, "one", how), 0);
    EXPECT_EQ(write_new_file(folder.get(), name, "two", how), EEXIST);
    EXPECT_EQ(read_file(folder_.path() / name), "one");
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 2);
}

// A folder stood where the unfinished receipt was to be written, and that the name was taken was
// believed of one number after the other.
TEST_F(InboxFilesTest, NobodyCanBeInTheWayOfAnUnfinishedReceipt) {
  fs::create_directories(accepted(".districtd-unfinished.tmp"));
  write_file(folder_.path() / "a.csv", "figures");
  ASSERT_EQ(accept("a.csv", look("a.csv").state).result, Result::moved);
  EXPECT_TRUE(fs::exists(accepted("a.csv.receipt.json")));
  EXPECT_TRUE(fs::is_directory(accepted(".districtd-unfinished.tmp")));
}

TEST_F(InboxFilesTest, ANameThatIsNotToBeHadIsATroubleAndNoOtherNumber) {
  // Longer than a name may be: ENAMETOOLONG, whatever the number.
  const UniqueFd folder(::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY));
  EXPECT_EQ(write_new_file(folder.get(), std::string(300, 'x'), "one"), ENAMETOOLONG);
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

}  // namespace
}  // namespace districtd
