// One daemon a database: a file beside it, locked while the daemon lives.
#pragma once

#include <filesystem>

#include "base/ports/files.h"
#include "base/time.h"

namespace districtd {

// Holds PATH.lock by flock(2). The kernel lets go of it when the process ends, however it ends, so
// a file left behind means nothing. It holds one line for people: "PID since TIME".
class LockFile {
 public:
  // Throws StoreError, naming the holder where another process has it.
  LockFile(const std::filesystem::path& database, Time now);
  ~LockFile();
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

 private:
  UniqueFd file_;
};

}  // namespace districtd
