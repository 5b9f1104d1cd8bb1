#include <stdlib.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/http_client.h"
#include "tests/unit/base/made_certificate.h"
#include "tests/unit/base/scripted_server.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {
namespace {

using Kind = FetchFailure::Kind;

std::unique_ptr<boost::asio::ssl::context> context_of(const MadeCertificate& made) {
  auto tls = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
  tls->use_certificate_chain_file(made.certificate);
  tls->use_private_key_file(made.key, boost::asio::ssl::context::pem);
  return tls;
}

ScriptedAnswer figures(const ScriptedRequest&) { return {http_answer(200, "figures")}; }

// Each test runs in a process of its own under ctest; set back for whoever runs them in one.
class HttpClientTlsTest : public testing::Test {
 protected:
  void TearDown() override { unsetenv("SSL_CERT_FILE"); }

  MadeCertificate make(const std::string& name, const std::string& host = "IP:127.0.0.1") const {
    return make_certificate(folder_.path(), name, 30, host);
  }
  static void trust(const MadeCertificate& made) {
    setenv("SSL_CERT_FILE", made.certificate.c_str(), 1);
  }

  static FetchResult fetch(const std::string& url) {
    HttpFetch what;
    what.url = url;
    return fetch_and_wait(what);
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(HttpClientTlsTest, TalksToAHostWhoseCertificateIsTrusted) {
  const MadeCertificate certificate = make("server");
  trust(certificate);
  const ScriptedServer server(figures, ScriptedServer::After::request, context_of(certificate));
  const FetchResult result = fetch(server.url());
  ASSERT_TRUE(std::holds_alternative<FetchAnswer>(result))
      << std::get<FetchFailure>(result).message;
  EXPECT_EQ(std::get<FetchAnswer>(result).body, "figures");
}

TEST_F(HttpClientTlsTest, RefusesACertificateThatNobodyVouchesFor) {
  trust(make("other"));
  const ScriptedServer server(figures, ScriptedServer::After::request, context_of(make("server")));
  const FetchResult result = fetch(server.url());
  ASSERT_TRUE(std::holds_alternative<FetchFailure>(result));
  EXPECT_EQ(std::get<FetchFailure>(result).kind, Kind::tls);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(HttpClientTlsTest, RefusesACertificateOfAnotherHost) {
  const MadeCertificate certificate = make("server", "DNS:portal.example");
  trust(certificate);
  const ScriptedServer server(figures, ScriptedServer::After::request, context_of(certificate));
  const FetchResult result = fetch(server.url());
  ASSERT_TRUE(std::holds_alternative<FetchFailure>(result));
  EXPECT_EQ(std::get<FetchFailure>(result).kind, Kind::tls);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(HttpClientTlsTest, TrustsTheNamedAuthorityInsteadOfTheSystems) {
  const MadeCertificate certificate = make("server");
  const MadeCertificate other = make("other");
  const ScriptedServer server(figures, ScriptedServer::After::request, context_of(certificate));
  HttpFetch what;
  what.url = server.url();
  trust(other);
  what.ca_file = certificate.certificate;
  EXPECT_TRUE(std::holds_alternative<FetchAnswer>(fetch_and_wait(what)));
  trust(certificate);
  for (const std::string& ca_file :
       {other.certificate.string(), other.certificate.string() + ".missing"}) {
    what.ca_file = ca_file;
    const FetchResult result = fetch_and_wait(what);
    ASSERT_TRUE(std::holds_alternative<FetchFailure>(result)) << ca_file;
    EXPECT_EQ(std::get<FetchFailure>(result).kind, Kind::tls) << ca_file;
  }
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(HttpClientTlsTest, SpeaksNoTlsOlderThan12) {
  const MadeCertificate certificate = make("server");
  trust(certificate);
  auto old = context_of(certificate);
  SSL_CTX_set_security_level(old->native_handle(), 0);
  SSL_CTX_set_min_proto_version(old->native_handle(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old->native_handle(), TLS1_1_VERSION);
  const ScriptedServer server(figures, ScriptedServer::After::request, std::move(old));
  const FetchResult result = fetch(server.url());
  ASSERT_TRUE(std::holds_alternative<FetchFailure>(result));
  EXPECT_EQ(std::get<FetchFailure>(result).kind, Kind::tls);
}

// A write to a connection that is gone is no signal that ends the program, which this test is.
TEST_F(HttpClientTlsTest, AServerThatHangsUpWhileItIsSentToIsAFailure) {
  const MadeCertificate certificate = make("server");
  trust(certificate);
  const ScriptedServer server([](const ScriptedRequest&) { return ScriptedAnswer{}; },
                              ScriptedServer::After::head, context_of(certificate));
  HttpFetch post;
  post.url = server.url();
  post.method = "POST";
  post.body = std::string(16u << 20, 'x');
  const FetchResult result = fetch_and_wait(post);
  ASSERT_TRUE(std::holds_alternative<FetchFailure>(result));
  EXPECT_EQ(std::get<FetchFailure>(result).kind, Kind::connect);
  EXPECT_TRUE(std::get<FetchFailure>(result).may_have_arrived);
}

TEST_F(HttpClientTlsTest, RefusesAPlainServer) {
  const ScriptedServer server(figures, ScriptedServer::After::connect);
  const FetchResult result = fetch("https://127.0.0.1:" + std::to_string(server.port()) + "/");
  ASSERT_TRUE(std::holds_alternative<FetchFailure>(result));
  EXPECT_EQ(std::get<FetchFailure>(result).kind, Kind::tls);
}

}  // namespace
}  // namespace districtd
