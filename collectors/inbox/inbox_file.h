// One file of the inbox: its state, and reading it whole.
//
// Everything here blocks and belongs on a thread of its own. Names are bytes as the file system has
// them. Nothing follows a link below a department's folder.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "collectors/inbox/inbox_root.h"

namespace districtd {

// Tells one state of one file from every other. Of a folder the modification is the newest of it
// and of what lies directly in it.
struct FileState {
  mode_t type = 0;  // S_IFREG ...
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified_s = 0;
  std::int64_t modified_ns = 0;
  friend bool operator==(const FileState&, const FileState&) = default;
};

// When a file's content, name or rights were changed last: when it was put where it lies. Nobody
// can set it, while a copy may bring the time of its content (mtime) along.
struct ChangeTime {
  std::int64_t s = 0;
  std::int64_t ns = 0;
  friend auto operator<=>(const ChangeTime&, const ChangeTime&) = default;
};

// What says without opening a file whether it goes on changing.
struct FileSeen {
  ChangeTime changed;
  off_t size = 0;
  friend bool operator==(const FileSeen&, const FileSeen&) = default;
};

// What is called `name` in the open folder; nullopt where nothing is.
std::optional<FileSeen> see_name(int folder_fd, const std::string& name);

struct InboxFile {
  enum class Result {
    read,             // `body` is the whole file, in `state`
    too_large,        // `state` says how large
    being_written,    // a process holds it open for writing, or it changed while it was read
    perhaps_written,  // the kernel does not tell whether that is so
    not_a_file,       // a folder, link, FIFO, device or socket: `state` says which
    overtaken,        // is not as it was seen: perhaps others come first now
    gone,             // nothing is called so; or a file that was only created so far
    failed,           // `trouble` says why
  };
  Result result = Result::gone;
  FileState state;
  FileSeen seen;  // now, of overtaken
  std::string body;
  std::string trouble;
};

// What is known of a name before it is read.
struct Heard {
  bool created = false;  // nothing but its creation: a regular file waits for its writer's close
  bool closed = false;   // its writer has just closed it
  // Its state when it could not be read before, and how long it has been in that state.
  std::optional<FileState> state = {};
  std::chrono::seconds unchanged_for{0};
  std::optional<FileSeen> seen = {};  // nullopt where that does not matter
};

// Reads NAME in the folder, unless somebody holds it open for writing. The kernel tells that only
// to the file's owner and to who has CAP_LEASE (fcntl(2), F_SETLEASE). Where it does not, the file
// is read when it was just closed, or has not changed for kQuietWithoutLease. What is no file is
// never followed or opened; a folder may be being filled (being_written) until nothing in it has
// changed for a minute. `stop` cuts a long read short (being_written).
inline constexpr std::chrono::seconds kQuietWithoutLease{10};
InboxFile read_inbox_file(const OpenFolder& folder, const std::string& name,
                          std::uint64_t max_bytes, const Heard& heard,
                          const std::atomic<bool>& stop);

// The state of what is called `name` in the open folder; the type 0 where nothing is called so.
FileState state_of_name(int folder_fd, const std::string& name);

// Whether `name` is still what was seen in `state`, and no process is known to hold it open for
// writing.
bool is_unchanged(int folder_fd, const std::string& name, const FileState& state);

// The content of a regular file; nullopt where it is none, is larger, or cannot be read.
std::optional<std::string> read_regular_file(int folder_fd, const std::string& name,
                                             std::uint64_t max_bytes);

// Tells a file in one state from every other, also after a power loss: the device is left out,
// because its number may be another one after the next boot.
std::string key_of(const FileState& state, const std::string& name);

}  // namespace districtd
