// The parts of one line of the Prometheus text format, version 0.0.4:
// https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <string>
#include <string_view>

namespace districtd {

// Appends a label value as it stands between its quotes: backslash, quote and newline escaped.
void append_label_value(std::string& out, std::string_view value);

// Appends the shortest decimal that reads back as the same double, as Prometheus prints it
// ("0.42", "3e+09").
void append_number(std::string& out, double value);

// "# HELP name help\n# TYPE name gauge\n". `help` is one line of plain text.
std::string gauge_header(std::string_view name, std::string_view help);

}  // namespace districtd
