// Small charts as inline SVG, drawn with black, white and dashes so that a photocopy keeps them.
// Nothing in them comes from outside but numbers. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "daemon/bulletins/bulletin.h"
#include "daemon/domain/reading.h"

namespace districtd {

// How far a target is: a bar in a frame that stands for 100 %, and a stroke across it where the
// schedule is. Ratios; what lies outside 0..1 ends at the frame.
std::string bullet_bar(double progress, std::optional<double> expected);

// The values one after the other, by their dates, with a dot on the newest. "" for fewer than two.
std::string sparkline(std::span<const Reading> readings);

// The year: mean completion rate (solid) against the mean schedule (dashed), a point a month.
// "" for fewer than two points.
std::string year_curve(const std::vector<CurvePoint>& curve);

}  // namespace districtd
