#include "daemon/extract/rules/doubts.h"

#include <algorithm>

namespace districtd::extract {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Doubt::kCount)> kNames = {
    "list_divided",
    "after_past",
    "long_name",
    "vague_deadline",
    "no_department",
    "unsure_time",
    "inherited_name",
    "no_verb",
    "list_undivided",
    "weak_past_number",
    "number_in_name",
    "chinese_number",
    "vague_number",
    "doubling",
    "unclear_number",
    "may_be_item",
    "each_year",
    "set_elsewhere",
    "undated",
    "weak_past_event",
    "judged_standard",
    "state_reached",
    "inherited_thing",
    "passed",
    "subject_done",
    "honour",
    "no_honour",
    "titled_paper",
    "paper",
    "gathering",
    "body",
    "finished_work",
    "finished_paper",
    "finished_thing",
    "finished_other",
    "started_thing",
    "started_other",
    "built_thing",
    "built_other",
    "done_thing",
    "done_other",
    "verbs_only",
    "sentence_in_name",
    "glued_number",
    "past_around",
    "abstract_thing",
    "unknown_thing",
    "before_plan",
    "unknown_verb",
    "counts_work",
    "pledge",
};
static_assert(!kNames.back().empty());

// A share of the confidence, 0 to 1.
double share(TomlTable& table, std::string_view key, bool required, double otherwise) {
  const auto value = table.number(key, required);
  if (value && (*value < 0 || *value > 1)) {
    table.add_finding(key, "'" + std::string{key} + "' is out of range; expected 0 to 1");
  }
  return value.value_or(otherwise);
}

}  // namespace

std::string Doubts::reason(Doubt doubt, std::string_view detail) const {
  std::string text = of(doubt).reason;
  if (const auto at = text.find("{}"); at != std::string::npos) text.replace(at, 2, detail);
  return text;
}

Doubts read_doubts(TomlTable& root) {
  Doubts doubts;
  if (auto start = root.table("start")) {
    doubts.number_sure = share(*start, "number_sure", true, 0);
    doubts.number_unsure = share(*start, "number_unsure", true, 0);
    doubts.event_sure = share(*start, "event_sure", true, 0);
    doubts.event_unsure = share(*start, "event_unsure", true, 0);
    start->finish();
  } else {
    root.add_finding("start", "the table [start] is missing");
  }
  std::array<bool, kNames.size()> is_there{};
  for (TomlTable& table : root.tables("doubt")) {
    const std::string name = table.text("name", true).value_or("");
    Doubts::Rule rule;
    rule.by = share(table, "by", true, 0);
    rule.undated = share(table, "undated", false, rule.by);
    rule.reason = table.text("reason").value_or("");
    table.finish();
    const auto* const found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) {
      if (!name.empty()) table.add_finding("name", "'" + name + "' is no doubt of this program");
      continue;
    }
    const auto index = static_cast<std::size_t>(found - kNames.begin());
    doubts.rules[index] = std::move(rule);
    is_there[index] = true;
  }
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (!is_there[i]) {
      root.add_finding("doubt", "the [[doubt]] '" + std::string{kNames[i]} + "' is missing");
    }
  }
  return doubts;
}

}  // namespace districtd::extract
