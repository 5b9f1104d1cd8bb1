#include "daemon/domain/nodes.h"

#include <algorithm>
#include <cstddef>

#include "daemon/domain/reports.h"
#include "daemon/domain/values_seen.h"

namespace districtd {

namespace {

constexpr double kSlack = 1e-9;  // shares are decimal fractions in doubles

NodePlace place_of(std::size_t version, std::size_t number) {
  return {static_cast<std::uint16_t>(version), static_cast<std::uint16_t>(number)};
}

// The day after the report of the node's period was due, where that is past and it is not in.
std::optional<Date> unreported_since(const Target& target, const Terms& terms,
                                     const TargetNode& node, std::span<const Reading> readings,
                                     Date on) {
  const Date deadline = target.deadline_on(on);
  if (node.due > deadline || node.due < first_day(target)) return std::nullopt;
  const auto report = report_of_period(target, *terms.working_days, node.due, deadline);
  if (!report.is_owed || report.due >= on) return std::nullopt;
  if (terms.reports_since && report.due < *terms.reports_since) return std::nullopt;
  const bool is_in = std::any_of(readings.begin(), readings.end(), [&](const Reading& reading) {
    return reading.as_of >= report.from && (!report.is_last || reading.basis == Basis::actual);
  });
  return is_in ? std::nullopt : std::optional{report.due + std::chrono::days{1}};
}

}  // namespace

const TargetNode* node_due(const Target& version, Date d) {
  const TargetNode* due = nullptr;
  for (const TargetNode& node : version.nodes) {
    if (node.due > d) break;
    due = &node;
  }
  return due;
}

const TargetNode* node_after(const Target& version, Date d) {
  for (const TargetNode& node : version.nodes) {
    if (node.due > d) return &node;
  }
  return nullptr;
}

bool is_reached(const TargetNode& node, double progress) { return progress >= node.share - kSlack; }

Date warned_from(const Target& version, const TargetNode& node) {
  const Date last_day_before = version.start - std::chrono::days{1};
  const TargetNode* const before = node_due(version, node.due - std::chrono::days{1});
  const auto gap = node.due - (before != nullptr ? before->due : last_day_before);
  return node.due - std::min(std::chrono::days{version.warn_days}, gap / 2);
}

NodeStanding node_standing(const Target& target, const Terms& terms,
                           std::span<const Reading> readings, Date on) {
  NodeStanding result;
  const Reading* const newest = readings.empty() ? nullptr : &readings.back();
  if (newest != nullptr) {
    const std::size_t number = target.version_number_on(newest->as_of, on);
    const Target& version = target.version(number);
    const double progress = progress_at(version, newest->value);
    for (std::size_t i = 0; i < version.nodes.size() && !result.missed; ++i) {
      const TargetNode& node = version.nodes[i];
      if (node.due > newest->as_of) break;
      if (!is_reached(node, progress)) result.missed = place_of(number, i);
    }
  }
  const std::size_t number = target.version_number_on(on, on);
  const Target& version = target.version(number);
  for (std::size_t i = 0; i < version.nodes.size(); ++i) {
    const TargetNode& node = version.nodes[i];
    if (newest != nullptr &&
        (node.due <= newest->as_of || is_reached(node, progress_at(version, newest->value)))) {
      continue;
    }
    if (const auto since = unreported_since(target, terms, node, readings, on)) {
      if (!result.missed) result.missed = place_of(number, i);
      result.unreported = place_of(number, i);
      result.unreported_since = *since;
      result.next.reset();  // it was before this one
    } else if (!result.next) {
      result.next = place_of(number, i);
      result.warned_from = warned_from(version, node);
    }
  }
  return result;
}

}  // namespace districtd
