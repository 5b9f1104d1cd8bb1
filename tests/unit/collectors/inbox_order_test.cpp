// Files of one folder are taken in the order in which they were put: the older figure must not
// become the correction of the newer one.

#include <sys/stat.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <prometheus/registry.h>

#include "base/ports/timer.h"
#include "collectors/inbox/inbox.h"
#include "tests/unit/collectors/recording_sink.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr char kDepartment[] = "culture-tourism";

// Decodes small bodies at once and large ones slowly, as the pipeline does: two that were under way
// together would come to the store the wrong way round.
class SlowForLargeOnes : public SubmissionSink {
 public:
  explicit SlowForLargeOnes(boost::asio::io_context& io) : io_(io) {}

  void submit(Submission submission, Done done) override {
    auto timer = std::make_shared<Timer>(io_);
    timer->expires_after(milliseconds{submission.body.size() > 1000 ? 2 : 0});
    timer->async_wait([this, timer, submission = std::move(submission),
                       done = std::move(done)](const boost::system::error_code&) {
      stored.push_back(submission.department + "/" + submission.name);
      done(RecordingSink::taken());
    });
  }

  std::vector<std::string> stored;  // "department/name", in the order in which they were stored

 private:
  boost::asio::io_context& io_;
};

class InboxOrderTest : public testing::TestWithParam<unsigned> {
 protected:
  InboxOrderTest() {
    fs::create_directories(folder_.path() / kDepartment);
    fs::create_directories(folder_.path() / "postal");
  }

  void begin() {
    drop_.emplace(
        io_, sink_, registry_, InboxOptions{folder_.path(), 1u << 20, milliseconds{0}},
        std::vector<std::string>{kDepartment, "postal"},
        [](ReportLevel, std::string_view, std::string_view, const std::vector<ReportField>&) {});
    drop_->start();
  }

  static std::pair<std::int64_t, std::int64_t> change_of(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return {status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
  }

  // As a transfer does it, at a later moment than the one before. Times of change may be as coarse
  // as the kernel's clock interrupt.
  void put(const std::string& name, const std::string& department = kDepartment) {
    const fs::path unfinished = folder_.path() / ".unfinished";
    do {
      write_file(unfinished, std::string(random_() % 4 == 0 ? 50'000 : 5, 'x'));
    } while (change_of(unfinished) <= last_);
    fs::rename(unfinished, folder_.path() / department / name);
    were_put_.push_back(department + ("/" + name));
    write_file(unfinished, "");  // changed after the file was renamed, wherever that is by now
    last_ = change_of(unfinished);
  }

  std::string any_name() { return std::to_string(random_()) + ".csv"; }

  void put_some(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      put(any_name(), random_() % 4 == 0 ? "postal" : kDepartment);
    }
  }

  // The time that the listing takes.
  void fill_with_names_that_are_left_alone(const std::string& department) {
    for (int i = 0; i < 3000; ++i) {
      write_file(folder_.path() / department / ("." + std::to_string(i)), "");
    }
  }

  static std::vector<std::string> of(const std::string& department,
                                     const std::vector<std::string>& all) {
    std::vector<std::string> some;
    for (const std::string& one : all) {
      if (one.starts_with(department + "/")) some.push_back(one);
    }
    return some;
  }

  void expect_stored_as_they_were_put() {
    ASSERT_TRUE(run_until(
        io_, [&] { return sink_.stored.size() >= were_put_.size(); }, seconds{100}));
    for (const char* department : {kDepartment, "postal"}) {
      EXPECT_EQ(of(department, sink_.stored), of(department, were_put_)) << "seed " << GetParam();
    }
  }

  TemporaryFolder folder_;
  boost::asio::io_context io_;
  SlowForLargeOnes sink_{io_};
  prometheus::Registry registry_;
  std::vector<std::string> were_put_;
  std::pair<std::int64_t, std::int64_t> last_{};
  std::mt19937 random_{GetParam()};
  std::optional<Inbox> drop_;
};

TEST_P(InboxOrderTest, WhatLayThereAtTheStart) {
  put_some(60);
  begin();
  expect_stored_as_they_were_put();
}

TEST_P(InboxOrderTest, WhatIsPutWhileItStarts) {
  fill_with_names_that_are_left_alone(kDepartment);
  put_some(5);
  std::thread clerk([this] { put_some(100); });
  begin();
  // The loop hears of files while the folder is still being listed.
  run_until(
      io_, [] { return false; }, seconds{0});
  clerk.join();
  expect_stored_as_they_were_put();
}

TEST_P(InboxOrderTest, WhatIsPutWhileItWorks) {
  begin();
  put_some(20);
  std::thread clerk([this] { put_some(150); });
  std::size_t stored = 0;
  run_until(io_, [&] {
    stored = sink_.stored.size();
    return stored >= 170;
  });
  clerk.join();
  expect_stored_as_they_were_put();
}

// inotify(7): a full queue drops events and says IN_Q_OVERFLOW; the inbox lists everything anew,
// while it hears of what is put meanwhile.
TEST_P(InboxOrderTest, WhatIsPutAroundAnOverflow) {
  begin();
  put("first.csv");
  ASSERT_TRUE(run_until(io_, [&] { return sink_.stored.size() == 1; }));
  fill_with_names_that_are_left_alone(kDepartment);
  int queue_length = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> queue_length;
  ASSERT_GT(queue_length, 0);
  for (int i = 0; i <= queue_length; ++i) {
    write_file(folder_.path() / kDepartment / (i % 2 == 0 ? ".even" : ".odd"), "");
  }
  put_some(10);  // not heard of
  std::thread clerk([this] { put_some(60); });
  run_until(
      io_, [] { return false; }, seconds{0});
  clerk.join();
  expect_stored_as_they_were_put();
}

INSTANTIATE_TEST_SUITE_P(Seeds, InboxOrderTest, testing::Range(1u, 5u));

}  // namespace
}  // namespace districtd
