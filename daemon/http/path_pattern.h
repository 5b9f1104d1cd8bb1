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

  // What is captured where the decoded path is one of the pattern's, else nullopt. A segment that
  // is captured has at least one character and no '/', so that an encoded one never matches.
  std::optional<PathCaptures> match(std::string_view path) const;

  // The pattern without its names: the label `handler` of the duration metric.
  const std::string& label() const { return label_; }

 private:
  struct Capture {
    std::string name;
    std::string behind;  // the fixed text up to the next capture or the end
  };

  std::string begin_;  // the fixed text before the first capture
  std::vector<Capture> captures_;
  std::string label_;
};

}  // namespace districtd
