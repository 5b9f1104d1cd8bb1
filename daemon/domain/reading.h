// What is known of a target's values: the readings that count, one a day.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/domain/calendar.h"

namespace districtd {

// One value, as of the end of one day.
struct Reading {
  Date as_of{};
  double value = 0;  // base units
  // The district's day on which a value for this as_of first arrived, whatever corrected it later.
  // Set by what reads the store; intake does not know it.
  Date reported_on{};
  friend bool operator==(const Reading&, const Reading&) = default;
};

// How many submissions replaced the value for an as_of, or took it back.
struct Corrections {
  Date as_of{};
  std::uint32_t count = 0;
  friend bool operator==(const Corrections&, const Corrections&) = default;
};

// The value of a reading that takes back what was said for its as_of (撤回): from then on there is
// none.
inline constexpr double kTakenBack = std::numeric_limits<double>::infinity();

// The readings of every target that ever reported, by target id; also of targets that are not in
// the catalogue (any more). A correction replaces the value that it corrects. Not thread-safe.
class Readings {
 public:
  // One target's, by as_of, one an as_of. The vector stays where it is as long as this (or what it
  // was moved to) lives.
  const std::vector<Reading>& of(std::string_view target);

  // The days of which that target's values were corrected, by as_of. The same holds for the vector.
  const std::vector<Corrections>& corrections_of(std::string_view target);

  // Takes a value that counts now. Where there is one for the same as_of its value is replaced, the
  // earlier reported_on of the two stays, and the day has one correction more. kTakenBack takes the
  // one for that as_of away, which is a correction too.
  void record(std::string_view target, const Reading& reading);

  // All of a target's at once: by as_of, one an as_of.
  void assign(std::string_view target, std::vector<Reading> readings,
              std::vector<Corrections> corrections = {});

  // Takes those of targets that this has none of.
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
