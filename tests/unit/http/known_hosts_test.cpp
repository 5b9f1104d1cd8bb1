#include "daemon/http/known_hosts.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

using boost::asio::ip::make_address;

std::string name_of(std::string_view text) {
  const auto host = parse_host(text);
  return host ? host->name : "none";
}

TEST(HostNameTest, IsWithoutItsPortAndInLowerCase) {
  EXPECT_EQ(name_of("Localhost:9480"), "localhost");
  EXPECT_EQ(name_of("a.example.org."), "a.example.org");
  EXPECT_EQ(name_of("10.1.2.3:80"), "10.1.2.3");
  EXPECT_EQ(name_of("[::1]:80"), "::1");
  EXPECT_EQ(parse_host("[::FFFF:10.1.2.3]")->address, make_address("10.1.2.3"));
  EXPECT_EQ(parse_host("2130706433")->address, std::nullopt) << "no other notation of an address";
  EXPECT_EQ(parse_host("localhost")->address, std::nullopt);
}

TEST(HostNameTest, EverythingElseIsNone) {
  for (const char* text : {"", ":80", "a b", "a:b", "a:123456", "user@a", "a/b", "[::1", "[::1]x",
                           "[10.1.2.3]", "::1", "a,b", "局", "a:80:80"}) {
    EXPECT_EQ(name_of(text), "none") << text;
  }
}

TEST(HostNameTest, LoopbackIsLocalhostAndItsAddresses) {
  for (const char* text :
       {"localhost", "127.0.0.1:9480", "127.255.0.1", "[::1]", "[::ffff:127.0.0.1]"}) {
    EXPECT_TRUE(is_loopback(*parse_host(text))) << text;
  }
  for (const char* text :
       {"localhost.example.org", "128.0.0.1", "[::2]", "0.0.0.0", "127.0.0.1.a"}) {
    EXPECT_FALSE(is_loopback(*parse_host(text))) << text;
  }
}

bool knows(const KnownHosts& hosts, std::string_view text) {
  const auto host = parse_host(text);
  return host && hosts.knows(*host);
}

TEST(KnownHostsTest, OfListenersAreTheirAddressesLocalhostAndTheMachinesNames) {
  const auto hosts = KnownHosts::of_listeners({"10.1.2.3:9480", "[fd00::1]:9443"},
                                              {make_address("10.9.9.9")}, {"Server", "s.example"});
  for (const char* known : {"10.1.2.3", "[fd00::1]:1", "localhost:9480", "server", "S.EXAMPLE"}) {
    EXPECT_TRUE(knows(hosts, known)) << known;
  }
  for (const char* unknown : {"10.9.9.9", "127.0.0.1", "evil.example", "s.example.evil.example"}) {
    EXPECT_FALSE(knows(hosts, unknown)) << unknown;
  }
}

TEST(KnownHostsTest, AWildcardIsEveryAddressOfTheMachine) {
  const auto hosts = KnownHosts::of_listeners(
      {"[::]:9480"},
      {make_address("10.9.9.9"), make_address("127.0.0.1"), make_address("fe80::1%1")}, {});
  for (const char* known : {"10.9.9.9", "127.0.0.1", "[fe80::1]", "localhost"}) {
    EXPECT_TRUE(knows(hosts, known)) << known;
  }
  EXPECT_FALSE(knows(hosts, "10.9.9.8"));
}

TEST(KnownHostsTest, ThoseOfTheConfigurationAreAllThereAre) {
  const KnownHosts hosts({"District.example.org", "10.1.2.3", "fd00::1"});
  EXPECT_TRUE(knows(hosts, "district.example.org:443"));
  EXPECT_TRUE(knows(hosts, "10.1.2.3"));
  EXPECT_TRUE(knows(hosts, "[fd00::1]"));
  EXPECT_FALSE(knows(hosts, "localhost"));
  EXPECT_EQ(hosts.text(), "10.1.2.3, district.example.org, fd00::1");
}

TEST(CertifiedNameTest, AStarIsOneLabel) {
  EXPECT_TRUE(stands_for("*.example.org", *parse_host("a.example.org")));
  EXPECT_TRUE(stands_for("A.example.org", *parse_host("a.EXAMPLE.org")));
  EXPECT_TRUE(stands_for("fd00::1", *parse_host("[fd00::1]")));
  EXPECT_FALSE(stands_for("*.example.org", *parse_host("a.b.example.org")));
  EXPECT_FALSE(stands_for("*.example.org", *parse_host("example.org")));
  EXPECT_FALSE(stands_for("*.1.2.3", *parse_host("10.1.2.3")));
}

}  // namespace
}  // namespace districtd
