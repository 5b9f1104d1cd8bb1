#include "daemon/http/route_table.h"

#include <algorithm>
#include <utility>

namespace districtd {
namespace {

constexpr std::string_view kAnySegment = "{}";

bool matches(std::string_view pattern, std::string_view path) {
  if (!pattern.ends_with(kAnySegment)) return path == pattern;
  pattern.remove_suffix(kAnySegment.size());
  return path.size() > pattern.size() && path.starts_with(pattern) &&
         path.find('/', pattern.size()) == std::string_view::npos;
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
