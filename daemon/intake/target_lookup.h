// Finding the target of each row of one submission.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/domain/catalogue.h"

namespace districtd {

// What validating a row asks of its target, side by side.
struct RowTarget {
  std::string_view text;  // by which the row calls it; as long as the lookup lives
  const Unit* unit = nullptr;
  const Unit* written_unit = nullptr;  // "文旅投资(万元)": what the row's name says; or none
  Date start{};
  Date deadline{};   // of the last version
  Date withdrawn{};  // the first day on which it does not count any more
  Date settles{};    // of its programme
  Catalogue::Index index = 0;
  // Those of its id or name where several programmes have one; `index` is then the last of them,
  // until the row's day says which it is. As long as the lookup lives.
  std::span<const Catalogue::Index> same;
  Kind kind = Kind::cumulative;
  bool is_own = false;  // the sending department may report it
  bool is_sum = false;  // of its parts: it takes no figure itself
  // Another department had it from the beginning: the id still names that one.
  bool is_handed_over = false;
  bool is_alike = false;  // the row calls it almost so: find()
  // A level whose name or quote says that it is one itself, counted in %.
  bool is_growth = false;  // 增长, 增速, 增幅
  bool is_share = false;   // 占比, 比重
};

// Catalogue::find for the many rows of one submission, which name the same targets again and again,
// mostly in the same order (last month's sheet, then this month's): the targets seen so far are
// kept in that order with a copy of their texts, and the one after the last is tried first. What
// would be a dozen cache misses a row becomes a sequential read. The catalogue and the department's
// id must outlive it.
class TargetLookup {
 public:
  // `today` says who is responsible for what.
  TargetLookup(const Catalogue& catalogue, std::string_view department, Date today);

  // By id or name; else the one of the department's targets that is called so but for what typing
  // adds: case, width, blanks, "3.", "（三）", "★", quotes around it, "其中：" before the name of a
  // part that is a target itself, and a unit of its kind in brackets behind it. nullptr where there
  // is none, or more than one of those. Good until the next call.
  const RowTarget* find(std::string_view id_or_name);

  // The same row's target in another programme.
  RowTarget in_programme(const RowTarget& called, Catalogue::Index index);

  std::optional<std::uint32_t> department() const { return department_; }

 private:
  struct Slot {
    std::uint32_t tag = 0;   // further bits of the hash, so that few wrong texts are compared
    std::uint32_t seen = 0;  // 1 + index into seen_; 0 where the slot is free
  };

  Slot& slot_of(std::size_t hash, std::string_view text);
  using Indices = std::vector<Catalogue::Index>;  // one a programme
  struct Found {
    Indices same;
    bool is_alike = false;
    const Unit* written_unit = nullptr;
  };

  const RowTarget* add(std::size_t hash, std::string_view text, Found found);
  std::optional<Found> find_alike(std::string_view text);
  void fold();
  Indices find_exactly(std::string_view text) const;
  const Indices* find_folded(std::string_view text) const;
  void grow();
  std::string_view copy_of(std::string_view text);
  const Unit* shared_unit(const Unit& unit);

  const Catalogue& catalogue_;
  const std::string_view department_id_;
  const std::optional<std::uint32_t> department_;
  const Date today_;
  std::unique_ptr<std::pmr::monotonic_buffer_resource> texts_;  // side by side, in order of seen_
  std::vector<RowTarget> seen_;                                 // in order of first appearance
  std::size_t last_ = 0;                                        // index into seen_
  std::vector<Slot> slots_;  // open addressing; a power of two, at most half of them taken
  // The department's targets by folded() names and ids; none where two of one programme are called
  // so. Made when first a text is unknown.
  std::optional<std::unordered_map<std::string, Indices>> by_folded_;
  std::deque<Indices> several_;  // of RowTarget::same
  std::deque<Unit> written_units_;
  std::vector<const Unit*> units_;  // one of each symbol, so that all targets in 亿元 share one
};

}  // namespace districtd
