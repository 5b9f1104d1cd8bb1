// Sizes and numbers: 413, 431, 401 before a body is read, and the most connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/http/certificate.h"
#include "tests/unit/base/made_certificate.h"
#include "tests/unit/fixture/temporary_folder.h"
#include "tests/unit/http/client.h"

namespace districtd::http_test {
namespace {

HttpServerOptions small() {
  HttpServerOptions options;
  options.max_body_bytes = 1000;
  options.max_header_bytes = 2000;
  return options;
}

TEST_F(ServerTest, ABodyOfExactlyTheLimitIsTaken) {
  serve(small());
  const std::string body(1000, 'x');
  EXPECT_EQ(connect()
                .exchange("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + body)
                .body,
            body);
}

TEST_F(ServerTest, ALengthBeyondTheLimitIs413BeforeTheBodyIsSent) {
  serve(small());
  Client client = connect();
  const Answer answer = client.exchange(
      "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_EQ(answer.status, 413u);
  EXPECT_EQ(error_code_of(answer), "too_large");
  EXPECT_THAT(answer.body, testing::HasSubstr("1000"));
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, AClientThatSendsItsWholeLargeBodyFirstStillGetsThe413) {
  serve(small());
  Client client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n");
  client.send(std::string(20'000'000, 'x'));
  EXPECT_EQ(client.receive().status, 413u);
}

TEST_F(ServerTest, ChunksBeyondTheLimitAre413) {
  serve(small());
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  Client announced = connect();
  EXPECT_EQ(announced.exchange(head + "FFFFFFFF\r\n").status, 413u);
  EXPECT_TRUE(announced.closed());
  Client added_up = connect();
  std::string chunks;
  for (int i = 0; i < 11; ++i) chunks += "64\r\n" + std::string(100, 'x') + "\r\n";
  EXPECT_EQ(added_up.exchange(head + chunks).status, 413u);
  Client fits = connect();
  EXPECT_EQ(fits.exchange(head + chunks.substr(0, chunks.size() / 11 * 10) + "0\r\n\r\n").body,
            std::string(1000, 'x'));
}

TEST_F(ServerTest, ALargeBodyArrivesWhole) {
  serve();
  std::string body;
  while (body.size() < 5'000'000) body += std::to_string(body.size()) + ",";
  Client client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n");
  client.send(body);
  EXPECT_TRUE(client.receive().body == body);
}

TEST_F(ServerTest, ARouteThatTakesNoBodyRefusesALongOneBeforeItIsSent) {
  serve();
  for (const char* start : {"GET /hello", "POST /bare"}) {
    Client client = connect();
    const Answer answer = client.exchange(
        std::string(start) +
        " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 65537\r\n\r\n");
    EXPECT_EQ(answer.status, 413u);
    EXPECT_EQ(error_code_of(answer), "too_large");
    EXPECT_THAT(answer.body, testing::HasSubstr("65536"));
    EXPECT_TRUE(client.closed());
  }
}

TEST_F(ServerTest, ARouteThatTakesNoBodyRefusesItsChunksBeyond64KiB) {
  serve();
  const std::string head = "POST /bare HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  Client announced = connect();
  EXPECT_EQ(announced.exchange(head + "10001\r\n").status, 413u);
  Client added_up = connect();
  added_up.send(head + "10000\r\n" + std::string(65536, 'x') + "\r\n1\r\n");
  EXPECT_EQ(added_up.receive().status, 413u);
}

TEST_F(ServerTest, ARouteThatTakesNoBodyKeepsNothingOfAShortOne) {
  serve();
  Client client = connect();
  client.send("POST /bare HTTP/1.1\r\nHost: x\r\nContent-Length: 65536\r\n\r\n");
  client.send(std::string(65536, 'x'));
  EXPECT_EQ(client.receive().body, "0") << "bytes seen by the handler";
  EXPECT_EQ(client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body, "hello");
}

TEST_F(ServerTest, AnotherLimitCountsFromTheNextRequestOn) {
  serve(small());
  Client client = connect();
  HttpLimits wider;
  wider.max_body_bytes = 2000;
  on_loop([&] { server_->set_limits(wider); });
  const std::string body(1500, 'x');
  EXPECT_EQ(client.exchange("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1500\r\n\r\n" + body)
                .status,
            200u);
}

TEST_F(ServerTest, AHeaderBeyondTheLimitIs431) {
  serve(small());
  const std::string start = "GET /hello HTTP/1.1\r\nHost: x\r\n";
  const std::string end = "\r\n\r\n";
  const std::string name = "X-A: ";
  const std::string fits(2000 - start.size() - name.size() - end.size(), 'a');
  EXPECT_EQ(connect().exchange(start + name + fits + end).status, 200u);
  for (const std::string& header :
       {start + name + fits + "a" + end, start + name + std::string(5000, 'a'),
        "GET /" + std::string(5000, 'a'), std::string(5000, 'A')}) {
    Client client = connect();
    const Answer answer = client.exchange(header);
    EXPECT_EQ(answer.status, 431u);
    EXPECT_EQ(error_code_of(answer), "header_too_large");
    EXPECT_TRUE(client.closed());
  }
}

TEST_F(ServerTest, ManySmallFieldsInManyPacketsAre431Too) {
  serve(small());
  Client client = connect();
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\n");
  for (int i = 0; i < 300; ++i) client.send("X-A: b\r\n");
  EXPECT_EQ(client.receive().status, 431u);
}

TEST_F(ServerTest, AChunkHeaderWithoutEndIsRefused) {
  serve(small());
  Client client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;");
  client.send(std::string(200'000, 'x'));
  EXPECT_EQ(client.receive().status, 400u);
}

TEST_F(ServerTest, WhoIsNotAdmittedIsAnsweredBeforeSendingABody) {
  serve();
  Client client = connect();
  const Answer answer = client.exchange(
      "POST /guarded HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bad\r\nExpect: 100-continue\r\n"
      "Content-Length: 1000000\r\n\r\n");
  EXPECT_EQ(answer.status, 401u);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(bodies_seen_by_guarded_, 0);
}

TEST_F(ServerTest, WhoIsAdmittedIsHandled) {
  serve();
  EXPECT_EQ(connect()
                .exchange("POST /guarded HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"
                          "Content-Length: 2\r\n\r\nab")
                .body,
            "2 of culture");
}

TEST_F(ServerTest, WhatItsCheckSaysAgainstAHeadIsAnsweredBeforeTheBodyIsSent) {
  serve();
  const std::string head = "POST /checked HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";
  Client refused = connect();
  const Answer answer =
      refused.exchange(head + "Content-Type: text/html\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_EQ(answer.status, 415u);
  EXPECT_EQ(error_code_of(answer), "unsupported_media_type");
  EXPECT_TRUE(refused.closed());
  Client taken = connect();
  EXPECT_EQ(taken.exchange(head + "Content-Type: text/csv\r\nContent-Length: 2\r\n\r\n").status,
            100u);
  EXPECT_EQ(taken.exchange("ab").body, "ab");
}

TEST_F(ServerTest, AccessComesBeforeTheAnnouncedLengthAndBehindTheRoute) {
  serve();
  EXPECT_EQ(connect()
                .exchange("POST /decisions/1 HTTP/1.1\r\nHost: x\r\n"
                          "Content-Length: 99999999\r\n\r\n")
                .status,
            401u);
  EXPECT_EQ(connect()
                .exchange("POST /decisions/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                          "office\r\nContent-Length: 99999999\r\n\r\n")
                .status,
            413u);
  EXPECT_EQ(connect().exchange("GET /decisions/1 HTTP/1.1\r\nHost: x\r\n\r\n").status, 405u);
}

// Nobody, a department and the office ask: the answer's body where its status is 200.
std::string answers_to_each(Client& client, const std::string& method_and_path,
                            const std::string& host = "x") {
  std::string all;
  for (const char* token : {"", "good", "office"}) {
    const Answer answer =
        client.exchange(method_and_path + " HTTP/1.1\r\nHost: " + host +
                        "\r\nAuthorization: Bearer " + token + "\r\nContent-Length: 0\r\n\r\n");
    if (!all.empty()) all += ", ";
    all += answer.status == 200 ? answer.body : std::to_string(answer.status);
  }
  return all;
}

TEST_F(ServerTest, ARoutesAccessDecidesAsWhomItsHandlerIsAsked) {
  serve();
  Client client = connect();
  EXPECT_EQ(answers_to_each(client, "GET /hello"), "hello, hello, hello");
  for (const char* local : {"localhost", "LOCALHOST:80", "127.0.0.1:9480"}) {
    EXPECT_EQ(answers_to_each(client, "GET /receipts/1", local), "anyone, anyone, anyone");
    EXPECT_EQ(answers_to_each(client, "GET /waiting", local), "anyone, anyone, anyone");
  }
  EXPECT_EQ(answers_to_each(client, "GET /receipts/1"), "401, culture, the office");
  EXPECT_EQ(answers_to_each(client, "GET /waiting"), "401, 403, the office");
  EXPECT_EQ(answers_to_each(client, "POST /guarded"), "401, 0 of culture, 401");
  EXPECT_EQ(answers_to_each(client, "POST /decisions/1"), "401, 403, the office");
}

TEST_F(ServerTest, APortForTokenHoldersAsksForEveryRoute) {
  TemporaryFolder folder;
  const MadeCertificate made = make_certificate(folder.path(), "x");
  HttpServerOptions options;
  options.tls_listen = {"127.0.0.1:0"};
  options.certificate =
      std::make_shared<ServerCertificate>(CertificateFiles{made.certificate, made.key});
  options.tls_serves_all = false;
  serve(options);
  Client client = connect_last();
  ASSERT_TRUE(client.start_tls(made.certificate));
  EXPECT_EQ(answers_to_each(client, "GET /hello"), "404, 404, 404");
  EXPECT_EQ(answers_to_each(client, "GET /receipts/1"), "401, culture, the office");
  EXPECT_EQ(answers_to_each(client, "GET /waiting"), "401, 403, the office");
  EXPECT_EQ(answers_to_each(client, "POST /guarded"), "401, 0 of culture, 401");
  EXPECT_EQ(answers_to_each(client, "POST /decisions/1"), "401, 403, the office");
}

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(ServerTest, BeyondTheMostConnectionsTheOneThatWasIdleLongestMakesRoom) {
  HttpServerOptions options;
  options.max_connections = 2;
  serve(options);
  Client first = connect();
  Client second = connect();
  EXPECT_EQ(first.exchange(kHello).status, 200u);
  EXPECT_EQ(second.exchange(kHello).status, 200u);
  EXPECT_EQ(connect().exchange(kHello).status, 200u);
  EXPECT_TRUE(first.closed());
  EXPECT_EQ(second.exchange(kHello).status, 200u);
}

TEST_F(ServerTest, WhereAllConnectionsAreBusyFurtherOnesWaitForTheFirstThatEndsItsRequest) {
  HttpServerOptions options;
  options.max_connections = 2;
  serve(options);
  Client first = connect();
  Client second = connect();
  first.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply_to_first = held();
  second.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply_to_second = held();
  Client third = connect();
  third.send(kHello);
  Client fourth = connect();
  fourth.send(kHello);
  EXPECT_TRUE(observed().empty()) << "two wait";

  on_loop([&] { reply_to_first(HttpAnswer{}); });
  EXPECT_EQ(first.receive().status, 200u);
  EXPECT_EQ(third.receive().status, 200u);
  EXPECT_EQ(fourth.receive().status, 200u);
  EXPECT_TRUE(first.closed()) << "idle, it made room";
  on_loop([&] { reply_to_second(HttpAnswer{}); });
  EXPECT_EQ(second.receive().status, 200u);
}

TEST_F(ServerTest, WhatIsPipelinedIsAnsweredBeforeAConnectionMakesRoom) {
  HttpServerOptions options;
  options.max_connections = 1;
  serve(options);
  Client first = connect();
  first.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(kHello));
  const HttpReply reply = held();
  Client second = connect();
  second.send(kHello);
  on_loop([&] { reply(HttpAnswer{}); });
  EXPECT_EQ(first.receive().status, 200u);
  EXPECT_EQ(first.receive().body, "hello");
  EXPECT_EQ(second.receive().status, 200u);
}

}  // namespace
}  // namespace districtd::http_test
