#include "daemon/http/server.h"

#include <array>
#include <future>
#include <set>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/http/client.h"

namespace districtd::http_test {
namespace {

using testing::HasSubstr;

TEST_F(ServerTest, AnswersAGet) {
  serve();
  Client client = connect();
  const Answer answer = client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.body, "hello");
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain; charset=utf-8");
  EXPECT_THAT(answer.headers.at("date"), testing::EndsWith(" GMT"));
  EXPECT_FALSE(answer.headers.contains("connection"));
}

TEST_F(ServerTest, HandlersSeeMethodMediaTypePeerAndBody) {
  serve();
  Client client = connect();
  const Answer answer = client.exchange(
      "POST /echo HTTP/1.1\r\nHost: x\r\ncontent-TYPE:  text/csv \r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(answer.body, "abc");
  EXPECT_EQ(answer.headers.at("x-seen"), "POST text/csv 127.0.0.1");
}

TEST_F(ServerTest, OneConnectionCarriesManyRequests) {
  serve();
  Client client = connect();
  for (int i = 0; i < 50; ++i) {
    const std::string body = std::to_string(i);
    EXPECT_EQ(client
                  .exchange("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n" + body)
                  .body,
              body);
  }
}

TEST_F(ServerTest, PipelinedRequestsInOnePacketAreAnsweredInOrder) {
  serve();
  Client client = connect();
  std::string requests;
  for (int i = 0; i < 2000; ++i) {
    requests += "GET /items/" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  auto sending = std::async(std::launch::async, [&] { client.send(requests); });
  for (int i = 0; i < 2000; ++i) {
    ASSERT_EQ(client.receive().body, "/items/" + std::to_string(i));
  }
  sending.get();
}

TEST_F(ServerTest, ARequestBehindOneThatWaitsIsAnsweredAfterIt) {
  serve();
  Client client = connect();
  client.send(
      "GET /held HTTP/1.1\r\nHost: x\r\n\r\n"
      "\r\n"
      "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  on_loop([&] {
    HttpAnswer answer;
    answer.body = "late";
    reply(std::move(answer));
  });
  EXPECT_EQ(client.receive().body, "late");
  EXPECT_EQ(client.receive().body, "hello");
}

TEST_F(ServerTest, ASecondReplyIsDropped) {
  serve();
  Client client = connect();
  client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  on_loop([&] {
    reply({200, "", "first", {}, {}});
    reply({200, "", "second", {}, {}});
  });
  EXPECT_EQ(client.receive().body, "first");
  EXPECT_EQ(client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body, "hello");
}

TEST_F(ServerTest, AReplyAfterTheClientHasGoneIsDropped) {
  serve();
  {
    Client client = connect();
    client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  const HttpReply reply = held();
  on_loop([&] { reply({200, "", std::string(8 << 20, 'x'), {}, {}}); });
  EXPECT_EQ(connect().exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body, "hello");
}

TEST_F(ServerTest, AReplyAfterTheServerHasGoneIsDropped) {
  serve();
  Client client = connect();
  client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  on_loop([&] {
    server_.reset();
    reply({200, "", "late", {}, {}});
  });
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, AHeadIsAnsweredAsItsGetWithoutTheBody) {
  serve();
  Client client = connect();
  client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\nHEAD /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
  Answer answer = client.receive(true);
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.headers.at("content-length"), "5");
  answer = client.receive(true);
  EXPECT_EQ(answer.status, 404u);
  EXPECT_EQ(client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body, "hello");
}

TEST_F(ServerTest, PiecesAreSentOneAfterTheOther) {
  serve();
  Client client = connect();
  const Answer answer = client.exchange("GET /pieces HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.headers.at("content-length"), "200000");
  EXPECT_EQ(answer.body, std::string(200'000, 'p'));
}

TEST_F(ServerTest, PiecesLiveUntilASlowClientHasThemAll) {
  serve();
  Client client = connect();
  client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  std::weak_ptr<const std::string> watched;
  on_loop([&] {
    HttpAnswer answer;
    for (char c = 'a'; c <= 'z'; ++c) {
      answer.pieces.push_back(std::make_shared<const std::string>(1 << 20, c));
    }
    watched = answer.pieces.back();
    reply(std::move(answer));
  });
  // 26 MiB do not fit into the socket's buffers, so the handler is done long before the answer.
  EXPECT_FALSE(watched.expired());
  const Answer answer = client.receive();
  ASSERT_EQ(answer.body.size(), 26u << 20);
  for (std::size_t i = 0; i < 26; ++i) {
    ASSERT_EQ(
        answer.body.compare(i << 20, 1 << 20, std::string(1 << 20, static_cast<char>('a' + i))), 0);
  }
  on_loop([] {});
  EXPECT_TRUE(watched.expired());
}

TEST_F(ServerTest, AClientThatLeavesInTheMiddleOfAnAnswerLeavesNothingBehind) {
  serve();
  std::weak_ptr<const std::string> watched;
  {
    Client client = connect();
    client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
    const HttpReply reply = held();
    on_loop([&] {
      HttpAnswer answer;
      answer.pieces.assign(1, std::make_shared<const std::string>(64 << 20, 'x'));
      watched = answer.pieces.back();
      reply(std::move(answer));
    });
    EXPECT_FALSE(watched.expired());
  }
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!watched.expired() && std::chrono::steady_clock::now() < deadline) on_loop([] {});
  EXPECT_TRUE(watched.expired());
}

TEST_F(ServerTest, ABodyInChunksIsPutTogether) {
  serve();
  Client client = connect();
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: "
      "Content-Type\r\n\r\n";
  const std::string body = "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nContent-Type: evil\r\n\r\n";
  Answer answer = client.exchange(head + body);
  EXPECT_EQ(answer.body, "abc0123456789");
  EXPECT_EQ(answer.headers.at("x-seen"), "POST  127.0.0.1") << "a trailer must change nothing";
  for (const char c : head + body) client.send(std::string(1, c));
  EXPECT_EQ(client.receive().body, "abc0123456789");
}

TEST_F(ServerTest, AClientThatExpectsAContinueGetsOne) {
  serve();
  Client client = connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100u);
  EXPECT_EQ(client.exchange("abc").body, "abc");
}

TEST_F(ServerTest, ABodyThatComesUnaskedNeedsNoContinue) {
  serve();
  Client client = connect();
  const Answer answer = client.exchange(
      "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(answer.status, 200u);
}

TEST_F(ServerTest, ClosesWhereTheClientAsksForIt) {
  serve();
  Client client = connect();
  const Answer answer =
      client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(answer.body, "hello");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, Http10ClosesUnlessTheClientAsksToKeepTheConnection) {
  serve();
  Client kept = connect();
  for (int i = 0; i < 2; ++i) {
    const Answer answer =
        kept.exchange("GET /hello HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(answer.body, "hello");
    EXPECT_EQ(answer.headers.at("connection"), "keep-alive");
  }
  EXPECT_EQ(kept.exchange("GET /hello HTTP/1.0\r\nHost: x\r\n\r\n").body, "hello");
  EXPECT_TRUE(kept.closed());
}

TEST_F(ServerTest, AClientThatHasFinishedSendingStillGetsItsAnswer) {
  serve();
  Client client = connect();
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  client.finish_sending();
  EXPECT_EQ(client.receive().body, "hello");
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, PathAndQueryAreDecoded) {
  serve();
  Client client = connect();
  EXPECT_EQ(client
                .exchange("GET /items/%E6%96%87%E6%97%85?on=2026-06-30&a%20b=c%26d&flag "
                          "HTTP/1.1\r\nHost: x\r\n\r\n")
                .body,
            "/items/文旅|on=2026-06-30|a b=c&d|flag=");
  EXPECT_EQ(client.exchange("GET http://x/items/7?a=1 HTTP/1.1\r\nHost: x\r\n\r\n").body,
            "/items/7|a=1");
}

TEST_F(ServerTest, AnEncodedSlashIsNoSegmentsEnd) {
  serve();
  EXPECT_EQ(connect().exchange("GET /items/a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n").status, 404u);
}

TEST_F(ServerTest, TheObserverSeesEveryAnswerWithItsPatternAndItsRequestsId) {
  serve();
  Client client = connect();
  client.exchange("GET /items/1 HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\n\r\n");
  client.exchange("PUT /nowhere HTTP/1.1\r\nHost: x\r\nX-Request-Id: b\r\n\r\n");
  client.exchange(
      "POST /guarded HTTP/1.1\r\nHost: x\r\nX-Request-Id: c\r\nContent-Length: 0\r\n\r\n");
  const std::string ours = client.exchange("garbage\r\n\r\n").headers.at("x-request-id");
  EXPECT_THAT(observed(), testing::ElementsAre(Observed{"/items/{}", 200, "GET", "a"},
                                               Observed{"other", 404, "PUT", "b"},
                                               Observed{"/guarded", 401, "POST", "c"},
                                               Observed{"other", 400, "", ours}));
}

TEST_F(ServerTest, ARequestKeepsTheIdThatItsClientGaveIt) {
  serve();
  Client client = connect();
  for (const std::string id : {"k3", "2026-07_excel.v2", "0123456789abcdef0123456789abcdef"}) {
    const Answer answer =
        client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\nX-Request-Id: " + id + "\r\n\r\n");
    EXPECT_EQ(answer.headers.at("x-request-id"), id);
  }
}

TEST_F(ServerTest, ARequestWithoutAnIdThatALogCanShowGetsOneOfItsOwn) {
  serve();
  Client client = connect();
  std::set<std::string> seen;
  for (const std::string& given : {std::string(), std::string("two words"), std::string("x\"y"),
                                   std::string("号"), std::string(65, 'x'), std::string("a=b")}) {
    const std::string field = given.empty() ? "" : "X-Request-Id: " + given + "\r\n";
    const Answer answer = client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n" + field + "\r\n");
    EXPECT_EQ(answer.status, 200u);
    const std::string id = answer.headers.at("x-request-id");
    EXPECT_THAT(id, testing::MatchesRegex("[0-9a-f]{12}"));
    EXPECT_TRUE(seen.insert(id).second) << id << " twice";
  }
}

TEST_F(ServerTest, TwoHundredClientsAtOnceAreAllAnswered) {
  serve();
  std::vector<Client> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(connect());
  for (Client& client : clients) client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  std::vector<HttpReply> replies;
  for (int i = 0; i < 200; ++i) replies.push_back(held());
  on_loop([&] {
    for (const HttpReply& reply : replies) reply({200, "", "now", {}, {}});
  });
  for (Client& client : clients) EXPECT_EQ(client.receive().body, "now");
}

TEST_F(ServerTest, ListensOnSeveralAddressesIpv6Among) {
  HttpServerOptions options;
  options.listen = {"127.0.0.1:0", "[::1]:0"};
  serve(options);
  ASSERT_EQ(server_->ports().size(), 2u);
  Client four(server_->ports()[0]);
  Client six(server_->ports()[1], "::1");
  EXPECT_EQ(four.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body, "hello");
  EXPECT_EQ(six.exchange("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                .headers.at("x-seen"),
            "POST  ::1");
}

TEST_F(ServerTest, APortThatIsTakenIsNamedWithTheLikelyCause) {
  serve();
  const std::string taken = "127.0.0.1:" + std::to_string(server_->ports().at(0));
  HttpServerOptions options;
  options.listen = {taken};
  try {
    const HttpServer second(io_, options, {}, {});
    FAIL() << "bound twice";
  } catch (const std::runtime_error& failure) {
    EXPECT_EQ(failure.what(), "cannot listen on " + taken +
                                  ": address already in use: is another districtd running?");
  }
}

TEST(HttpServerTest, SaysWhatAnAddressShouldLookLike) {
  boost::asio::io_context io;
  for (const char* listen : {"", "9480", ":9480", "localhost:9480", "127.0.0.1:", "127.0.0.1:x",
                             "127.0.0.1:70000", "::1:9480", "[::1]", "[127.0.0.1]:80"}) {
    HttpServerOptions options;
    options.listen = {listen};
    try {
      const HttpServer server(io, options, {}, {});
      ADD_FAILURE() << listen << " was taken";
    } catch (const std::runtime_error& failure) {
      EXPECT_THAT(failure.what(), HasSubstr("expected ADDRESS:PORT")) << listen;
    }
  }
}

TEST_F(ServerTest, DrainingAnswersWhatIsUnderWayAndClosesTheRest) {
  serve();
  const std::uint16_t port = server_->ports().at(0);
  Client idle = connect();
  EXPECT_EQ(idle.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200u);
  Client busy = connect();
  busy.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  std::promise<void> drained;
  auto done = drained.get_future();
  on_loop([&] { server_->drain([&] { drained.set_value(); }); });
  EXPECT_TRUE(idle.closed());
  EXPECT_THROW(Client{port}, std::runtime_error);
  on_loop([] {});
  EXPECT_EQ(done.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  on_loop([&] { reply({200, "", "last", {}, {}}); });
  const Answer answer = busy.receive();
  EXPECT_EQ(answer.body, "last");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(busy.closed());
  EXPECT_EQ(done.wait_for(kPatience), std::future_status::ready);
}

TEST_F(ServerTest, DrainingWaitsForARequestThatIsStillArriving) {
  serve();
  Client client = connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100u);
  std::promise<void> drained;
  on_loop([&] { server_->drain([&] { drained.set_value(); }); });
  const Answer answer = client.exchange("body");
  EXPECT_EQ(answer.body, "body");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_EQ(drained.get_future().wait_for(kPatience), std::future_status::ready);
}

TEST_F(ServerTest, DrainingAnIdleServerIsDoneAtOnce) {
  serve();
  std::promise<void> drained;
  on_loop([&] { server_->drain([&] { drained.set_value(); }); });
  EXPECT_EQ(drained.get_future().wait_for(kPatience), std::future_status::ready);
}

}  // namespace
}  // namespace districtd::http_test
