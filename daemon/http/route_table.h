// Which handler a method and a path belong to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/server.h"

namespace districtd {

class RouteTable {
 public:
  explicit RouteTable(std::vector<HttpRoute> routes);

  // The route, or nullptr. A HEAD goes where its GET goes.
  const HttpRoute* find(std::string_view method, std::string_view path) const;

  // "GET, HEAD, POST": what the path takes; "" where there is no such path.
  std::string allowed(std::string_view path) const;

 private:
  std::vector<HttpRoute> routes_;
};

}  // namespace districtd
