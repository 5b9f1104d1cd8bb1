#include "daemon/http/address_range.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace districtd {
namespace {

using boost::asio::ip::make_address;
using testing::HasSubstr;

bool contains(const std::string& range, const std::string& address) {
  const auto parsed = AddressRange::parse(range);
  EXPECT_TRUE(parsed) << range;
  return parsed && parsed->contains(make_address(address));
}

TEST(AddressRangeTest, HasWhatBeginsAlike) {
  EXPECT_TRUE(contains("10.1.0.0/16", "10.1.255.1"));
  EXPECT_FALSE(contains("10.1.0.0/16", "10.2.0.0"));
  EXPECT_TRUE(contains("10.1.2.128/25", "10.1.2.255"));
  EXPECT_FALSE(contains("10.1.2.128/25", "10.1.2.127"));
  EXPECT_TRUE(contains("10.1.2.3", "10.1.2.3"));
  EXPECT_FALSE(contains("10.1.2.3", "10.1.2.4"));
  EXPECT_TRUE(contains("fd00::/9", "fd7f::1"));
  EXPECT_FALSE(contains("fd00::/9", "fd80::1"));
  EXPECT_TRUE(contains("0.0.0.0/0", "255.1.2.3"));
  EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
  EXPECT_FALSE(contains("::/0", "10.1.2.3"));
}

// A listener on [::] sees clients of IPv4 so (RFC 4291 section 2.5.5.2).
TEST(AddressRangeTest, AnAddressOfIpv4InTheFormOfIpv6IsOneOfIpv4) {
  EXPECT_TRUE(contains("10.1.0.0/16", "::ffff:10.1.2.3"));
  EXPECT_FALSE(contains("10.1.0.0/16", "::ffff:10.2.2.3"));
  EXPECT_FALSE(contains("::/0", "::ffff:10.1.2.3"));
  EXPECT_TRUE(contains("::ffff:10.1.2.3", "10.1.2.3"));
}

TEST(AddressRangeTest, WhatIsNoneIsSaidWithWhatWasExpected) {
  for (const char* text : {"", "x", "10.1.0.0.0/16", "10.1/16", "localhost"}) {
    EXPECT_THAT(AddressRange::parse(text).error(), HasSubstr("is no range of addresses")) << text;
  }
  for (const char* text :
       {"10.1.0.0/", "10.1.0.0/33", "10.1.0.0/-1", "10.1.0.0/8x", "fd00::/129"}) {
    EXPECT_THAT(AddressRange::parse(text).error(), HasSubstr("behind its slash")) << text;
  }
  EXPECT_THAT(AddressRange::parse("10.1.2.3/16").error(), HasSubstr("expected \"10.1.0.0/16\""));
}

}  // namespace
}  // namespace districtd
