// What is odd about a value that can be read: it is taken, but somebody should look.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/reading.h"
#include "daemon/domain/target.h"

namespace districtd {

enum class Oddity : std::uint8_t {
  decrease = 1,          // a cumulative value, or a milestone's, below the one before
  jump = 2,              // past three times the goal, where the one before was not
  over_100_percent = 4,  // of what is a share of a whole
  repeated = 8,          // the same value three periods running, and the goal not reached
};
inline constexpr std::array kOddities = {Oddity::decrease, Oddity::jump, Oddity::over_100_percent,
                                         Oddity::repeated};
std::string_view to_string(Oddity oddity);  // "decrease", ... : the word of receipts and metrics

// A set of them.
using Oddities = std::uint8_t;
inline bool has(Oddities set, Oddity one) { return (set & static_cast<std::uint8_t>(one)) != 0; }

// Whether no value of the target can pass 100 %: as the catalogue's `share` says, else a level in %
// whose goal lies between 50 % and 100 % (优良率 95 %, but not 增长 7 %).
bool is_share(const Target& target);

// Whether the value is a fraction of what is counted in whole things (1.2 人): it cannot be meant.
// Only of a total in single things; an average may be a fraction, and 万人 are rounded.
bool is_fraction_of_a_count(const Target& target, double value);

// All but `repeated`. `before` is the latest reading of an earlier day.
Oddities oddities(const Target& target, const Reading& reading,
                  const std::optional<Reading>& before);

// Whether the same value again would be odd at all: of a milestone it is not, nor once the goal is
// reached. The caller knows the readings before.
bool may_not_repeat(const Target& target, const Reading& reading);

// What becomes of a row that is odd.
enum class AfterOddity {
  taken,
  explained,    // taken, with a reason
  held,         // until the office has confirmed it
  unexplained,  // held until it is sent with a reason
};

// The clerk's sentence. `shown` and `before_shown` are the values in the catalogue's unit.
std::string sentence(Oddity oddity, const Target& target, const Reading& reading,
                     std::string_view shown, const std::optional<Reading>& before,
                     std::string_view before_shown, AfterOddity after);

}  // namespace districtd
