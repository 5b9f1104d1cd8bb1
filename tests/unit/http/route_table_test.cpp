#include "daemon/http/route_table.h"

#include <gtest/gtest.h>

namespace districtd {
namespace {

RouteTable table() {
  return RouteTable({{"GET", "/api/v1/targets", {}, {}},
                     {"GET", "/api/v1/targets/{}", {}, {}},
                     {"POST", "/api/v1/observations", {}, {}},
                     {"GET", "/api/v1/observations", {}, {}}});
}

TEST(RouteTableTest, TheLastSegmentOfAPatternTakesExactlyOneSegment) {
  const RouteTable routes = table();
  ASSERT_NE(routes.find("GET", "/api/v1/targets/a.b"), nullptr);
  EXPECT_EQ(routes.find("GET", "/api/v1/targets/a.b")->pattern, "/api/v1/targets/{}");
  EXPECT_EQ(routes.find("GET", "/api/v1/targets")->pattern, "/api/v1/targets");
  EXPECT_EQ(routes.find("GET", "/api/v1/targets/"), nullptr);
  EXPECT_EQ(routes.find("GET", "/api/v1/targets/a/b"), nullptr);
  EXPECT_EQ(routes.find("GET", "/api/v1/targetsx"), nullptr);
}

TEST(RouteTableTest, AHeadGoesWhereItsGetGoes) {
  const RouteTable routes = table();
  EXPECT_EQ(routes.find("HEAD", "/api/v1/targets"), routes.find("GET", "/api/v1/targets"));
  EXPECT_EQ(RouteTable({{"POST", "/x", {}, {}}}).find("HEAD", "/x"), nullptr);
}

TEST(RouteTableTest, MethodsAreComparedAsTheyAre) {
  EXPECT_EQ(table().find("get", "/api/v1/targets"), nullptr);
}

TEST(RouteTableTest, NamesTheMethodsThatAPathTakes) {
  EXPECT_EQ(table().allowed("/api/v1/observations"), "POST, GET, HEAD");
  EXPECT_EQ(table().allowed("/api/v1/targets/x"), "GET, HEAD");
  EXPECT_EQ(table().allowed("/"), "");
}

}  // namespace
}  // namespace districtd
