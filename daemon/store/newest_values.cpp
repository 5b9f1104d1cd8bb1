#include "daemon/store/newest_values.h"

#include <algorithm>
#include <stdexcept>

#include "base/check.h"

namespace districtd {

NewestValues::NewestValues(sqlite::Connection& connection)
    : insert_target_(connection, "INSERT INTO target_key(key, id) VALUES(?, ?)"),
      replace_newest_(connection,
                      "REPLACE INTO newest(target, as_of, value, seq) VALUES(?, ?, ?, ?)"),
      one_target_(connection,
                  "SELECT k.key, k.id, n.as_of, n.value, n.seq"
                  " FROM target_key k LEFT JOIN newest n ON n.target = k.key WHERE k.key = ?"),
      targets_of_programme_(
          connection,
          "SELECT k.key, k.id, n.as_of, n.value, n.seq"
          " FROM target_key k LEFT JOIN newest n ON n.target = k.key WHERE k.id >= ? AND k.id < ?"),
      targets_(1) {
  const auto most = connection.integer("SELECT max(key) FROM target_key");
  place_of_.resize(static_cast<std::size_t>(most) + 1);
  committed_keys_ = place_of_.size();
}

NewestValues::Target& NewestValues::place(TargetKey key) {
  DISTRICT_CHECK(key != 0 && key < place_of_.size(), "no key is above the greatest one");
  std::uint32_t& at = place_of_[key];
  if (at == 0 && !free_places_.empty()) {
    at = free_places_.back();
    free_places_.pop_back();
  } else if (at == 0) {
    at = static_cast<std::uint32_t>(targets_.size());
    targets_.emplace_back();
  }
  return targets_[at];
}

// What is in memory already knows what the open transaction has made of it.
void NewestValues::load(sqlite::Statement& row) {
  const auto key = static_cast<TargetKey>(row.integer(0));
  DISTRICT_CHECK(key < place_of_.size(), "no key is above the greatest one");
  if (place_of_[key] != 0) return;
  Target& target = place(key);
  target = {};
  target.name = row.text(1);
  keys_.emplace(target.name, key);
  if (row.is_null(4)) return;
  target.current = {.as_of = static_cast<std::int32_t>(row.integer(2)),
                    .seq = row.integer(4),
                    .value = ReportedValue::from_column(row.real(3))};
  target.committed = target.current;
}

void NewestValues::load_programme(std::string_view id) {
  const std::string first = std::string(id) + '/';
  const std::string end = std::string(id) + '0';  // which comes after the slash
  targets_of_programme_.reset();
  targets_of_programme_.bind(1, std::string_view(first)).bind(2, std::string_view(end));
  while (targets_of_programme_.step()) load(targets_of_programme_);
  targets_of_programme_.reset();
  programmes_.emplace(id);
}

NewestValues::Target& NewestValues::target(TargetKey key) {
  DISTRICT_CHECK(key != 0 && key < place_of_.size(), "a target's key stands in the file");
  if (place_of_[key] == 0) {
    one_target_.reset();
    one_target_.bind(1, std::int64_t{key});
    const bool is_there = one_target_.step();
    if (is_there) load(one_target_);
    one_target_.reset();
    DISTRICT_CHECK(is_there, "a target's key stands in the file");
  }
  return targets_[place_of_[key]];
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
    const districtd::Target& of_catalogue = (*catalogue)[index];
    const std::string& target = of_catalogue.key;
    const std::string& programme = catalogue->programme_of(of_catalogue).id;
    if (!programmes_.contains(programme)) load_programme(programme);
    const auto known = keys_.find(std::string_view(target));
    key = known != keys_.end() ? known->second : add(target);
  }
  return key;
}

TargetKey NewestValues::add(std::string_view name) {
  const auto key = static_cast<TargetKey>(place_of_.size());
  insert_target_.bind(1, std::int64_t{key}).bind(2, name).run();
  // roll_back() may have to take the place of each without asking for memory.
  const std::size_t places = free_places_.size() + place_of_.size() + 1 - committed_keys_;
  if (free_places_.capacity() < places) free_places_.reserve(2 * places);
  place_of_.push_back(0);
  Target& target = place(key);
  target = {};
  target.name = name;
  keys_.emplace(name, key);
  return key;
}

void NewestValues::set(TargetKey key, const Newest& newest) {
  Target& one = target(key);
  if (!one.is_touched) touched_.push_back(key);
  one.is_touched = true;
  one.current = newest;
}

void NewestValues::write() {
  std::sort(touched_.begin(), touched_.end());
  for (const TargetKey key : touched_) {
    const Newest& newest = targets_[place_of_[key]].current;
    replace_newest_.bind(1, std::int64_t{key})
        .bind(2, std::int64_t{newest.as_of})
        .bind(3, newest.value.to_column())
        .bind(4, newest.seq)
        .run();
  }
}

void NewestValues::committed() {
  for (const TargetKey key : touched_) {
    Target& one = targets_[place_of_[key]];
    one.committed = one.current;
    one.is_touched = false;
  }
  touched_.clear();
  committed_keys_ = place_of_.size();
}

void NewestValues::roll_back() noexcept {
  for (const TargetKey key : touched_) {
    Target& one = targets_[place_of_[key]];
    one.current = one.committed;
    one.is_touched = false;
  }
  touched_.clear();
  for (std::size_t key = committed_keys_; key < place_of_.size(); ++key) {
    const std::uint32_t at = place_of_[key];
    if (at == 0) continue;
    keys_.erase(targets_[at].name);
    free_places_.push_back(at);
  }
  if (place_of_.size() > committed_keys_) {
    place_of_.resize(committed_keys_);
    catalogue_.reset();  // its keys may be among those
  }
}

}  // namespace districtd
