// A file system that remembers what has been synced, to show what a power loss would leave.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace districtd {

// While it lives, SQLite opens files through it: they behave as always, and every write since the
// last sync of its file is remembered. One database at a time.
class RecordingVfs {
 public:
  // `before` is called before each write, truncation and sync, on the thread that asks for it.
  explicit RecordingVfs(std::function<void()> before);
  ~RecordingVfs();
  RecordingVfs(const RecordingVfs&) = delete;
  RecordingVfs& operator=(const RecordingVfs&) = delete;

  // Writes into `folder` what a disk may hold if the power fails now: of each file what was synced,
  // and of what was not any part, whole writes or the first half of one. Files are made, removed
  // and named at once.
  void lose_power(const std::filesystem::path& folder, std::mt19937& random) const;

 private:
  friend struct RecordingFile;
  struct Write {
    std::size_t offset = 0;
    std::string bytes;
    bool truncates = false;  // to offset
  };
  struct Content {
    std::string synced;
    std::vector<Write> since;
  };

  static void apply(std::string& content, const Write& write);
  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out);
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder);
  void write(const std::string& name, Write write);
  void sync(const std::string& name);

  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
  std::function<void()> before_;
  mutable std::mutex mutex_;
  std::map<std::string, Content> files_;
};

}  // namespace districtd
