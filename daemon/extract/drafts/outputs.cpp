#include "daemon/extract/drafts/outputs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <ostream>

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/extract/drafts/extraction.h"

namespace districtd::extract {

namespace {

std::string number_text(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.15g", value);
  return text.data();
}

std::string without_controls(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= ' ' && c != 0x7f) result += c;
  }
  return result;
}

std::string_view baseline_text(BaselineRule rule) {
  switch (rule) {
    case BaselineRule::year_on_year:
      return "增长率:与上年同期比,填报同比增速";
    case BaselineRule::year_before:
      return "提高的百分点:与上年末比";
    case BaselineRule::base_year:
      return "翻番:请补基期的数,goal 是基期的倍数";
    case BaselineRule::none:
      break;
  }
  return "";
}

// 2026年3月6日, 2026-03-06, 20260306.
std::string day_in(std::string_view text) {
  for (std::size_t i = 0; i + 8 <= text.size(); ++i) {
    if (text[i] != '2' || text[i + 1] != '0') continue;
    std::array<int, 3> parts{};
    std::size_t at = i;
    std::size_t part = 0;
    int digits = 0;
    for (; at < text.size() && part < 3; ++at) {
      const char c = text[at];
      const int most = part == 0 ? 4 : 2;
      if (c >= '0' && c <= '9' && digits < most) {
        parts[part] = parts[part] * 10 + (c - '0');
        ++digits;
        continue;
      }
      if (digits == 0) break;
      ++part;
      digits = 0;
      const auto rest = text.substr(at);
      if (rest.starts_with("年") || rest.starts_with("月") || rest.starts_with("日")) {
        at += 2;
      } else if (c != '-' && c != '/' && c != '.') {
        break;
      }
    }
    if (part == 2 && digits > 0) part = 3;
    if (part < 3) continue;
    std::array<char, 40> iso{};
    std::snprintf(iso.data(), iso.size(), "%04d-%02d-%02d", parts[0], parts[1], parts[2]);
    if (parse_iso_date(iso.data())) return iso.data();
  }
  return "";
}

std::string id_of_file(const std::string& file) {
  std::string id;
  for (const char c : lower_ascii(std::filesystem::path(file).stem().string())) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') {
      id += c;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id.empty() ? "report" : id;
}

}  // namespace

namespace {

// The nodes as the catalogue takes them: of a milestone, one a day, the last one at its deadline.
// None where they are something else.
std::vector<Node> nodes_of(const Draft& draft) {
  constexpr std::size_t kMostNodes = 50;  // whose equal shares differ by hundredths
  constexpr std::size_t kMostBytes = 200;
  if (draft.kind != Kind::milestone || draft.direction == Direction::at_most) return {};
  std::vector<Node> nodes = draft.nodes;
  std::stable_sort(nodes.begin(), nodes.end(),
                   [](const Node& a, const Node& b) { return a.deadline < b.deadline; });
  std::vector<Node> result;
  for (Node& node : nodes) {
    node.text = without_controls(node.text);
    if (!result.empty() && result.back().deadline == node.deadline) {
      result.back().text += "、" + node.text;
    } else {
      result.push_back(std::move(node));
    }
  }
  for (Node& node : result) node.text = utf8::cut(node.text, kMostBytes);
  const bool is_fit = result.size() >= 2 && result.size() <= kMostNodes &&
                      result.front().deadline >= draft.start &&
                      result.back().deadline == draft.deadline &&
                      std::none_of(result.begin(), result.end(),
                                   [](const Node& node) { return node.text.empty(); });
  return is_fit ? result : std::vector<Node>{};
}

}  // namespace

std::string toml_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\t') {
      result += "\\t";
    } else if (byte < ' ' || byte == 0x7f) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04X", byte);
      result += escape.data();
    } else {
      result += c;
    }
  }
  return result + '"';
}

JsonOutput::JsonOutput(std::ostream& out) : out_(&out) { *out_ << "["; }

void write_draft(JsonWriter& json, const Draft& draft) {
  json.begin_object()
      .member("department", draft.department)
      .member("name", draft.name)
      .member("kind", to_string(draft.kind))
      .member("goal", draft.goal)
      .member("goal_upper", draft.goal_upper)
      .member("unit", draft.unit)
      .member("direction", to_string(draft.direction))
      .member("start", to_string(draft.start))
      .member("deadline", to_string(draft.deadline))
      .member("commitment", to_string(draft.commitment))
      .member("quote", draft.quote)
      .member("offset", draft.offset)
      .member("confidence", std::round(draft.confidence * 100) / 100)
      .member("byte_offset", draft.range.begin)
      .member("line", draft.line)
      .member("section", draft.section)
      .member("deadline_named", draft.has_own_deadline)
      .member("approximate", draft.is_about)
      .member("baseline_rule", to_string(draft.baseline))
      .key("reasons")
      .begin_array();
  for (const std::string& reason : draft.reasons) json.value(reason);
  json.end_array().key("also_leads").begin_array();
  for (const std::string& name : draft.also_leads) json.value(name);
  json.end_array().key("with").begin_array();
  for (const std::string& name : draft.with) json.value(name);
  json.end_array().key("nodes").begin_array();
  for (const Node& node : draft.nodes) {
    json.begin_object()
        .member("deadline", to_string(node.deadline))
        .member("text", node.text)
        .end_object();
  }
  json.end_array().end_object();
}

void JsonOutput::add(const Draft& draft) {
  line_.clear();
  JsonWriter json(line_);
  write_draft(json, draft);
  *out_ << (is_first_ ? "\n  " : ",\n  ") << line_;
  is_first_ = false;
}

void JsonOutput::finish() { *out_ << (is_first_ ? "]\n" : "\n]\n"); }

ReportHead read_head(std::string_view beginning, const std::string& file, int year) {
  ReportHead head;
  head.file = file;
  head.id = id_of_file(file);
  head.title = title_of(beginning);
  head.publisher = "未注明";
  for (const std::string_view around : {"□本报", "本报讯"}) {
    if (beginning.find(around) != std::string_view::npos) head.publisher = "本报(请补报名)";
  }
  head.published = day_in(std::filesystem::path(file).filename().string());
  if (head.published.empty()) head.published = day_in(beginning.substr(0, 2000));
  head.is_published_guessed = head.published.empty();
  if (head.is_published_guessed) head.published = std::to_string(year) + "-01-01";
  return head;
}

TomlOutput::TomlOutput(std::ostream& out, const Rules& rules) : to_(&out), rules_(&rules) {}

void TomlOutput::begin(const ReportHead& head, const std::string& warning) {
  std::ostringstream text;
  if (!warning.empty()) text << "# 注意:" << without_controls(warning) << "\n";
  text << "# 由 districtd extract 从 " << without_controls(head.file)
       << " 抽取的目标草稿。逐条核对:不是目标的删去,数或名称不对的改正。\n"
       << "# 置信度低于 0.8 的标有“请核对”和理由。核对引文:districtd check --config … --report "
       << without_controls(head.file) << "\n\n"
       << "[report]\nid = " << toml_text(head.id) << "\npublisher = " << toml_text(head.publisher)
       << "                 # 请核对\npublished = " << head.published
       << (head.is_published_guessed ? "                  # 原文没有写明,请改正\n" : "\n")
       << "title = " << toml_text(head.title) << "\n";
  head_ = text.str();
}

// Nothing where all lie in one year, which is then the programme.
std::string TomlOutput::programme() const {
  if (!period_) return "";
  const std::string first = std::to_string(year_of(period_->first));
  const std::string last = std::to_string(year_of(period_->second));
  if (first == last) return "";
  return "programme = \"" + first + "-" + last +
         "\"             # 期限不在同一年,请核对\nperiod = [" + first + "-01-01, " + last +
         "-12-31]\n";
}

std::string TomlOutput::department_id(const std::string& name) {
  if (const auto known = departments_.find(name); known != departments_.end()) {
    return known->second;
  }
  NormalText normal;
  normalise(name, rules_->spelling, normal);
  std::string id = name.empty() ? "unnamed" : "";
  for (const auto& [word, known] : rules_->structure.department_ids) {
    if (id.empty() && normal.chars.find(word) != std::u32string::npos) id = known;
  }
  if (id.empty()) id = "dept-" + std::to_string(departments_.size() + 1);
  const std::string stem = id;
  for (int n = 2; !ids_.insert(id).second; ++n) id = stem + "-" + std::to_string(n);
  departments_.emplace(name, id);
  out_ << "\n[[department]]\nid = " << toml_text(id)
       << "\nname = " << toml_text(name.empty() ? "(未注明部门)" : without_controls(name)) << "\n";
  if (name.empty()) out_ << "# 原文没有写明责任部门,请补。\n";
  return id;
}

void TomlOutput::add(const Draft& draft) {
  const std::string department = department_id(draft.department);
  const std::string with = with_of(draft, department);
  std::ostream& out = out_;
  if (!period_) period_.emplace(draft.start, draft.deadline);
  period_->first = std::min(period_->first, draft.start);
  period_->second = std::max(period_->second, draft.deadline);
  out << "\n";
  std::array<char, 16> confidence{};
  std::snprintf(confidence.data(), confidence.size(), "%.2f", draft.confidence);
  out << "# 置信度 " << confidence.data() << (draft.confidence < kDoubtful ? ",请核对" : "");
  for (std::size_t i = 0; i < draft.reasons.size(); ++i) {
    out << (i == 0 ? ":" : ";") << without_controls(draft.reasons[i]);
  }
  out << "\n";
  if (draft.goal_upper) {
    out << "# 原文是区间,上限 " << number_text(*draft.goal_upper) << draft.unit << "\n";
  }
  if (const auto text = baseline_text(draft.baseline); !text.empty()) out << "# " << text << "\n";
  // The catalogue has no key for these.
  write_names("责任单位另有", draft.also_leads);
  const auto nodes = nodes_of(draft);
  if (nodes.empty()) {
    for (const Node& node : draft.nodes) {
      out << "# 节点 " << to_string(node.deadline) << " " << without_controls(node.text) << "\n";
    }
  }
  std::string name = without_controls(draft.name);
  if (const auto n = ++names_[std::hash<std::string>{}(department + "\n" + name)]; n > 1) {
    name += "(" + std::to_string(n) + ")";
  }
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), "%03u", ++counts_[department]);
  out << "[[target]]\nid = " << toml_text(department + ".t" + number.data())
      << "\nname = " << toml_text(name) << "\nkind = \"" << to_string(draft.kind) << "\"\n";
  if (draft.goal) out << "goal = " << number_text(*draft.goal) << "\n";
  if (!draft.unit.empty()) out << "unit = " << toml_text(draft.unit) << "\n";
  if (draft.direction == Direction::at_most) out << "direction = \"at_most\"\n";
  out << "start = " << to_string(draft.start) << "\ndeadline = " << to_string(draft.deadline)
      << "\n";
  if (draft.commitment != Commitment::must) {
    out << "commitment = \"" << to_string(draft.commitment) << "\"\n";
  }
  if (draft.kind == Kind::milestone) out << "cadence = \"quarter\"\n";
  if (draft.is_about) {
    // 左右: half a point of a rate, five percent of a sum.
    out << "tolerance = { at_risk = " << (draft.kind == Kind::level ? "0.005" : "0.05")
        << ", behind = 0.05 }   # 左右\n";
  }
  out << with << "section = " << toml_text(draft.section) << "\nquote = " << toml_text(draft.quote)
      << "\n";
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool is_last = i + 1 == nodes.size();
    out << "[[target.node]]\nname = " << toml_text(nodes[i].text)
        << "\ndue = " << to_string(nodes[i].deadline) << "\nshare = "
        << (is_last ? "1"
                    : number_text(std::floor(100.0 * static_cast<double>(i + 1) /
                                             static_cast<double>(nodes.size())) /
                                  100))
        << (is_last ? "\n" : "                  # 原文没有写明完成多少,按节点均分,请核对\n");
  }
}

// "with = [...]\n", each with its [[department]] before it; "" where nobody supports.
std::string TomlOutput::with_of(const Draft& draft, const std::string& department) {
  std::vector<std::string> ids;
  for (const std::string& name : draft.with) {
    if (name.empty()) continue;
    const std::string id = department_id(name);
    if (id != department && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "with = [" : ", ") + toml_text(id);
  return text.empty() ? "" : text + "]\n";
}

void TomlOutput::write_names(std::string_view what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  out_ << "# " << what << ":";
  for (std::size_t i = 0; i < names.size(); ++i) {
    out_ << (i == 0 ? "" : "、") << without_controls(names[i]);
  }
  out_ << "\n";
}

void TomlOutput::finish(std::uint64_t drafts) {
  *to_ << head_ << programme() << out_.view();
  if (drafts == 0) *to_ << "\n# 没有找到目标。\n";
}

}  // namespace districtd::extract
