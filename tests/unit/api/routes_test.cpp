// The list of routes against docs/api.md, in both directions.
#include "daemon/api/routes.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/http/route_table.h"

namespace districtd {
namespace {

std::vector<std::string> lines_of_the_document() {
  std::ifstream file(PROJECT_ROOT "/docs/api.md");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> cells;
  std::istringstream text(row.substr(1));
  for (std::string cell; std::getline(text, cell, '|');) {
    const auto begin = cell.find_first_not_of(' ');
    const auto end = cell.find_last_not_of(' ');
    cells.push_back(begin == std::string::npos ? "" : cell.substr(begin, end - begin + 1));
  }
  return cells;
}

// "GET /api/v1/targets/{}", and the words of the column 令牌, for each row of the document's table.
std::map<std::string, std::string> documented() {
  std::map<std::string, std::string> routes;
  bool is_table = false;
  for (const std::string& line : lines_of_the_document()) {
    if (line.starts_with("| 方法 | 地址 | 令牌 |")) is_table = true;
    if (!is_table || line.starts_with("|---") || line.starts_with("| 方法")) continue;
    if (!line.starts_with('|')) break;
    const auto cells = cells_of(line);
    if (cells.size() < 4) {
      ADD_FAILURE() << line;
      continue;
    }
    std::string path = cells[1];
    std::erase(path, '`');
    constexpr std::string_view kId = "编号";
    if (const auto at = path.find(kId); at != std::string::npos) path.replace(at, kId.size(), "{}");
    EXPECT_TRUE(routes.emplace(cells[0] + " " + path, cells[2]).second) << line << " stands twice";
  }
  return routes;
}

std::string words_of(Access access) {
  switch (access) {
    case Access::open:
      return "不需";
    case Access::read:
      return "查阅";
    case Access::read_own:
      return "查阅，部门（自己的）";
    case Access::bulletins:
      return "查阅；通报端口不需";
    case Access::metrics:
      return "查阅，采集";
    case Access::department:
      return "部门";
    case Access::office:
      return "督查室";
    case Access::operation:
      return "督查室、运维";
  }
  return "";
}

std::string address_of(const ApiRoute& route) {
  return std::string(route.method) + " " + PathPattern(route.pattern).label();
}

TEST(ApiRoutesTest, EveryRouteStandsInTheDocumentWithItsAccess) {
  const auto rows = documented();
  for (const ApiRoute& route : api_routes()) {
    const auto row = rows.find(address_of(route));
    ASSERT_NE(row, rows.end()) << address_of(route) << " is missing in docs/api.md";
    EXPECT_EQ(row->second, words_of(route.access)) << address_of(route);
  }
}

TEST(ApiRoutesTest, EveryDocumentedRouteExists) {
  const auto rows = documented();
  EXPECT_GE(rows.size(), 10U) << "the table was not found";
  for (const auto& [address, access] : rows) {
    EXPECT_TRUE(std::any_of(
        api_routes().begin(), api_routes().end(),
        [&, &name = address](const ApiRoute& route) { return address_of(route) == name; }))
        << address << " stands in docs/api.md and is no route";
  }
}

// Whatever address the document mentions, in prose or in a command, is a route.
TEST(ApiRoutesTest, EveryAddressThatTheDocumentMentionsIsARoute) {
  std::vector<HttpRoute> routes;
  for (const ApiRoute& route : api_routes()) {
    routes.push_back({std::string(route.method), std::string(route.pattern), route.access, {}});
  }
  const RouteTable table(std::move(routes));
  int found = 0;
  for (const std::string& line : lines_of_the_document()) {
    for (const std::string_view start : {"/api/v1/", "/-/", "/bulletins", "/metrics"}) {
      for (auto at = line.find(start); at != std::string::npos; at = line.find(start, at + 1)) {
        // Not the end of another address.
        if (at > 0 && line[at - 1] != '`' && !line.substr(0, at).ends_with("$SERVER")) {
          continue;
        }
        const std::string path = line.substr(at, line.find_first_of("`\"? ", at) - at);
        EXPECT_NE(table.allowed(path), "") << path << " in: " << line;
        ++found;
      }
    }
  }
  EXPECT_GE(found, 20);
}

}  // namespace
}  // namespace districtd
