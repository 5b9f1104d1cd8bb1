#include "daemon/config/node_table.h"

#include <string>
#include <utility>
#include <vector>

#include "base/text.h"

namespace districtd {

namespace {

constexpr std::size_t kMostNodes = 100;
constexpr std::size_t kMostNameBytes = 200;

std::string share_text(double share) {
  std::string text = std::to_string(share);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// Whether the target is one that has nodes; else a finding.
bool may_have_nodes(const TomlTable& table, const TomlTable& first, const Target& target) {
  const std::string who = "target '" + target.id + "' ";
  if (target.kind != Kind::milestone) {
    first.add_finding("due", who + "is of kind '" + std::string{to_string(target.kind)} +
                                 "'; only a milestone has nodes: expected kind = \"milestone\"" +
                                 ", or plan in place of nodes");
    return false;
  }
  if (table.has("pace") && target.pace != Pace::nodes) {
    table.add_finding("pace", who + "has nodes, but its pace is '" +
                                  std::string{to_string(target.pace)} +
                                  "'; expected pace = \"nodes\", or none");
    return false;
  }
  if (target.direction == Direction::at_most ||
      (target.goal && target.baseline && *target.goal < *target.baseline)) {
    first.add_finding("due", who + "has nodes and falls; expected a milestone that rises");
    return false;
  }
  return true;
}

// The node with its neighbours; `before` is empty for the first one.
void check_node(const TomlTable& table, const Target& target, const TargetNode* before,
                const TargetNode& node) {
  const std::string who = "the node '" + node.name + "' of '" + target.id + "' ";
  if (node.due > target.deadline) {
    table.add_finding("due", who + "is due on " + to_string(node.due) + ", after the deadline " +
                                 to_string(target.deadline) + "; expected a day up to it");
  } else if (node.due < target.start) {
    table.add_finding("due", who + "is due on " + to_string(node.due) + ", before the start " +
                                 to_string(target.start) + "; expected a day from it on");
  } else if (before != nullptr && node.due <= before->due) {
    table.add_finding("due", who + "is due on " + to_string(node.due) + ", not after '" +
                                 before->name + "' on " + to_string(before->due) +
                                 "; expected nodes in the order of their days, one a day");
  }
  const double least = before != nullptr ? before->share : 0;
  if (!(node.share > least) || node.share > 1) {
    table.add_finding("share", who + "has the share " + share_text(node.share) +
                                   "; expected more than " + share_text(least) +
                                   (before != nullptr ? ", that of '" + before->name + "'," : "") +
                                   " and at most 1: shares say what is done in all, and rise");
  }
}

}  // namespace

void read_nodes(TomlTable& table, Target& target) {
  auto tables = table.tables("node");
  if (tables.empty()) {
    if (target.pace == Pace::nodes && target.nodes.empty()) {
      table.add_finding("pace", "target '" + target.id +
                                    "' has pace 'nodes' but no [[target.node]]; expected its "
                                    "dated steps, the last one with share = 1 at the deadline");
    }
    return;
  }
  // What is wrong with the period is found elsewhere.
  const bool has_period = target.start != Date{} && target.deadline >= target.start;
  if (!may_have_nodes(table, tables.front(), target) || !has_period) {
    for (TomlTable& each : tables) {
      each.text("name");
      each.date("due");
      each.number("share");
      each.finish();
    }
    return;
  }
  target.pace = Pace::nodes;
  target.plan.clear();
  target.nodes.clear();
  if (tables.size() > kMostNodes) {
    tables[kMostNodes].add_finding(
        "due", "target '" + target.id + "' has " + std::to_string(tables.size()) +
                   " nodes; expected at most " + std::to_string(kMostNodes));
    tables.erase(tables.begin() + kMostNodes, tables.end());
  }
  for (TomlTable& each : tables) {
    TargetNode node;
    node.name = each.text("name", true).value_or("");
    const auto due = each.date("due", true);
    const auto share = each.number("share", true);
    each.finish();
    if (!due || !share) return;
    if (node.name.size() > kMostNameBytes || has_controls(node.name)) {
      each.add_finding("name", "the name of a node of '" + target.id + "'; expected at most " +
                                   std::to_string(kMostNameBytes) +
                                   " bytes without control characters, such as 主体结顶");
    }
    node.due = *due;
    node.share = *share;
    check_node(each, target, target.nodes.empty() ? nullptr : &target.nodes.back(), node);
    target.nodes.push_back(std::move(node));
  }
  const TargetNode& last = target.nodes.back();
  if (last.due < target.deadline || (last.due == target.deadline && last.share < 1)) {
    const bool is_share = last.due == target.deadline;
    tables.back().add_finding(
        is_share ? "share" : "due",
        "the last node of '" + target.id + "' is '" + last.name + "' with the share " +
            share_text(last.share) + " on " + to_string(last.due) +
            "; expected share = 1 and due = " + to_string(target.deadline) + ", the deadline");
  }
}

}  // namespace districtd
