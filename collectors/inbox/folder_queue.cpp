#include "collectors/inbox/folder_queue.h"

#include <utility>

namespace districtd {

namespace {

// Their receipts are in memory.
constexpr std::size_t kMostSettled = 100;

}  // namespace

void PutOrder::hear(const std::string& name) {
  const std::uint64_t now = ++last_heard_;
  heard_[name] = now;
  const auto found = waiting_.find(name);
  if (found == waiting_.end()) {
    unplaced_.insert(name);
    return;
  }
  places_.erase(found->second.place);
  found->second.place.heard = now;
  places_.insert(found->second.place);
}

void PutOrder::place(const std::string& name, const FileSeen& seen, SteadyTime due) {
  unplaced_.erase(name);
  const auto heard = heard_.find(name);
  Place place{seen.changed, heard == heard_.end() ? 0 : heard->second, name};
  const auto before = waiting_.find(name);
  if (before != waiting_.end()) {
    if (before->second.seen == seen) return;
    places_.erase(before->second.place);
  }
  places_.insert(place);
  waiting_.insert_or_assign(name, Waiting{std::move(place), seen, due});
}

void PutOrder::erase(const std::string& name) {
  unplaced_.erase(name);
  heard_.erase(name);
  const auto found = waiting_.find(name);
  if (found == waiting_.end()) return;
  places_.erase(found->second.place);
  waiting_.erase(found);
}

bool PutOrder::contains(const std::string& name) const {
  return unplaced_.contains(name) || waiting_.contains(name);
}

const PutOrder::Waiting* PutOrder::first() const {
  return places_.empty() ? nullptr : &waiting_.at(places_.begin()->name);
}

void PutOrder::put_back(const Waiting& waiting) {
  const std::string& name = waiting.place.name;
  if (contains(name)) return;
  if (waiting.place.heard > 0) heard_[name] = waiting.place.heard;
  places_.insert(waiting.place);
  waiting_.emplace(name, waiting);
}

bool FolderQueue::is_full() const { return settled.size() >= kMostSettled; }

bool FolderQueue::hear(const std::string& name, bool is_only_created) {
  if (is_only_created) {
    if (order.contains(name)) return false;
    created.insert(name);
  } else {
    created.erase(name);
    closed.insert(name);
    // What is changed after each time that it is read is looked at ever more rarely, whatever is
    // heard of it.
    if (const auto known = restless.find(name); known != restless.end()) {
      if (known->second.changes > 0 && being_written.contains(name)) return false;
    }
  }
  order.hear(name);
  return true;
}

void FolderQueue::wait(const std::string& name, const FileState& state, SteadyTime again) {
  if (!order.contains(name)) closed.erase(name);
  const auto [waiting, is_new] =
      being_written.try_emplace(name, BeingWritten{state, steady_now(), again});
  if (!is_new && waiting->second.state != state) waiting->second = {state, steady_now(), again};
  waiting->second.again = again;
}

void FolderQueue::wake(SteadyTime now) {
  for (const auto& [name, waiting] : being_written) {
    if (waiting.again <= now && !order.contains(name)) order.hear(name);
  }
}

void FolderQueue::recall(const std::string& name, Heard& heard) const {
  heard.closed = closed.contains(name);
  const auto waiting = being_written.find(name);
  if (waiting == being_written.end()) return;
  heard.state = waiting->second.state;
  heard.unchanged_for =
      std::chrono::duration_cast<std::chrono::seconds>(steady_now() - waiting->second.since);
}

void FolderQueue::forget(const std::string& name) {
  troubled.erase(name);
  being_written.erase(name);
  restless.erase(name);
  keyless.erase(name);
  if (!order.contains(name)) closed.erase(name);
}

}  // namespace districtd
