#include "tests/unit/exporter/text_exposition.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace districtd {
namespace {

bool is_name(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == ':'; });
}

// Reads {name="value",...} from the beginning of `text` and removes it.
std::optional<std::map<std::string, std::string>> take_labels(std::string_view& text) {
  std::map<std::string, std::string> labels;
  if (!text.starts_with('{')) return labels;
  text.remove_prefix(1);
  while (!text.starts_with('}')) {
    const auto equals = text.find("=\"");
    if (equals == std::string_view::npos || !is_name(text.substr(0, equals))) return std::nullopt;
    std::string name(text.substr(0, equals));
    std::string value;
    text.remove_prefix(equals + 2);
    while (!text.starts_with('"')) {
      if (text.empty()) return std::nullopt;
      char c = text[0];
      text.remove_prefix(1);
      if (c == '\\') {
        if (text.empty()) return std::nullopt;
        c = text[0];
        if (c != '\\' && c != '"' && c != 'n') return std::nullopt;
        if (c == 'n') c = '\n';
        text.remove_prefix(1);
      }
      value += c;
    }
    text.remove_prefix(1);
    if (!labels.emplace(std::move(name), std::move(value)).second) return std::nullopt;
    if (text.starts_with(',')) {
      text.remove_prefix(1);
    } else if (!text.starts_with('}')) {
      return std::nullopt;
    }
  }
  text.remove_prefix(1);
  return labels;
}

std::string canonical(const std::map<std::string, std::string>& labels) {
  if (labels.empty()) return {};
  std::string out;
  for (const auto& [name, value] : labels) {
    out.append(out.empty() ? "{" : ",").append(name).append("=\"").append(value).append("\"");
  }
  return out + "}";
}

class Reader {
 public:
  TextExposition read(std::string_view text) {
    if (!text.empty() && !text.ends_with('\n')) fault("the last line has no end");
    while (!text.empty()) {
      ++line_;
      const auto end = std::min(text.find('\n'), text.size());
      take_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    leave_family();
    return std::move(result_);
  }

 private:
  void fault(const std::string& what) {
    result_.faults.push_back("line " + std::to_string(line_) + ": " + what);
  }

  void leave_family() {
    if (!current_.empty() && family().samples.empty()) fault(current_ + " has no sample");
  }

  TextFamily& family() { return result_.families[current_]; }

  void take_line(std::string_view line) {
    if (line.starts_with("# HELP ")) {
      take_help(line.substr(7));
    } else if (line.starts_with("# TYPE ")) {
      take_type(line.substr(7));
    } else {
      take_sample(line);
    }
  }

  void take_help(std::string_view rest) {
    leave_family();
    const auto blank = std::min(rest.find(' '), rest.size());
    current_ = rest.substr(0, blank);
    if (!is_name(current_)) fault("HELP of no name");
    if (!result_.families.emplace(current_, TextFamily{}).second) fault("a second " + current_);
    family().help = rest.substr(std::min(blank + 1, rest.size()));
    if (family().help.empty()) fault("HELP without text");
  }

  void take_type(std::string_view rest) {
    const auto blank = std::min(rest.find(' '), rest.size());
    if (current_.empty() || rest.substr(0, blank) != current_) return fault("TYPE without HELP");
    if (!family().type.empty()) fault("a second TYPE");
    if (!family().samples.empty()) fault("TYPE after a sample");
    family().type = rest.substr(std::min(blank + 1, rest.size()));
    if (family().type != "gauge" && family().type != "counter" && family().type != "histogram") {
      fault("TYPE " + family().type);
    }
  }

  void take_sample(std::string_view line) {
    const auto name_end = std::min(line.find_first_of("{ "), line.size());
    std::string_view suffix = line.substr(0, name_end);
    if (current_.empty() || !suffix.starts_with(current_)) return fault("a sample out of place");
    suffix.remove_prefix(current_.size());
    if (family().type.empty()) fault("a sample before TYPE");
    const bool is_histogram = family().type == "histogram";
    const bool is_histogram_suffix = suffix == "_bucket" || suffix == "_sum" || suffix == "_count";
    if (is_histogram ? !is_histogram_suffix : !suffix.empty()) return fault("a stranger's sample");

    line.remove_prefix(name_end);
    const auto labels = take_labels(line);
    if (!labels || !line.starts_with(' ')) return fault("broken labels");
    line.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error != std::errc{} || end != line.data() + line.size() || std::isnan(value)) {
      return fault("no number: " + std::string(line));
    }
    if (!family().samples.emplace(std::string(suffix) + canonical(*labels), value).second) {
      fault("a series for the second time");
    }
  }

  TextExposition result_;
  std::string current_;
  std::size_t line_ = 0;
};

const double* find(const TextExposition& exposition, std::string_view series) {
  const auto brace = std::min(series.find('{'), series.size());
  std::string name(series.substr(0, brace));
  std::string rest(series.substr(brace));
  for (const char* suffix : {"", "_bucket", "_sum", "_count"}) {
    if (!name.ends_with(suffix)) continue;
    const auto family =
        exposition.families.find(name.substr(0, name.size() - std::string_view(suffix).size()));
    if (family == exposition.families.end()) continue;
    const auto sample = family->second.samples.find(suffix + rest);
    if (sample != family->second.samples.end()) return &sample->second;
  }
  return nullptr;
}

}  // namespace

double TextExposition::value(std::string_view series) const {
  const double* found = find(*this, series);
  return found ? *found : std::numeric_limits<double>::quiet_NaN();
}

bool TextExposition::has(std::string_view series) const { return find(*this, series) != nullptr; }

TextExposition read_text_exposition(std::string_view text) { return Reader().read(text); }

}  // namespace districtd
