#include "daemon/log/unblocked_write.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "daemon/log/logging.h"

namespace districtd {
namespace {

using std::chrono_literals::operator""ms;

struct Pipe {
  Pipe() { EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0); }
  ~Pipe() {
    ::close(ends[0]);
    if (ends[1] >= 0) ::close(ends[1]);
  }
  void fill() const {
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
    const std::string line(4096, 'f');
    while (::write(ends[1], line.data(), line.size()) > 0) {
    }
    ::fcntl(ends[1], F_SETFL, 0);
  }
  // What is there, until the writing end is closed.
  std::string read_all() {
    std::string all;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(ends[0], part.data(), part.size())) > 0;) {
      all.append(part.data(), static_cast<std::size_t>(got));
    }
    return all;
  }
  // As read_all(), of what is there now.
  std::string read_what_is_there() {
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return read_all();
  }
  std::array<int, 2> ends{-1, -1};
};

TEST(UnblockedWriteTest, ALineOfAnyLengthGoesOutWholeWhereSomebodyReads) {
  Pipe pipe;
  const std::string line(1'000'000, 'x');
  std::string read;
  std::thread reader([&] { read = pipe.read_all(); });
  std::size_t written = 0;
  EXPECT_FALSE(write_unblocked(pipe.ends[1], line, std::chrono::seconds(20), written));
  EXPECT_EQ(written, line.size());
  ::close(std::exchange(pipe.ends[1], -1));
  reader.join();
  EXPECT_EQ(read, line);
}

TEST(UnblockedWriteTest, GivesUpOnAPipeThatNobodyReads) {
  const Pipe pipe;
  pipe.fill();
  std::size_t written = 1;
  EXPECT_EQ(write_unblocked(pipe.ends[1], "line\n", 1ms, written),
            std::errc::resource_unavailable_try_again);
  EXPECT_EQ(written, 0u);
}

TEST(UnblockedWriteTest, SaysWhatElseIsWrong) {
  const int only_read = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  std::size_t written = 0;
  EXPECT_EQ(write_unblocked(only_read, "line\n", 1ms, written), std::errc::bad_file_descriptor);
  ::close(only_read);
}

TEST(StandardErrorTest, AFullPipeStopsNobodyAndWhatIsMissingIsSaidLater) {
  Pipe pipe;
  pipe.fill();
  const int before = ::dup(STDERR_FILENO);
  ::dup2(pipe.ends[1], STDERR_FILENO);
  configure_logging({});
  for (int i = 0; i < 1000; ++i) log_event(LogLevel::info, "lost", "nobody reads this");
  pipe.read_what_is_there();
  log_event(LogLevel::info, "read", "somebody reads again");
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  configure_logging({});
  const std::string read = pipe.read_what_is_there();
  EXPECT_NE(read.find("\"event\":\"log_gap\""), std::string::npos) << read;
  EXPECT_NE(read.find("\"records\":1000"), std::string::npos) << read;
  EXPECT_NE(read.find("somebody reads again"), std::string::npos) << read;
  EXPECT_EQ(read.find("nobody reads this"), std::string::npos) << read;
}

}  // namespace
}  // namespace districtd
