#include "tests/unit/store/recording_vfs.h"

#include <fstream>
#include <new>
#include <utility>

namespace districtd {

// SQLite hands out the memory; the real file follows in it.
struct RecordingFile {
  sqlite3_file base;
  RecordingVfs* vfs;
  std::string* name;  // null for files that need not survive
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }

  static RecordingFile& of(sqlite3_file* file) { return *reinterpret_cast<RecordingFile*>(file); }
  static const sqlite3_io_methods* methods();

  void wrote(RecordingVfs::Write write) {
    if (name != nullptr) vfs->write(*name, std::move(write));
  }
  void before() {
    if (name != nullptr) vfs->before_();
  }
  void synced() {
    if (name != nullptr) vfs->sync(*name);
  }
};

namespace {

template <auto Method, typename... Arguments>
int forward(sqlite3_file* file, Arguments... arguments) {
  sqlite3_file* real = RecordingFile::of(file).real();
  return (real->pMethods->*Method)(real, arguments...);
}

int close_file(sqlite3_file* file) {
  RecordingFile& self = RecordingFile::of(file);
  delete std::exchange(self.name, nullptr);
  return self.real()->pMethods->xClose(self.real());
}

int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  RecordingFile& self = RecordingFile::of(file);
  self.before();
  const int code = self.real()->pMethods->xWrite(self.real(), bytes, size, offset);
  if (code == SQLITE_OK) {
    self.wrote({static_cast<std::size_t>(offset),
                {static_cast<const char*>(bytes), static_cast<std::size_t>(size)},
                false});
  }
  return code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  RecordingFile& self = RecordingFile::of(file);
  self.before();
  const int code = self.real()->pMethods->xTruncate(self.real(), size);
  if (code == SQLITE_OK) self.wrote({static_cast<std::size_t>(size), {}, true});
  return code;
}

int sync_file(sqlite3_file* file, int flags) {
  RecordingFile& self = RecordingFile::of(file);
  self.before();
  const int code = self.real()->pMethods->xSync(self.real(), flags);
  if (code == SQLITE_OK) self.synced();
  return code;
}

void shared_memory_barrier(sqlite3_file* file) {
  sqlite3_file* real = RecordingFile::of(file).real();
  real->pMethods->xShmBarrier(real);
}

}  // namespace

const sqlite3_io_methods* RecordingFile::methods() {
  // Version 2: without memory mapping, so that every write is seen.
  static const sqlite3_io_methods methods = {
      .iVersion = 2,
      .xClose = close_file,
      .xRead = forward<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>,
      .xWrite = write_file,
      .xTruncate = truncate_file,
      .xSync = sync_file,
      .xFileSize = forward<&sqlite3_io_methods::xFileSize, sqlite3_int64*>,
      .xLock = forward<&sqlite3_io_methods::xLock, int>,
      .xUnlock = forward<&sqlite3_io_methods::xUnlock, int>,
      .xCheckReservedLock = forward<&sqlite3_io_methods::xCheckReservedLock, int*>,
      .xFileControl = forward<&sqlite3_io_methods::xFileControl, int, void*>,
      .xSectorSize = forward<&sqlite3_io_methods::xSectorSize>,
      .xDeviceCharacteristics = forward<&sqlite3_io_methods::xDeviceCharacteristics>,
      .xShmMap = forward<&sqlite3_io_methods::xShmMap, int, int, int, void volatile**>,
      .xShmLock = forward<&sqlite3_io_methods::xShmLock, int, int, int>,
      .xShmBarrier = shared_memory_barrier,
      .xShmUnmap = forward<&sqlite3_io_methods::xShmUnmap, int>,
      .xFetch = nullptr,
      .xUnfetch = nullptr,
  };
  return &methods;
}

RecordingVfs::RecordingVfs(std::function<void()> before)
    : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_), before_(std::move(before)) {
  vfs_.zName = "recording";
  vfs_.pAppData = this;
  vfs_.pNext = nullptr;
  vfs_.szOsFile = real_->szOsFile + static_cast<int>(sizeof(RecordingFile));
  vfs_.xOpen = open;
  vfs_.xDelete = remove;
  sqlite3_vfs_register(&vfs_, 1);
}

RecordingVfs::~RecordingVfs() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

int RecordingVfs::open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                       int* out) {
  auto* self = static_cast<RecordingVfs*>(vfs->pAppData);
  auto* opened = new (file) RecordingFile{{nullptr}, self, nullptr};
  const int code = self->real_->xOpen(self->real_, name, opened->real(), flags, out);
  if (opened->real()->pMethods != nullptr) opened->base.pMethods = RecordingFile::methods();
  const bool is_kept =
      (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
  if (code == SQLITE_OK && is_kept && name != nullptr) {
    opened->name = new std::string(name);
    const std::lock_guard lock(self->mutex_);
    self->files_.try_emplace(*opened->name);
  }
  return code;
}

int RecordingVfs::remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  auto* self = static_cast<RecordingVfs*>(vfs->pAppData);
  const int code = self->real_->xDelete(self->real_, name, sync_folder);
  const std::lock_guard lock(self->mutex_);
  self->files_.erase(name);
  return code;
}

void RecordingVfs::apply(std::string& content, const Write& write) {
  if (write.truncates) {
    content.resize(write.offset);
    return;
  }
  if (content.size() < write.offset + write.bytes.size()) {
    content.resize(write.offset + write.bytes.size());
  }
  content.replace(write.offset, write.bytes.size(), write.bytes);
}

void RecordingVfs::write(const std::string& name, Write write) {
  const std::lock_guard lock(mutex_);
  files_[name].since.push_back(std::move(write));
}

void RecordingVfs::sync(const std::string& name) {
  const std::lock_guard lock(mutex_);
  Content& content = files_[name];
  for (const Write& write : content.since) apply(content.synced, write);
  content.since.clear();
}

void RecordingVfs::lose_power(const std::filesystem::path& folder, std::mt19937& random) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, content] : files_) {
    std::string left = content.synced;
    // Now and then nothing of what was not synced, else a part of it.
    const bool keeps_some = random() % 4 != 0;
    for (const Write& write : content.since) {
      if (!keeps_some || random() % 3 == 0) continue;
      Write torn = write;
      if (random() % 4 == 0) torn.bytes.resize(torn.bytes.size() / 2);
      apply(left, torn);
    }
    std::ofstream(folder / std::filesystem::path(name).filename(), std::ios::binary) << left;
  }
}

}  // namespace districtd
