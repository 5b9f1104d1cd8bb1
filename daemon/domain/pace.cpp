#include "daemon/domain/pace.h"

#include "daemon/domain/nodes.h"

namespace districtd {

namespace {

double planned_share(const Target& target, Date d) {
  double position = month_position_at_start(target.start);
  double share = 0;
  const double at = month_position(d);
  if (at <= position) return 0;
  for (const PlanPoint& point : target.plan) {
    const double next = month_position(point.date);
    if (at < next) return share + (point.share - share) * (at - position) / (next - position);
    position = next;
    share = point.share;
  }
  return share;
}

}  // namespace

double expected_share(const Target& target, Date d) {
  switch (target.pace) {
    case Pace::monthly:
      return schedule_share(target.start, target.deadline, d);
    case Pace::deadline:
      return expects_nothing_yet(target, d) ? 0.0 : 1.0;
    case Pace::plan:
      return planned_share(target, d);
    case Pace::nodes: {
      const TargetNode* const due = node_due(target, d);
      return due != nullptr ? due->share : 0.0;
    }
  }
  return 0;
}

bool expects_nothing_yet(const Target& target, Date d) {
  if (target.pace == Pace::nodes) return node_due(target, d) == nullptr;
  return target.pace == Pace::deadline && d < target.deadline;
}

}  // namespace districtd
