// What is no good request: the right status, a JSON error, and no harm to what came before.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/http/client.h"
#include "tests/unit/log/log_file.h"

namespace districtd::http_test {
namespace {

TEST_F(ServerTest, AnUnknownPathIs404AndTheConnectionGoesOn) {
  serve();
  Client client = connect();
  const Answer answer = client.exchange("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 404u);
  EXPECT_EQ(error_code_of(answer), "not_found");
  EXPECT_EQ(answer.headers.at("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200u);
}

TEST_F(ServerTest, AWrongMethodIs405AndNamesTheRightOnes) {
  serve();
  Client client = connect();
  Answer answer = client.exchange("DELETE /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 405u);
  EXPECT_EQ(error_code_of(answer), "method_not_allowed");
  EXPECT_EQ(answer.headers.at("allow"), "GET, HEAD");
  answer = client.exchange("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 405u);
  EXPECT_EQ(answer.headers.at("allow"), "POST");
}

TEST_F(ServerTest, ABodyThatIsThereAlreadyIsSkippedAfterARefusal) {
  serve();
  Client client = connect();
  client.send(
      "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /"
      "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive().status, 404u);
  EXPECT_EQ(client.receive().body, "hello");
}

class GarbageTest : public ServerTest, public testing::WithParamInterface<std::string> {};

TEST_P(GarbageTest, IsAnswered400InJsonAndEndsTheConnection) {
  serve();
  Client client = connect();
  const Answer answer = client.exchange(GetParam());
  EXPECT_EQ(answer.status, 400u);
  EXPECT_EQ(error_code_of(answer), "bad_request");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.closed());
}

INSTANTIATE_TEST_SUITE_P(
    Requests, GarbageTest,
    testing::Values(
        "garbage\r\n\r\n", std::string("\0\0\0\0", 4),
        std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),  // a TLS hello
        "GET /hello\r\n\r\n", "GET  /hello HTTP/1.1\r\n\r\n", "GET /hello HTTP/2.0\r\n\r\n",
        "GET /hello HTTP/1.1\nHost: x\n\n", "GET /hello HTTP/1.1\r\nHost x\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost : x\r\n\r\n", "GET /hello HTTP/1.1\r\n\r\n",  // no Host
        "GET hello HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: x\r\n\r\n", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        // RFC 9112 section 6.1: HTTP/1.0 with a Transfer-Encoding is faulty framing.
        "POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /echo HTTP/1.0\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n"));

// What decides something is said once: whoever passed the request on may have gone by the other
// one.
class RepeatedFieldTest : public ServerTest, public testing::WithParamInterface<std::string> {};

TEST_P(RepeatedFieldTest, IsAnswered400InJsonAndEndsTheConnection) {
  serve();
  Client client = connect();
  const Answer answer = client.exchange("POST /guarded HTTP/1.1\r\n" + GetParam() + "\r\n\r\nab");
  EXPECT_EQ(answer.status, 400u);
  EXPECT_EQ(error_code_of(answer), "duplicate_header");
  const std::string field = GetParam().substr(GetParam().rfind('\n') + 1);
  EXPECT_THAT(answer.body, testing::HasSubstr("多个 " + field.substr(0, field.find(':')) + " 头"));
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(bodies_seen_by_guarded_, 0);
}

constexpr const char* kGood =
    "Host: x\r\nAuthorization: Bearer good\r\nContent-Type: text/csv\r\n"
    "Idempotency-Key: 1\r\nContent-Length: 2\r\n";

INSTANTIATE_TEST_SUITE_P(
    Fields, RepeatedFieldTest,
    testing::Values(std::string(kGood) + "Host: y", std::string(kGood) + "Host: x",
                    std::string(kGood) + "Authorization: Bearer good",
                    std::string(kGood) + "Content-Type: text/csv",
                    std::string(kGood) + "Content-Type: application/json",
                    std::string(kGood) + "Idempotency-Key: 1",
                    std::string(kGood) + "Idempotency-Key: 2",
                    std::string(kGood) + "Content-Length: 2",
                    std::string(kGood) + "Content-Length: 3",
                    "Host: x\r\nAuthorization: Bearer good\r\nContent-Length: 2, 2",
                    std::string(kGood) + "Origin: http://x\r\nOrigin: http://x",
                    std::string(kGood) + "Content-Encoding: gzip\r\nContent-Encoding: identity"));

TEST_F(ServerTest, AHostThatIsNotOursIs421AndAForeignPageIs403EvenWhereThereIsNoRoute) {
  serve();
  const auto asked = [this](const std::string& path, const std::string& fields) {
    const Answer answer = connect().exchange("GET " + path + " HTTP/1.1\r\n" + fields + "\r\n\r\n");
    return std::to_string(answer.status) + " " + error_code_of(answer);
  };
  for (const char* path : {"/hello", "/waiting", "/nowhere"}) {
    EXPECT_EQ(asked(path, "Host: evil.example:80"), "421 unknown_host");
    EXPECT_EQ(asked(path, "Host: "), "421 unknown_host");
    EXPECT_EQ(asked(path, "Host: x\r\nOrigin: http://evil.example"), "403 foreign_page");
    EXPECT_EQ(asked(path, "Host: x\r\nOrigin: null"), "403 foreign_page");
    EXPECT_EQ(asked(path, "Host: x\r\nSec-Fetch-Site: cross-site"), "403 foreign_page");
  }
  EXPECT_EQ(asked("/hello", "Host: x\r\nOrigin: https://X:443"), "200 ");
  EXPECT_EQ(asked("/hello", "Host: x\r\nSec-Fetch-Site: same-origin"), "200 ");
  EXPECT_EQ(asked("/hello",
                  "Host: x\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
                  "Sec-Fetch-Dest: document"),
            "200 ")
      << "somebody followed a link";
  EXPECT_EQ(asked("http://evil.example/hello", "Host: x"), "421 unknown_host")
      << "RFC 9112 section 3.2.2: the target's authority counts";
  EXPECT_EQ(asked("/waiting", "Host: evil.example\r\nAuthorization: Bearer office"), "200 ")
      << "a page cannot make a browser show a token";
  EXPECT_EQ(asked("/waiting", "Host: evil.example\r\nAuthorization: Bearer guess"),
            "401 unauthorized");
  EXPECT_EQ(asked("/waiting", "Host: localhost\r\nX-Forwarded-For: 10.1.2.3"), "401 unauthorized");
  EXPECT_EQ(asked("/waiting", "Host: localhost\r\nx-webauth-user: admin"), "401 unauthorized");
}

TEST_F(ServerTest, GarbageBehindAGoodRequestDoesNotTakeItsAnswer) {
  serve();
  Client client = connect();
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n\x01\x02 garbage\r\n\r\n");
  EXPECT_EQ(client.receive().body, "hello");
  EXPECT_EQ(client.receive().status, 400u);
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, ABodyWhoseEndCannotBeKnownIs501) {
  serve();
  for (const char* coding : {"gzip", "gzip, chunked", "identity"}) {
    Client client = connect();
    const Answer answer = client.exchange(
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + std::string(coding) +
        "\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(answer.status, 501u) << coding;
    EXPECT_EQ(error_code_of(answer), "unsupported_transfer_encoding");
    EXPECT_TRUE(client.closed()) << "nothing behind it may count as a request";
  }
}

TEST_F(ServerTest, ABodyThatIsCompressedOtherwiseThanByGzipIs415) {
  serve();
  const Answer answer = connect().exchange(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_EQ(answer.status, 415u);
  EXPECT_EQ(error_code_of(answer), "unsupported_content_encoding");
}

TEST_F(ServerTest, AHandlerThatThrowsIs500AndTheConnectionGoesOn) {
  serve();
  Client client = connect();
  const Answer answer = client.exchange("GET /throws HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 500u);
  EXPECT_EQ(error_code_of(answer), "internal");
  EXPECT_EQ(answer.body.find("this is a test"), std::string::npos);
  EXPECT_EQ(client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200u);
}

TEST_F(ServerTest, AFaultOfOursIsLoggedWithTheRequestsId) {
  const LogFile log;
  serve();
  Client client = connect();
  client.exchange("GET /throws HTTP/1.1\r\nHost: x\r\nX-Request-Id: k1\r\n\r\n");
  EXPECT_EQ(client
                .exchange("POST /checked HTTP/1.1\r\nHost: x\r\nX-Request-Id: k2\r\n"
                          "Content-Length: 0\r\n\r\n")
                .status,
            500u);
  const auto records = log.records();
  ASSERT_EQ(records.size(), 2u);
  for (const auto& record : records) {
    EXPECT_EQ(record.at("event"), "request_failed");
    EXPECT_EQ(record.at("level"), "error");
    EXPECT_THAT(std::string(record.at("message").as_string()),
                testing::HasSubstr("this is a test"));
  }
  EXPECT_EQ(records[0].at("request"), "k1");
  EXPECT_EQ(records[0].at("handler"), "/throws");
  EXPECT_EQ(records[1].at("request"), "k2");
  EXPECT_EQ(records[1].at("handler"), "/checked");
}

TEST_F(ServerTest, ARequestThatEndsHalfwayIsForgotten) {
  serve();
  Client client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  client.finish_sending();
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(observed().empty());
}

// The limit is the whole process's; it holds only between the two setrlimit calls.
TEST_F(ServerTest, AcceptsAgainOnceThereAreFileDescriptors) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer's check of vtables itself needs a file descriptor";
#endif
  const LogFile log;
  serve();
  Client first = connect();
  EXPECT_EQ(first.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200u);
  Client second = connect();  // needs its own descriptor here before there are none
  EXPECT_EQ(second.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200u);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  // Room for the client's socket, none for the server's.
  const int free_descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(free_descriptor);
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(free_descriptor) + 1;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
  Client third = connect();
  third.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(first.exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 200u);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::filesystem::file_size(log.config().path) == 0 &&
         std::chrono::steady_clock::now() < deadline) {
    on_loop([] {});
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  const auto records = log.records();
  ASSERT_EQ(records.size(), 1u) << "it is not repeated at once";
  EXPECT_EQ(records[0].at("event"), "accept_failed");
  EXPECT_EQ(records[0].at("port"), server_->ports().at(0));
  EXPECT_EQ(third.receive().status, 200u);
}

}  // namespace
}  // namespace districtd::http_test
