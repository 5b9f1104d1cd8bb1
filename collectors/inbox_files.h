// The inbox on disk: what lies in it, reading a file, and putting a settled file away.
//
// Everything here blocks and belongs on a thread of its own. Names are bytes as the file system has
// them. Nothing follows a link below a department's folder.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/submission.h"

namespace districtd {

// Names that are never taken: hidden, or of the files that editors, browsers, Excel and transfers
// write beside the real one.
bool is_left_alone(std::string_view name);

// What keeps something in the inbox from working: an operator's sentence with what to do.
struct InboxTrouble {
  std::filesystem::path path;
  std::string message;
};

struct InboxFolder {
  std::string department;
  std::vector<std::string> names;  // of all but accepted/ and rejected/, in byte order
};

struct InboxSurvey {
  std::vector<InboxFolder> folders;  // that can be worked in
  std::vector<std::string> unknown;  // folders of no department
  std::vector<InboxTrouble> troubles;
};

// Creates missing department folders, lets `watch` (path, department, "" for the directory) watch
// them, returning 0 or an errno, and only then lists what lies in them.
using WatchFolder = std::function<int(const std::filesystem::path&, const std::string&)>;
InboxSurvey survey_inbox(const std::filesystem::path& directory,
                         const std::vector<std::string>& departments, const WatchFolder& watch);

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

struct InboxFile {
  enum class Look {
    read,           // `body` is the whole file, in `state`
    too_large,      // `state` says how large
    being_written,  // open for writing somewhere, or it changed while it was read, or nobody may
                    // know
    not_a_file,     // a folder, link, FIFO, device or socket: `state` says which
    gone,           // or a file of which only its creation was heard
    failed,         // `trouble` says why
  };
  Look look = Look::gone;
  FileState state;
  std::string body;
  std::string trouble;
};

// What is known of a name before it is looked at.
struct Heard {
  bool created = false;  // only this: a regular file is left to its writer's close
  bool closed = false;   // its writer has just closed it
  // How it was when it was looked at before, and how long ago that was.
  std::optional<FileState> state = {};
  std::chrono::seconds unchanged_for{0};
};

// Reads FOLDER/NAME, unless somebody holds it open for writing. The kernel tells that only to the
// file's owner and to who has CAP_LEASE (fcntl(2), F_SETLEASE). Where it does not, the file is read
// when it was just closed, or has not changed for 10 s. What is no file is never followed or
// opened; a folder may be being filled (being_written) until nothing in it has changed for a
// minute. `stop` cuts a long read short (being_written).
InboxFile read_inbox_file(const std::filesystem::path& folder, const std::string& name,
                          std::uint64_t max_bytes, const Heard& heard,
                          const std::atomic<bool>& stop);

struct PutAway {
  enum class Result { moved, changed, failed };
  Result result = Result::failed;
  std::string trouble;  // of failed
};

// Writes NAME.receipt.json and, where rows were refused, NAME.errors.csv into FOLDER/accepted or
// FOLDER/rejected, then moves the file there; NAME is the file's whole name, its ending included
// ("6月.csv", "6月.csv.receipt.json", "6月.csv.errors.csv"). Where one of the three names is taken
// all three get a number before the ending ("6月-2.csv"); nothing is ever replaced but the receipt
// of this very submission that a crash has left there without its file. Changed, and
// nothing is left behind: the file is no longer what was read, or is being written again. Links and
// folders are moved as they are.
PutAway put_away(const std::filesystem::path& folder, const std::string& name,
                 const FileState& state, bool accepted, const Receipt& receipt);

}  // namespace districtd
