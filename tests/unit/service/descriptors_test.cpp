#include "daemon/service/descriptors.h"

#include <sys/resource.h>

#include <gtest/gtest.h>

namespace districtd {
namespace {

TEST(DescriptorsTest, TheSoftLimitIsRaisedToTheHardOne) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 100;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
  setrlimit(RLIMIT_NOFILE, &before);
}

TEST(DescriptorsTest, PlacesAreNeverMoreThanThereAreDescriptorsFor) {
  HttpLimits limits;
  limits.max_connections = 1024;
  EXPECT_FALSE(fit_to_descriptors(limits, 2, 65536));
  EXPECT_EQ(limits.max_connections, 1024u);
  EXPECT_TRUE(fit_to_descriptors(limits, 2, 1024));
  EXPECT_EQ(limits.max_connections, 384u) << "and 256 for everything else";
  EXPECT_TRUE(fit_to_descriptors(limits, 4, 100));
  EXPECT_EQ(limits.max_connections, 12u) << "half for everything else";
}

}  // namespace
}  // namespace districtd
