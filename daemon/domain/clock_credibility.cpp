#include "daemon/domain/clock_credibility.h"

#include <array>

namespace districtd {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::days kLongestSilence{400};
constexpr std::chrono::days kAroundTheCatalogue{5 * 366};

milliseconds offset_of(const ClockReading& reading) {
  return reading.wall.time_since_epoch() - reading.boot;
}

bool is_about(milliseconds a, milliseconds b) {
  return std::chrono::abs(a - b) <= ClockCredibility::kClockTolerance;
}

}  // namespace

ClockBounds bounds_of_records(Time newest) {
  return {newest, newest - ClockCredibility::kClockTolerance, newest + kLongestSilence};
}

ClockBounds bounds_of_catalogue(Date first, Date last) {
  return {first, first - kAroundTheCatalogue, last + kAroundTheCatalogue};
}

std::string_view to_string(ClockFault fault) {
  constexpr std::array<std::string_view, 5> kWords = {"none", "behind_records", "ahead_of_records",
                                                      "jumped_ahead", "jumped_back"};
  return kWords[static_cast<std::size_t>(fault)];
}

ClockVerdict ClockCredibility::judge(const ClockReading& reading) {
  if (!first_boot_) first_boot_ = reading.boot;
  const ClockFault fault = fault_of(reading);
  if (fault == ClockFault::none) believe(reading);
  ClockVerdict verdict{fault, fault == ClockFault::none
                                  ? KnownTime{reading.wall}
                                  : KnownTime{reckoned(reading), reading.wall}};
  verdict.known.reckoning = reckoning_;
  return verdict;
}

ClockFault ClockCredibility::fault_of(const ClockReading& reading) {
  const bool is_vouched =
      vouched_ && reading.wall >= vouched_->from && reading.wall < vouched_->until;
  if (is_vouched) return ClockFault::none;
  if (!anchor_) return fault_at_the_start(reading);
  const milliseconds offset = offset_of(reading);
  if (is_about(offset, anchor_->offset)) return ClockFault::none;
  if (!anchor_->is_synchronised && reading.synchronised == true) return ClockFault::none;
  if (is_settled(reading, offset)) return ClockFault::none;
  return offset > anchor_->offset ? ClockFault::jumped_ahead : ClockFault::jumped_back;
}

ClockFault ClockCredibility::fault_at_the_start(const ClockReading& reading) const {
  if (reading.synchronised == true) return ClockFault::none;
  if (reading.wall < bounds_.earliest) return ClockFault::behind_records;
  if (reading.wall > bounds_.latest) return ClockFault::ahead_of_records;
  return ClockFault::none;
}

// Whether NTP has stood by the jump for long enough.
bool ClockCredibility::is_settled(const ClockReading& reading, milliseconds offset) {
  if (!jump_ || !is_about(offset, jump_->offset)) jump_ = Jump{offset, std::nullopt};
  if (reading.synchronised != true) {
    jump_->synchronised_since.reset();
    return false;
  }
  if (!jump_->synchronised_since) jump_->synchronised_since = reading.boot;
  return reading.boot - *jump_->synchronised_since >= kLongestPoll;
}

void ClockCredibility::believe(const ClockReading& reading) {
  const milliseconds offset = offset_of(reading);
  const bool is_as_reckoned = anchor_ && is_about(offset, anchor_->offset);
  if (!is_as_reckoned) ++reckoning_;
  anchor_ = {offset, reading.synchronised == true};
  jump_.reset();
}

Time ClockCredibility::reckoned(const ClockReading& reading) const {
  if (anchor_) return Time{reading.boot + anchor_->offset};
  return bounds_.floor + (reading.boot - *first_boot_);
}

}  // namespace districtd
