#include "daemon/domain/reading.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace districtd {

namespace {

// Where the day stands among those in order of as_of, or where it would have to be inserted.
template <typename OfADay>
auto place_of(std::vector<OfADay>& days, Date as_of) {
  return std::lower_bound(days.begin(), days.end(), as_of, [](const OfADay& earlier, Date wanted) {
    return earlier.as_of < wanted;
  });
}

}  // namespace

std::string_view to_string(Basis basis) {
  return basis == Basis::projected ? "projected" : "actual";
}

std::string_view basis_text(Basis basis) { return basis == Basis::projected ? "预计" : "实际"; }

ShortDate short_date(Date day) {
  constexpr Date kFirst{std::chrono::days{std::numeric_limits<std::int32_t>::min()}};
  constexpr Date kLast{std::chrono::days{std::numeric_limits<std::int32_t>::max()}};
  return std::chrono::time_point_cast<ShortDate::duration>(std::clamp(day, kFirst, kLast));
}

Readings::Entry& Readings::entry(std::string_view target) {
  const auto found = by_target_.find(target);
  return found != by_target_.end() ? found->second : by_target_[std::string{target}];
}

const std::vector<Reading>& Readings::of(std::string_view target) { return entry(target).readings; }

const std::vector<Corrections>& Readings::corrections_of(std::string_view target) {
  return entry(target).corrections;
}

void Readings::record(std::string_view target, const ReportedReading& reported) {
  auto& [readings, corrections] = entry(target);
  const auto place = place_of(readings, reported.as_of);
  if (place == readings.end() || place->as_of != reported.as_of) {
    if (reported.value.is_withdrawn()) return;
    readings.insert(
        place, {reported.as_of, reported.value.number(), reported.reported_on, {}, reported.basis});
    return;
  }
  if (reported.value.is_withdrawn()) {
    readings.erase(place);
  } else {
    if (place->value != reported.value.number()) {
      place->corrected_on = std::max(
          {place->corrected_on, short_date(place->reported_on), short_date(reported.reported_on)});
    }
    place->value = reported.value.number();
    place->basis = reported.basis;
    place->reported_on = std::min(place->reported_on, reported.reported_on);
  }
  auto corrected = place_of(corrections, reported.as_of);
  if (corrected == corrections.end() || corrected->as_of != reported.as_of) {
    corrected = corrections.insert(corrected, {reported.as_of, 0});
  }
  ++corrected->count;
}

void Readings::reported_by(Date day) {
  for (auto& [target, entry] : by_target_) {
    for (Reading& reading : entry.readings) {
      reading.reported_on = std::min(reading.reported_on, day);
      reading.corrected_on = std::min(reading.corrected_on, short_date(day));
    }
  }
}

void Readings::assign(std::string_view target, std::vector<Reading> readings,
                      std::vector<Corrections> corrections) {
  entry(target) = {std::move(readings), std::move(corrections)};
}

void Readings::forget_programme(std::string_view programme) {
  std::erase_if(by_target_, [&](const auto& entry) {
    const std::string& key = entry.first;
    return key.size() > programme.size() && key[programme.size()] == '/' &&
           key.starts_with(programme);
  });
}

}  // namespace districtd
