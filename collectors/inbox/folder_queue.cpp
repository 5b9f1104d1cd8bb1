#include "collectors/inbox/folder_queue.h"

#include <cstdint>

namespace districtd {

void FolderQueue::enqueue(const std::string& name) {
  created.erase(name);
  if (queued.insert(name).second) queue.push_back(name);
}

void FolderQueue::forget(const std::string& name) {
  troubled.erase(name);
  being_written.erase(name);
  keyless.erase(name);
  if (!queued.contains(name)) closed.erase(name);
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
