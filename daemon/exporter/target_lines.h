// The per-target families of /metrics, and the lines of a chunk of targets.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/month_standing.h"

namespace districtd {

// In the order of /metrics.
enum FamilyIndex : std::size_t {
  kInfo,
  kUnitScale,
  kGoal,
  kDeadline,
  kExtensions,
  kActual,
  kExpected,
  kProgress,
  kExpectedShare,
  kDeviation,
  kForecast,
  kForecastLower,
  kForecastUpper,
  kGoalProbability,
  kGoalOutOfReach,
  kRequiredPace,
  kAsOf,
  kStatus,
  kStatusCode,
  kAnnouncedCode,
  kLastStatusCode,
  kStatusSince,
  kPeriodsBehind,
  kReportOverdue,
  kReportOverdueSince,
  kReportsMissing,
  kNodeDue,
  kNodeMissed,
  kPartsMissing,
  kLastYear,
  kLastYearChange,
  kBaseline,
  kQuoteInfo,
  kMonthActual,
  kMonthExpected,
  kMonthDeviation,
  kMonthStatus,
  kMonthCorrections,
  kFamilies
};

struct FamilyText {
  std::string_view name;
  std::string_view help;
};
extern const std::array<FamilyText, kFamilies> kFamilyTexts;

// Appends NAME="VALUE", with a comma before it where it is not the first label.
void append_label(std::string& out, std::string_view name, std::string_view value);

// Writes the lines of one chunk, target by target, into one text a family. Kept between chunks for
// its buffers.
class TargetLines {
 public:
  void begin() {
    for (auto& family : texts_) family.clear();
    series_.fill(0);
  }

  // `department`: the one that is responsible today.
  void add(const Catalogue& catalogue, const Department& department, const Target& target,
           const Assessment& assessment, const YearStanding& year, Date today);

  // Of the family: its lines so far, and how many they are.
  const std::string& text(FamilyIndex family) const { return texts_[family]; }
  std::size_t series(FamilyIndex family) const { return series_[family]; }

 private:
  void begin_labels(const Catalogue& catalogue, const Department& department, const Target& target);
  // A value that is absent, or no finite number, has no line; a day is its first second in UTC.
  void add(FamilyIndex family, double value);
  void add(FamilyIndex family, std::optional<double> value);
  void add(FamilyIndex family, std::optional<Date> day);
  void add(FamilyIndex family, int value) { add(family, static_cast<double>(value)); }
  void add_forecast(const Forecast& forecast, bool is_out_of_reach);
  void add_info(const Catalogue& catalogue, const Department& department, const Target& target,
                Date today);
  void add_quote(const Target& target);
  void add_node(FamilyIndex family, const Target& target, const std::optional<NodePlace>& node);
  void add_last_year(const Target& target, const Assessment& assessment);
  void add_year(const YearStanding& year);
  void add_status(Status status);

  std::array<std::string, kFamilies> texts_;
  std::array<std::size_t, kFamilies> series_{};
  std::string labels_;  // {target="..",department="..",programme=".."
};

}  // namespace districtd
