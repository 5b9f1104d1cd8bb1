#include "daemon/service/control_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/service/control_commands.h"
#include "tests/unit/fixture/temporary_folder.h"
#include "tests/unit/log/log_file.h"

namespace districtd {
namespace {

using testing::HasSubstr;
using testing::Optional;
using Command = ControlRequest::Command;

TEST(ControlNamesTest, AreInTheUnitsRuntimeDirectoryOrBesideTheDatabase) {
  EXPECT_EQ(control_names("/var/lib/d/d.db", ""), (ControlNames{"/var/lib/d/d.db.control", ""}));
  EXPECT_EQ(control_names("/var/lib/d/d.db", "/run/d"),
            (ControlNames{"/run/d/control.sock", "/var/lib/d/d.db.control"}));
  EXPECT_EQ(control_names("/var/lib/d/d.db", "/run/d:/run/e").socket, "/run/d/control.sock");
}

TEST(ControlLinesTest, ReadBackAsTheyWere) {
  const ControlRequest resend{Command::resend, "monthly-2026-07-08", "a@example.org", true};
  EXPECT_THAT(read_control_request(to_line(resend)), Optional(resend));
  EXPECT_THAT(read_control_request(to_line(ControlRequest{})), Optional(ControlRequest{}));
  const ControlReply reply{true, "a\nb \"c\""};
  EXPECT_THAT(read_control_reply(to_line(reply)), Optional(reply));
  for (const char* none : {"", "{", "[]", "{}", R"({"command":"stop"})", R"({"command":1})"}) {
    EXPECT_FALSE(read_control_request(none)) << none;
    EXPECT_FALSE(read_control_reply(none)) << none;
  }
}

TEST(ReloadReplyTest, NamesEachFindingOnALine) {
  EXPECT_EQ(reload_reply({}, 42), (ControlReply{true, "reloaded: 42 targets are in force"}));
  const ControlReply refused = reload_reply({{"d.toml", 3, 1, "a"}, {"d.toml", 4, 1, "b"}}, 42);
  EXPECT_FALSE(refused.is_good);
  EXPECT_THAT(refused.text,
              HasSubstr("d.toml:3:1: a\nd.toml:4:1: b\n2 findings; the configuration"));
}

// Answers each request with what it asked for, on a thread of its own.
class ControlSocketTest : public testing::Test {
 protected:
  ~ControlSocketTest() override { stop(); }

  void start(const ControlNames& names) {
    socket_.start(names);
    thread_ = std::thread([this] { io_.run(); });
  }
  void stop() {
    work_.reset();
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  static std::string said(const std::filesystem::path& name, const std::string& bytes) {
    boost::asio::io_context io;
    LocalSocket client(io);
    client.connect(boost::asio::local::stream_protocol::endpoint(name.string()));
    boost::asio::write(client, boost::asio::buffer(bytes));
    std::string answer;
    boost::system::error_code end;
    client.shutdown(LocalSocket::shutdown_send, end);
    boost::asio::read(client, boost::asio::dynamic_buffer(answer), end);
    return answer;
  }

  TemporaryFolder folder_;
  const std::filesystem::path name_ = folder_.path() / "d.db.control";
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::thread thread_;
  ControlSocket socket_{io_, [](const ControlRequest& request, const ControlSocket::Reply& reply) {
                          reply({request.all, request.bulletin});
                        }};
};

TEST_F(ControlSocketTest, AnswersOneRequestAConnection) {
  start({name_, {}});
  for (int i = 0; i < 40; ++i) {
    const std::string id = std::to_string(i);
    EXPECT_THAT(read_control_reply(said(name_, to_line({Command::resend, id, "", true}))),
                Optional(ControlReply{true, id}));
  }
  const std::string no_request = said(name_, "{}\n");
  EXPECT_THAT(no_request, HasSubstr("no request that this daemon knows"));
  EXPECT_EQ(said(name_, "without an end"), "");
  EXPECT_EQ(said(name_, std::string(2 * ControlSocket::kLongestRequest, 'x')), "");
}

TEST_F(ControlSocketTest, OnlyTheOwnerMayConnect) {
  start({name_, {}});
  struct stat status {};
  ASSERT_EQ(::stat(name_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(ControlSocketTest, SaysInTheLogWhoAskedForWhat) {
  const LogFile log;
  start({name_, {}});
  said(name_, to_line(ControlRequest{}));
  stop();
  const auto records = log.records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].at("event"), "control_request");
  EXPECT_EQ(records[0].at("command"), "reload");
  EXPECT_EQ(records[0].at("user"), ::geteuid());
  EXPECT_EQ(records[0].at("process"), ::getpid());
}

TEST_F(ControlSocketTest, TheNameOfADaemonThatWasKilledIsUsedAgain) {
  {
    boost::asio::io_context gone;
    boost::system::error_code failure;
    const LocalListener killed = listen_on(gone, name_, failure);
    ASSERT_FALSE(failure) << failure.message();
  }
  ASSERT_TRUE(std::filesystem::exists(name_));
  start({name_, {}});
  EXPECT_THAT(read_control_reply(said(name_, to_line({Command::resend, "x", "", true}))),
              Optional(ControlReply{true, "x"}));
}

TEST_F(ControlSocketTest, WhatIsNoSocketOrStillAnswersStays) {
  boost::asio::io_context io;
  boost::system::error_code failure;
  const LocalListener first = listen_on(io, name_, failure);
  ASSERT_FALSE(failure);
  const LocalListener second = listen_on(io, name_, failure);
  EXPECT_EQ(failure, boost::asio::error::address_in_use);
  const auto file = folder_.path() / "file";
  std::ofstream(file) << "kept";
  const LocalListener third = listen_on(io, file, failure);
  EXPECT_EQ(failure, boost::asio::error::address_in_use);
  EXPECT_TRUE(std::filesystem::is_regular_file(file));
}

TEST_F(ControlSocketTest, BesideTheDatabaseALinkLeadsToTheUnitsSocket) {
  const auto unit = folder_.path() / "control.sock";
  std::filesystem::create_symlink("/nowhere", name_);  // of the last time
  start({unit, name_});
  EXPECT_THAT(read_control_reply(said(name_, to_line({Command::resend, "x", "", true}))),
              Optional(ControlReply{true, "x"}));
  boost::asio::post(io_, [this] {
    socket_.stop();
    io_.stop();
  });
  thread_.join();
  EXPECT_FALSE(std::filesystem::is_symlink(name_));
  EXPECT_FALSE(std::filesystem::exists(unit));
}

TEST_F(ControlSocketTest, ANameThatIsTooLongIsSaidWithWhatToDo) {
  const LogFile log;
  const auto name = folder_.path() / std::string(kLongestSocketName, 'x');
  start({name, {}});
  stop();
  const auto records = log.records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].at("event"), "control_socket_failed");
  EXPECT_THAT(std::string(records[0].at("message").as_string()),
              testing::AllOf(HasSubstr("a socket's may have 107"), HasSubstr("RuntimeDirectory=")));
}

}  // namespace
}  // namespace districtd
