#include "daemon/http/route_table.h"

#include <algorithm>
#include <utility>

namespace districtd {
namespace {

constexpr std::string_view kAnySegment = "{}";

// "{}" stands for one segment that is not empty.
bool matches(std::string_view pattern, std::string_view path) {
  const std::size_t hole = pattern.find(kAnySegment);
  if (hole == std::string_view::npos) return path == pattern;
  if (!path.starts_with(pattern.substr(0, hole))) return false;
  const std::size_t end = std::min(path.find('/', hole), path.size());
  return end > hole && path.substr(end) == pattern.substr(hole + kAnySegment.size());
}

}  // namespace

RouteTable::RouteTable(std::vector<HttpRoute> routes) : routes_(std::move(routes)) {}

const HttpRoute* RouteTable::find(std::string_view method, std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  const auto found = std::find_if(routes_.begin(), routes_.end(), [&](const HttpRoute& route) {
    return route.method == wanted && matches(route.pattern, path);
  });
  return found == routes_.end() ? nullptr : &*found;
}

std::string RouteTable::allowed(std::string_view path) const {
  std::string methods;
  for (const HttpRoute& route : routes_) {
    if (!matches(route.pattern, path)) continue;
    if (!methods.empty()) methods += ", ";
    methods += route.method;
    if (route.method == "GET") methods += ", HEAD";
  }
  return methods;
}

}  // namespace districtd
