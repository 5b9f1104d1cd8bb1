// The files of one department's folder on their way through the inbox.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/ports/clock.h"
#include "collectors/inbox/inbox_file.h"
#include "collectors/submission.h"

namespace districtd {

// A file with its verdict, on its way to accepted/ or rejected/.
struct Settled {
  std::string name;
  FileState state;
  bool accepted = false;
  Receipt receipt;
  bool was_submitted = false;
  std::string key = {};   // of its submission; "" where it had none
  bool is_moved = false;  // and lies on its shelf, but not durably yet
};

// A file that has a writer, as it was when first seen like this; or one that never stays as it is.
struct BeingWritten {
  FileState state;
  SteadyTime since;
  SteadyTime again;  // when it is looked at once more
};

// The names that wait in a folder, in the order in which their files were put: by their times of
// change, at one time in the order in which they were heard of, and by name where that is not known
// either.
class PutOrder {
 public:
  struct Place {
    ChangeTime changed;
    std::uint64_t heard = 0;  // 0: it lay there before anything was heard
    std::string name;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct Waiting {
    Place place;
    FileSeen seen;
    SteadyTime due;  // to be read
  };

  // Something happened to `name`. A new one has to be looked at before it has a place; one that has
  // a place keeps it, as reading it tells whether that is still the right one.
  void hear(const std::string& name);

  // `name` was seen like this and is to be read at `due`, unless it waits already and nothing has
  // changed.
  void place(const std::string& name, const FileSeen& seen, SteadyTime due);

  void erase(const std::string& name);
  bool contains(const std::string& name) const;

  // The names without a place; they stay until they are placed or erased.
  const std::set<std::string>& unplaced() const { return unplaced_; }

  // The first of the others; nullptr where there is none.
  const Waiting* first() const;

  // Where it was, unless something newer was heard of it.
  void put_back(const Waiting& waiting);

 private:
  std::set<std::string> unplaced_;
  std::set<Place> places_;
  std::map<std::string, Waiting> waiting_;      // those in places_
  std::map<std::string, std::uint64_t> heard_;  // of those that were heard of
  std::uint64_t last_heard_ = 0;
};

// A file that was changed again and again when it was to be read or put away.
struct Restless {
  SteadyTime since;
  unsigned changes = 0;  // after it was submitted
};

// What is known of one department's folder, and what is to be done in it next.
struct FolderQueue {
  std::string department;
  std::filesystem::path path;          // in messages alone
  PutOrder order = {};                 // of the files that wait
  std::set<std::string> closed = {};   // names that the kernel said are complete
  std::set<std::string> created = {};  // waiting names of which nothing else was heard yet
  std::map<std::string, BeingWritten> being_written = {};
  std::map<std::string, Restless> restless = {};
  std::map<std::string, std::string> troubled = {};  // what was reported of a file, by its name
  std::set<std::string> keyless = {};           // names of files whose key stands for another body
  std::map<std::string, Settled> settled = {};  // not put away yet, by name
  std::deque<std::string> to_put_away = {};     // of those; the others wait for the next survey
  std::set<std::string> misnamed = {};          // files called as a shelf that were counted
  bool is_listed = false;                       // it can be worked in, as far as is known
  bool are_shelves_known = false;               // what a crash left open is closed

  // Whether so many files could not be put away that no other is read.
  bool is_full() const;

  // Something happened to the file: true where it is to be looked at.
  bool hear(const std::string& name, bool is_only_created);

  // It has a writer, or changed: it is looked at again at `again`.
  void wait(const std::string& name, const FileState& state, SteadyTime again);

  // Brings those back that wait no longer.
  void wake(SteadyTime now);

  // How long a file of this state has had a writer, for Heard.
  void recall(const std::string& name, Heard& heard) const;

  // Nothing is called so any more.
  void forget(const std::string& name);
};

}  // namespace districtd
