#include "base/http_client.h"

#include <stdlib.h>
#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/unit/base/scripted_server.h"

namespace districtd {
namespace {

using std::chrono::milliseconds;
using Kind = FetchFailure::Kind;

HttpFetch get(const std::string& url) {
  HttpFetch what;
  what.url = url;
  return what;
}

FetchFailure failure_of(HttpFetch what) {
  const FetchResult result = fetch_and_wait(std::move(what));
  if (const auto* failure = std::get_if<FetchFailure>(&result)) return *failure;
  ADD_FAILURE() << "an answer with status " << std::get<FetchAnswer>(result).status;
  return {};
}

FetchAnswer answer_of(HttpFetch what) {
  FetchResult result = fetch_and_wait(std::move(what));
  if (auto* answer = std::get_if<FetchAnswer>(&result)) return std::move(*answer);
  ADD_FAILURE() << std::get<FetchFailure>(result).message;
  return {};
}

TEST(HttpClientTest, ReturnsStatusHeadersAndBody) {
  const ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(418, "壶", {"ETag: \"1\""})};
  });
  const FetchAnswer answer = answer_of(get(server.url("/a?b=c#d")));
  EXPECT_EQ(answer.status, 418u);
  EXPECT_EQ(answer.header("etag"), "\"1\"");
  EXPECT_EQ(answer.header("missing"), "");
  EXPECT_EQ(answer.body, "壶");
  EXPECT_EQ(server.requests().at(0).target(), "/a?b=c");
  EXPECT_EQ(server.requests().at(0).header("Host"), "127.0.0.1:" + std::to_string(server.port()));
}

TEST(HttpClientTest, SendsMethodHeadersAndBody) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "")}; });
  HttpFetch post = get(server.url("/in"));
  post.method = "POST";
  post.body = std::string(3'000'000, 'x');
  post.headers = {{"Content-Type", "text/csv"}, {"Authorization", "Bearer t"}};
  EXPECT_EQ(answer_of(post).status, 200u);
  const ScriptedRequest request = server.requests().at(0);
  EXPECT_TRUE(request.head.starts_with("POST /in HTTP/1.1\r\n"));
  EXPECT_EQ(request.header("Content-Type"), "text/csv");
  EXPECT_EQ(request.header("Authorization"), "Bearer t");
  EXPECT_EQ(request.body, post.body);
}

TEST(HttpClientTest, EncodesWhatAUrlMayNotHold) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "")}; });
  answer_of(get(server.url("/数 据.csv")));
  EXPECT_EQ(server.requests().at(0).target(), "/%E6%95%B0%20%E6%8D%AE.csv");
}

TEST(HttpClientTest, ReadsChunkedAnswersAndSkipsInterimOnes) {
  const ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedAnswer{
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"};
  });
  const FetchAnswer answer = answer_of(get(server.url()));
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.body, "abcde");
}

TEST(HttpClientTest, HearsARefusalBeforeItsLargeBodyWasRead) {
  const ScriptedServer server(
      [](const ScriptedRequest&) {
        return ScriptedAnswer{http_answer(413, "no"), true};
      },
      ScriptedServer::After::head);
  HttpFetch post = get(server.url());
  post.method = "POST";
  post.body = std::string(64u << 20, 'x');
  EXPECT_EQ(answer_of(post).status, 413u);
}

TEST(HttpClientTest, FollowsARelativeRedirect) {
  const ScriptedServer server([](const ScriptedRequest& request) {
    if (request.target() == "/new/a.csv") return ScriptedAnswer{http_answer(200, "figures")};
    return ScriptedAnswer{http_answer(302, "", {"Location: ../new/a.csv"})};
  });
  const FetchAnswer answer = answer_of(get(server.url("/old/a.csv")));
  EXPECT_EQ(answer.body, "figures");
  EXPECT_EQ(answer.url, server.url("/new/a.csv"));
}

TEST(HttpClientTest, GivesUpOnRedirectsForEver) {
  const ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(301, "", {"Location: /again"})};
  });
  HttpFetch what = get(server.url());
  what.max_redirects = 3;
  EXPECT_EQ(failure_of(what).kind, Kind::redirect);
  EXPECT_EQ(server.requests().size(), 4u);
}

TEST(HttpClientTest, DoesNotFollowToAnotherScheme) {
  for (const char* location : {"https://127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/x"}) {
    const ScriptedServer server([&](const ScriptedRequest&) {
      return ScriptedAnswer{http_answer(302, "", {std::string("Location: ") + location})};
    });
    const FetchFailure failure = failure_of(get(server.url()));
    EXPECT_EQ(failure.kind, Kind::redirect);
    EXPECT_NE(failure.message.find(location), std::string::npos) << failure.message;
  }
}

TEST(HttpClientTest, DoesNotFollowWhenSomethingIsSent) {
  const ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(307, "", {"Location: /elsewhere"})};
  });
  HttpFetch post = get(server.url());
  post.method = "POST";
  EXPECT_EQ(failure_of(post).kind, Kind::redirect);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(HttpClientTest, TakesCredentialsToNoOtherHost) {
  const ScriptedServer other(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "")}; });
  const ScriptedServer first([&](const ScriptedRequest& request) {
    const std::string next = request.target() == "/" ? "/here" : other.url("/there");
    return ScriptedAnswer{http_answer(302, "", {"Location: " + next})};
  });
  HttpFetch what = get(first.url());
  what.headers = {{"authorization", "Bearer secret"}, {"Cookie", "s=1"}, {"Accept", "text/csv"}};
  EXPECT_EQ(answer_of(what).status, 200u);
  EXPECT_EQ(first.requests().at(1).header("Authorization"), "Bearer secret");
  EXPECT_EQ(other.requests().at(0).header("Authorization"), "");
  EXPECT_EQ(other.requests().at(0).header("Cookie"), "");
  EXPECT_EQ(other.requests().at(0).header("Accept"), "text/csv");
}

TEST(HttpClientTest, TakesItsSecretHeaderToNoOtherPort) {
  const ScriptedServer other([&](const ScriptedRequest& request) {
    if (request.target() == "/last") return ScriptedAnswer{http_answer(200, "")};
    return ScriptedAnswer{http_answer(302, "", {"Location: /last"})};
  });
  const ScriptedServer first([&](const ScriptedRequest& request) {
    const std::string next = request.target() == "/" ? "/here" : other.url("/there");
    return ScriptedAnswer{http_answer(302, "", {"Location: " + next})};
  });
  HttpFetch what = get(first.url());
  what.headers = {{"X-Api-Key", "secret"}, {"Accept", "text/csv"}};
  what.secret_header = "x-api-key";
  EXPECT_EQ(answer_of(what).status, 200u);
  ASSERT_EQ(first.requests().size(), 2u);
  ASSERT_EQ(other.requests().size(), 2u);
  for (const ScriptedRequest& request : first.requests()) {
    EXPECT_EQ(request.header("X-Api-Key"), "secret");
  }
  for (const ScriptedRequest& request : other.requests()) {
    EXPECT_EQ(request.head.find("secret"), std::string::npos) << request.head;
    EXPECT_EQ(request.header("Accept"), "text/csv");
  }
}

TEST(HttpClientTest, AsksForNothingByItself) {
  const ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(200, "packed", {"Content-Encoding: gzip"})};
  });
  HttpFetch what = get(server.url("/a/../b?"));
  what.headers = {{"X-Empty", ""}};
  EXPECT_EQ(answer_of(what).body, "packed");
  EXPECT_EQ(server.requests().at(0).head,
            "GET /a/../b? HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                "\r\nUser-Agent: districtd\r\nConnection: close\r\n"
                "X-Empty:\r\n\r\n");
  HttpFetch post = get(server.url());
  post.method = "POST";
  post.body = std::string(2'000'000, 'x');
  EXPECT_EQ(answer_of(post).status, 200u);
  for (const char* name : {"Expect", "Content-Type", "Accept", "Accept-Encoding"}) {
    EXPECT_EQ(server.requests().at(1).header(name), "") << name;
  }
}

TEST(HttpClientTest, SendsAnEmptyBodyWithItsLength) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "")}; });
  HttpFetch post = get(server.url());
  post.method = "POST";
  EXPECT_EQ(answer_of(post).status, 200u);
  EXPECT_EQ(server.requests().at(0).header("Content-Length"), "0");
}

TEST(HttpClientTest, AsksNoProxyThatTheEnvironmentNames) {
  setenv("http_proxy", ("http://127.0.0.1:" + std::to_string(closed_port())).c_str(), 1);
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "")}; });
  EXPECT_EQ(answer_of(get(server.url())).status, 200u);
  unsetenv("http_proxy");
}

TEST(HttpClientTest, AnEarlyAnswerNeedsNoRestOfTheBody) {
  for (const std::string body : {"early", ""}) {
    const ScriptedServer server(
        [&](const ScriptedRequest&) {
          return ScriptedAnswer{http_answer(200, body, {"X-Early: yes"}), true};
        },
        ScriptedServer::After::head);
    HttpFetch post = get(server.url());
    post.method = "POST";
    post.body = std::string(64u << 20, 'x');
    post.timeout = milliseconds{10'000};
    const FetchAnswer answer = answer_of(post);
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(answer.header("X-Early"), "yes");
    EXPECT_EQ(answer.body, body);
  }
}

TEST(HttpClientTest, AServerThatHangsUpWhileItIsSentToIsAFailure) {
  const ScriptedServer server([](const ScriptedRequest&) { return ScriptedAnswer{}; },
                              ScriptedServer::After::head);
  HttpFetch post = get(server.url());
  post.method = "POST";
  post.body = std::string(16u << 20, 'x');
  const FetchFailure failure = failure_of(post);
  EXPECT_EQ(failure.kind, Kind::connect);
  EXPECT_TRUE(failure.may_have_arrived);
}

// What was not read makes the end of the connection a reset, which a client that writes first meets
// instead of the answer.
TEST(HttpClientTest, HearsARefusalOfAServerThatHangsUpAfterIt) {
  std::promise<void> is_full;
  const ScriptedServer server(
      [&, full = is_full.get_future().share()](const ScriptedRequest&) {
        full.wait();
        return ScriptedAnswer{http_answer(401, "no")};
      },
      ScriptedServer::After::head);
  boost::asio::io_context io;
  HttpClient client(io.get_executor());
  HttpFetch post = get(server.url());
  post.method = "POST";
  post.body = std::string(64u << 20, 'x');
  std::optional<FetchResult> result;
  client.fetch(post, [&](FetchResult fetched) { result = std::move(fetched); });
  while (server.requests().empty()) io.run_one_for(milliseconds{20});
  while (io.run_one_for(milliseconds{200}) > 0) {  // until no more can be written
  }
  is_full.set_value();
  io.run();
  ASSERT_TRUE(result.has_value());
  const auto* answer = std::get_if<FetchAnswer>(&*result);
  ASSERT_NE(answer, nullptr) << std::get<FetchFailure>(*result).message;
  EXPECT_EQ(answer->status, 401u);
}

TEST(HttpClientTest, SaysWhetherTheRequestMayHaveArrived) {
  const ScriptedServer silent([](const ScriptedRequest&) { return ScriptedAnswer{}; });
  EXPECT_TRUE(failure_of(get(silent.url())).may_have_arrived);
  const ScriptedServer slow([](const ScriptedRequest&) { return ScriptedAnswer{"", true}; });
  HttpFetch what = get(slow.url());
  what.timeout = milliseconds{200};
  EXPECT_TRUE(failure_of(what).may_have_arrived);
  EXPECT_FALSE(
      failure_of(get("http://127.0.0.1:" + std::to_string(closed_port()) + "/")).may_have_arrived);
}

TEST(HttpClientTest, CutsALargeAnswerWhereThatIsWanted) {
  const ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(200, std::string(100'000, 'x'))};
  });
  HttpFetch what = get(server.url());
  what.max_bytes = 1000;
  what.cuts_large_answer = true;
  EXPECT_EQ(answer_of(what).body, std::string(1000, 'x'));
}

TEST(HttpClientTest, RefusesAHeaderWithoutEnd) {
  const ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedAnswer{"HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", true};
  });
  EXPECT_EQ(failure_of(get(server.url())).kind, Kind::connect);
}

TEST(HttpClientTest, RefusesInterimAnswersWithoutEnd) {
  const ScriptedServer server([](const ScriptedRequest&) {
    std::string many;
    for (int i = 0; i < 100; ++i) many += "HTTP/1.1 103 Early Hints\r\n\r\n";
    return ScriptedAnswer{many, true};
  });
  EXPECT_EQ(failure_of(get(server.url())).kind, Kind::connect);
}

TEST(HttpClientTest, ASecretUrlIsNotRepeatedInFailures) {
  const ScriptedServer redirecting([](const ScriptedRequest& request) {
    return ScriptedAnswer{http_answer(302, "", {"Location: ftp://127.0.0.1" + request.target()})};
  });
  const ScriptedServer closing([](const ScriptedRequest&) { return ScriptedAnswer{}; });
  const ScriptedServer slow([](const ScriptedRequest&) { return ScriptedAnswer{"", true}; });
  const std::string closed = "http://127.0.0.1:" + std::to_string(closed_port());
  for (const std::string& url :
       {redirecting.url("/?key=secret"), closing.url("/?key=secret"), slow.url("/?key=secret"),
        closed + "/?key=secret", std::string("nonsense?key=secret"),
        std::string("ftp://127.0.0.1/?key=secret")}) {
    HttpFetch what = get(url);
    what.is_url_secret = true;
    what.timeout = milliseconds{500};
    const std::string message = failure_of(what).message;
    EXPECT_EQ(message.find("secret"), std::string::npos) << message;
  }
}

TEST(HttpClientTest, RefusesAnAnswerLargerThanAllowed) {
  const ScriptedServer announced([](const ScriptedRequest&) {
    return ScriptedAnswer{http_answer(200, std::string(1001, 'x'))};
  });
  const ScriptedServer endless([](const ScriptedRequest&) {
    return ScriptedAnswer{"HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x'), true};
  });
  for (const auto* server : {&announced, &endless}) {
    HttpFetch what = get(server->url());
    what.max_bytes = 1000;
    EXPECT_EQ(failure_of(what).kind, Kind::size);
  }
  HttpFetch fits = get(announced.url());
  fits.max_bytes = 1001;
  EXPECT_EQ(answer_of(fits).body.size(), 1001u);
}

TEST(HttpClientTest, AnAnswerThatBreaksOffIsNone) {
  const ScriptedServer server([](const ScriptedRequest&) {
    return ScriptedAnswer{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"};
  });
  EXPECT_EQ(failure_of(get(server.url())).kind, Kind::connect);
}

TEST(HttpClientTest, WhatIsNoHttpIsNoAnswer) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{"SSH-2.0-OpenSSH_9.2\r\n\r\n"}; });
  EXPECT_EQ(failure_of(get(server.url())).kind, Kind::connect);
}

TEST(HttpClientTest, ClosedPortIsAConnectFailureThatNamesIt) {
  const std::string port = std::to_string(closed_port());
  const FetchFailure failure = failure_of(get("http://127.0.0.1:" + port + "/"));
  EXPECT_EQ(failure.kind, Kind::connect);
  EXPECT_NE(failure.message.find("127.0.0.1:" + port), std::string::npos) << failure.message;
}

TEST(HttpClientTest, TimesOutInTotalWhateverTheServerStillSays) {
  const ScriptedServer silent([](const ScriptedRequest&) { return ScriptedAnswer{"", true}; });
  const ScriptedServer halfway([](const ScriptedRequest&) {
    return ScriptedAnswer{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", true};
  });
  for (const auto* server : {&silent, &halfway}) {
    HttpFetch what = get(server->url());
    what.timeout = milliseconds{200};
    EXPECT_EQ(failure_of(what).kind, Kind::timeout);
  }
}

TEST(HttpClientTest, RefusesUrlsThatItCannotUse) {
  for (const char* url : {"", "figures.csv", "ftp://127.0.0.1/", "http://", "http://127.0.0.1:0/",
                          "http://127.0.0.1:99999/", "http://[::1"}) {
    EXPECT_EQ(failure_of(get(url)).kind, Kind::connect) << url;
  }
}

TEST(HttpClientTest, RefusesAPasswordInTheUrlWithoutRepeatingIt) {
  const FetchFailure failure = failure_of(get("http://clerk:secret@127.0.0.1/"));
  EXPECT_EQ(failure.message.find("secret"), std::string::npos) << failure.message;
}

TEST(HttpClientTest, IsSilentAfterItWasCancelled) {
  const ScriptedServer server([](const ScriptedRequest&) { return ScriptedAnswer{"", true}; });
  boost::asio::io_context io;
  bool called = false;
  {
    HttpClient client(io.get_executor());
    HttpFetch what = get(server.url());
    what.timeout = milliseconds{60'000};
    client.fetch(what, [&](const FetchResult&) { called = true; });
    while (server.requests().empty()) io.run_one_for(milliseconds{20});
  }
  io.run();  // returns: nothing is left under way
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace districtd
