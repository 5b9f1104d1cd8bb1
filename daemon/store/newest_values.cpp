#include "daemon/store/newest_values.h"

#include <algorithm>
#include <stdexcept>

#include "base/check.h"

namespace districtd {

NewestValues::NewestValues(sqlite::Connection& connection)
    : insert_target_(connection, "INSERT INTO target_key(key, id) VALUES(?, ?)"),
      replace_newest_(connection,
                      "REPLACE INTO newest(target, as_of, value, seq) VALUES(?, ?, ?, ?)") {
  const auto most = connection.integer("SELECT max(key) FROM target_key");
  targets_.resize(static_cast<std::size_t>(most) + 1);
  committed_targets_ = targets_.size();
  keys_.reserve(targets_.size());
  sqlite::Statement each(connection,
                         "SELECT k.key, k.id, n.as_of, n.value, n.seq"
                         " FROM target_key k LEFT JOIN newest n ON n.target = k.key"
                         " ORDER BY k.key");
  while (each.step()) {
    const auto key = static_cast<TargetKey>(each.integer(0));
    DISTRICT_CHECK(key < targets_.size(), "no key is above the greatest one");
    Target& target = targets_[key];
    target.name = each.text(1);
    keys_.emplace(target.name, key);
    if (each.is_null(4)) continue;
    target.current = {.as_of = static_cast<std::int32_t>(each.integer(2)),
                      .seq = each.integer(4),
                      .value = ReportedValue::from_column(each.real(3))};
    target.committed = target.current;
  }
}

const NewestValues::Target& NewestValues::target(TargetKey key) const {
  DISTRICT_CHECK(key != 0 && key < targets_.size(), "a target's key stands in the file");
  return targets_[key];
}

TargetKey NewestValues::find_or_add(const std::shared_ptr<const Catalogue>& catalogue,
                                    Catalogue::Index index) {
  if (!catalogue) throw std::logic_error("observations without their catalogue");
  if (catalogue != catalogue_) {
    catalogue_keys_.assign(catalogue->targets().size(), 0);
    catalogue_ = catalogue;
  }
  TargetKey& key = catalogue_keys_.at(index);
  if (key == 0) {
    const std::string& target = (*catalogue)[index].key;
    const auto known = keys_.find(std::string_view(target));
    key = known != keys_.end() ? known->second : add(target);
  }
  return key;
}

TargetKey NewestValues::add(std::string_view name) {
  const auto key = static_cast<TargetKey>(targets_.size());
  insert_target_.bind(1, std::int64_t{key}).bind(2, name).run();
  targets_.emplace_back().name = name;
  keys_.emplace(name, key);
  return key;
}

void NewestValues::set(TargetKey key, const Newest& newest) {
  DISTRICT_CHECK(key != 0 && key < targets_.size(), "a target's key stands in the file");
  Target& target = targets_[key];
  if (!target.is_touched) touched_.push_back(key);
  target.is_touched = true;
  target.current = newest;
}

void NewestValues::write() {
  std::sort(touched_.begin(), touched_.end());
  for (const TargetKey key : touched_) {
    const Newest& newest = targets_[key].current;
    replace_newest_.bind(1, std::int64_t{key})
        .bind(2, std::int64_t{newest.as_of})
        .bind(3, newest.value.to_column())
        .bind(4, newest.seq)
        .run();
  }
}

void NewestValues::committed() {
  for (const TargetKey key : touched_) {
    targets_[key].committed = targets_[key].current;
    targets_[key].is_touched = false;
  }
  touched_.clear();
  committed_targets_ = targets_.size();
}

void NewestValues::roll_back() noexcept {
  for (const TargetKey key : touched_) {
    targets_[key].current = targets_[key].committed;
    targets_[key].is_touched = false;
  }
  touched_.clear();
  for (std::size_t key = committed_targets_; key < targets_.size(); ++key) {
    keys_.erase(targets_[key].name);
  }
  if (targets_.size() > committed_targets_) {
    targets_.resize(committed_targets_);
    catalogue_.reset();  // its keys may be among those
  }
}

}  // namespace districtd
