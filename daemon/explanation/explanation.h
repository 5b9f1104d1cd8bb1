// How a target's status came about, step by step, in Chinese: for the department that asks why it
// is red, and for the leader who asks whether that is so.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "daemon/domain/assessment.h"
#include "daemon/domain/catalogue.h"
#include "daemon/status/target_view.h"
#include "daemon/store/records.h"

namespace districtd {

struct ExplanationStep {
  std::string title;  // 出处, 目标, 分工, 数据, 进展, 分项, 同比, 完成率, 序时进度, 节点, 偏差,
                      // 门限, 结果, 报送, 预测, 得分
  std::string text;  // one or more sentences with the numbers
};

struct Explanation {
  std::string target;     // id
  std::string programme;  // id
  Date on{};
  Status status = Status::no_data;
  bool in_force = true;
  std::vector<ExplanationStep> steps;
};

// What an explanation is made from. All outlive the call.
struct ExplanationQuestion {
  const Catalogue& catalogue;
  Catalogue::Index target;
  const Assessment& assessment;                      // as of `on`
  std::span<const Reading> readings;                 // by as_of
  std::span<const StoredObservation> history;        // what had been received by then
  std::span<const StoredNarrative> narratives = {};  // likewise, up to `on`
  std::span<const PartView> parts{};                 // of the target, in force
  Date on;
  std::function<std::string(Time)> time_text;  // a time of receipt for people
};

Explanation explain(const ExplanationQuestion& question);

// For a terminal: a numbered line a step, in which nothing is hidden (base/text.h).
std::string to_text(const Explanation& explanation, std::string_view title);

// {"target","programme","on","status","light","steps":[{"title","text"}]}
std::string to_json(const Explanation& explanation);

}  // namespace districtd
