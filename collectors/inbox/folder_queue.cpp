#include "collectors/inbox/folder_queue.h"

#include <cstdint>
#include <utility>

namespace districtd {

void PutOrder::hear(const std::string& name) {
  const std::uint64_t now = ++last_heard_;
  erase(name);
  heard_[name] = now;
  unplaced_.insert(name);
}

void PutOrder::place(const std::string& name, const ChangeTime& changed) {
  const auto heard = heard_.find(name);
  Place place{changed, heard == heard_.end() ? 0 : heard->second, name};
  if (const auto before = place_of_.find(name); before != place_of_.end()) {
    places_.erase(before->second);
  }
  unplaced_.erase(name);
  places_.insert(place);
  place_of_.insert_or_assign(name, std::move(place));
}

void PutOrder::erase(const std::string& name) {
  unplaced_.erase(name);
  heard_.erase(name);
  const auto place = place_of_.find(name);
  if (place == place_of_.end()) return;
  places_.erase(place->second);
  place_of_.erase(place);
}

bool PutOrder::contains(const std::string& name) const {
  return unplaced_.contains(name) || place_of_.contains(name);
}

const PutOrder::Place* PutOrder::first() const {
  return places_.empty() ? nullptr : &*places_.begin();
}

void PutOrder::put_back(const Place& place) {
  if (contains(place.name)) return;
  if (place.heard > 0) heard_[place.name] = place.heard;
  places_.insert(place);
  place_of_.emplace(place.name, place);
}

void FolderQueue::forget(const std::string& name) {
  troubled.erase(name);
  being_written.erase(name);
  keyless.erase(name);
  if (!order.contains(name)) closed.erase(name);
}

std::string key_of(const FileState& state, const std::string& name) {
  std::string key;
  for (const std::int64_t part :
       {static_cast<std::int64_t>(state.inode), static_cast<std::int64_t>(state.size),
        state.modified_s, state.modified_ns}) {
    key += std::to_string(part) + ' ';
  }
  return key + name;
}

}  // namespace districtd
