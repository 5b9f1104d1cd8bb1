#include "daemon/http/route_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace districtd {
namespace {

using testing::ElementsAre;
using testing::Pair;

HttpRoute route(std::string method, std::string pattern) {
  return {std::move(method), std::move(pattern), Access::open, {}};
}

RouteTable table() {
  return RouteTable({route("GET", "/api/v1/targets"), route("GET", "/api/v1/targets/{id}"),
                     route("POST", "/api/v1/observations"), route("GET", "/api/v1/observations")});
}

std::string found(const RouteTable& routes, std::string_view method, std::string_view path) {
  const auto match = routes.find(method, path);
  return match ? match->entry->route.pattern : "";
}

TEST(RouteTableTest, ACaptureTakesExactlyOneSegment) {
  const RouteTable routes = table();
  EXPECT_EQ(found(routes, "GET", "/api/v1/targets/a.b"), "/api/v1/targets/{id}");
  EXPECT_EQ(found(routes, "GET", "/api/v1/targets"), "/api/v1/targets");
  EXPECT_EQ(found(routes, "GET", "/api/v1/targets/"), "");
  EXPECT_EQ(found(routes, "GET", "/api/v1/targets/a/b"), "");
  EXPECT_EQ(found(routes, "GET", "/api/v1/targetsx"), "");
}

TEST(RouteTableTest, WhatWasFoundHasWhatThePathNames) {
  const RouteTable routes = table();
  EXPECT_THAT(routes.find("GET", "/api/v1/targets/文旅投资")->captures,
              ElementsAre(Pair("id", "文旅投资")));
  EXPECT_THAT(routes.find("GET", "/api/v1/targets")->captures, testing::IsEmpty());
}

TEST(RouteTableTest, AHeadGoesWhereItsGetGoes) {
  const RouteTable routes = table();
  ASSERT_TRUE(routes.find("HEAD", "/api/v1/targets"));
  EXPECT_EQ(routes.find("HEAD", "/api/v1/targets")->entry,
            routes.find("GET", "/api/v1/targets")->entry);
  EXPECT_FALSE(RouteTable({route("POST", "/x")}).find("HEAD", "/x"));
}

TEST(RouteTableTest, MethodsAreComparedAsTheyAre) {
  EXPECT_FALSE(table().find("get", "/api/v1/targets"));
}

TEST(RouteTableTest, NamesTheMethodsThatAPathTakes) {
  EXPECT_EQ(table().allowed("/api/v1/observations"), "POST, GET, HEAD");
  EXPECT_EQ(table().allowed("/api/v1/targets/x"), "GET, HEAD");
  EXPECT_EQ(table().allowed("/"), "");
}

TEST(RouteTableDeathTest, ARouteStandsInItOnce) {
  EXPECT_DEATH(RouteTable({route("GET", "/a/{id}"), route("GET", "/a/{name}")}),
               "a route stands in the table once");
}

}  // namespace
}  // namespace districtd
