#include "daemon/domain/parts.h"

#include <algorithm>

#include "daemon/domain/reports.h"

namespace districtd {

namespace {

using std::chrono::days;

// One part, asked about days that only rise.
class Part {
 public:
  Part(Catalogue::Index index, const Target& target, const WorkingDays& working_days,
       std::span<const Reading> readings, Date on)
      : index_(index),
        target_(target),
        deadline_(target.deadline_on(on)),
        final_from_(final_report(target, working_days, deadline_).from),
        readings_(readings) {}

  Catalogue::Index index() const { return index_; }
  bool counts_on(Date day) const { return target_.is_in_force(day) && target_.start <= day; }

  // The newest as of `from` to `to`, or, where the part is over by then, its final one.
  const Reading* newest(Date from, Date to) {
    while (passed_ < readings_.size() && readings_[passed_].as_of <= to) ++passed_;
    if (passed_ == 0) return nullptr;
    const Reading& reading = readings_[passed_ - 1];
    const bool is_over = deadline_ < from;
    return reading.as_of >= (is_over ? final_from_ : from) ? &reading : nullptr;
  }

  std::span<const Reading> readings() const { return readings_; }

 private:
  Catalogue::Index index_;
  const Target& target_;
  Date deadline_;
  Date final_from_;
  std::span<const Reading> readings_;
  std::size_t passed_ = 0;
};

// Adds up the parts' figures as of `from` to `to`, where at least one is newer than `after`.
void add_up(std::vector<Part>& parts, Date from, Date to, Date after, SumOfParts& result) {
  Reading sum{};
  bool is_new = false;
  std::vector<Catalogue::Index> missing;
  for (Part& part : parts) {
    const Reading* const reading = part.newest(from, to);
    if (!part.counts_on(to)) continue;
    if (reading == nullptr) {
      missing.push_back(part.index());
      continue;
    }
    is_new = is_new || reading->as_of > after;
    sum.as_of = sum.as_of == Date{} ? reading->as_of : std::max(sum.as_of, reading->as_of);
    sum.value += reading->value;
    sum.reported_on = std::max(sum.reported_on, reading->reported_on);
    sum.corrected_on = std::max(sum.corrected_on, reading->corrected_on);
    if (reading->basis == Basis::projected) sum.basis = Basis::projected;
  }
  if (!is_new) return;
  if (missing.empty()) {
    result.readings.push_back(sum);
    result.partial.reset();
  } else {
    result.partial = PartialSum{sum.as_of, sum.value, std::move(missing)};
  }
}

// The days after the deadline as of which a part has a figure.
std::vector<Date> days_after(const std::vector<Part>& parts, Date deadline, Date on) {
  std::vector<Date> result;
  for (const Part& part : parts) {
    for (const Reading& reading : part.readings()) {
      if (reading.as_of > deadline && reading.as_of <= on) result.push_back(reading.as_of);
    }
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace

void put_sum(const SumOfParts& sum, Assessment& assessment) {
  if (!assessment.in_force) return;
  assessment.partial_sum = sum.partial;
  assessment.report_overdue = false;
  assessment.report_overdue_since.reset();
  assessment.reports_missing = assessment.reports_due = 0;
  assessment.reports_on_time = assessment.reports_corrected = 0;
  assessment.report_faults.clear();
  assessment.report_faults_before.clear();
  assessment.handed_over.clear();
}

Assessment assess_sum(const Catalogue& catalogue, Catalogue::Index parent, const SumOfParts& sum,
                      Date on) {
  Assessment result = assess(catalogue[parent], terms_of(catalogue, parent), sum.readings, on);
  put_sum(sum, result);
  return result;
}

SumOfParts sum_of_parts(
    const Catalogue& catalogue, Catalogue::Index parent,
    const std::function<std::span<const Reading>(Catalogue::Index)>& readings_of, Date on) {
  const Target& target = catalogue[parent];
  const WorkingDays& working_days = catalogue.working_days();
  std::vector<Part> parts;
  for (const Catalogue::Index part : catalogue.parts_of(parent)) {
    parts.emplace_back(part, catalogue[part], working_days, readings_of(part), on);
  }
  SumOfParts result;
  const Date deadline = target.deadline_on(on);
  Date from{};
  Date before = first_day(target) - days{1};
  while (before < std::min(deadline, on)) {
    const auto period = report_of_period(target, working_days, before + days{1}, deadline);
    from = period.from;
    add_up(parts, from, std::min(period.end, on), before, result);
    before = period.end;
  }
  if (on <= deadline) return result;
  for (const Date day : days_after(parts, deadline, on)) {
    add_up(parts, from, day, before, result);
    before = day;
  }
  return result;
}

}  // namespace districtd
