// A name server that is silent: getaddrinfo itself is replaced, so that no network is asked.
#include <dlfcn.h>
#include <netdb.h>

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <boost/asio/io_context.hpp>

#include "base/http_client.h"
#include "tests/unit/base/scripted_server.h"
#include "tests/unit/collectors/recording_sink.h"

namespace {

constexpr std::string_view kSilent = "silent.test";

std::mutex mutex;
std::condition_variable changed;
bool is_asked = false;
bool is_let_go = false;

}  // namespace

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  if (name != nullptr && name == kSilent) {
    std::unique_lock lock(mutex);
    is_asked = true;
    changed.wait(lock, [] { return is_let_go; });
    return EAI_AGAIN;
  }
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, found);
}

namespace districtd {
namespace {

// Whatever comes of the test, the look-up's thread has to end with it.
struct LetGo {
  ~LetGo() {
    const std::lock_guard lock(mutex);
    is_let_go = true;
    changed.notify_all();
  }
};

TEST(HttpClientLookupTest, NumericAddressesDoNotWaitForNames) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "here")}; });
  boost::asio::io_context io;
  const LetGo let_go;
  HttpClient named(io.get_executor());
  HttpFetch silent;
  silent.url = "http://" + std::string(kSilent) + "/";
  named.fetch(silent, [](const FetchResult&) {});
  ASSERT_TRUE(run_until(io, [] {
    const std::lock_guard lock(mutex);
    return is_asked;
  }));

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
      io, [&] { return over_ipv4.has_value() && over_ipv6.has_value(); },
      std::chrono::seconds{10}));
  const auto* answer = std::get_if<FetchAnswer>(&*over_ipv4);
  ASSERT_NE(answer, nullptr) << std::get<FetchFailure>(*over_ipv4).message;
  EXPECT_EQ(answer->body, "here");
}

}  // namespace
}  // namespace districtd
