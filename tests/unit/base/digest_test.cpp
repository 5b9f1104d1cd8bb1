#include "base/digest.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

// FIPS 180-4, the examples of NIST for SHA-256.
TEST(DigestTest, IsSha256) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(DigestTest, HexadecimalIsLowerCaseAndTwoDigitsAByte) {
  EXPECT_EQ(to_hex(std::string_view{"\x00\xAF\x10", 3}), "00af10");
}

}  // namespace
}  // namespace districtd
