#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <boost/asio/io_context.hpp>

#include "base/http_client.h"
#include "tests/unit/base/scripted_server.h"
#include "tests/unit/base/silent_name_server.h"
#include "tests/unit/collectors/recording_sink.h"

namespace districtd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

HttpFetch get(std::string_view host, std::uint16_t port = 80) {
  HttpFetch what;
  what.url = "http://" + std::string(host) + ":" + std::to_string(port) + "/";
  return what;
}

class HttpClientLookupTest : public testing::Test {
 protected:
  void wait_for_look_up(boost::asio::io_context& io) const {
    ASSERT_TRUE(run_until(io, [this] { return name_server_.is_asked(); }));
  }

  // Of the look-up, whose answer nobody has waited for.
  bool is_under_way() const { return name_server_.is_asked() && !name_server_.has_returned(); }

  const SilentNameServer name_server_;
};

TEST_F(HttpClientLookupTest, NumericAddressesDoNotWaitForNames) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "here")}; });
  boost::asio::io_context io;
  HttpClient named(io.get_executor());
  named.fetch(get(SilentNameServer::kSilent), [](const FetchResult&) {});
  wait_for_look_up(io);

  std::optional<FetchResult> over_ipv4;
  std::optional<FetchResult> over_ipv6;
  HttpClient ipv4(io.get_executor());
  HttpClient ipv6(io.get_executor());
  HttpFetch what;
  what.url = server.url();
  ipv4.fetch(what, [&](FetchResult result) { over_ipv4 = std::move(result); });
  // Nobody listens there, and there may be no IPv6 at all: that is said at once too.
  what.url = "http://[::1]:" + std::to_string(closed_port()) + "/";
  ipv6.fetch(what, [&](FetchResult result) { over_ipv6 = std::move(result); });
  ASSERT_TRUE(run_until(
      io, [&] { return over_ipv4.has_value() && over_ipv6.has_value(); }, seconds{10}));
  const auto* answer = std::get_if<FetchAnswer>(&*over_ipv4);
  ASSERT_NE(answer, nullptr) << std::get<FetchFailure>(*over_ipv4).message;
  EXPECT_EQ(answer->body, "here");
}

TEST_F(HttpClientLookupTest, ANameDoesNotWaitForAnother) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "here")}; });
  boost::asio::io_context io;
  HttpClient silent(io.get_executor());
  silent.fetch(get(SilentNameServer::kSilent), [](const FetchResult&) {});
  wait_for_look_up(io);

  std::optional<FetchResult> found;
  HttpClient answering(io.get_executor());
  answering.fetch(get(SilentNameServer::kAnswering, server.port()),
                  [&](FetchResult result) { found = std::move(result); });
  ASSERT_TRUE(run_until(
      io, [&] { return found.has_value(); }, seconds{10}));
  const auto* answer = std::get_if<FetchAnswer>(&*found);
  ASSERT_NE(answer, nullptr) << std::get<FetchFailure>(*found).message;
  EXPECT_EQ(answer->body, "here");
  EXPECT_TRUE(is_under_way());
}

TEST_F(HttpClientLookupTest, CancellingWaitsForNoNameServer) {
  boost::asio::io_context io;
  HttpClient client(io.get_executor());
  bool is_called = false;
  client.fetch(get(SilentNameServer::kSilent), [&](const FetchResult&) { is_called = true; });
  wait_for_look_up(io);
  client.cancel();
  EXPECT_TRUE(is_under_way());
  io.run();  // returns: nothing is left to wait for
  EXPECT_FALSE(is_called);
  EXPECT_TRUE(is_under_way());
}

TEST_F(HttpClientLookupTest, TheEndOfAllWaitsForNoNameServer) {
  {
    boost::asio::io_context io;
    HttpClient client(io.get_executor());
    client.fetch(get(SilentNameServer::kSilent), [](const FetchResult&) {});
    wait_for_look_up(io);
  }
  EXPECT_TRUE(is_under_way());
}

TEST_F(HttpClientLookupTest, ACancelledClientAsksSomethingElse) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "here")}; });
  boost::asio::io_context io;
  HttpClient client(io.get_executor());
  client.fetch(get(SilentNameServer::kSilent),
               [](const FetchResult&) { ADD_FAILURE() << "it was cancelled"; });
  wait_for_look_up(io);
  bool is_answered = false;
  client.fetch(get(SilentNameServer::kAnswering, server.port()), [&](const FetchResult& result) {
    is_answered = std::holds_alternative<FetchAnswer>(result);
  });
  EXPECT_TRUE(run_until(
      io, [&] { return is_answered; }, seconds{10}));
  EXPECT_TRUE(is_under_way());
}

TEST_F(HttpClientLookupTest, TheTimeoutCoversTheLookUp) {
  HttpFetch what = get(SilentNameServer::kSilent);
  what.timeout = milliseconds{200};
  const FetchResult result = fetch_and_wait(what);
  const auto* failure = std::get_if<FetchFailure>(&result);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->kind, FetchFailure::Kind::timeout);
  EXPECT_FALSE(failure->may_have_arrived);
  EXPECT_TRUE(is_under_way());
}

TEST_F(HttpClientLookupTest, AStopEndsTheLookUpThatAThreadWaitsFor) {
  std::stop_source source;
  const std::jthread stopping([&] {
    name_server_.wait_until_asked();
    source.request_stop();
  });
  HttpFetch what = get(SilentNameServer::kSilent);
  what.timeout = seconds{60};
  const FetchResult result = fetch_and_wait(what, source.get_token());
  const auto* failure = std::get_if<FetchFailure>(&result);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->kind, FetchFailure::Kind::timeout);
  EXPECT_FALSE(failure->may_have_arrived);
  EXPECT_TRUE(is_under_way());
}

TEST_F(HttpClientLookupTest, ANameThatIsNotFoundIsNamed) {
  const FetchResult result = fetch_and_wait(get(SilentNameServer::kUnknown));
  const auto* failure = std::get_if<FetchFailure>(&result);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->kind, FetchFailure::Kind::connect);
  EXPECT_NE(failure->message.find(SilentNameServer::kUnknown), std::string::npos)
      << failure->message;
}

}  // namespace
}  // namespace districtd
