// How the work of a period was, or will be, spread over it: the share of the whole that is done by
// each twelfth of the time. What a forecast knows before the first value. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "daemon/domain/reading.h"
#include "daemon/domain/target.h"

namespace districtd {

inline constexpr std::size_t kTwelfths = 12;

// share[k] of the whole is done when k twelfths of the period have passed: share[0] = 0, share[12]
// = 1, and none below the one before. In between it is a straight line.
struct YearShape {
  std::array<double, kTwelfths + 1> share{};
  friend bool operator==(const YearShape&, const YearShape&) = default;
};

// A shape and how many others it stands for, itself included: >= 1.
struct CommonShape {
  YearShape shape;
  double weight = 1;
};

// What is known of a target's period beforehand. The views are of the catalogue, or of the caller.
struct KnownShapes {
  std::span<const YearShape> own;       // of the target's own earlier years, the newest first
  std::span<const CommonShape> others;  // of the department's targets over the same days; its own
                                        // newest year may be among them
};

// Years further back tell nothing more, and more shapes of a department cost more than they tell.
inline constexpr std::size_t kMostOwnYears = 3;
inline constexpr std::size_t kMostCommonShapes = 12;

// The years that `last_year` of the catalogue holds, the newest first. A target that lasts longer
// than a year has none.
std::vector<YearShape> shapes_of_last_years(const Target& target);

// The same from what was reported under the target's id before its start: of each of the three
// years before, where at least four values rise and the last of them is as of the 35 days up to the
// deadline's day of that year. In their unit, from nothing at that year's beginning.
std::vector<YearShape> shapes_of_earlier_readings(const Target& target,
                                                  std::span<const Reading> readings);

// The shape of the target's plan; nullopt where its pace is another.
std::optional<YearShape> shape_of_plan(const Target& target);

// At most kMostCommonShapes that stand for all: first the one that is nearest to their mean, then
// always the one that differs most from those taken before (Gonzalez 1985, Clustering to minimize
// the maximum intercluster distance, Theoretical Computer Science 38). A shape that is there
// several times counts once. Their order makes no difference.
std::vector<CommonShape> common_shapes(std::vector<YearShape> shapes);

// Whether the two nowhere differ by more than a thousandth.
bool is_same_shape(const YearShape& one, const YearShape& other);

}  // namespace districtd
