// Stage 6c, outbox: drafts wait here until it is known whose they are, get their final names and go
// out in the order of the text. Memory is bounded: a list that is too long has no 责任单位 of its
// own.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/extract/drafts/draft.h"
#include "daemon/extract/drafts/extraction.h"
#include "daemon/extract/rules/rules.h"

namespace districtd::extract {

// Departments as the report writes them.
struct Office {
  std::string lead;
  std::vector<std::string> also_leads;
  std::vector<std::string> with;
  bool is_empty() const { return lead.empty() && with.empty(); }
};

// The office's departments become the draft's; where it names none, the draft keeps its own.
void give(const Office& office, Draft& draft);

class Outbox {
 public:
  // `rules` and `summary` outlive it; `summary` counts what goes out.
  Outbox(const Rules& rules, int year, Extraction::Sink sink, ReportSummary& summary)
      : rules_(&rules), year_(year), sink_(std::move(sink)), summary_(&summary) {}

  // A draft that waits for its department.
  void wait(Draft draft);
  bool is_empty() const { return waiting_.empty(); }
  // How many wait: what is given from that number on is given to those that come after.
  std::size_t size() const { return waiting_.size(); }
  // The departments, or the deadline where a draft has none of its own, to all that wait from the
  // `from`th on.
  void give_office(const Office& office, std::size_t from);
  void give_due(Date date, std::size_t from);
  // What waits goes out.
  void release();

  // A promise without a number, with its score; the best go out at the end of a section that has
  // nothing else.
  void keep_pledge(int score, Draft draft);
  bool has_targets() const { return section_has_targets_; }
  void close_section();

  // A clause of what is done, before a heading that plans.
  void count_told(std::size_t clauses) { told_before_plan_ += clauses; }
  // A heading that plans was read.
  void begin_plan() { is_planned_ = true; }
  // The report is over.
  void finish();

 private:
  void make_name_unique(Draft& draft);
  void emit(Draft draft);
  void doubt(Draft& draft, Doubt of) const;
  void release_before_plan();

  const Rules* rules_;
  int year_;
  Extraction::Sink sink_;
  ReportSummary* summary_;
  std::unordered_map<std::size_t, std::uint32_t> names_;  // hashed with their department
  std::vector<Draft> waiting_;
  std::vector<Draft> before_plan_;    // until it is known whether a heading plans after them
  std::size_t told_before_plan_ = 0;  // clauses of what is done, in front of that heading
  bool is_planned_ = false;
  bool section_has_targets_ = false;
  std::vector<std::pair<int, Draft>> pledges_;
};

}  // namespace districtd::extract
