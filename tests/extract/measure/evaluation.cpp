#include "tests/extract/measure/evaluation.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "base/text.h"
#include "daemon/extract/drafts/extraction.h"

namespace districtd::extract {

namespace {

std::vector<std::string> fields_of(std::string_view text) {
  std::vector<std::string> fields;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('|', at), text.size());
    fields.emplace_back(trim(text.substr(at, end - at)));
    at = end + 1;
  }
  return fields;
}

class PassageReader {
 public:
  PassageReader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Result<std::vector<Passage>, Findings> read() {
    bool in_labels = false;
    for (std::size_t at = 0; at < text_.size();) {
      ++line_;
      const auto end = std::min(text_.find('\n', at), text_.size());
      const auto line = text_.substr(at, end - at);
      at = end + 1;
      if (line.starts_with("@ ")) {
        in_labels = false;
        begin(line.substr(2));
      } else if (line == "---") {
        in_labels = true;
      } else if (passages_.empty()) {
        if (!line.empty() && line.front() != '#') add_finding("expected '# …' or '@ id year=2026'");
      } else if (!in_labels) {
        passages_.back().text += line;
        passages_.back().text += '\n';
      } else if (line.starts_with("+ ")) {
        target(line.substr(2));
      } else if (line.starts_with("- ")) {
        trap(line.substr(2));
      } else if (!trim(line).empty()) {
        add_finding("expected '+ anchor | name | kind | goal | unit | …' or '- anchor | why'");
      }
    }
    if (!findings_.empty()) return std::move(findings_);
    return std::move(passages_);
  }

 private:
  void add_finding(std::string message) {
    findings_.push_back({name_, line_, 1, std::move(message)});
  }

  void begin(std::string_view head) {
    Passage passage;
    std::istringstream words{std::string{head}};
    std::string word;
    words >> passage.id;
    while (words >> word) {
      if (word.starts_with("year="))
        passage.year = std::atoi(word.c_str() + 5);  // NOLINT(cert-err34-c): 0 is found below
      passage.has_exact_names |= word == "names=exact";
    }
    if (passage.year < 1990) add_finding("expected year=YYYY after the passage's id");
    passage.file = name_;
    passage.line = line_;
    passages_.push_back(std::move(passage));
  }

  void check_anchor(const std::string& anchor) {
    if (anchor.empty() || passages_.back().text.find(anchor) == std::string::npos) {
      add_finding("the anchor '" + anchor + "' does not stand in the passage");
    }
  }

  void target(std::string_view line) {
    const auto fields = fields_of(line);
    Label label;
    label.line = line_;
    label.deadline = date_of(passages_.back().year, 12, 31);
    if (fields.size() < 3) return add_finding("a target has at least anchor, name and kind");
    label.anchor = fields[0];
    label.name = fields[1];
    check_anchor(label.anchor);
    bool has_kind = false;
    for (const Kind kind : {Kind::cumulative, Kind::level, Kind::milestone, Kind::pledge}) {
      if (fields[2] != to_string(kind)) continue;
      label.kind = kind;
      has_kind = true;
    }
    if (!has_kind) add_finding("'" + fields[2] + "' is no kind");
    if (label.kind == Kind::milestone) label.goal = 1;
    if (fields.size() > 3 && !fields[3].empty())
      label.goal = std::atof(fields[3].c_str());  // NOLINT(cert-err34-c): labels are ours
    if (fields.size() > 4) label.unit = fields[4];
    if (fields.size() > 5) options(fields[5], label);
    passages_.back().targets.push_back(std::move(label));
  }

  void options(const std::string& text, Label& label) {
    std::istringstream words{text};
    std::string word;
    while (words >> word) {
      const auto value = word.substr(word.find('=') + 1);
      if (word == "most") {
        label.direction = Direction::at_most;
      } else if (word == "strive") {
        label.commitment = Commitment::strive;
      } else if (word == "approach") {
        label.commitment = Commitment::approach;
      } else if (word.starts_with("by=")) {
        const auto date = parse_iso_date(value);
        if (!date) add_finding("'" + value + "' is no date");
        label.deadline = date.value_or(label.deadline);
      } else if (word.starts_with("dept=")) {
        label.department = value;
      } else if (word.starts_with("with=")) {
        label.with = value;
      } else if (word.starts_with("upper=")) {
        label.goal_upper = std::atof(value.c_str());  // NOLINT(cert-err34-c): labels are ours
      } else {
        add_finding("'" + word + "' is none of most, strive, approach, by=, dept=, with=, upper=");
      }
    }
  }

  void trap(std::string_view line) {
    const auto fields = fields_of(line);
    check_anchor(fields[0]);
    passages_.back().traps.push_back(fields[0]);
  }

  std::string_view text_;
  std::string name_;
  std::uint32_t line_ = 0;
  std::vector<Passage> passages_;
  Findings findings_;
};

bool overlap(const Range& a, const Range& b) { return a.begin < b.end && b.begin < a.end; }

Range range_of(const Passage& passage, const std::string& anchor) {
  const auto at = passage.text.find(anchor);
  return {at, at + anchor.size()};
}

bool is_same(const std::optional<double>& a, const std::optional<double>& b) {
  if (a.has_value() != b.has_value()) return false;
  return !a || std::fabs(*a - *b) < 1e-9;
}

bool finds(const Draft& draft, const Label& label, const Range& anchor) {
  const bool has_number = label.kind != Kind::milestone && label.kind != Kind::pledge;
  if (has_number != !draft.number.is_empty()) return false;
  if (!overlap(draft.focus, anchor)) return false;
  return !has_number || (is_same(draft.goal, label.goal) && draft.unit == label.unit);
}

std::string without_marks(std::string text) {
  for (const std::string_view mark : {"“", "”", "《", "》"}) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
      text.erase(at, mark.size());
    }
  }
  return text;
}

bool is_same_name(const std::string& a, const std::string& b) {
  const std::string x = without_marks(a);
  const std::string y = without_marks(b);
  return !x.empty() && !y.empty() &&
         (x.find(y) != std::string::npos || y.find(x) != std::string::npos);
}

// 地区生产总值 is 地区生产总值增长: what kind of number it is stands beside the name.
bool is_exact_name(const std::string& drafted, const std::string& label) {
  std::string x = without_marks(drafted);
  std::string y = without_marks(label);
  // 新增充电桩(2027年): told apart from another of the name.
  if (x.ends_with(")")) {
    const auto open = x.rfind('(');
    if (open != std::string::npos && x.size() - open <= 9) x.resize(open);
  }
  // 建成高标准农田 and 高标准农田 are both printed.
  for (const std::string_view verb : {"建成", "开设", "兑现", "完成"}) {
    if (x.starts_with(verb)) x.erase(0, verb.size());
    if (y.starts_with(verb)) y.erase(0, verb.size());
  }
  return x == y || x == y + "增长" || x == y + "下降" || y == x + "增长" || y == x + "下降";
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "、") + name;
  return text;
}

void count_fields(const Draft& draft, const Label& label, const std::string& where,
                  Evaluation& result) {
  const std::array<bool, Evaluation::kFields.size()> good = {
      is_same_name(draft.name, label.name),
      draft.department == label.department,
      draft.kind == label.kind,
      is_same(draft.goal, label.goal),
      draft.unit == label.unit,
      draft.direction == label.direction,
      draft.deadline == label.deadline,
      draft.commitment == label.commitment,
      is_same(draft.goal_upper, label.goal_upper),
      joined(draft.with) == label.with,
  };
  const std::array<std::string, Evaluation::kFields.size()> said = {
      draft.name + " / " + label.name,
      draft.department + " / " + label.department,
      std::string{to_string(draft.kind)} + " / " + std::string{to_string(label.kind)},
      "",
      draft.unit + " / " + label.unit,
      std::string{to_string(draft.direction)} + " / " + std::string{to_string(label.direction)},
      to_string(draft.deadline) + " / " + to_string(label.deadline),
      std::string{to_string(draft.commitment)} + " / " + std::string{to_string(label.commitment)},
      "",
      joined(draft.with) + " / " + label.with,
  };
  for (std::size_t i = 0; i < good.size(); ++i) {
    ++result.fields[i].all;
    if (good[i]) {
      ++result.fields[i].good;
    } else {
      result.faults.push_back(where + ": " + std::string{Evaluation::kFields[i]} + " of '" +
                              label.anchor + "': " + said[i]);
    }
  }
}

}  // namespace

Result<std::vector<Passage>, Findings> parse_passages(std::string_view text,
                                                      const std::string& name) {
  return PassageReader(text, name).read();
}

void evaluate(const Passage& passage, const Rules& rules, Evaluation& result) {
  const auto drafts = extract(passage.text, rules, passage.year);
  ++result.passages;
  std::vector<bool> is_used(drafts.size());
  for (const Label& label : passage.targets) {
    const Range anchor = range_of(passage, label.anchor);
    const std::string where = passage.file + ":" + std::to_string(label.line);
    ++result.recall.all;
    const bool is_milestone = label.kind == Kind::milestone;
    if (is_milestone) ++result.milestones_found.all;
    std::size_t found = drafts.size();
    for (std::size_t i = 0; i < drafts.size() && found == drafts.size(); ++i) {
      if (!is_used[i] && finds(drafts[i], label, anchor)) found = i;
    }
    if (found == drafts.size()) {
      result.faults.push_back(where + ": not found: '" + label.anchor + "'");
      continue;
    }
    is_used[found] = true;
    ++result.recall.good;
    if (is_milestone) ++result.milestones_found.good;
    if (passage.has_exact_names) {
      ++result.printable.all;
      if (is_exact_name(drafts[found].name, label.name)) {
        ++result.printable.good;
      } else {
        std::string fault = where;
        fault.append(": not printable: '").append(drafts[found].name).append("' / '");
        result.faults.push_back(fault.append(label.name).append("'"));
      }
    }
    count_fields(drafts[found], label, where, result);
  }
  const std::string where = passage.file + ":" + std::to_string(passage.line);
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (drafts[i].kind == Kind::pledge) {
      ++result.pledges;
      continue;
    }
    ++result.precision.all;
    if (drafts[i].kind == Kind::milestone) {
      ++result.milestones_right.all;
      if (is_used[i]) ++result.milestones_right.good;
    }
    std::size_t bin = Evaluation::kConfidences.size();
    while (drafts[i].confidence < Evaluation::kConfidences[--bin] - 1e-9 && bin > 0) {
    }
    ++result.right_at[bin].all;
    if (is_used[i]) ++result.right_at[bin].good;
    if (is_used[i]) {
      ++result.precision.good;
    } else {
      result.faults.push_back(where + ": no target: '" + drafts[i].name + "' in '" +
                              drafts[i].quote + "'");
    }
  }
  for (const std::string& trap : passage.traps) {
    const Range anchor = range_of(passage, trap);
    ++result.traps.all;
    const bool is_taken = std::any_of(drafts.begin(), drafts.end(), [&](const Draft& draft) {
      if (draft.kind == Kind::pledge) return false;
      if (!draft.number.is_empty()) return overlap(draft.number, anchor);
      return draft.focus.begin >= anchor.begin && draft.focus.end <= anchor.end;
    });
    if (is_taken) {
      std::string fault = where;
      fault.append(": trap taken: '").append(trap).append("'");
      result.faults.push_back(std::move(fault));
    } else {
      ++result.traps.good;
    }
  }
}

}  // namespace districtd::extract
