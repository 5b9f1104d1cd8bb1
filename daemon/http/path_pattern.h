// The path of a route: fixed text and named segments.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace districtd {

// Name and value of each captured segment, in the order of the path.
using PathCaptures = std::vector<std::pair<std::string, std::string>>;

//   PathPattern pattern("/api/v1/targets/{id}/explanation");
//   pattern.match("/api/v1/targets/gdp/explanation");  // {{"id", "gdp"}}
//   pattern.label();                                   // "/api/v1/targets/{}/explanation"
class PathPattern {
 public:
  // A name in braces stands for one whole path segment. Anything else in braces, and a name that
  // occurs twice, is a fault of the program.
  explicit PathPattern(std::string_view text);

  // What is captured, decoded, where the path is one of the pattern's, else nullopt. `path` is as a
  // request has it, in valid percent-encoding: it is cut into segments before they are decoded, and
  // no segment of a route has a '/' in it, so that an encoded one never matches. A segment that is
  // captured has at least one character.
  std::optional<PathCaptures> match(std::string_view path) const;

  // The pattern without its names: the label `handler` of the duration metric.
  const std::string& label() const { return label_; }

 private:
  struct Segment {
    std::string text;  // of a capture its name
    bool is_capture = false;
  };

  std::vector<Segment> segments_;  // what stands behind each '/'
  std::string label_;
};

}  // namespace districtd
