// The dated steps of a milestone, pace nodes: the design page, "Judging". Pure.
//
//     const NodeStanding standing = node_standing(target, terms, readings, on);
//     if (standing.missed) say(target.node(*standing.missed).name);
#pragma once

#include <optional>
#include <span>

#include "daemon/domain/reading.h"
#include "daemon/domain/target.h"
#include "daemon/domain/terms.h"

namespace districtd {

// The last node that is due at the end of day d, and the first one that is due later; nullptr where
// there is none. `version`: with pace nodes.
const TargetNode* node_due(const Target& version, Date d);
const TargetNode* node_after(const Target& version, Date d);

// Whether that part of the way from baseline to goal is all that the node asks for.
bool is_reached(const TargetNode& node, double progress);

// The first day of the warning before a node of the version: warn_days before it, at most half the
// days since the node before it, or since the beginning.
Date warned_from(const Target& version, const TargetNode& node);

// What the nodes of a target say on a day.
struct NodeStanding {
  std::optional<NodePlace> missed;  // the earliest of those that are missed
  // The first after the newest value (where there is none: the first of all) that it does not reach
  // and that is not missed.
  std::optional<NodePlace> next;
  std::optional<Date> warned_from;  // of the next one
  // The newest of those that are missed because the report of their period is due and not in, and
  // the day after it was due.
  std::optional<NodePlace> unreported;
  Date unreported_since{};
};

// `readings` are those that are judged: up to `on`, by as_of. A value is held against the nodes of
// the target's version of its own day; what comes after it is of the version of `on`.
NodeStanding node_standing(const Target& target, const Terms& terms,
                           std::span<const Reading> readings, Date on);

}  // namespace districtd
