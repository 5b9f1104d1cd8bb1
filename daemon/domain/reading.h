// What is known of a target's values: the readings that count, one a day.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/domain/calendar.h"
#include "daemon/domain/reported_value.h"

namespace districtd {

// What a value rests on (数据性质).
enum class Basis : std::uint8_t {
  actual,
  projected,  // 预计: judged as any other, but never the final value and never an achievement
};

// "actual" or "projected": the word of JSON. The other: 实际, 预计.
std::string_view to_string(Basis basis);
std::string_view basis_text(Basis basis);

// A day in half of a Date's bytes, which readings by the million are glad of.
using ShortDate =
    std::chrono::time_point<std::chrono::system_clock,
                            std::chrono::duration<std::int32_t, std::chrono::days::period>>;
// A day that it cannot hold becomes the nearest that it can.
ShortDate short_date(Date day);

// One value that counts, as of the end of one day.
struct Reading {
  Date as_of{};
  double value = 0;  // base units
  // The district's day on which a value for this as_of first arrived, whatever corrected it later.
  // Set by what reads the store; intake does not know it.
  Date reported_on{};
  // The day on which its number was last corrected; the epoch where it never was. Set as
  // reported_on is.
  ShortDate corrected_on{};
  Basis basis = Basis::actual;
  friend bool operator==(const Reading&, const Reading&) = default;
};

// What one row of a submission says of one day: a value, or that the day has none any more.
struct ReportedReading {
  ReportedReading() = default;
  // Short forms, so that a reading can be handed to whatever takes reports.
  ReportedReading(Date day, ReportedValue said, Date reported = {})
      : as_of(day), value(said), reported_on(reported) {}
  ReportedReading(const Reading& reading)  // NOLINT(google-explicit-constructor)
      : ReportedReading(reading.as_of, reading.value, reading.reported_on) {
    basis = reading.basis;
  }

  Date as_of{};
  ReportedValue value;  // base units
  Date reported_on{};   // as Reading::reported_on; intake and the store's writer do not set it
  Basis basis = Basis::actual;
  friend bool operator==(const ReportedReading&, const ReportedReading&) = default;
};

// How many submissions replaced the value for an as_of, or withdrew it.
struct Corrections {
  Date as_of{};
  std::uint32_t count = 0;
  friend bool operator==(const Corrections&, const Corrections&) = default;
};

// The readings of every target that ever reported, by Target::key. A target that left the catalogue
// keeps its readings here. A correction replaces the value that it corrects. Not thread-safe.
class Readings {
 public:
  // The readings of one target, in order of as_of, at most one for each as_of. The reference is
  // good as long as this object lives; moving the object does not move the vector.
  const std::vector<Reading>& of(std::string_view target);

  // The days whose value was corrected, for one target, in order of as_of. The reference is good as
  // long as that of of().
  const std::vector<Corrections>& corrections_of(std::string_view target);

  // Records what counts from now on. A value for an as_of that has one already replaces it: the
  // earlier reported_on of the two stays, the later one is corrected_on where the number changed,
  // and the day counts one correction more. A withdrawal
  // removes the reading of its as_of, which is a correction too; where there is none it does
  // nothing.
  void record(std::string_view target, const ReportedReading& reported);

  // Sets all readings of a target at once. Both are in order of as_of, at most one for each as_of.
  void assign(std::string_view target, std::vector<Reading> readings,
              std::vector<Corrections> corrections = {});

  // Everything has been reported by this day: a clock that had been ahead said later ones.
  void reported_by(Date day);

  // Those of a programme are of no use any more. No reference to them may be held.
  void forget_programme(std::string_view programme);

  // Adds the targets of `other` that this does not have.
  void merge(Readings other) { by_target_.merge(other.by_target_); }

  void reserve(std::size_t targets) { by_target_.reserve(targets); }

  std::size_t targets() const { return by_target_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  // Corrections are few: beside the readings they cost nothing where there are none.
  struct Entry {
    std::vector<Reading> readings;
    std::vector<Corrections> corrections;
  };
  Entry& entry(std::string_view target);

  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> by_target_;
};

}  // namespace districtd
