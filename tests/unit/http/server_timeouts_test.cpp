// Slow senders and silent ones. The clocks are real; a second is the shortest that is configurable.
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "tests/unit/http/client.h"

namespace districtd::http_test {
namespace {

HttpServerOptions impatient() {
  HttpServerOptions options;
  options.request_timeout = std::chrono::seconds(1);
  return options;
}

TEST_F(ServerTest, AHeaderThatDoesNotEndIs408) {
  serve(impatient());
  Client client = connect();
  const Answer answer = client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n");
  EXPECT_EQ(answer.status, 408u);
  EXPECT_EQ(error_code_of(answer), "request_timeout");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, ABodyThatDoesNotComeIs408) {
  serve(impatient());
  Client client = connect();
  const Answer answer =
      client.exchange("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(answer.status, 408u);
  EXPECT_EQ(error_code_of(answer), "request_timeout");
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, ByteAfterByteDoesNotProlongTheTime) {
  serve(impatient());
  Client client = connect();
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: ");
  std::atomic<bool> answered = false;
  std::thread slow([&] {
    while (!answered) {
      client.send("a");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the slowness under test
    }
  });
  EXPECT_EQ(client.receive().status, 408u);
  answered = true;
  slow.join();
}

TEST_F(ServerTest, OtherClientsAreServedWhileOneIsSlow) {
  serve(impatient());
  Client slow = connect();
  slow.send("GET /hel");
  Client quick = connect();
  EXPECT_EQ(quick.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200u);
  EXPECT_EQ(slow.receive().status, 408u);
}

TEST_F(ServerTest, AHandlerMayTakeLongerThanARequestMay) {
  serve(impatient());
  Client client = connect();
  client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  Client witness = connect();  // its 408 says that the time is over
  EXPECT_EQ(witness.exchange("GET /hel").status, 408u);
  on_loop([&] { reply({200, "", "done", {}, {}}); });
  EXPECT_EQ(client.receive().body, "done");
}

TEST_F(ServerTest, AConnectionThatStaysIdleIsClosedSilently) {
  HttpServerOptions options;
  options.idle_timeout = options.request_timeout = std::chrono::seconds(1);
  serve(options);
  Client used = connect();
  EXPECT_EQ(used.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200u);
  Client unused = connect();
  EXPECT_TRUE(used.closed());
  EXPECT_TRUE(unused.closed());
}

TEST_F(ServerTest, AClientThatDoesNotTakeItsAnswerIsLetGo) {
  serve(impatient());
  Client client = connect();
  client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  std::weak_ptr<const std::string> watched;
  on_loop([&] {
    HttpAnswer answer;
    answer.pieces.assign(1, std::make_shared<const std::string>(64 << 20, 'x'));
    watched = answer.pieces.back();
    reply(std::move(answer));
  });
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!watched.expired() && std::chrono::steady_clock::now() < deadline) on_loop([] {});
  EXPECT_TRUE(watched.expired());
}

// What is taken keeps moving, so that only the whole answer's time can end it.
TEST_F(ServerTest, AReaderBelowTheLeastThroughputIsLetGo) {
  HttpServerOptions options = impatient();
  options.least_bytes_per_second = std::size_t{1} << 30;
  serve(options);
  Client client = connect();
  client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  constexpr std::size_t kSize = 96 << 20;
  on_loop([&] {
    HttpAnswer answer;
    answer.pieces.assign(1, std::make_shared<const std::string>(kSize, 'x'));
    reply(std::move(answer));
  });
  EXPECT_LT(client.receive_slowly(kSize, std::chrono::milliseconds(4)), kSize);
}

TEST_F(ServerTest, AReaderAboveTheLeastThroughputGetsALargeAnswerWhole) {
  HttpServerOptions options = impatient();
  options.least_bytes_per_second = 1u << 20;
  serve(options);
  Client client = connect();
  client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  constexpr std::size_t kSize = 48 << 20;
  on_loop([&] {
    HttpAnswer answer;
    answer.pieces.assign(1, std::make_shared<const std::string>(kSize, 'x'));
    reply(std::move(answer));
  });
  EXPECT_GE(client.receive_slowly(kSize, std::chrono::milliseconds(3)), kSize);
}

}  // namespace
}  // namespace districtd::http_test
