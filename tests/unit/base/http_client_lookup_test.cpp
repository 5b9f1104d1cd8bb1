// A name server that is silent: getaddrinfo itself is replaced, so that no network is asked.
#include <dlfcn.h>
#include <netdb.h>

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
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
#include "tests/unit/collectors/recording_sink.h"

namespace {

constexpr std::string_view kSilent = "silent.test";        // its name server never answers
constexpr std::string_view kAnswering = "answering.test";  // is 127.0.0.1
constexpr std::string_view kUnknown = "unknown.test";      // no name server knows it

std::mutex mutex;
std::condition_variable changed;
int looked_up = 0;  // look-ups of kSilent that have begun
int returned = 0;   // and that are over
bool is_let_go = false;

}  // namespace

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  if (name != nullptr && name == kSilent) {
    std::unique_lock lock(mutex);
    ++looked_up;
    changed.notify_all();
    changed.wait(lock, [] { return is_let_go; });
    ++returned;
    changed.notify_all();
    return EAI_AGAIN;
  }
  if (name != nullptr && name == kUnknown) return EAI_NONAME;
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  if (name != nullptr && name == kAnswering) return real("127.0.0.1", service, hints, found);
  return real(name, service, hints, found);
}

namespace districtd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

HttpFetch get(std::string_view host, std::uint16_t port = 80) {
  HttpFetch what;
  what.url = "http://" + std::string(host) + ":" + std::to_string(port) + "/";
  return what;
}

// Whatever waited for the name server would wait until the test lets go of it: at the end of each
// test, or after a deadline that fails it.
class HttpClientLookupTest : public testing::Test {
 protected:
  HttpClientLookupTest() : watchdog_([this](const std::stop_token& stop) { watch(stop); }) {
    const std::lock_guard lock(mutex);
    looked_up = returned = 0;
    is_let_go = false;
  }
  ~HttpClientLookupTest() override { let_go(); }

  static void wait_for_look_up(boost::asio::io_context& io) {
    ASSERT_TRUE(run_until(io, [] {
      const std::lock_guard lock(mutex);
      return looked_up == 1;
    }));
  }

  // Of the look-up, whose answer nobody has waited for.
  static bool is_under_way() {
    const std::lock_guard lock(mutex);
    return looked_up == 1 && returned == 0;
  }

 private:
  static void let_go() {
    std::unique_lock lock(mutex);
    is_let_go = true;
    changed.notify_all();
    changed.wait(lock, [] { return returned == looked_up; });
  }

  void watch(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    over_.wait_for(lock, stop, seconds{30}, [] { return false; });
    is_let_go = true;
    changed.notify_all();
  }

  std::condition_variable_any over_;
  std::jthread watchdog_;
};

TEST_F(HttpClientLookupTest, NumericAddressesDoNotWaitForNames) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "here")}; });
  boost::asio::io_context io;
  HttpClient named(io.get_executor());
  named.fetch(get(kSilent), [](const FetchResult&) {});
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
  silent.fetch(get(kSilent), [](const FetchResult&) {});
  wait_for_look_up(io);

  std::optional<FetchResult> found;
  HttpClient answering(io.get_executor());
  answering.fetch(get(kAnswering, server.port()),
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
  client.fetch(get(kSilent), [&](const FetchResult&) { is_called = true; });
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
    client.fetch(get(kSilent), [](const FetchResult&) {});
    wait_for_look_up(io);
  }
  EXPECT_TRUE(is_under_way());
}

TEST_F(HttpClientLookupTest, ACancelledClientAsksSomethingElse) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "here")}; });
  boost::asio::io_context io;
  HttpClient client(io.get_executor());
  client.fetch(get(kSilent), [](const FetchResult&) { ADD_FAILURE() << "it was cancelled"; });
  wait_for_look_up(io);
  bool is_answered = false;
  client.fetch(get(kAnswering, server.port()), [&](const FetchResult& result) {
    is_answered = std::holds_alternative<FetchAnswer>(result);
  });
  EXPECT_TRUE(run_until(
      io, [&] { return is_answered; }, seconds{10}));
  EXPECT_TRUE(is_under_way());
}

TEST_F(HttpClientLookupTest, TheTimeoutCoversTheLookUp) {
  HttpFetch what = get(kSilent);
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
    std::unique_lock lock(mutex);
    changed.wait(lock, [] { return looked_up == 1; });
    source.request_stop();
  });
  HttpFetch what = get(kSilent);
  what.timeout = seconds{60};
  const FetchResult result = fetch_and_wait(what, source.get_token());
  const auto* failure = std::get_if<FetchFailure>(&result);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->kind, FetchFailure::Kind::timeout);
  EXPECT_FALSE(failure->may_have_arrived);
  EXPECT_TRUE(is_under_way());
}

TEST_F(HttpClientLookupTest, ANameThatIsNotFoundIsNamed) {
  const FetchResult result = fetch_and_wait(get(kUnknown));
  const auto* failure = std::get_if<FetchFailure>(&result);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->kind, FetchFailure::Kind::connect);
  EXPECT_NE(failure->message.find(kUnknown), std::string::npos) << failure->message;
}

}  // namespace
}  // namespace districtd
