#include "base/http_address.h"

#include <gtest/gtest.h>

#include <string>

namespace districtd {
namespace {

HttpAddress address(std::string_view text) {
  auto parsed = HttpAddress::parse(text);
  EXPECT_TRUE(parsed) << text;
  return *std::move(parsed);
}

TEST(HttpAddressTest, SaysWhereToConnectAndWhatToAskFor) {
  const HttpAddress plain = address("http://Portal.example?q=1#part");
  EXPECT_EQ(plain.where(), "Portal.example:80");
  EXPECT_EQ(plain.target(), "/?q=1");
  EXPECT_FALSE(plain.is_https());
  const HttpAddress secure = address("https://[::1]/a/../b?");
  EXPECT_EQ(secure.host(), "::1");
  EXPECT_EQ(secure.port(), 443);
  EXPECT_EQ(secure.target(), "/a/../b?");
  EXPECT_TRUE(secure.is_https());
  EXPECT_EQ(address("http://127.0.0.1:9480/").where(), "127.0.0.1:9480");
}

TEST(HttpAddressTest, EncodesWhatAnAddressMayNotHold) {
  EXPECT_EQ(address("http://h/数 据|{1}.csv").target(), "/%E6%95%B0%20%E6%8D%AE%7C%7B1%7D.csv");
  EXPECT_EQ(address("http://h/%E6%95%B0").target(), "/%E6%95%B0");
}

TEST(HttpAddressTest, NeverRepeatsAPassword) {
  for (const char* text : {"http://clerk:secret@h/", "http://clerk:secret@[h/"}) {
    const auto parsed = HttpAddress::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ((parsed.error().shown + parsed.error().why).find("secret"), std::string::npos);
  }
}

TEST(HttpAddressTest, ARedirectIsRelativeToWhereItStands) {
  const HttpAddress from = address("http://h:81/old/a.csv?x=1");
  const auto text = [&](std::string_view location) { return from.resolve(location)->text(); };
  EXPECT_EQ(text("../new/b.csv"), "http://h:81/new/b.csv");
  EXPECT_EQ(text("/c"), "http://h:81/c");
  EXPECT_EQ(text("//other/d"), "http://other/d");
  EXPECT_EQ(text("https://h/数#e"), "https://h/%E6%95%B0");
  for (const char* location : {"", "ftp://h/", "http://clerk:secret@h/", "http://h:0/"}) {
    EXPECT_FALSE(from.resolve(location)) << location;
  }
}

TEST(HttpAddressTest, AnotherPortIsAnotherPlaceAndAnotherPathIsNot) {
  const HttpAddress here = address("http://portal.example/a");
  EXPECT_TRUE(address("http://PORTAL.example:80/b").has_host_and_port_of(here));
  EXPECT_FALSE(address("http://portal.example:8080/a").has_host_and_port_of(here));
  EXPECT_FALSE(address("http://portal.example.org/a").has_host_and_port_of(here));
}

}  // namespace
}  // namespace districtd
