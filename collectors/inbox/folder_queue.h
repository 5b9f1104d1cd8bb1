// The files of one department's folder on their way through the inbox.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

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
  std::string key = {};  // of its submission; "" where it had none
};

// A file that has or may have a writer, as it was when first seen like this.
struct BeingWritten {
  FileState state;
  std::chrono::steady_clock::time_point since;
};

// The names that wait in a folder, in the order in which their files were put: by their times of
// change, at one time in the order in which they were heard of, and by name where that is not known
// either.
class PutOrder {
 public:
  // Something happened to `name`: when its file was changed has to be found out.
  void hear(const std::string& name);

  // The file called `name` was changed last then.
  void place(const std::string& name, const ChangeTime& changed);

  void erase(const std::string& name);
  bool contains(const std::string& name) const;

  // The names of which that is not known; they stay until they are placed or erased.
  const std::set<std::string>& unplaced() const { return unplaced_; }

  // The first of the others; nullptr where there is none.
  struct Place {
    ChangeTime changed;
    std::uint64_t heard = 0;  // 0: it lay there before anything was heard
    std::string name;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  const Place* first() const;

  // Where it was, unless something newer was heard of it.
  void put_back(const Place& place);

 private:
  std::set<std::string> unplaced_;
  std::set<Place> places_;
  std::map<std::string, Place> place_of_;       // of those in places_
  std::map<std::string, std::uint64_t> heard_;  // of all that were heard of
  std::uint64_t last_heard_ = 0;
};

// What is known of one department's folder, and what is to be done in it next.
struct FolderQueue {
  std::string department;
  std::filesystem::path path;
  PutOrder order = {};                 // of the files that wait
  std::set<std::string> closed = {};   // names that the kernel said are complete
  std::set<std::string> created = {};  // waiting names of which nothing else was heard yet
  std::map<std::string, BeingWritten> being_written = {};
  std::set<std::string> troubled = {};    // names of files with a reported trouble
  std::set<std::string> keyless = {};     // names of files whose key stands for another body
  std::optional<Settled> unsettled = {};  // could not be put away; nothing is taken until it is
  bool blocked = false;                   // until the next survey

  // Nothing is called so any more.
  void forget(const std::string& name);
};

// Tells a file in one state from every other, also after a power loss: the device is left out,
// because its number may be another one after the next boot.
std::string key_of(const FileState& state, const std::string& name);

}  // namespace districtd
