#include "daemon/commands/extract.h"

#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/ports/clock.h"
#include "base/text.h"
#include "base/toml_table.h"
#include "daemon/commands/refusal.h"
#include "daemon/commands/review.h"
#include "daemon/config/catalogue_file.h"
#include "daemon/extract/drafts/comparison.h"
#include "daemon/extract/drafts/extraction.h"
#include "daemon/extract/drafts/outputs.h"
#include "daemon/extract/text/report_file.h"

namespace districtd {

namespace {

using extract::Draft;
using extract::Extraction;
using extract::ReportSummary;
using extract::ReportText;
using extract::Rules;

constexpr std::string_view kConsequence = " in the rule files; nothing was extracted.";

Result<Rules, Findings> rules_of(const ExtractOptions& options) {
  if (!options.rules.empty()) return extract::load_rules(options.rules);
  if (const auto installed = extract::installed_rules(); !installed.empty()) {
    return extract::load_rules(installed);
  }
  return extract::parse_rules(extract::built_in_rules());
}

int this_year() {
  const auto today = std::chrono::floor<std::chrono::days>(now());
  return static_cast<int>(std::chrono::year_month_day{today}.year());
}

// Where much was drafted before the report begins to plan, the look-back was probably taken for a
// plan; "" where it was not.
std::string scope_warning(const ReportSummary& summary) {
  constexpr double kMost = 0.3;
  if (static_cast<double>(summary.before_plan) <= kMost * static_cast<double>(summary.drafts)) {
    return "";
  }
  return std::to_string(summary.drafts) + " 项里有 " + std::to_string(summary.before_plan) +
         " 项在第一个讲计划的标题之前,多半是把回顾当成了计划;请先看这些。";
}

// `of_text` is the year that the text plans for; 0: it names none.
void warn_of_year(int year, int of_text, std::ostream& err) {
  if (of_text == 0 || of_text == year) return;
  err << "注意:--year 是 " << year << ",原文说的是 " << of_text
      << " 年;两者不一,请核对(不写 --year 就按原文)。\n";
}

// Runs the report through the extractor; `begin` learns the year and the beginning first.
class Run {
 public:
  Run(const ExtractOptions& options, const Rules& rules) : options_(&options), rules_(&rules) {}

  // Why it could not be read, or nothing.
  std::optional<std::string> read(const std::function<void(const ReportText&, int)>& begin,
                                  const Extraction::Sink& sink) {
    std::unique_ptr<Extraction> extraction;
    const auto result = extract::read_report(
        options_->report,
        [&](const ReportText& text) {
          year_of_text_ = extract::planned_year(text.beginning);
          year_ = options_->year != 0 ? options_->year : year_of_text_;
          is_year_guessed_ = year_ == 0;
          if (is_year_guessed_) year_ = this_year();
          begin(text, year_);
          extraction = std::make_unique<Extraction>(*rules_, year_, sink);
        },
        [&](std::string_view piece) { extraction->feed(piece); });
    if (!result) return result.error();
    summary_ = extraction->finish();
    return std::nullopt;
  }

  int year() const { return year_; }
  const ReportSummary& summary() const { return summary_; }

  // What was done, in one sentence, and what a person has to look at.
  void report(std::ostream& err) const {
    const ReportSummary& s = summary_;
    const std::string file = options_->report.string();
    if (s.title.empty()) {
      err << file << ":文件里没有文字,没有抽取任何目标。\n";
      return;
    }
    if (const auto warning = scope_warning(s); !warning.empty()) err << "注意:" << warning << "\n";
    err << file << ":读了 " << s.lines << " 行、" << s.characters << " 字,按 " << year_
        << " 年抽取目标 " << s.drafts << " 项。\n";
    warn_of_year(year_, year_of_text_, err);
    if (is_year_guessed_) err << "注意:原文看不出是哪一年的,按今年算;可用 --year 指定。\n";
    if (s.drafts == 0) {
      err << "注意:没有找到目标;如果报告里有,请核对文件是不是全文、是不是简体或繁体中文。\n";
    }
    if (s.unnamed > 0) {
      err << "注意:有 " << s.unnamed
          << " 项没有写明责任部门(没有部门标题、“责任单位”或“某局:”的写法),请补。\n";
    }
    if (s.long_lines > 0) {
      err << "注意:有 " << s.long_lines << " 行特别长,按句分段读了。\n";
    }
  }

 private:
  const ExtractOptions* options_;
  const Rules* rules_;
  int year_ = 0;
  int year_of_text_ = 0;
  bool is_year_guessed_ = false;
  ReportSummary summary_;
};

// Holds drafts back until it is known whether a warning has to come first. So many are held at
// most that memory stays flat: a report has fewer.
constexpr std::size_t kMostHeld = 10'000;

int print_drafts(const ExtractOptions& options, const Rules& rules, std::ostream& out,
                 std::ostream& err) {
  Run run(options, rules);
  std::unique_ptr<extract::JsonOutput> json;
  std::unique_ptr<extract::TomlOutput> toml;
  extract::ReportHead head;
  std::vector<Draft> held;
  const auto release = [&](const std::string& warning) {
    if (!toml && !json) return;
    if (toml) toml->begin(head, warning);
    for (const Draft& draft : held) json ? json->add(draft) : toml->add(draft);
    held.clear();
  };
  bool is_released = false;
  const auto failed = run.read(
      [&](const ReportText& text, int year) {
        if (options.format == "json") {
          json = std::make_unique<extract::JsonOutput>(out);
          return;
        }
        toml = std::make_unique<extract::TomlOutput>(out, rules);
        head = extract::read_head(text.beginning, options.report.string(), year);
      },
      [&](const Draft& draft) {
        if (!is_released) {
          held.push_back(draft);
          is_released = held.size() >= kMostHeld;
          if (is_released) release("");
          return;
        }
        json ? json->add(draft) : toml->add(draft);
      });
  if (failed) {
    err << *failed << '\n';
    return 1;
  }
  if (!is_released) release(scope_warning(run.summary()));
  if (json) json->finish();
  if (toml) toml->finish(run.summary().drafts);
  run.report(err);
  return 0;
}

// The whole report with its drafts, for what has to look back into the text.
struct WholeReport {
  std::string text;
  std::vector<Draft> drafts;
  extract::ReportHead head;
  int year = 0;
};

// nullopt where it cannot be read, which is then said on `err`.
std::optional<WholeReport> read_whole(const ExtractOptions& options, const Rules& rules,
                                      std::ostream& err) {
  WholeReport report;
  const auto result = extract::read_report(
      options.report,
      [&](const ReportText& text) {
        const int of_text = extract::planned_year(text.beginning);
        report.year = options.year != 0 ? options.year : of_text;
        warn_of_year(report.year, of_text, err);
        if (report.year == 0) report.year = this_year();
        report.head = extract::read_head(text.beginning, options.report.string(), report.year);
      },
      [&](std::string_view piece) { report.text += piece; });
  if (!result) {
    err << result.error() << '\n';
    return std::nullopt;
  }
  report.drafts = extract::extract(report.text, rules, report.year);
  return report;
}

void print_json(const extract::Comparison& comparison, const Catalogue& catalogue,
                const std::vector<Draft>& drafts, std::ostream& out) {
  std::string text;
  JsonWriter json(text);
  const auto write_drafts = [&](std::string_view key, const std::vector<std::size_t>& indices) {
    json.key(key).begin_array();
    for (const std::size_t d : indices) extract::write_draft(json, drafts[d]);
    json.end_array();
  };
  const auto write_targets = [&](std::string_view key,
                                 const std::vector<Catalogue::Index>& indices) {
    json.key(key).begin_array();
    for (const auto t : indices) {
      json.begin_object()
          .member("target", catalogue[t].id)
          .member("name", catalogue[t].name)
          .member("quote", catalogue[t].quote)
          .end_object();
    }
    json.end_array();
  };
  json.begin_object().member("matched", comparison.matched);
  write_drafts("missing", comparison.missing);
  write_drafts("other_pledges", comparison.other_pledges);
  write_targets("unsaid", comparison.unsaid);
  write_targets("unrecognised", comparison.unrecognised);
  json.key("different").begin_array();
  for (const auto& d : comparison.different) {
    json.begin_object()
        .member("target", catalogue[d.target].id)
        .member("name", catalogue[d.target].name)
        .member("field", d.field)
        .member("catalogue", d.catalogue)
        .member("report", d.report)
        .member("quote", drafts[d.draft].quote)
        .end_object();
  }
  json.end_array().end_object();
  out << text << '\n';
}

void print_text(const extract::Comparison& comparison, const Catalogue& catalogue,
                const std::vector<Draft>& drafts, std::ostream& out) {
  const auto print_targets = [&](std::string_view heading,
                                 const std::vector<Catalogue::Index>& indices) {
    out << heading << ":" << indices.size() << " 项\n";
    for (const auto t : indices) {
      out << "  " << printable(catalogue[t].id) << "  " << printable(catalogue[t].name) << "  “"
          << printable(catalogue[t].quote) << "”\n";
    }
  };
  out << "对得上:" << comparison.matched
      << " 项\n目标库没有、报告里有:" << comparison.missing.size() << " 项\n";
  for (const std::size_t d : comparison.missing) {
    const Draft& draft = drafts[d];
    out << "  第 " << draft.line << " 行  " << printable(draft.department) << "  "
        << printable(draft.name) << "  “" << printable(draft.quote) << "”\n";
  }
  print_targets("目标库有、报告里没有这句话", comparison.unsaid);
  out << "说法不一致:" << comparison.different.size() << " 处\n";
  for (const auto& d : comparison.different) {
    out << "  " << printable(catalogue[d.target].id) << "  " << printable(catalogue[d.target].name)
        << "  " << d.field << ":目标库 " << printable(d.catalogue) << ",报告 "
        << printable(d.report) << "  “" << printable(drafts[d.draft].quote) << "”\n";
  }
  print_targets("引文在报告里、抽取没有认出(请人工看)", comparison.unrecognised);
  if (!comparison.other_pledges.empty()) {
    out << "另有没有数字的承诺 " << comparison.other_pledges.size() << " 条不在目标库里,仅供参考\n";
  }
}

int compare_with(const ExtractOptions& options, const Rules& rules, std::ostream& out,
                 std::ostream& err) {
  const auto loaded = load_catalogue({*options.against});
  if (!loaded) return refuse(loaded.error(), "", err);
  const Catalogue& catalogue = loaded->catalogue;
  const auto read = read_whole(options, rules, err);
  if (!read) return 1;
  const auto& report = *read;
  const auto comparison = extract::compare(catalogue, report.drafts, report.text);
  if (options.format == "json") {
    print_json(comparison, catalogue, report.drafts, out);
  } else {
    print_text(comparison, catalogue, report.drafts, out);
  }
  const bool is_same = comparison.missing.empty() && comparison.unsaid.empty() &&
                       comparison.different.empty() && comparison.unrecognised.empty();
  return is_same ? 0 : 1;
}

int review_drafts(const ExtractOptions& options, const Rules& rules, std::ostream& out,
                  std::ostream& err) {
  auto read = read_whole(options, rules, err);
  if (!read) return 1;
  auto& report = *read;
  return review(
      {std::move(report.drafts), std::move(report.text), std::move(report.head), report.year},
      rules, options.out, out, err);
}

}  // namespace

int extract_report(const ExtractOptions& options, std::ostream& out, std::ostream& err) {
  const auto loaded = rules_of(options);
  if (!loaded) return refuse(loaded.error(), kConsequence, err);
  const auto& rules = *loaded;
  if (options.against) return compare_with(options, rules, out, err);
  if (options.review) return review_drafts(options, rules, out, err);
  return print_drafts(options, rules, out, err);
}

}  // namespace districtd
