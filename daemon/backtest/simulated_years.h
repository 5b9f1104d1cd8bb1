// Years as departments report them, made up: monthly values of a sum that grows towards a goal.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "daemon/domain/reading.h"
#include "daemon/domain/target.h"

namespace districtd {

// How the work of a year is spread over its months. None of them is a curve that forecast() knows:
// they are tables of months, with noise on top.
enum class SimulatedShape {
  even,
  end_loaded,
  strongly_end_loaded,
  front_loaded,
  spring_and_autumn,  // little in winter and in the heat of summer
  quarterly,          // counted at the quarter's end
  stalled,            // nothing from June to August
  final_spurt,        // a third in December
};
inline constexpr std::array kSimulatedShapes = {SimulatedShape::even,
                                                SimulatedShape::end_loaded,
                                                SimulatedShape::strongly_end_loaded,
                                                SimulatedShape::front_loaded,
                                                SimulatedShape::spring_and_autumn,
                                                SimulatedShape::quarterly,
                                                SimulatedShape::stalled,
                                                SimulatedShape::final_spurt};

std::string_view to_string(SimulatedShape shape);   // "end_loaded"
std::string_view to_chinese(SimulatedShape shape);  // "前松后紧"

struct SimulatedYear {
  Target target;                  // a goal of 100 over a year
  std::vector<Reading> readings;  // twelve, at the months' ends
  double result = 0;              // progress at the deadline
};

// One year of the shape. The result is spread widely, 0.4 to 1.6 of the goal; each month's part is
// off by about a third. With `knows_last_year` the target carries the shape of another year of the
// same kind.
SimulatedYear simulate(SimulatedShape shape, bool knows_last_year, std::mt19937_64& random);

}  // namespace districtd
