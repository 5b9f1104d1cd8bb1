#include "daemon/extract/drafts/outbox.h"

#include <algorithm>
#include <chrono>

namespace districtd::extract {

namespace {

// Drafts that wait for a heading that plans at most.
constexpr std::size_t kMostBeforePlan = 4096;
// Drafts that wait for their 责任单位 at most; a list that is longer has none.
constexpr std::size_t kMostWaiting = 256;

}  // namespace

void give(const Office& office, Draft& draft) {
  if (!office.lead.empty()) {
    draft.department = office.lead;
    draft.also_leads = office.also_leads;
  }
  if (!office.with.empty()) draft.with = office.with;
}

void Outbox::wait(Draft draft) {
  // Drafts of an earlier paragraph wait on only where nothing else says whose they are.
  if (waiting_.size() >= kMostWaiting) release();
  waiting_.push_back(std::move(draft));
  section_has_targets_ = true;
}

void Outbox::give_office(const Office& office, std::size_t from) {
  for (std::size_t i = from; i < waiting_.size(); ++i) give(office, waiting_[i]);
}

void Outbox::give_due(Date date, std::size_t from) {
  for (std::size_t i = from; i < waiting_.size(); ++i) {
    if (waiting_[i].has_own_deadline) continue;
    waiting_[i].deadline = date;
    const int year = static_cast<int>(std::chrono::year_month_day{date}.year());
    waiting_[i].start = date_of(std::min(year_, year), 1, 1);
    waiting_[i].has_own_deadline = true;
  }
}

void Outbox::release() {
  for (Draft& draft : waiting_) emit(std::move(draft));
  waiting_.clear();
}

// Two targets of one name are told apart by their year, else by a number.
void Outbox::make_name_unique(Draft& draft) {
  constexpr std::size_t kMostNames = 20000;  // memory stays flat; a catalogue has fewer
  if (names_.size() >= kMostNames) names_.clear();
  const auto key = [&] { return std::hash<std::string>{}(draft.department + "\n" + draft.name); };
  const std::uint32_t times = ++names_[key()];
  if (times == 1) return;
  const std::string stem = draft.name;
  const int year = static_cast<int>(std::chrono::year_month_day{draft.deadline}.year());
  if (year != year_) {
    draft.name = stem + "(" + std::to_string(year) + "年)";
    if (++names_[key()] == 1) return;
  }
  draft.name = stem + "(" + std::to_string(times) + ")";
}

void Outbox::emit(Draft draft) {
  if (draft.goal && *draft.goal == 0) return;  // the catalogue measures nothing against 0
  make_name_unique(draft);
  ++summary_->drafts;
  if (!is_planned_) ++summary_->before_plan;
  if (draft.department.empty()) {
    ++summary_->unnamed;
    doubt(draft, Doubt::no_department);
  }
  if (!is_planned_ && before_plan_.size() < kMostBeforePlan) {
    before_plan_.push_back(std::move(draft));
    return;
  }
  release_before_plan();
  sink_(draft);
}

void Outbox::doubt(Draft& draft, Doubt of) const {
  draft.reasons.push_back(rules_->doubts.reason(of, {}));
  draft.confidence = std::max(0.05, draft.confidence - rules_->doubts.of(of).by);
}

// Where a heading that plans comes after drafts, and what stands before it tells of the past, the
// drafts before it are probably a look-back.
void Outbox::release_before_plan() {
  constexpr std::size_t kTold = 2;  // drafts for each clause that is told
  const bool is_look_back = is_planned_ && kTold * told_before_plan_ >= before_plan_.size();
  for (Draft& draft : before_plan_) {
    if (is_look_back && !draft.is_time_sure) doubt(draft, Doubt::before_plan);
    sink_(draft);
  }
  before_plan_.clear();
}

void Outbox::keep_pledge(int score, Draft draft) {
  pledges_.emplace_back(score, std::move(draft));
  // Only the best are kept: memory stays flat however long the section is.
  std::stable_sort(pledges_.begin(), pledges_.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  if (pledges_.size() > rules_->pledges.most) pledges_.resize(rules_->pledges.most);
}

void Outbox::close_section() {
  release();
  if (!section_has_targets_) {
    std::sort(pledges_.begin(), pledges_.end(),
              [](const auto& a, const auto& b) { return a.second.offset < b.second.offset; });
    for (const auto& [score, draft] : pledges_) emit(draft);
  }
  pledges_.clear();
  section_has_targets_ = false;
}

void Outbox::finish() {
  close_section();
  release_before_plan();
  if (!is_planned_) summary_->before_plan = 0;
}

}  // namespace districtd::extract
