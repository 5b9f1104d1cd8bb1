#include "daemon/commands/review.h"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <boost/json.hpp>

#include "base/durable_file.h"
#include "base/json_writer.h"
#include "base/ports/files.h"
#include "base/text.h"
#include "base/utf8.h"

namespace districtd {

namespace {

using extract::Draft;

enum class Decision { open, confirmed, dropped };

struct Item {
  Draft draft;
  Decision decision = Decision::open;
  bool is_remembered = false;  // deleted because it was before
};

// The report by what is in it (FNV-1a): a review belongs to one text.
std::string fingerprint(std::string_view text, int year) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return std::to_string(hash) + "-" + std::to_string(year);
}

std::string key_of(const Draft& draft) {
  return std::to_string(draft.range.begin) + "-" + std::to_string(draft.focus.begin) + "-" +
         std::to_string(draft.focus.end);
}

std::string number_text(const std::optional<double>& value) {
  if (!value) return "";
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.15g", *value);
  return text.data();
}

std::string_view chinese(Kind kind) {
  switch (kind) {
    case Kind::cumulative:
      return "累计数";
    case Kind::level:
      return "比率或状态";
    case Kind::milestone:
      return "完成或未完成";
    case Kind::pledge:
      return "承诺";
  }
  return "";
}

// ---- What was decided, on disk ----

std::string decision_line(const Item& item) {
  std::string line;
  JsonWriter json(line);
  json.begin_object()
      .member("draft", key_of(item.draft))
      .member("decision", item.decision == Decision::confirmed ? "y"
                          : item.decision == Decision::open    ? "open"
                          : item.is_remembered                 ? "remembered"
                                                               : "n")
      .member("department", item.draft.department)
      .member("name", item.draft.name)
      .member("kind", to_string(item.draft.kind))
      .member("goal", number_text(item.draft.goal))
      .member("unit", item.draft.unit)
      .member("deadline", to_string(item.draft.deadline))
      .end_object();
  return line + '\n';
}

bool is_written(const std::filesystem::path& file, const std::string& text) {
  try {
    write_whole(file, text);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::optional<Kind> kind_of(std::string_view word) {
  for (const Kind kind : {Kind::cumulative, Kind::level, Kind::milestone, Kind::pledge}) {
    if (word == to_string(kind)) return kind;
  }
  return std::nullopt;
}

std::optional<double> number_of(const std::string& text) {
  char* end = nullptr;
  errno = 0;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || errno != 0 || *end != '\0' || !std::isfinite(value)) return std::nullopt;
  return value;
}

class ReviewFile {
 public:
  explicit ReviewFile(std::filesystem::path path) : path_(std::move(path)) {}

  // Applies what was decided before; returns why it cannot, or nothing.
  std::optional<std::string> load(const std::string& report, std::vector<Item>& items) {
    const auto before = read_whole(path_);
    const bool is_first_run = !before && before.error() == std::errc::no_such_file_or_directory;
    if (!before && !is_first_run) {
      return path_.string() + ":读不出审核记录(" + before.error().message() + ")。";
    }
    std::istringstream in(before ? *before : "");
    std::map<std::string, Item*> by_key;
    for (Item& item : items) by_key.emplace(key_of(item.draft), &item);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      boost::system::error_code error;
      const auto value = boost::json::parse(line, error);
      // A last line that was cut off by a crash is one key that is asked again.
      if (error || !value.is_object()) continue;
      const auto& object = value.as_object();
      const auto text = [&object](const char* key) {
        const auto* const found = object.if_contains(key);
        return found != nullptr && found->is_string() ? std::string{found->as_string()}
                                                      : std::string{};
      };
      if (number == 1) {
        if (text("report") != report) {
          return path_.string() +
                 ":是另一份报告(或另一个 --year)的审核记录;请换一个 --out,或删去它重新审核。";
        }
        has_head_ = true;
        continue;
      }
      const auto found = by_key.find(text("draft"));
      if (found == by_key.end()) continue;
      Item& item = *found->second;
      const std::string decision = text("decision");
      item.decision = decision == "y"                               ? Decision::confirmed
                      : decision == "n" || decision == "remembered" ? Decision::dropped
                                                                    : Decision::open;
      item.is_remembered = decision == "remembered";
      item.draft.department = text("department");
      item.draft.name = text("name");
      item.draft.kind = kind_of(text("kind")).value_or(item.draft.kind);
      item.draft.goal = number_of(text("goal"));
      item.draft.unit = text("unit");
      item.draft.deadline = parse_iso_date(text("deadline")).value_or(item.draft.deadline);
    }
    if (!has_head_) {
      std::string head;
      JsonWriter(head).begin_object().member("report", report).end_object();
      if (!is_written(path_, head + '\n')) return path_.string() + ":写不了审核记录。";
    }
    return std::nullopt;
  }

  bool append(const Item& item) const {
    const UniqueFd out = open_file(path_, O_WRONLY | O_CREAT | O_APPEND, 0666);
    return out && write_all(out.get(), decision_line(item));
  }

 private:
  std::filesystem::path path_;
  bool has_head_ = false;
};

// What was deleted in reviews before, beside the catalogue: the next report asks less. A file of
// lines; the last word on a name counts, so that what was confirmed after all is asked for again.
class DeletedDrafts {
 public:
  explicit DeletedDrafts(const std::filesystem::path& catalogue)
      : path_(catalogue.parent_path() / "deleted-drafts.jsonl") {
    const auto before = read_whole(path_);
    std::istringstream in(before ? *before : "");
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with(kKept)) {
        known_.erase(line.substr(kKept.size()));
      } else {
        known_.insert(line);
      }
    }
  }

  bool holds(const Draft& draft) const { return known_.contains(line_of(draft)); }

  void add(const Draft& draft) {
    if (known_.insert(line_of(draft)).second) append(line_of(draft));
  }

  // Confirmed, though it was deleted before.
  void remove(const Draft& draft) {
    if (known_.erase(line_of(draft)) > 0) append(std::string{kKept} + line_of(draft));
  }

 private:
  static constexpr std::string_view kKept = "kept ";

  void append(const std::string& line) const {
    const UniqueFd out = open_file(path_, O_WRONLY | O_CREAT | O_APPEND, 0666);
    // It saves questions only: a disk that is full is told with the decision itself.
    if (out) static_cast<void>(write_all(out.get(), line + '\n'));
  }

  // Name, kind and unit: the figure is another one next year.
  static std::string line_of(const Draft& draft) {
    std::string line;
    JsonWriter(line)
        .begin_object()
        .member("name", draft.name)
        .member("kind", to_string(draft.kind))
        .member("unit", draft.unit)
        .end_object();
    return line;
  }

  std::filesystem::path path_;
  std::set<std::string> known_;
};

// ---- The terminal ----

// Keys one by one, without echo; the terminal is as before when it goes.
class RawTerminal {
 public:
  RawTerminal() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  }
  ~RawTerminal() { ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_); }
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

 private:
  termios before_{};
};

// One byte; nothing at the end of the input.
std::optional<char> read_byte() {
  for (;;) {
    char c = 0;
    const auto n = ::read(STDIN_FILENO, &c, 1);
    if (n == 1) return c;
    if (n < 0 && errno == EINTR) continue;
    return std::nullopt;
  }
}

std::optional<std::string> read_line() {
  std::string line;
  for (;;) {
    const auto c = read_byte();
    if (!c) return std::nullopt;
    if (*c == '\n') return line;
    if (*c != '\r') line += *c;
  }
}

// The sentences around the quote: from the end of the one before to the end of its own.
struct Context {
  std::string before;
  std::string quote;
  std::string after;
};

Context context_of(std::string_view text, const Draft& draft) {
  constexpr std::size_t kMost = 360;
  std::size_t begin = draft.range.begin;
  const std::size_t end = std::min<std::size_t>(draft.range.end, text.size());
  const std::size_t least = begin > kMost ? begin - kMost : 0;
  while (begin > least && text[begin - 1] != '\n' && !text.substr(0, begin).ends_with("。")) {
    --begin;
  }
  while (begin < draft.range.begin && utf8::is_continuation(text[begin])) ++begin;
  std::size_t stop = end;
  const std::size_t most = std::min(text.size(), end + kMost);
  while (stop < most && text[stop] != '\n' &&
         !(stop > end && text.substr(0, stop).ends_with("。"))) {
    ++stop;
  }
  while (stop > end && stop < text.size() && utf8::is_continuation(text[stop])) --stop;
  return {std::string{text.substr(begin, draft.range.begin - begin)}, draft.quote,
          std::string{text.substr(end, stop - end)}};
}

class Review {
 public:
  Review(const ReviewInput& input, const extract::Rules& rules, std::filesystem::path out_file,
         std::ostream& out, std::ostream& err)
      : input_(&input),
        rules_(&rules),
        out_file_(std::move(out_file)),
        file_(out_file_.string() + ".review"),
        deleted_(out_file_),
        out_(&out),
        err_(&err) {
    for (const Draft& draft : input.drafts) items_.push_back({draft, Decision::open});
  }

  int run() {
    if (const auto why = file_.load(fingerprint(input_->text, input_->year), items_)) {
      *err_ << *why << '\n';
      return 1;
    }
    const std::size_t done = count(Decision::confirmed) + count(Decision::dropped);
    *out_ << "共 " << items_.size() << " 项草稿";
    if (done > 0) *out_ << ",已审 " << done << " 项,接着审";
    *out_ << "。y 确认  n 删去  e 修改  b 退回上一项  q 存盘退出\n";
    if (!skip_deleted()) return 1;
    offer_sure();
    std::size_t at = next_open(0);
    while (at < items_.size()) {
      show(at);
      const char key = ask();
      if (key == 'q') break;
      if (key == 'b') {
        at = back(at);
        continue;
      }
      if (key == 'a') {
        if (!take_sure()) return 1;
        at = next_open(0);
        continue;
      }
      if (key == 'd') {
        ask_skipped_again();
        at = next_open(0);
        continue;
      }
      if (key == 'e' && !edit(items_[at].draft)) break;
      *out_ << (key == 'n' ? "  删去\n" : "  确认\n");
      if (key == 'n') {
        deleted_.add(items_[at].draft);
      } else {
        deleted_.remove(items_[at].draft);
      }
      if (!decide(at, key == 'n' ? Decision::dropped : Decision::confirmed)) return 1;
      history_.push_back(at);
      at = next_open(0);
    }
    return write();
  }

 private:
  std::size_t count(Decision decision) const {
    return static_cast<std::size_t>(
        std::count_if(items_.begin(), items_.end(),
                      [decision](const Item& item) { return item.decision == decision; }));
  }

  bool decide(std::size_t at, Decision decision) {
    items_[at].decision = decision;
    if (file_.append(items_[at])) return true;
    *err_ << out_file_.string() << ".review:写不进去(磁盘满了?);这一项没有存下。\n";
    return false;
  }

  // What was deleted under the same name before is deleted again, unless d is pressed.
  bool skip_deleted() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].is_remembered) {
        skipped_.push_back(i);
        continue;
      }
      if (items_[i].decision != Decision::open || !deleted_.holds(items_[i].draft)) continue;
      items_[i].is_remembered = true;
      if (!decide(i, Decision::dropped)) return false;
      skipped_.push_back(i);
    }
    if (!skipped_.empty()) {
      *out_ << "以前审核时删去过同名的 " << skipped_.size() << " 项,这次不再问(d 仍然问)。\n";
    }
    return true;
  }

  void ask_skipped_again() {
    for (const std::size_t i : skipped_) {
      items_[i].decision = Decision::open;
      items_[i].is_remembered = false;
      file_.append(items_[i]);
    }
    *out_ << "  重问 " << skipped_.size() << " 项\n";
    skipped_.clear();
  }

  static bool is_sure(const Item& item) {
    return item.decision == Decision::open && item.draft.confidence >= kSure - 1e-9;
  }

  void offer_sure() const {
    const auto sure = std::count_if(items_.begin(), items_.end(), is_sure);
    if (sure > 0) *out_ << "置信度 0.95 以上的 " << sure << " 项,按 a 一次全部确认。\n";
  }

  bool take_sure() {
    std::size_t taken = 0;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!is_sure(items_[i])) continue;
      if (!decide(i, Decision::confirmed)) return false;
      history_.push_back(i);
      ++taken;
    }
    *out_ << "  确认置信度 0.95 以上的 " << taken << " 项\n";
    return true;
  }

  std::size_t next_open(std::size_t from) const {
    while (from < items_.size() && items_[from].decision != Decision::open) ++from;
    return from;
  }

  std::size_t back(std::size_t at) {
    if (history_.empty()) {
      *out_ << "  前面没有刚审过的。\n";
      return at;
    }
    const std::size_t before = history_.back();
    history_.pop_back();
    items_[before].decision = Decision::open;
    file_.append(items_[before]);
    return before;
  }

  void show(std::size_t at) {
    const Draft& draft = items_[at].draft;
    const Context context = context_of(input_->text, draft);
    std::ostream& out = *out_;
    out << "\n[" << at + 1 << "/" << items_.size() << "] "
        << (draft.department.empty() ? "(未注明部门)" : printable(draft.department)) << "  第 "
        << draft.line << " 行\n  章节  " << printable(draft.section) << "\n  "
        << printable(context.before) << "\033[7m" << printable(context.quote) << "\033[0m"
        << printable(context.after) << "\n  指标  " << printable(draft.name) << "\n  目标  "
        << chinese(draft.kind);
    if (draft.kind != Kind::milestone && draft.goal) {
      out << (draft.direction == Direction::at_most ? " ≤ " : " ≥ ") << number_text(draft.goal)
          << printable(draft.unit);
      if (draft.goal_upper)
        out << "(上限 " << number_text(draft.goal_upper) << printable(draft.unit) << ")";
    }
    out << "  期限 " << to_string(draft.deadline);
    if (draft.commitment != Commitment::must) out << "  " << to_string(draft.commitment);
    print_names("配合", draft.with);
    print_names("同为牵头", draft.also_leads);
    for (const extract::Node& node : draft.nodes) {
      out << "\n  节点  " << to_string(node.deadline) << "  " << printable(node.text);
    }
    std::array<char, 16> confidence{};
    std::snprintf(confidence.data(), confidence.size(), "%.2f", draft.confidence);
    out << "\n  置信度 " << confidence.data();
    for (const std::string& reason : draft.reasons) out << ";" << printable(reason);
    out << "\n";
  }

  void print_names(std::string_view label, const std::vector<std::string>& names) const {
    if (names.empty()) return;
    *out_ << "\n  " << label;
    for (const std::string& name : names) *out_ << "  " << printable(name);
  }

  // One of y, n, e, b, a, d, q; the end of the input and Ctrl-C are q.
  char ask() {
    const RawTerminal raw;  // first, so that whoever sees the question types keys, not a signal
    *out_ << "  [y/n/e/b/q] " << std::flush;
    for (;;) {
      const auto key = read_byte();
      if (!key || *key == '\x03' || *key == '\x04') return 'q';
      constexpr std::string_view kKeys = "ynebadq";
      const char lower = *key >= 'A' && *key <= 'Z' ? static_cast<char>(*key + 32) : *key;
      if (kKeys.find(lower) != std::string_view::npos) return lower;
      *out_ << "\a" << std::flush;
    }
  }

  // Asks for a value until `take` accepts it; an empty line keeps what is there. False at the end
  // of the input.
  template <typename Take>
  bool field(std::string_view label, const std::string& now, std::string_view expected,
             Take&& take) {
    for (;;) {
      *out_ << "  " << label << " [" << now << "]: " << std::flush;
      const auto line = read_line();
      if (!line) return false;
      if (line->empty() || take(*line)) return true;
      *out_ << "  “" << *line << "”不行;" << expected << "\n";
    }
  }

  bool edit(Draft& draft) {
    *out_ << "\n  直接回车不改。\n";
    const auto text_into = [](std::string& to) {
      return [&to](const std::string& line) {
        to = line;
        return true;
      };
    };
    return field("部门", draft.department, "", text_into(draft.department)) &&
           field("指标", draft.name, "", text_into(draft.name)) &&
           field("种类", std::string{to_string(draft.kind)},
                 "应为 cumulative、level、milestone 或 pledge。",
                 [&](const std::string& line) {
                   const auto kind = kind_of(line);
                   if (!kind) return false;
                   draft.kind = *kind;
                   if (*kind == Kind::pledge) draft.goal.reset();
                   if (*kind == Kind::milestone) {
                     draft.goal = 1;
                     draft.unit.clear();
                   }
                   return true;
                 }) &&
           (draft.kind == Kind::pledge || draft.kind == Kind::milestone || edit_goal(draft)) &&
           field("期限", to_string(draft.deadline), "应为 2026-12-31 这样的日期,不早于年初。",
                 [&](const std::string& line) {
                   const auto date = parse_iso_date(line);
                   if (!date || *date < date_of(input_->year, 1, 1)) return false;
                   draft.deadline = *date;
                   draft.start = date_of(input_->year, 1, 1);
                   draft.has_own_deadline = true;
                   return true;
                 });
  }

  bool edit_goal(Draft& draft) {
    if (!draft.goal) draft.goal = 1;
    return field("目标数", number_text(draft.goal), "应为不等于 0 的数,如 30 或 3.2。",
                 [&](const std::string& line) {
                   const auto value = number_of(line);
                   if (!value || *value == 0) return false;
                   draft.goal = value;
                   draft.goal_upper.reset();
                   return true;
                 }) &&
           field("单位", draft.unit, "应为 亿元、%、个、万人 一类,不带数字和空格。",
                 [&](const std::string& line) {
                   if (!Unit::parse(line)) return false;
                   draft.unit = line;
                   return true;
                 });
  }

  int write() {
    std::ostringstream text;
    extract::TomlOutput toml(text, *rules_);
    toml.begin(input_->head);
    std::uint64_t written = 0;
    for (const Item& item : items_) {
      if (item.decision != Decision::confirmed) continue;
      Draft draft = item.draft;
      draft.confidence = 1;
      draft.reasons = {"已经人工确认"};
      toml.add(draft);
      ++written;
    }
    toml.finish(written);
    if (!is_written(out_file_, text.str())) {
      *err_ << out_file_.string() << ":写不进去;审核记录还在 " << out_file_.string()
            << ".review。\n";
      return 1;
    }
    const std::size_t open = count(Decision::open);
    *out_ << "\n确认 " << written << " 项,删去 " << count(Decision::dropped) << " 项,未审 " << open
          << " 项;确认的已写入 " << out_file_.string() << "。\n";
    if (open > 0) *out_ << "再运行同一条命令,接着审。\n";
    return 0;
  }

  const ReviewInput* input_;
  const extract::Rules* rules_;
  std::filesystem::path out_file_;
  ReviewFile file_;
  DeletedDrafts deleted_;
  std::ostream* out_;
  std::ostream* err_;
  std::vector<Item> items_;
  static constexpr double kSure = 0.95;
  std::vector<std::size_t> skipped_;  // as they were deleted before
  std::vector<std::size_t> history_;  // decided in this run, in order
};

}  // namespace

int review(const ReviewInput& input, const extract::Rules& rules,
           const std::filesystem::path& out_file, std::ostream& out, std::ostream& err) {
  if (::isatty(STDIN_FILENO) != 1) {
    err << "--review 要在终端里用:标准输入不是终端,没有键可读,什么也没有做。\n"
           "要草稿文件,去掉 --review:districtd extract 报告.txt > 草稿.toml\n";
    return 1;
  }
  if (input.drafts.empty()) {
    err << "没有抽取到目标,没有可审的。\n";
    return 1;
  }
  return Review(input, rules, out_file, out, err).run();
}

}  // namespace districtd
