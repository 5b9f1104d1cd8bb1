// A strict reader of the Prometheus text format for tests: it refuses what the format leaves open
// but a good exposition does not do.
// https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace districtd {

struct TextFamily {
  std::string help;
  std::string type;
  // By name and labels: "{a="1",b="2"}" with the values unescaped and in order of label name,
  // for histograms with the suffix before it ("_bucket{...}").
  std::map<std::string, double> samples;
};

struct TextExposition {
  std::map<std::string, TextFamily> families;
  std::vector<std::string> faults;  // one a line that breaks a rule, with its number

  // The value of one series such as `name{a="1"}`; NaN where there is none.
  double value(std::string_view series) const;
  bool has(std::string_view series) const;
};

// Each family has one HELP, then one TYPE, then at least one sample, all in one place; no series
// occurs twice; labels are well-formed and escaped; values are numbers and not NaN.
TextExposition read_text_exposition(std::string_view text);

}  // namespace districtd
