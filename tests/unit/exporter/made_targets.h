// Targets for tests and benchmarks of what shows a board.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/domain/board.h"

namespace districtd {

// 文旅投资 of department 0: 30亿元 within 2026, as the report has it.
inline Target investment(std::string id = "culture-tourism.investment") {
  Target target;
  target.id = std::move(id);
  target.name = "文旅投资";
  target.kind = Kind::cumulative;
  target.goal = 30e8;
  target.baseline = 0;
  target.unit = *Unit::parse("亿元");
  target.start = date_of(2026, 1, 1);
  target.deadline = date_of(2026, 12, 31);
  target.section = "区文旅局";
  target.quote = "完成文旅投资30亿元以上";
  return target;
}

inline Target air_quality() {
  Target target = investment("ecology.air-quality");
  target.name = "优良率";
  target.kind = Kind::level;
  target.goal = 0.95;
  target.baseline.reset();
  target.unit = *Unit::parse("%");
  target.quote = "优良率达95%以上";
  return target;
}

inline Target pledge() {
  Target target = investment("culture-tourism.pledge");
  target.name = "文明创建";
  target.kind = Kind::pledge;
  target.goal.reset();
  target.baseline.reset();
  target.unit = Unit();
  target.quote = "深化文明创建";
  return target;
}

inline std::shared_ptr<const Catalogue> catalogue_of(std::vector<Target> targets,
                                                     std::vector<Department> departments = {
                                                         {"culture-tourism", "区文旅局"}}) {
  return std::make_shared<const Catalogue>(std::vector<Report>{}, std::move(departments),
                                           std::move(targets));
}

// `count` investments over `departments` departments; ids "department-3.target-12345".
inline std::shared_ptr<const Catalogue> many_targets(std::size_t count, std::size_t departments) {
  std::vector<Department> all_departments;
  for (std::size_t d = 0; d < departments; ++d) {
    all_departments.push_back({"department-" + std::to_string(d), "第" + std::to_string(d) + "局"});
  }
  std::vector<Target> targets;
  targets.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto d = static_cast<std::uint32_t>(i % departments);
    targets.push_back(investment(all_departments[d].id + ".target-" + std::to_string(i)));
    targets.back().name = "目标" + std::to_string(i);
    targets.back().department = d;
  }
  return catalogue_of(std::move(targets), std::move(all_departments));
}

inline Board board_without_data(const std::shared_ptr<const Catalogue>& catalogue, Date today) {
  return {catalogue, Readings{}, today};
}

// Every target has a value of June, each another one.
inline Board board_with_data(const std::shared_ptr<const Catalogue>& catalogue, Date today) {
  Board board = board_without_data(catalogue, today);
  for (Catalogue::Index i = 0; i < catalogue->targets().size(); ++i) {
    board.record(i, {date_of(2026, 6, 30), 1e8 + static_cast<double>(i % 2900) * 1'000'003});
  }
  return board;
}

}  // namespace districtd
