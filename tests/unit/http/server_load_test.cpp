// A crowd: places, memory, and handlers that do not answer.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/http/client.h"

namespace districtd::http_test {
namespace {

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

std::string push(std::size_t announced) {
  return "POST /guarded HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Length: " +
         std::to_string(announced) + "\r\n\r\n";
}

class ServerLoadTest : public ServerTest {
 protected:
  HttpLoad load() {
    HttpLoad load;
    on_loop([&] { load = server_->load(); });
    return load;
  }
  template <typename IsThere>
  void wait_until(IsThere is_there) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!is_there(load()) && std::chrono::steady_clock::now() < deadline) {
    }
    EXPECT_TRUE(is_there(load()));
  }
};

TEST_F(ServerLoadTest, EveryListenerHasPlacesOfItsOwn) {
  HttpServerOptions options;
  options.max_connections = 2;
  options.listen = {"127.0.0.1:0", "127.0.0.1:0"};
  serve(options);
  Client first = connect();
  Client second = connect();
  first.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply_to_first = held();
  second.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply_to_second = held();
  EXPECT_EQ(connect_last().exchange(kHello).status, 200u);
  EXPECT_EQ(load().listeners.at(0).connections, 2u);
}

TEST_F(ServerLoadTest, SilentConnectionsMakeRoomAndWhoHasBeenServedStays) {
  HttpServerOptions options;
  options.max_connections = 3;
  serve(options);
  Client served = connect();
  EXPECT_EQ(served.exchange(kHello).status, 200u);
  std::vector<Client> silent;
  for (int i = 0; i < 20; ++i) silent.push_back(connect());
  EXPECT_EQ(connect().exchange(kHello).status, 200u);
  EXPECT_TRUE(silent.front().closed());
  EXPECT_EQ(served.exchange(kHello).status, 200u);
  EXPECT_GE(load().listeners.at(0).displaced, 18u);
}

TEST_F(ServerLoadTest, WhereAllHangTheOldestIsToldAndMakesRoom) {
  HttpServerOptions options;
  options.max_connections = 1;
  serve(options);
  Client first = connect();
  first.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  EXPECT_EQ(connect().exchange(kHello).status, 200u);
  const Answer answer = first.receive();
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(error_code_of(answer), "no_answer");
  on_loop([&] { reply(HttpAnswer{}); });
  EXPECT_TRUE(first.closed()) << "the late answer is dropped";
}

TEST_F(ServerLoadTest, AHandlerThatDoesNotAnswerInTimeIs503AndItsLateAnswerIsDropped) {
  HttpServerOptions options;
  options.answer_timeout = std::chrono::seconds(1);
  serve(options);
  Client client = connect();
  const Answer answer = client.exchange("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(error_code_of(answer), "no_answer");
  EXPECT_EQ(answer.headers.at("retry-after"), "30");
  const HttpReply reply = held();
  on_loop([&] { reply(HttpAnswer{}); });
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerLoadTest, PushesThatWaitLeaveTheOthersAPlace) {
  HttpServerOptions options;
  options.max_connections = 4;
  serve(options);
  std::vector<Client> pushes;
  for (int i = 0; i < 3; ++i) {
    pushes.push_back(connect());
    pushes.back().send(push(10) + "begun");
  }
  wait_until([](const HttpLoad& load) { return load.listeners.at(0).connections == 3; });
  Client fourth = connect();
  const Answer answer = fourth.exchange(push(10) + "begun");
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(answer.headers.at("retry-after"), "5");
  EXPECT_EQ(connect().exchange(kHello).status, 200u);
  pushes.front().send("ended");
  EXPECT_EQ(pushes.front().receive().body, "10 of culture");
}

TEST_F(ServerLoadTest, WhereMemoryIsWantedTheLargestUnfinishedBodyGoes) {
  HttpServerOptions options;
  options.memory_bytes = 7U << 20;
  serve(options);
  Client large = connect();
  large.send(push(8U << 20) + std::string(3U << 20, 'x'));
  wait_until([](const HttpLoad& load) { return load.bytes >= 3U << 20; });
  Client small = connect();
  const std::string body(3U << 19, 'x');
  small.send(push(body.size()) + body);
  EXPECT_EQ(small.receive().body, std::to_string(body.size()) + " of culture");
  const Answer answer = large.receive();
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(error_code_of(answer), "unavailable");
  EXPECT_EQ(answer.headers.at("retry-after"), "5");
  wait_until([](const HttpLoad& load) { return load.bytes == 0; });
}

TEST_F(ServerLoadTest, AnswersThatNobodyReadsAreBoundedAndTheirPiecesCountOnce) {
  HttpServerOptions options;
  options.memory_bytes = 100U << 20;
  serve(options);
  const auto piece = std::make_shared<const std::string>(64U << 20, 'x');
  const auto ask = [&](Client& client, const std::shared_ptr<const std::string>& shown) {
    client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
    const HttpReply reply = held();
    on_loop([&] {
      HttpAnswer answer;
      answer.pieces = {shown};
      reply(std::move(answer));
    });
  };
  Client first = connect();
  Client second = connect();
  ask(first, piece);
  ask(second, piece);
  EXPECT_EQ(load().bytes, piece->size()) << "one text for both";
  Client third = connect();
  ask(third, std::make_shared<const std::string>(piece->size(), 'y'));
  EXPECT_EQ(third.receive().status, 503u) << "the first two have only just begun";
  // After a while without a byte taken they are let go for it.
  Client fourth = connect();
  unsigned status = 503;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (status == 503 && std::chrono::steady_clock::now() < deadline) {
    ask(fourth, std::make_shared<const std::string>(piece->size(), 'z'));
    status = fourth.receive().status;
  }
  EXPECT_EQ(status, 200u);
}

TEST_F(ServerLoadTest, ABodyMayTakeLongerThanARequestAsLongAsItGoesOn) {
  HttpServerOptions options;
  options.request_timeout = std::chrono::seconds(1);
  options.least_bytes_per_second = 1;
  serve(options);
  Client slow = connect();
  slow.send(push(5) + "a");
  for (int i = 0; i < 4; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(400));  // the slowness under test
    slow.send("b");
  }
  EXPECT_EQ(slow.receive().body, "5 of culture");
}

TEST_F(ServerLoadTest, ABodyBelowTheLeastRateIs408AlthoughItGoesOn) {
  HttpServerOptions options;
  options.request_timeout = std::chrono::seconds(1);
  options.least_bytes_per_second = 1000;
  serve(options);
  Client slow = connect();
  slow.send(push(1000) + "a");
  std::jthread sender([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the slowness under test
      slow.send("b");
    }
  });
  EXPECT_EQ(slow.receive().status, 408u);
}

}  // namespace
}  // namespace districtd::http_test
