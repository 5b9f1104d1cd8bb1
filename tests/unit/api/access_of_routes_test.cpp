// Every route of the list, asked in every way over real connections, against a table that is
// written from the rule on access (docs/api.md, 谁可以用哪个地址) and not from the code.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "daemon/api/routes.h"
#include "daemon/api/token_authenticator.h"
#include "daemon/http/certificate.h"
#include "daemon/http/server.h"
#include "tests/unit/base/made_certificate.h"
#include "tests/unit/fixture/temporary_folder.h"
#include "tests/unit/http/client.h"

namespace districtd {
namespace {

using http_test::Answer;
using http_test::Client;

// Whom a route is for, by what is said of it in the document.
struct Rule {
  bool is_open = false;      // to everybody, on listeners for everybody
  bool is_reading = false;   // open on loopback
  bool is_bulletin = false;  // open on the listener for readers of bulletins
  std::set<std::string> for_tokens;
};

const Rule kOpen{true, false, false, {}};
const Rule kReading{false, true, false, {"reader", "office", "operator"}};
const Rule kReceipt{false, true, false, {"department", "reader", "office", "operator"}};
const Rule kBulletin{false, true, true, {"reader", "office", "operator"}};
const Rule kMetrics{false, true, false, {"reader", "office", "operator", "password"}};
const Rule kReporting{false, false, false, {"department"}};
const Rule kDeciding{false, false, false, {"office"}};
const Rule kOperating{false, false, false, {"office", "operator"}};

const std::map<std::string, Rule>& rules() {
  static const std::map<std::string, Rule> kRules = {
      {"POST /api/v1/observations", kReporting},
      {"GET /api/v1/submissions/{id}", kReceipt},
      {"GET /api/v1/submissions", kReading},
      {"POST /api/v1/submissions/{id}/confirm", kDeciding},
      {"POST /api/v1/submissions/{id}/reject", kDeciding},
      {"GET /api/v1/targets", kReading},
      {"GET /api/v1/targets/{id}", kReading},
      {"GET /api/v1/targets/{id}/narrative", kReading},
      {"POST /api/v1/targets/{id}/narrative", kReporting},
      {"GET /api/v1/targets/{id}/explanation", kReading},
      {"GET /api/v1/checks", kReading},
      {"GET /api/v1/departments", kReading},
      {"GET /api/v1/changes", kReading},
      {"GET /bulletins", kBulletin},
      {"GET /bulletins/", kBulletin},
      {"GET /bulletins/{id}", kBulletin},
      {"POST /-/bulletins/{id}/resend", kOperating},
      {"GET /metrics", kMetrics},
      {"GET /-/healthy", kOpen},
      {"GET /-/ready", kOpen},
      {"POST /-/reload", kOperating},
  };
  return kRules;
}

struct Way {
  std::string listener;  // loopback, network, tokens, bulletins
  std::string host;      // "" leaves the field away
  std::string origin;    // likewise
  std::string proxy;     // a header's line, or ""
  std::string token;     // none, wrong, department, office, operator, reader, password
};

bool is_known(const std::string& host) { return host == "localhost" || host == "a.example:9480"; }

// The status that the rule asks for.
unsigned expected(const Rule& rule, const Way& way) {
  const bool shows_something = way.token != "none";
  const bool is_foreign = !way.origin.empty() && way.origin != "http://" + way.host;
  // What a page of somebody else's may have made a browser ask.
  const unsigned fault = !is_known(way.host) ? 421 : is_foreign ? 403 : 0;
  if (!shows_something && fault != 0) return fault;
  const bool is_there = way.listener == "bulletins" ? rule.is_bulletin
                        : way.listener == "tokens"  ? !rule.is_open
                                                    : true;
  if (!is_there) return 404;
  if (rule.is_open || way.listener == "bulletins") return fault != 0 ? fault : 200;
  const bool is_local = way.listener == "loopback" && way.host == "localhost" && way.proxy.empty();
  if (rule.is_reading && is_local && fault == 0) return 200;
  if (rule.for_tokens.contains(way.token)) return 200;
  if (way.token == "none" || way.token == "wrong") return 401;
  return rule.for_tokens.contains("department") && rule.for_tokens.size() == 1 ? 401 : 403;
}

class Unused : public SubmissionSink {
 public:
  void submit(Submission, Done) override { ADD_FAILURE() << "nothing is submitted"; }
};

// As the daemon's, but it forgets who failed: this test fails more often than anybody may.
class Forgetful : public Authenticator {
 public:
  Forgetful(const HttpPush& push, const MetricsAccess& metrics) : push_(push), metrics_(metrics) {
    forget();
  }
  Result<Caller, HttpAnswer> caller_of(std::string_view authorization,
                                       const boost::asio::ip::address& peer) override {
    forget();
    return real_->caller_of(authorization, peer);
  }
  bool may_scrape(const boost::asio::ip::address& peer) const override {
    return real_->may_scrape(peer);
  }
  HttpAnswer refusal(Access access, const Caller& caller,
                     std::string_view authorization) const override {
    return real_->refusal(access, caller, authorization);
  }

 private:
  void forget() {
    registry_ = std::make_unique<prometheus::Registry>();
    real_ = std::make_unique<TokenAuthenticator>(push_, metrics_, *registry_);
  }
  const HttpPush& push_;
  const MetricsAccess& metrics_;
  std::unique_ptr<prometheus::Registry> registry_;
  std::unique_ptr<TokenAuthenticator> real_;
};

class AccessOfRoutesTest : public testing::Test {
 protected:
  AccessOfRoutesTest() {
    metrics_.password_sha256 = sha256_hex("password");
    HttpServerOptions options;
    options.listen = {"127.0.0.1:0", "0.0.0.0:0"};
    options.tls_listen = {"127.0.0.1:0"};
    options.bulletin_listen = {"127.0.0.1:0"};
    made_ = make_certificate(folder_.path(), "x");
    options.certificate =
        std::make_shared<ServerCertificate>(CertificateFiles{made_.certificate, made_.key});
    options.tls_serves_all = false;
    options.hosts = KnownHosts({"localhost", "a.example"});
    options.hosts_are_default = false;
    HttpApi api;
    for (const ApiRoute& route : api_routes()) {
      api.routes.push_back(
          {std::string(route.method), std::string(route.pattern), route.access,
           [](const HttpRequest&, const HttpReply& reply) { reply(text_answer(200, "let in")); }});
    }
    api.authenticator = std::make_unique<Forgetful>(push_, metrics_);
    server_ = std::make_unique<HttpServer>(io_, std::move(options), std::move(api),
                                           HttpServer::Observer());
    server_->start();
    thread_ = std::thread([this] { io_.run(); });
  }

  ~AccessOfRoutesTest() override {
    io_.stop();
    thread_.join();
    workers_.join();
  }

  Client connect(const std::string& listener) {
    const auto ports = server_->ports();
    if (listener == "loopback") return Client(ports.at(0));
    if (listener == "network") return Client(ports.at(1));
    if (listener == "bulletins") return Client(ports.at(3));
    Client client(ports.at(2));
    EXPECT_TRUE(client.start_tls(made_.certificate));
    return client;
  }

  static std::string request_of(const ApiRoute& route, const Way& way) {
    static const std::map<std::string, std::string> kTokens = {
        {"wrong", "Bearer guess"}, {"department", "Bearer d"},
        {"office", "Bearer o"},    {"operator", "Bearer p"},
        {"reader", "Bearer r"},    {"password", "Basic eDpwYXNzd29yZA=="}};  // x:password
    std::string path(route.pattern);
    if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "1");
    // Without a Host only HTTP/1.0 is a request at all.
    std::string text = std::string(route.method) + " " + path +
                       (way.host.empty() ? " HTTP/1.0\r\nConnection: keep-alive\r\n"
                                         : " HTTP/1.1\r\nHost: " + way.host + "\r\n");
    if (!way.origin.empty()) text += "Origin: " + way.origin + "\r\n";
    if (!way.proxy.empty()) text += way.proxy + "\r\n";
    if (way.token != "none") text += "Authorization: " + kTokens.at(way.token) + "\r\n";
    if (route.method == "POST") text += "Content-Length: 0\r\n";
    return text + "\r\n";
  }

  // How many answers there were; each that is not the expected one fails the test.
  int check(const ApiRoute& route, const std::string& listener, Client& client) const {
    const std::string name = std::string(route.method) + " " + std::string(route.pattern);
    const auto rule = rules().find(name);
    EXPECT_NE(rule, rules().end()) << name << " has no rule in this test";
    if (rule == rules().end()) return 0;
    int asked = 0;
    for (const char* host : {"", "localhost", "a.example:9480", "evil.example"}) {
      for (const std::string& origin : {std::string(), "http://" + std::string(host),
                                        std::string("http://evil.example"), std::string("null")}) {
        for (const char* proxy : {"", "X-Forwarded-For: 10.1.2.3", "Forwarded: for=10.1.2.3",
                                  "X-WEBAUTH-USER: admin"}) {
          for (const char* token :
               {"none", "wrong", "department", "office", "operator", "reader", "password"}) {
            if (origin == "http://") continue;
            const Way way{listener, host, origin, proxy, token};
            const Answer answer = client.exchange(request_of(route, way));
            EXPECT_EQ(answer.status, expected(rule->second, way))
                << name << " at the listener " << listener << ", Host '" << host << "', Origin '"
                << origin << "', '" << proxy << "', token " << token << ": " << answer.body;
            ++asked;
          }
        }
      }
    }
    return asked;
  }

  TemporaryFolder folder_;
  MadeCertificate made_;
  boost::asio::io_context io_{1};
  boost::asio::thread_pool workers_{1};
  Unused sink_;
  MetricsAccess metrics_;
  HttpPush push_{io_,
                 workers_,
                 sink_,
                 {{"culture", sha256_hex("d"), TokenRole::department},
                  {"", sha256_hex("o"), TokenRole::office},
                  {"", sha256_hex("p"), TokenRole::operation},
                  {"", sha256_hex("r"), TokenRole::reader}}};
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

TEST_F(AccessOfRoutesTest, EveryRouteAnswersWhoeverMayUseItAndNobodyElse) {
  int asked = 0;
  for (const char* listener : {"loopback", "network", "tokens", "bulletins"}) {
    Client client = connect(listener);
    for (const ApiRoute& route : api_routes()) asked += check(route, listener, client);
  }
  EXPECT_EQ(asked, static_cast<int>(4 * api_routes().size() * (3 * 4 + 3) * 4 * 7));
}

TEST_F(AccessOfRoutesTest, EveryRuleIsOneOfARoute) {
  EXPECT_EQ(rules().size(), api_routes().size());
}

}  // namespace
}  // namespace districtd
