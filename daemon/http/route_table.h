// Which route a method and a path belong to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/path_pattern.h"
#include "daemon/http/route.h"

namespace districtd {

class RouteTable {
 public:
  struct Entry {
    HttpRoute route;
    PathPattern pattern;
  };
  struct Found {
    const Entry* entry = nullptr;  // lives as long as the table
    PathCaptures captures;
  };

  // Two routes of the same method and path are a fault of the program.
  explicit RouteTable(std::vector<HttpRoute> routes);

  // The first route that matches; a HEAD finds the route of its GET. `path` is as
  // PathPattern::match() takes it.
  std::optional<Found> find(std::string_view method, std::string_view path) const;

  // The methods that the path takes, as Allow names them: "POST, GET, HEAD". "" where no route has
  // the path.
  std::string allowed(std::string_view path) const;

 private:
  std::vector<Entry> entries_;
};

}  // namespace districtd
