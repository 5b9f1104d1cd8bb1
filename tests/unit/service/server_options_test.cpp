#include "daemon/service/server_options.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ports/network.h"

namespace districtd {
namespace {

using std::chrono_literals::operator""s;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ServerOptionsTest, EveryLimitOfHttpIsTheServersOrThePushes) {
  HttpConfig http;
  http.max_body_bytes = 1;
  http.max_header_bytes = 2;
  http.max_connections = 3;
  http.request_timeout = 4s;
  http.idle_timeout = 5s;
  http.pushes_per_minute = 6;
  http.max_connections_per_client = 7;
  http.answer_timeout = 8s;
  http.least_bytes_per_second = 9;
  http.memory_bytes = 10;
  const HttpLimits limits = server_limits(http);
  EXPECT_EQ(limits.max_body_bytes, 1U);
  EXPECT_EQ(limits.max_header_bytes, 2U);
  EXPECT_EQ(limits.max_connections, 3U);
  EXPECT_EQ(limits.request_timeout, 4s);
  EXPECT_EQ(limits.idle_timeout, 5s);
  EXPECT_EQ(limits.max_connections_per_client, 7U);
  EXPECT_EQ(limits.answer_timeout, 8s);
  EXPECT_EQ(limits.least_bytes_per_second, 9U);
  EXPECT_EQ(limits.memory_bytes, 10U);
  EXPECT_EQ(push_limits(http).max_body_bytes, 1U);
  EXPECT_EQ(push_limits(http).per_minute, 6U);
  EXPECT_EQ(server_options(http, nullptr).max_connections, 3U);
}

TEST(ServerOptionsTest, TlsIsListenedForOnlyWhereItIsConfigured) {
  HttpConfig http;
  EXPECT_THAT(server_options(http, nullptr).listen, ElementsAre("127.0.0.1:9480"));
  EXPECT_THAT(server_options(http, nullptr).tls_listen, IsEmpty());
  http.tls.emplace();
  http.tls->listen = {"0.0.0.0:9443"};
  EXPECT_THAT(server_options(http, nullptr).tls_listen, ElementsAre("0.0.0.0:9443"));
  EXPECT_FALSE(server_options(http, nullptr).tls_serves_all);
  http.tls->serves_all = true;
  EXPECT_TRUE(server_options(http, nullptr).tls_serves_all);
}

TEST(ServerOptionsTest, BulletinsHaveTheirOwnListenersAndNamesAreThoseOfAll) {
  HttpConfig http;
  http.bulletin_listen = {"10.1.2.3:9481"};
  http.tls.emplace();
  http.tls->listen = {"10.1.2.4:9443"};
  const HttpServerOptions options = server_options(http, nullptr);
  EXPECT_THAT(options.bulletin_listen, ElementsAre("10.1.2.3:9481"));
  EXPECT_TRUE(options.hosts_are_default);
  for (const char* known : {"127.0.0.1", "localhost", "10.1.2.3", "10.1.2.4"}) {
    EXPECT_TRUE(options.hosts.knows(*parse_host(known))) << known;
  }
  for (const std::string& name : own_names()) {
    EXPECT_TRUE(options.hosts.knows(*parse_host(name))) << name;
  }
  EXPECT_FALSE(options.hosts.knows(*parse_host("10.1.2.5")));
}

TEST(ServerOptionsTest, AWildcardIsKnownByEveryAddressOfThisMachine) {
  HttpConfig http;
  http.listen = {"[::]:9480"};
  const KnownHosts hosts = own_hosts(http);
  const auto own = own_addresses();
  EXPECT_THAT(own, testing::Contains(boost::asio::ip::make_address("127.0.0.1")));
  for (const auto& address : own) {
    const std::string text = address.to_string();
    if (address.is_v4()) {
      EXPECT_TRUE(hosts.knows(*parse_host(text))) << text;
    }
  }
}

TEST(ServerOptionsTest, HostsOfTheConfigurationReplaceTheDefaults) {
  HttpConfig http;
  http.hosts = {"district.example.org"};
  const HttpServerOptions options = server_options(http, nullptr);
  EXPECT_FALSE(options.hosts_are_default);
  EXPECT_TRUE(options.hosts.knows(*parse_host("district.example.org")));
  EXPECT_FALSE(options.hosts.knows(*parse_host("localhost")));
}

}  // namespace
}  // namespace districtd
