// TLS as a client meets it.
#include <chrono>
#include <future>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/http/certificate.h"
#include "tests/unit/base/made_certificate.h"
#include "tests/unit/fixture/temporary_folder.h"
#include "tests/unit/http/client.h"
#include "tests/unit/log/log_file.h"

namespace districtd::http_test {
namespace {

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

class TlsServerTest : public ServerTest {
 protected:
  void serve_tls(HttpServerOptions options = {}) {
    options.tls_listen = {"127.0.0.1:0"};
    options.certificate = std::make_shared<ServerCertificate>(files_);
    serve(options);
  }

  Client connect_tls() {
    Client client = connect_last();
    EXPECT_TRUE(client.start_tls(files_.certificate));
    return client;
  }

  CertificateFiles make(const std::string& name) const {
    const MadeCertificate made = make_certificate(folder_.path(), name);
    return {made.certificate, made.key};
  }

  TemporaryFolder folder_;
  CertificateFiles files_ = make("first");
};

TEST_F(TlsServerTest, IsSpokenOnItsOwnPortsAndNotOnTheOthers) {
  serve_tls();
  ASSERT_EQ(server_->ports().size(), 2u);
  EXPECT_EQ(connect_tls().exchange(kHello).body, "hello");
  EXPECT_EQ(connect().exchange(kHello).body, "hello");
}

TEST_F(TlsServerTest, RequestsFollowOneAnotherAndAreAnsweredInOrder) {
  serve_tls();
  Client client = connect_tls();
  client.send(std::string(kHello) + "GET /items/7 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive().body, "hello");
  EXPECT_EQ(client.receive().body, "/items/7");
  EXPECT_EQ(client.exchange("GET /pieces HTTP/1.1\r\nHost: x\r\n\r\n").body.size(), 200'000u);
  const std::string body(3'000'000, 'x');
  EXPECT_EQ(
      client.exchange("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + body)
          .body,
      body);
}

TEST_F(TlsServerTest, AClientThatWaitsIsToldToGoOn) {
  serve_tls();
  Client client = connect_tls();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.receive(true).status, 100u);
  EXPECT_EQ(client.exchange("abc").body, "abc");
}

TEST_F(TlsServerTest, TheEndOfAConnectionIsSaid) {
  serve_tls();
  Client client = connect_tls();
  EXPECT_EQ(client.exchange("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status,
            200u);
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(client.was_told_the_end());
}

TEST_F(TlsServerTest, ARefusalReachesAClientThatIsStillSending) {
  HttpServerOptions options;
  options.max_body_bytes = 1000;
  serve_tls(options);
  Client client = connect_tls();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n");
  client.send(std::string(1'000'000, 'x'));
  EXPECT_EQ(client.receive().status, 413u);
  EXPECT_TRUE(client.closed());
}

TEST_F(TlsServerTest, ARequestThatDoesNotEndIs408) {
  HttpServerOptions options;
  options.request_timeout = std::chrono::seconds(1);
  serve_tls(options);
  Client client = connect_tls();
  EXPECT_EQ(client.exchange("GET /hello HTTP/1.1\r\n").status, 408u);
  EXPECT_TRUE(client.closed());
}

TEST_F(TlsServerTest, WhoSpeaksPlainHttpToItIsToldToUseHttps) {
  serve_tls();
  Client client = connect_last();
  const Answer answer = client.exchange(kHello);
  EXPECT_EQ(answer.status, 400u);
  EXPECT_EQ(error_code_of(answer), "tls_expected");
  EXPECT_THAT(answer.body, testing::HasSubstr("https://"));
  EXPECT_TRUE(client.closed());
}

TEST_F(TlsServerTest, WhatIsNeitherTlsNorHttpIsClosed) {
  serve_tls();
  Client client = connect_last();
  client.send("\x01\x02\x03\x04\x05 neither of them");
  EXPECT_TRUE(connect_tls().exchange(kHello).status == 200u);
  client.closed();
}

TEST_F(TlsServerTest, AHandshakeThatFailsIsLoggedWhereTheLevelIsDebug) {
  const LogFile log;
  LogConfig config = log.config();
  config.level = "debug";
  configure_logging(config);
  serve_tls();
  Client client = connect_last();
  client.send("\x01\x02\x03\x04\x05 neither of them");
  client.closed();
  const auto records = log.records();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].at("event"), "tls_handshake_failed");
  EXPECT_EQ(records[0].at("peer"), "127.0.0.1");
}

TEST_F(TlsServerTest, AHandshakeThatDoesNotComeIsNotWaitedForAnyLonger) {
  HttpServerOptions options;
  options.request_timeout = std::chrono::seconds(1);
  serve_tls(options);
  Client client = connect_last();
  EXPECT_TRUE(client.closed());
}

TEST_F(TlsServerTest, VersionsBefore12AreRefused) {
  serve_tls();
  EXPECT_TRUE(connect_last().start_tls(files_.certificate, TLS1_2_VERSION));
  EXPECT_FALSE(connect_last().start_tls(files_.certificate, TLS1_1_VERSION));
}

TEST_F(TlsServerTest, AnotherCertificateIsShownToWhoeverComesNext) {
  serve_tls();
  Client before = connect_tls();
  EXPECT_EQ(before.common_name(), "first");
  const CertificateFiles renewed = make("second");
  on_loop([&] { server_->set_certificate(std::make_shared<ServerCertificate>(renewed)); });
  Client after = connect_last();
  ASSERT_TRUE(after.start_tls(renewed.certificate));
  EXPECT_EQ(after.common_name(), "second");
  EXPECT_EQ(after.exchange(kHello).status, 200u);
  EXPECT_EQ(before.exchange(kHello).status, 200u) << "it goes on with the one it began with";
}

TEST_F(TlsServerTest, APortForDepartmentsServesOnlyWhatAsksForAToken) {
  HttpServerOptions options;
  options.tls_serves_all = false;
  serve_tls(options);
  Client client = connect_tls();
  const Answer hidden = client.exchange(kHello);
  EXPECT_EQ(hidden.status, 404u);
  EXPECT_EQ(error_code_of(hidden), "not_found");
  EXPECT_EQ(client.exchange("POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").status,
            404u)
      << "which methods there are is not shown either";
  EXPECT_EQ(client.exchange("GET /guarded HTTP/1.1\r\nHost: x\r\n\r\n").headers.at("allow"),
            "POST");
  EXPECT_EQ(client
                .exchange("POST /guarded HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                          "good\r\nContent-Length: 2\r\n\r\nab")
                .body,
            "2 of culture");
  EXPECT_EQ(connect().exchange(kHello).status, 200u) << "the port without TLS serves all";
}

// [http] hosts, by default: the certificate's names, and the address that a client connected to.
TEST_F(TlsServerTest, TheCertificatesNamesAreOursUnlessTheConfigurationNamesTheHosts) {
  const auto asked = [this](const std::string& host) {
    return connect_tls().exchange("GET /hello HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
  };
  HttpServerOptions options;
  options.hosts = KnownHosts({"x"});
  serve_tls(options);
  EXPECT_EQ(asked("127.0.0.1:9443"), 200u);
  EXPECT_EQ(asked("desk.example.org"), 421u);
  const MadeCertificate made =
      make_certificate(folder_.path(), "renewed", 30, "IP:127.0.0.1,DNS:desk.example.org");
  on_loop([&] {
    server_->set_certificate(
        std::make_shared<ServerCertificate>(CertificateFiles{made.certificate, made.key}));
  });
  const auto asked_anew = [&](const std::string& host) {
    Client client = connect_last();
    EXPECT_TRUE(client.start_tls(made.certificate));
    return client.exchange("GET /hello HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
  };
  EXPECT_EQ(asked_anew("desk.example.org:9443"), 200u);
  EXPECT_EQ(asked_anew("other.example.org"), 421u);
  on_loop([&] { server_->set_hosts(KnownHosts({"other.example.org"}), false); });
  EXPECT_EQ(asked_anew("desk.example.org"), 421u);
  EXPECT_EQ(asked_anew("127.0.0.1"), 421u);
  EXPECT_EQ(asked_anew("other.example.org"), 200u);
}

TEST_F(TlsServerTest, ClientsThatGoInTheMiddleOfAnythingLeaveNothingBehind) {
  serve_tls();
  connect_last().send("\x16\x03\x01");
  connect_tls().send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  connect_tls().send("GET /pieces HTTP/1.1\r\nHost: x\r\n\r\n");
  connect_tls().send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  EXPECT_EQ(connect_tls().exchange(kHello).status, 200u);
  on_loop([&] { reply(HttpAnswer{}); });
  EXPECT_EQ(connect_tls().exchange(kHello).status, 200u);
}

TEST_F(TlsServerTest, AServerThatGoesClosesWhatIsOpen) {
  serve_tls();
  Client shaking = connect_last();
  Client idle = connect_tls();
  Client busy = connect_tls();
  busy.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpReply reply = held();
  std::promise<void> drained;
  on_loop([&] { server_->drain([&] { drained.set_value(); }); });
  EXPECT_TRUE(shaking.closed());
  EXPECT_TRUE(idle.closed());
  on_loop([&] { reply(HttpAnswer{}); });
  EXPECT_EQ(busy.receive().status, 200u);
  drained.get_future().get();
}

}  // namespace
}  // namespace districtd::http_test
