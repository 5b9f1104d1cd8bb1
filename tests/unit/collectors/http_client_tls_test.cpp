#include <stdlib.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "collectors/http_client.h"
#include "tests/unit/collectors/scripted_server.h"
#include "tests/unit/collectors/temporary_folder.h"

namespace districtd {
namespace {

using Kind = FetchFailure::Kind;

// A self-signed certificate for `name` ("IP:127.0.0.1" or "DNS:...") and its key.
struct Certificate {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_RSA_gen(2048), EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> x509{X509_new(), X509_free};

  explicit Certificate(const std::string& name) {
    X509_set_version(x509.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509.get()), 3600);
    X509_set_pubkey(x509.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(x509.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(x509.get(), subject);
    X509_EXTENSION* extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name.c_str());
    X509_add_ext(x509.get(), extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(x509.get(), key.get(), EVP_sha256());
  }

  void write(const std::filesystem::path& path) const {
    FILE* file = fopen(path.c_str(), "w");
    PEM_write_X509(file, x509.get());
    fclose(file);
  }

  std::unique_ptr<boost::asio::ssl::context> context() const {
    auto tls = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
    SSL_CTX_use_certificate(tls->native_handle(), x509.get());
    SSL_CTX_use_PrivateKey(tls->native_handle(), key.get());
    return tls;
  }
};

ScriptedAnswer figures(const ScriptedRequest&) { return {http_answer(200, "figures")}; }

// Each test runs in a process of its own under ctest; set back for whoever runs them in one.
class HttpClientTlsTest : public testing::Test {
 protected:
  void TearDown() override { unsetenv("SSL_CERT_FILE"); }

  void trust(const Certificate& certificate) {
    certificate.write(folder_.path() / "ca.pem");
    setenv("SSL_CERT_FILE", (folder_.path() / "ca.pem").c_str(), 1);
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
  const Certificate certificate("IP:127.0.0.1");
  trust(certificate);
  const ScriptedServer server(figures, ScriptedServer::After::request, certificate.context());
  const FetchResult result = fetch(server.url());
  ASSERT_TRUE(std::holds_alternative<FetchAnswer>(result))
      << std::get<FetchFailure>(result).message;
  EXPECT_EQ(std::get<FetchAnswer>(result).body, "figures");
}

TEST_F(HttpClientTlsTest, RefusesACertificateThatNobodyVouchesFor) {
  trust(Certificate("IP:127.0.0.1"));
  const ScriptedServer server(figures, ScriptedServer::After::request,
                              Certificate("IP:127.0.0.1").context());
  const FetchResult result = fetch(server.url());
  ASSERT_TRUE(std::holds_alternative<FetchFailure>(result));
  EXPECT_EQ(std::get<FetchFailure>(result).kind, Kind::tls);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(HttpClientTlsTest, RefusesACertificateOfAnotherHost) {
  const Certificate certificate("DNS:portal.example");
  trust(certificate);
  const ScriptedServer server(figures, ScriptedServer::After::request, certificate.context());
  const FetchResult result = fetch(server.url());
  ASSERT_TRUE(std::holds_alternative<FetchFailure>(result));
  EXPECT_EQ(std::get<FetchFailure>(result).kind, Kind::tls);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(HttpClientTlsTest, RefusesAPlainServer) {
  const ScriptedServer server(figures, ScriptedServer::After::connect);
  const FetchResult result = fetch("https://127.0.0.1:" + std::to_string(server.port()) + "/");
  ASSERT_TRUE(std::holds_alternative<FetchFailure>(result));
  EXPECT_EQ(std::get<FetchFailure>(result).kind, Kind::tls);
}

}  // namespace
}  // namespace districtd
