#include "collectors/inbox/inbox.h"

#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <boost/asio/io_context.hpp>
#include <prometheus/registry.h>

#include "base/ports/files.h"
#include "collectors/receipt_json.h"
#include "tests/unit/collectors/recording_sink.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr char kDepartment[] = "culture-tourism";

class InboxTest : public testing::Test {
 protected:
  void begin(std::uint64_t max_bytes = 1u << 20,
             std::chrono::milliseconds quiet = std::chrono::milliseconds{0}) {
    drop_.emplace(io_, sink_, registry_, InboxOptions{folder_.path(), max_bytes, quiet},
                  std::vector<std::string>{kDepartment, "postal"},
                  [this](ReportLevel level, std::string_view event, std::string_view message,
                         const std::vector<ReportField>&) {
                    reports_.push_back(std::string(word_of(level)) + " " + std::string(event) +
                                       " " + std::string(message));
                  });
    drop_->start();
  }

  static std::string_view word_of(ReportLevel level) {
    return level == ReportLevel::error ? "error" : level == ReportLevel::warn ? "warn" : "info";
  }

  fs::path inbox(const std::string& name = "") { return folder_.path() / kDepartment / name; }
  fs::path accepted(const std::string& name) { return inbox("accepted") / name; }
  fs::path rejected(const std::string& name) { return inbox("rejected") / name; }

  bool appears(const fs::path& path) {
    return run_until(io_, [&] { return fs::exists(path); });
  }

  // For "and nothing happens to it": another file, dropped later, has been through everything.
  bool later_file_is_taken() {
    const std::string name = "later-" + std::to_string(++later_) + ".csv";
    write_file(inbox(name), "later");
    return appears(accepted(name));
  }

  static void make_old(const fs::path& path) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(1));
  }

  static bool is_there(const fs::path& path) {
    return fs::symlink_status(path).type() != fs::file_type::not_found;
  }

  static void make_socket(const fs::path& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof address.sun_path, "%s", path.c_str());
    ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(fd);
  }

  // For what another program does a while later.
  void run_for(std::chrono::milliseconds time) {
    run_until(io_, [end = std::chrono::steady_clock::now() + time] {
      return std::chrono::steady_clock::now() >= end;
    });
  }

  static void append(const fs::path& path, std::string_view text) {
    std::ofstream(path, std::ios::app) << text;
  }

  std::vector<std::string> bodies() const {
    std::vector<std::string> bodies;
    for (const Submission& submission : sink_.received) bodies.push_back(submission.body);
    return bodies;
  }

  std::size_t reported(const std::string& event) const {
    return static_cast<std::size_t>(std::count_if(
        reports_.begin(), reports_.end(),
        [&](const std::string& report) { return report.find(event) != std::string::npos; }));
  }

  TemporaryFolder folder_;
  boost::asio::io_context io_;
  RecordingSink sink_{io_};
  prometheus::Registry registry_;
  std::vector<std::string> reports_;
  std::optional<Inbox> drop_;
  int later_ = 0;
};

TEST_F(InboxTest, CreatesTheDepartmentsFolders) {
  begin();
  EXPECT_TRUE(appears(inbox()));
  EXPECT_TRUE(appears(folder_.path() / "postal"));
}

TEST_F(InboxTest, TakesAWrittenFileAndPutsItAwayWithItsReceipt) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("6月.csv"), "figures");
  ASSERT_TRUE(appears(accepted("6月.csv")));
  ASSERT_EQ(sink_.received.size(), 1u);
  EXPECT_EQ(sink_.received[0].department, kDepartment);
  EXPECT_EQ(sink_.received[0].collector, "csv_drop");
  EXPECT_EQ(sink_.received[0].media_type, "text/csv");
  EXPECT_EQ(sink_.received[0].name, "6月.csv");
  EXPECT_EQ(sink_.received[0].body, "figures");
  EXPECT_EQ(read_file(accepted("6月.csv")), "figures");
  const auto receipt = receipt_from_json(read_file(accepted("6月.csv.receipt.json")));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->accepted, 1);
  EXPECT_FALSE(fs::exists(accepted("6月.csv.errors.csv")));
  EXPECT_FALSE(fs::exists(inbox("6月.csv")));
}

TEST_F(InboxTest, TakesAFileThatIsMovedIn) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(folder_.path() / "outside", "figures");
  fs::rename(folder_.path() / "outside", inbox("a.csv"));
  EXPECT_TRUE(appears(accepted("a.csv")));
}

TEST_F(InboxTest, TakesWhatLayThereBeforeTheStartOnce) {
  fs::create_directory(inbox());
  for (const char* name : {"c.csv", "a.csv", "b.csv"}) write_file(inbox(name), name);
  begin();
  for (const char* name : {"c.csv", "a.csv", "b.csv"}) ASSERT_TRUE(appears(accepted(name)));
  auto all = bodies();
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, (std::vector<std::string>{"a.csv", "b.csv", "c.csv"}));
}

TEST_F(InboxTest, TakesNamesWithBlanksQuotesAndLineBreaks) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  const std::vector<std::string> names = {"六月 数据.csv", "a\nb.csv", "it's \"6\".csv",
                                          "no ending"};
  for (const std::string& name : names) write_file(inbox(name), "figures");
  for (const std::string& name : names) EXPECT_TRUE(appears(accepted(name))) << name;
}

TEST_F(InboxTest, TakesAnEmptyFile) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "");
  ASSERT_TRUE(appears(accepted("a.csv")));
  EXPECT_EQ(bodies(), std::vector<std::string>{""});
}

TEST_F(InboxTest, DoesNotTouchAFileThatIsBeingWritten) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  std::ofstream writer(inbox("slow.csv"));
  writer << "first half, " << std::flush;
  ASSERT_TRUE(later_file_is_taken());
  EXPECT_TRUE(fs::exists(inbox("slow.csv")));
  writer << "second half" << std::flush;
  writer.close();
  ASSERT_TRUE(appears(accepted("slow.csv")));
  EXPECT_EQ(bodies(), (std::vector<std::string>{"later", "first half, second half"}));
}

TEST_F(InboxTest, DoesNotTouchAFileThatWasBeingWrittenAtTheStart) {
  fs::create_directory(inbox());
  std::ofstream writer(inbox("slow.csv"));
  writer << "first half, " << std::flush;
  write_file(inbox("whole.csv"), "whole");
  begin();
  ASSERT_TRUE(appears(accepted("whole.csv")));
  EXPECT_EQ(bodies(), std::vector<std::string>{"whole"});
  writer << "second half" << std::flush;
  writer.close();
  ASSERT_TRUE(appears(accepted("slow.csv")));
  EXPECT_EQ(sink_.received.at(1).body, "first half, second half");
}

// WebDAV, some SMB clients and touch: made empty, closed, filled a moment later.
TEST_F(InboxTest, TakesAFileThatIsMadeEmptyAndFilledLaterOnceAndWhole) {
  begin(1u << 20, seconds{1});
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("6月.csv"), "");
  run_for(std::chrono::milliseconds{400});
  append(inbox("6月.csv"), "1234");
  ASSERT_TRUE(appears(accepted("6月.csv")));
  EXPECT_EQ(bodies(), std::vector<std::string>{"1234"});
}

TEST_F(InboxTest, TakesAFileWhoseWriterClosesItBetweenItsWritesOnceAndWhole) {
  begin(1u << 20, seconds{1});
  ASSERT_TRUE(appears(inbox()));
  for (const char* part : {"1", "2", "3", "4"}) {
    append(inbox("6月.csv"), part);
    run_for(std::chrono::milliseconds{300});
  }
  ASSERT_TRUE(appears(accepted("6月.csv")));
  EXPECT_EQ(bodies(), std::vector<std::string>{"1234"});
}

// Excel: eight hexadecimal digits first, renamed when all is written.
TEST_F(InboxTest, TakesAWorkbookThatIsSavedIntoTheFolderUnderItsNameAlone) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("7C3A91F0"), "figures");
  ASSERT_TRUE(later_file_is_taken());
  EXPECT_TRUE(fs::exists(inbox("7C3A91F0")));
  fs::rename(inbox("7C3A91F0"), inbox("6月.xlsx"));
  ASSERT_TRUE(appears(accepted("6月.xlsx")));
  EXPECT_EQ(sink_.received.back().name, "6月.xlsx");
  EXPECT_EQ(sink_.received.size(), 2u);
}

// Where another file stands each time that one was read, submissions do not follow without end.
TEST_F(InboxTest, AFileThatIsAnotherOneEachTimeIsTriedEverMoreRarelyAndReported) {
  bool is_restless = true;
  sink_.decide = [&](const Submission& submission) {
    if (is_restless) {
      write_file(folder_.path() / ".new", std::to_string(sink_.received.size()));
      fs::rename(folder_.path() / ".new", inbox(submission.name));
    }
    return RecordingSink::taken();
  };
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "figures");
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_trouble") == 1; }));
  EXPECT_EQ(sink_.received.size(), 3u);
  EXPECT_GE(std::chrono::steady_clock::now() - start, seconds{4});
  EXPECT_NE(reports_.back().find("is another one each time"), std::string::npos);
  is_restless = false;
  ASSERT_TRUE(appears(accepted("a.csv")));
  EXPECT_TRUE(run_until(io_, [&] { return reported("inbox_recovered") == 1; }));
  EXPECT_EQ(sink_.received.size(), 4u);
}

TEST_F(InboxTest, ARefusedFileComesBackWithItsRowsAndWhatIsWrong) {
  sink_.decide = [](const Submission&) { return RecordingSink::refused(); };
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "figures");
  ASSERT_TRUE(appears(rejected("a.csv")));
  EXPECT_EQ(read_file(rejected("a.csv.errors.csv")),
            "\xEF\xBB\xBF"
            "指标,数值,需要更正\r\n文旅投资,很多,数值应为数字。\r\n");
  EXPECT_EQ(receipt_from_json(read_file(rejected("a.csv.receipt.json")))->errors.at(0).code,
            "value_not_a_number");
}

TEST_F(InboxTest, APartlyRefusedFileIsAcceptedAndBringsTheRefusedRowsBack) {
  sink_.decide = [](const Submission&) {
    SubmissionResult result = RecordingSink::refused();
    result.outcome = Outcome::taken;
    return result;
  };
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "figures");
  ASSERT_TRUE(appears(accepted("a.csv")));
  EXPECT_TRUE(fs::exists(accepted("a.csv.errors.csv")));
}

TEST_F(InboxTest, AnUnreadableFileHasAReceiptOnly) {
  sink_.decide = [](const Submission&) {
    SubmissionResult result;
    result.outcome = Outcome::unreadable;
    result.receipt.errors = {{0, "", "", "binary", "文件不是 CSV。"}};
    return result;
  };
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), std::string("\0\1\2", 3));
  ASSERT_TRUE(appears(rejected("a.csv")));
  EXPECT_EQ(sink_.received.at(0).body, std::string("\0\1\2", 3));
  EXPECT_TRUE(fs::exists(rejected("a.csv.receipt.json")));
  EXPECT_FALSE(fs::exists(rejected("a.csv.errors.csv")));
}

TEST_F(InboxTest, ATooLargeFileIsRejectedWithoutBeingRead) {
  begin(1000);
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("big.csv"), "");
  fs::resize_file(inbox("big.csv"), 5'000'000'000);  // sparse
  ASSERT_TRUE(appears(rejected("big.csv")));
  const auto receipt = receipt_from_json(read_file(rejected("big.csv.receipt.json")));
  ASSERT_TRUE(receipt && receipt->errors.size() == 1);
  EXPECT_EQ(receipt->errors[0].code, "too_large");
  EXPECT_EQ(receipt->department, kDepartment);
  for (const std::string& body : bodies()) EXPECT_EQ(body, "");  // at most the empty beginning
}

TEST_F(InboxTest, ANameThatIsTakenGetsANumber) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "first");
  ASSERT_TRUE(appears(accepted("a.csv")));
  write_file(inbox("a.csv"), "second");
  ASSERT_TRUE(appears(accepted("a-2.csv")));
  EXPECT_EQ(read_file(accepted("a.csv")), "first");
  EXPECT_EQ(read_file(accepted("a-2.csv")), "second");
  EXPECT_TRUE(fs::exists(accepted("a-2.csv.receipt.json")));
}

TEST_F(InboxTest, WhatACrashLeftOfPuttingAFileAwayIsReplaced) {
  sink_.decide = [](const Submission&) { return RecordingSink::refused(); };
  fs::create_directories(inbox("rejected"));
  write_file(rejected("a.csv.receipt.json"), to_json(RecordingSink::refused().receipt));
  write_file(rejected("a.csv.errors.csv"), "half of it");
  write_file(rejected(".districtd-unfinished.tmp"), "half a rec");
  write_file(inbox("a.csv"), "figures");
  begin();
  ASSERT_TRUE(appears(rejected("a.csv")));
  EXPECT_NE(read_file(rejected("a.csv.errors.csv")), "half of it");
  EXPECT_EQ(std::distance(fs::directory_iterator(inbox("rejected")), {}), 3);
}

TEST_F(InboxTest, AReceiptOfAnotherSubmissionIsNeverReplaced) {
  Receipt other = RecordingSink::taken().receipt;
  other.submission = "20260101-7";
  fs::create_directories(inbox("accepted"));
  write_file(accepted("a.csv.receipt.json"), to_json(other));
  write_file(accepted("a-2.csv.receipt.json"), "no receipt");
  write_file(inbox("a.csv"), "figures");
  begin();
  ASSERT_TRUE(appears(accepted("a-3.csv")));
  EXPECT_EQ(read_file(accepted("a.csv.receipt.json")), to_json(other));
  EXPECT_EQ(read_file(accepted("a-2.csv.receipt.json")), "no receipt");
}

TEST_F(InboxTest, AFileHasTheSameKeyUntilItIsPutAway) {
  fs::create_directories(inbox());
  fs::create_symlink("nowhere", inbox("accepted"));
  write_file(inbox("a.csv"), "figures");
  begin();
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_trouble") > 0; }));
  EXPECT_TRUE(sink_.closed.empty());
  drop_.reset();  // as after a crash
  begin();
  ASSERT_TRUE(run_until(io_, [&] { return sink_.received.size() == 2; }));
  EXPECT_NE(sink_.received[0].key, "");
  EXPECT_EQ(sink_.received[1].key, sink_.received[0].key);
  fs::remove(inbox("accepted"));
  ASSERT_TRUE(run_until(io_, [&] { return !sink_.closed.empty(); }));
  EXPECT_EQ(sink_.closed[0], std::string("csv_drop ") + kDepartment + " " + sink_.received[0].key);
}

TEST_F(InboxTest, AnotherFileHasAnotherKey) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "figures");
  ASSERT_TRUE(appears(accepted("a.csv")));
  write_file(inbox("a.csv"), "figures");
  ASSERT_TRUE(appears(accepted("a-2.csv")));
  ASSERT_EQ(sink_.received.size(), 2u);
  EXPECT_NE(sink_.received[0].key, sink_.received[1].key);
}

TEST_F(InboxTest, AFileWhoseKeyStandsForAnotherBodyIsTakenWithoutOne) {
  sink_.decide = [](const Submission& submission) {
    SubmissionResult result = RecordingSink::taken();
    if (!submission.key.empty()) result.outcome = Outcome::conflict;
    return result;
  };
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "figures");
  ASSERT_TRUE(appears(accepted("a.csv")));
  EXPECT_EQ(bodies(), (std::vector<std::string>(2, "figures")));
  EXPECT_TRUE(sink_.closed.empty());
}

TEST_F(InboxTest, AFileStaysWhileTheSinkIsUnavailableAndIsTakenAfterwards) {
  sink_.decide = [&](const Submission&) {
    return sink_.received.size() < 3 ? RecordingSink::unavailable() : RecordingSink::taken();
  };
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "figures");
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_waiting") == 1; }));
  EXPECT_TRUE(fs::exists(inbox("a.csv")));
  ASSERT_TRUE(appears(accepted("a.csv")));
  EXPECT_EQ(bodies(), (std::vector<std::string>(3, "figures")));
  EXPECT_EQ(reported("inbox_waiting"), 1u);
  EXPECT_EQ(reported("inbox_recovered"), 1u);
}

TEST_F(InboxTest, LeavesAloneWhatIsUnfinishedOrHiddenWhateverItIs) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv.tmp"), "unfinished");
  write_file(inbox(".hidden.csv"), "hidden");
  fs::create_symlink("nowhere", inbox("~$link.csv"));
  fs::create_directory(inbox(".folder"));
  make_old(inbox(".folder"));
  ASSERT_TRUE(later_file_is_taken());
  drop_.reset();
  begin();  // the scan sees them too
  ASSERT_TRUE(later_file_is_taken());
  EXPECT_EQ(bodies(), (std::vector<std::string>{"later", "later"}));
  for (const char* name : {"a.csv.tmp", ".hidden.csv", ".folder"}) {
    EXPECT_TRUE(fs::exists(inbox(name))) << name;
  }
  EXPECT_TRUE(fs::is_symlink(inbox("~$link.csv")));
}

TEST_F(InboxTest, WhatIsNoFileIsRefusedUnopenedAndAtOnce) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(folder_.path() / "secret", "secret");
  fs::create_symlink(folder_.path() / "secret", inbox("link.csv"));
  fs::create_symlink("nowhere", inbox("dangling.csv"));
  ASSERT_EQ(::mkfifo(inbox("fifo.csv").c_str(), 0600), 0);
  make_socket(inbox("socket.csv"));
  const std::vector<std::string> names = {"link.csv", "dangling.csv", "fifo.csv", "socket.csv"};
  for (const std::string& name : names) {
    ASSERT_TRUE(run_until(io_, [&] { return is_there(rejected(name)); })) << name;
    EXPECT_FALSE(is_there(inbox(name)));
    const auto receipt = receipt_from_json(read_file(rejected(name + ".receipt.json")));
    ASSERT_TRUE(receipt && receipt->errors.size() == 1);
    EXPECT_EQ(receipt->errors[0].code, "not_a_file");
    EXPECT_EQ(receipt->department, kDepartment);
  }
  EXPECT_EQ(fs::read_symlink(rejected("link.csv")), folder_.path() / "secret");
  EXPECT_EQ(read_file(folder_.path() / "secret"), "secret");
  EXPECT_TRUE(fs::is_fifo(rejected("fifo.csv")));
  EXPECT_TRUE(sink_.received.empty());
  ASSERT_TRUE(run_until(io_, [&] { return sink_.refusals.size() == names.size(); }));
  EXPECT_EQ(sink_.refusals[0].errors.at(0).code, "not_a_file");
  EXPECT_TRUE(sink_.closed.empty());
}

TEST_F(InboxTest, WhatIsNoFileIsFoundAtTheStartToo) {
  fs::create_directory(inbox());
  fs::create_symlink("nowhere", inbox("link.csv"));
  ASSERT_EQ(::mkfifo(inbox("fifo.csv").c_str(), 0600), 0);
  begin();
  EXPECT_TRUE(run_until(io_, [&] { return is_there(rejected("link.csv")); }));
  EXPECT_TRUE(run_until(io_, [&] { return is_there(rejected("fifo.csv")); }));
}

TEST_F(InboxTest, AFolderIsRefusedOnceNothingInItHasChangedForAMinute) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  fs::create_directory(folder_.path() / ".made");
  write_file(folder_.path() / ".made" / "a.csv", "figures");
  make_old(folder_.path() / ".made");
  fs::rename(folder_.path() / ".made", inbox("六月"));
  ASSERT_TRUE(later_file_is_taken());
  EXPECT_TRUE(fs::exists(inbox("六月"))) << "the file in it is new";
  make_old(inbox("六月") / "a.csv");
  ASSERT_TRUE(appears(rejected("六月")));
  EXPECT_EQ(read_file(rejected("六月") / "a.csv"), "figures");
  const auto receipt = receipt_from_json(read_file(rejected("六月.receipt.json")));
  ASSERT_TRUE(receipt && receipt->errors.size() == 1);
  EXPECT_EQ(receipt->errors[0].code, "not_a_file");
  EXPECT_NE(receipt->errors[0].message.find("逐个放入"), std::string::npos);
  EXPECT_EQ(bodies(), std::vector<std::string>{"later"});
  EXPECT_TRUE(fs::exists(inbox("accepted")));  // old or not
}

TEST_F(InboxTest, WhatCannotBePutAwayAndWasNotTakenHoldsUpNothing) {
  fs::create_directory(inbox());
  fs::create_symlink("nowhere", inbox("rejected"));
  begin();
  ASSERT_TRUE(appears(inbox()));
  fs::create_symlink("nowhere", inbox("link.csv"));
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_trouble") == 1; }));
  EXPECT_TRUE(later_file_is_taken());
  EXPECT_TRUE(is_there(inbox("link.csv")));
}

TEST_F(InboxTest, ReportsAFolderOfNoDepartmentOnce) {
  fs::create_directory(folder_.path() / "nobody");
  write_file(folder_.path() / "nobody" / "a.csv", "figures");
  begin();
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_unknown_folder") == 1; }));
  fs::create_directory(folder_.path() / "another");  // makes it look again
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_unknown_folder") == 2; }));
  EXPECT_EQ(reported((folder_.path() / "nobody").string()), 1u);
  EXPECT_TRUE(sink_.received.empty());
}

TEST_F(InboxTest, TakesFilesAgainAfterADepartmentsFolderWasReplaced) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  ASSERT_TRUE(later_file_is_taken());
  fs::rename(inbox(), folder_.path() / ".old");
  ASSERT_TRUE(appears(inbox()));
  EXPECT_TRUE(later_file_is_taken());
}

TEST_F(InboxTest, ReportsAFileInNoDepartmentsFolderOnceAndLeavesItThere) {
  write_file(folder_.path() / "lost.csv", "figures");
  write_file(folder_.path() / "Thumbs.db", "");
  begin();
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_file_outside") == 1; }));
  EXPECT_NE(reports_[0].find("lost.csv"), std::string::npos) << reports_[0];
  write_file(folder_.path() / "second.csv", "figures");
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_file_outside") == 2; }));
  EXPECT_EQ(reported("lost.csv"), 1u);
  EXPECT_EQ(reported("Thumbs.db"), 0u);
  EXPECT_TRUE(fs::exists(folder_.path() / "lost.csv"));
  EXPECT_TRUE(sink_.received.empty());
}

TEST_F(InboxTest, ALinkInPlaceOfADepartmentsFolderLeadsNowhere) {
  const TemporaryFolder elsewhere;
  write_file(elsewhere.path() / "secret.csv", "secret");
  fs::create_directory_symlink(elsewhere.path(), folder_.path() / kDepartment);
  begin();
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_trouble") == 1; }));
  EXPECT_NE(reports_[0].find("links are not followed"), std::string::npos) << reports_[0];
  write_file(folder_.path() / "postal" / "a.csv", "figures");
  EXPECT_TRUE(appears(folder_.path() / "postal" / "accepted" / "a.csv"));
  EXPECT_EQ(bodies(), std::vector<std::string>{"figures"});
  EXPECT_EQ(read_file(elsewhere.path() / "secret.csv"), "secret");
  EXPECT_EQ(std::distance(fs::directory_iterator(elsewhere.path()), {}), 1);
  fs::remove(folder_.path() / kDepartment);
  EXPECT_TRUE(run_until(io_, [&] { return reported("inbox_recovered") == 1; }));
  EXPECT_TRUE(later_file_is_taken());
}

// The very moment between the verdict and putting the file away.
TEST_F(InboxTest, ALinkThatComesInPlaceOfTheFolderMovesNothingOfOthers) {
  const TemporaryFolder elsewhere;
  write_file(elsewhere.path() / "a.csv", "others");
  sink_.decide = [&](const Submission&) {
    if (!fs::is_symlink(folder_.path() / kDepartment)) {
      fs::rename(folder_.path() / kDepartment, folder_.path() / ".aside");
      fs::create_directory_symlink(elsewhere.path(), folder_.path() / kDepartment);
    }
    return RecordingSink::taken();
  };
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "figures");
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_trouble") > 0; }));
  EXPECT_EQ(read_file(elsewhere.path() / "a.csv"), "others");
  EXPECT_EQ(std::distance(fs::directory_iterator(elsewhere.path()), {}), 1);
  EXPECT_EQ(read_file(folder_.path() / ".aside" / "a.csv"), "figures");
  EXPECT_EQ(bodies(), std::vector<std::string>{"figures"});
}

TEST_F(InboxTest, ALinkInPlaceOfTheDirectoryLeadsNowhere) {
  const TemporaryFolder elsewhere;
  fs::create_directories(elsewhere.path() / kDepartment);
  write_file(elsewhere.path() / kDepartment / "a.csv", "others");
  fs::remove(folder_.path());
  fs::create_directory_symlink(elsewhere.path(), folder_.path());
  begin();
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_trouble") == 1; }));
  EXPECT_NE(reports_[0].find("links are not followed"), std::string::npos) << reports_[0];
  EXPECT_TRUE(sink_.received.empty());
  fs::remove(folder_.path());
  fs::create_directory(folder_.path());
  EXPECT_TRUE(run_until(io_, [&] { return reported("inbox_recovered") == 1; }));
}

TEST_F(InboxTest, AFileCalledAcceptedIsReportedAndCountedAndHoldsUpNothing) {
  fs::create_directory(inbox());
  write_file(inbox("accepted"), "figures");
  begin();
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_trouble") == 1; }));
  EXPECT_NE(reports_[0].find("another name"), std::string::npos) << reports_[0];
  ASSERT_EQ(sink_.refusals.size(), 1u);
  EXPECT_EQ(sink_.refusals[0].errors.at(0).code, "reserved_name");
  for (const char* name : {"a.csv", "b.csv", "c.csv"}) write_file(inbox(name), name);
  ASSERT_TRUE(run_until(io_, [&] { return sink_.received.size() == 3; }));
  fs::rename(inbox("accepted"), inbox("d.csv"));
  for (const char* name : {"a.csv", "b.csv", "c.csv", "d.csv"}) {
    EXPECT_TRUE(appears(accepted(name))) << name;
  }
  EXPECT_EQ(sink_.received.size(), 4u);
  EXPECT_EQ(sink_.refusals.size(), 1u);
}

TEST_F(InboxTest, AFileCalledRejectedHoldsUpNothing) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("rejected"), "figures");
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_trouble") == 1; }));
  sink_.decide = [](const Submission& submission) {
    return submission.body == "bad" ? RecordingSink::refused() : RecordingSink::taken();
  };
  write_file(inbox("a.csv"), "bad");
  ASSERT_TRUE(run_until(io_, [&] { return sink_.received.size() == 1; }));
  EXPECT_TRUE(later_file_is_taken());
  EXPECT_EQ(sink_.received.size(), 2u);
}

// A folder in the place of the unfinished receipt made an endless loop of this.
TEST_F(InboxTest, AFolderWithTheNameOfAnUnfinishedReceiptHoldsUpNothing) {
  fs::create_directories(inbox("accepted") / ".districtd-unfinished.tmp");
  begin();
  EXPECT_TRUE(later_file_is_taken());
}

TEST_F(InboxTest, ClosesAtTheStartWhatStandsOnAShelf) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "first");
  ASSERT_TRUE(appears(accepted("a.csv")));
  write_file(inbox("a.csv"), "second");
  ASSERT_TRUE(appears(accepted("a-2.csv")));
  drop_.reset();
  sink_.closed.clear();  // a crash came before they were on disk
  begin();
  ASSERT_TRUE(run_until(io_, [&] { return !sink_.closed.empty(); }));
  for (const Submission& submission : sink_.received) {
    const std::string closed = std::string("csv_drop ") + kDepartment + " " + submission.key;
    EXPECT_EQ(std::ranges::count(sink_.closed, closed), 1) << closed;
  }
}

TEST_F(InboxTest, SaysOverWhatItHasPutAwayAlsoWhenItIsStoppedMeanwhile) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "figures");
  // The file is there before the event loop hears of it.
  ASSERT_TRUE(run_until(io_, [&] {
    return fs::exists(accepted("a.csv")) || (drop_->is_at_work() && !sink_.received.empty());
  }));
  drop_->stop();
  ASSERT_TRUE(run_until(io_, [&] { return !drop_->is_at_work(); }));
  EXPECT_EQ(sink_.closed.size(), fs::exists(accepted("a.csv")) ? 1u : 0u);
}

// flock(2): two that work in one directory would take each file twice.
TEST_F(InboxTest, TheNextOneBeginsWhenTheOneBeforeHasEnded) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  ASSERT_TRUE(later_file_is_taken());
  const UniqueFd held = open_folder(folder_.path());
  EXPECT_NE(::flock(held.get(), LOCK_EX | LOCK_NB), 0);
  drop_.reset();
  ASSERT_TRUE(run_until(io_, [&] { return ::flock(held.get(), LOCK_EX | LOCK_NB) == 0; }));
  begin();
  write_file(inbox("a.csv"), "figures");
  run_for(std::chrono::milliseconds{500});
  EXPECT_TRUE(fs::exists(inbox("a.csv")));
  ::flock(held.get(), LOCK_UN);
  EXPECT_TRUE(appears(accepted("a.csv")));
}

TEST_F(InboxTest, ReportsAMissingDirectoryOnceAndStartsWhenItIsThere) {
  fs::remove(folder_.path());
  begin();
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_trouble") == 1; }));
  EXPECT_NE(reports_[0].find("create it"), std::string::npos) << reports_[0];
  fs::create_directory(folder_.path());
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_recovered") == 1; }));
  EXPECT_TRUE(later_file_is_taken());
  EXPECT_EQ(reported("inbox_trouble"), 1u);
}

TEST_F(InboxTest, AFileThatCannotBePutAwayIsSubmittedOnceAndMovedLater) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  fs::create_symlink("nowhere", inbox("accepted"));
  write_file(inbox("a.csv"), "figures");
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_trouble") > 0; }));
  EXPECT_EQ(reported("inbox_trouble"), 1u);
  fs::remove(inbox("accepted"));
  EXPECT_TRUE(run_until(io_, [&] { return reported("inbox_recovered") == 1; }));
  EXPECT_TRUE(fs::exists(accepted("a.csv")));
  EXPECT_EQ(sink_.received.size(), 1u);
}

TEST_F(InboxTest, OneDepartmentsTroubleIsNotAnothers) {
  begin();
  ASSERT_TRUE(appears(folder_.path() / "postal"));
  fs::create_symlink("nowhere", inbox("accepted"));
  write_file(inbox("a.csv"), "figures");
  ASSERT_TRUE(run_until(io_, [&] { return reported("inbox_trouble") == 1; }));
  write_file(folder_.path() / "postal" / "a.csv", "figures");
  EXPECT_TRUE(appears(folder_.path() / "postal" / "accepted" / "a.csv"));
}

TEST_F(InboxTest, TakesEachFileOfABurstOnce) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  constexpr std::size_t kFiles = 200;
  for (std::size_t i = 0; i < kFiles; ++i) {
    write_file(inbox(std::to_string(i) + ".csv"), std::to_string(i));
  }
  ASSERT_TRUE(run_until(
      io_, [&] { return sink_.received.size() >= kFiles; }, seconds{100}));
  auto all = bodies();
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
}

// inotify(7): a full queue drops events and says IN_Q_OVERFLOW.
TEST_F(InboxTest, FindsWhatTheKernelForgotToTell) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  ASSERT_TRUE(later_file_is_taken());
  int queue_length = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> queue_length;
  ASSERT_GT(queue_length, 0);
  for (int i = 0; i <= queue_length; ++i) {
    write_file(inbox(i % 2 == 0 ? "even.tmp" : "odd.tmp"), "");  // equal neighbours would be merged
  }
  write_file(inbox("a.csv"), "figures");
  EXPECT_TRUE(appears(accepted("a.csv")));
}

TEST_F(InboxTest, MayBeDestroyedWhileTheSinkIsBusy) {
  begin();
  ASSERT_TRUE(appears(inbox()));
  write_file(inbox("a.csv"), "figures");
  ASSERT_TRUE(run_until(io_, [&] { return sink_.received.size() == 1; }));
  drop_.reset();
  io_.restart();
  io_.run();  // returns: nothing is left under way
  EXPECT_TRUE(fs::exists(inbox("a.csv")) || fs::exists(accepted("a.csv")));
}

// A user without rights on the folder, which root is not: the child gives its rights up.
TEST_F(InboxTest, ReportsAFolderWithoutRightsOnceAndTakesItsFilesOnceItHasThem) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to hand folders to another user";
  constexpr uid_t kNobody = 65534;
  fs::create_directory(inbox());
  write_file(inbox("a.csv"), "figures");
  fs::permissions(inbox(), fs::perms::none);
  for (const fs::path& path : {folder_.path(), inbox(), inbox("a.csv")}) {
    ASSERT_EQ(::chown(path.c_str(), kNobody, kNobody), 0);
  }
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(2);
    begin();
    if (!run_until(io_, [&] { return reported("inbox_trouble") == 1; })) ::_exit(3);
    if (reports_[0].find("chown") == std::string::npos) ::_exit(4);
    fs::permissions(inbox(), fs::perms::owner_all);
    if (!appears(accepted("a.csv"))) ::_exit(5);
    ::_exit(reported("inbox_trouble") == 1 && reported("inbox_recovered") == 1 ? 0 : 6);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "step " << WEXITSTATUS(status);
}

// Leases are refused for files of others: what is found lying there is taken once it is quiet.
TEST_F(InboxTest, TakesAnotherUsersFileOnceItIsQuiet) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to hand files to another user";
  constexpr uid_t kNobody = 65534;
  fs::create_directory(inbox());
  write_file(inbox("a.csv"), "figures");
  fs::permissions(inbox("a.csv"), fs::perms(0644));
  for (const fs::path& path : {folder_.path(), inbox()}) {
    ASSERT_EQ(::chown(path.c_str(), kNobody, kNobody), 0);
  }
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(2);
    begin();
    if (!appears(accepted("a.csv"))) ::_exit(3);
    ::_exit(bodies() == std::vector<std::string>{"figures"} ? 0 : 4);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "step " << WEXITSTATUS(status);
}

// Nor does a file that perhaps has a writer let a later one pass that surely has none.
TEST_F(InboxTest, TakesAnotherUsersFileBeforeTheOneThatWasPutAfterIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to hand files to another user";
  constexpr uid_t kNobody = 65534;
  fs::create_directory(inbox());
  for (const fs::path& path : {folder_.path(), inbox()}) {
    ASSERT_EQ(::chown(path.c_str(), kNobody, kNobody), 0);
  }
  write_file(inbox("b.csv"), "first");
  fs::permissions(inbox("b.csv"), fs::perms(0644));
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(2);
    begin();
    if (!appears(folder_.path() / "postal")) ::_exit(3);
    write_file(inbox("a.csv"), "second");
    if (!appears(accepted("a.csv")) || !appears(accepted("b.csv"))) ::_exit(4);
    ::_exit(bodies() == std::vector<std::string>{"first", "second"} ? 0 : 5);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "step " << WEXITSTATUS(status);
}

}  // namespace
}  // namespace districtd
