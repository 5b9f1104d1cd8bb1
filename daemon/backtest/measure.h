// What is measured of forecasts whose ends are known.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "daemon/domain/forecast.h"

namespace districtd {

// Ways to foretell the progress at the deadline from the values so far.
enum class Method {
  credibility,      // forecast()
  origin_line,      // the straight line from the year's beginning through the last value: the
                    // average pace so far, carried to the deadline
  last_line,        // the straight line through the last two values
  recent_pace,      // the average pace of the last three months
  last_value,       // nothing more comes
  last_year_share,  // the last value by the share of last year's total that was there then, three
                    // times the goal at most; where last year is known
};
inline constexpr std::array kMethods = {Method::credibility, Method::origin_line,
                                        Method::last_line,   Method::recent_pace,
                                        Method::last_value,  Method::last_year_share};
std::string_view to_string(Method method);   // "credibility"
std::string_view to_chinese(Method method);  // "信度加权"

// A value of progress, after a number of months.
struct MonthlyProgress {
  int month = 0;
  double progress = 0;
};

// What another method than credibility says of the progress at the end of the twelfth month.
// `values`: at least one, by month. nullopt where it needs last year's share and there is none.
std::optional<double> foretold_by(Method method, std::span<const MonthlyProgress> values,
                                  std::optional<double> last_year_share);

// One forecast and how it ended.
struct ForecastOutcome {
  Forecast forecast;
  double result = 0;  // progress at the deadline
  bool reached = false;
  bool is_close = false;  // the goal is just what is reached, so that its probability is a coin's
  std::array<std::optional<double>, kMethods.size()> foretold{};
};

// Over a set of forecasts. Errors, widths and scores are of progress.
struct BacktestResult {
  std::uint64_t forecasts = 0;
  std::array<double, kMethods.size()> error{};  // mean absolute
  std::array<double, kMethods.size()> counted{};
  double coverage = 0;        // part of the results within the 80 % interval
  double width = 0;           // mean width of the interval
  double interval_score = 0;  // mean of the width, and of ten times by how far it was missed
                              // (Gneiting and Raftery 2007); less is better
  double brier = 0;           // mean squared error of the goal's probability: 0 is perfect
  double probabilities = 0;   // how many
  double error_of(Method method) const { return error[static_cast<std::size_t>(method)]; }
  // Whether the method could be asked nearly each time, so that its error can be compared.
  bool is_comparable(Method method) const {
    return 10 * counted[static_cast<std::size_t>(method)] >= 9 * counted[0];
  }

  void add(const ForecastOutcome& outcome);
  // From sums to means. Once, after the last add().
  void average();
};

// The mean of the results' figures, each counting the same; of those in which there is a forecast.
BacktestResult mean_of(std::span<const BacktestResult> results);

// How often goals are reached that were given a probability of [from, to).
struct ReliabilityBin {
  double from = 0;
  double to = 0;
  std::uint64_t forecasts = 0;
  double stated = 0;   // mean probability
  double reached = 0;  // part of the goals that were
};

// Of goals that are not reached yet.
class Reliability {
 public:
  void add(double probability, bool reached);
  std::array<ReliabilityBin, 7> bins() const;

 private:
  static constexpr std::array kEdges = {0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0};
  struct Sum {
    std::uint64_t forecasts = 0;
    double stated = 0;
    double reached = 0;
  };
  std::array<Sum, kEdges.size() - 1> sums_;
};

}  // namespace districtd
