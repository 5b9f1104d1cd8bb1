#include "daemon/commands/refusal.h"

#include <gtest/gtest.h>

#include <sstream>

namespace districtd {
namespace {

TEST(RefusalTest, SaysHowManyFindingsThereAreAndWhatFollows) {
  std::ostringstream err;
  EXPECT_EQ(refuse({{"a.toml", 3, 1, "unknown key"}}, "; nothing was written.", err), 1);
  EXPECT_EQ(err.str(), "a.toml:3:1: unknown key\n1 finding; nothing was written.\n");
}

TEST(RefusalTest, WithoutAConsequenceOnlyTheFindingsArePrinted) {
  std::ostringstream err;
  EXPECT_EQ(refuse({{"a.toml", 0, 0, "is a directory"}, {"b.toml", 1, 2, "x"}}, "", err), 1);
  EXPECT_EQ(err.str(), "a.toml: is a directory\nb.toml:1:2: x\n");
}

}  // namespace
}  // namespace districtd
