#include "daemon/http/route_table.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace districtd {

RouteTable::RouteTable(std::vector<HttpRoute> routes) {
  entries_.reserve(routes.size());
  for (HttpRoute& route : routes) {
    PathPattern pattern(route.pattern);
    DISTRICT_CHECK(std::none_of(entries_.begin(), entries_.end(),
                                [&](const Entry& before) {
                                  return before.route.method == route.method &&
                                         before.pattern.label() == pattern.label();
                                }),
                   "a route stands in the table once");
    entries_.push_back({std::move(route), std::move(pattern)});
  }
}

std::optional<RouteTable::Found> RouteTable::find(std::string_view method,
                                                  std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Entry& entry : entries_) {
    if (entry.route.method != wanted) continue;
    if (auto captures = entry.pattern.match(path)) return Found{&entry, std::move(*captures)};
  }
  return std::nullopt;
}

std::string RouteTable::allowed(std::string_view path) const {
  std::string methods;
  for (const Entry& entry : entries_) {
    if (!entry.pattern.match(path)) continue;
    if (!methods.empty()) methods += ", ";
    methods += entry.route.method;
    if (entry.route.method == "GET") methods += ", HEAD";
  }
  return methods;
}

}  // namespace districtd
