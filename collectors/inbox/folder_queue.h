// The files of one department's folder on their way through the inbox.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

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

// What is known of one department's folder, and what is to be done in it next.
struct FolderQueue {
  std::string department;
  std::filesystem::path path;
  std::deque<std::string> queue;  // in order of arrival, each name once
  std::set<std::string> queued;
  std::set<std::string> closed;   // names that the kernel said are complete
  std::set<std::string> created;  // names in the queue of which nothing else was heard yet
  std::map<std::string, BeingWritten> being_written;
  std::set<std::string> troubled;    // names of files with a reported trouble
  std::set<std::string> keyless;     // names of files whose key stands for another body
  std::optional<Settled> unsettled;  // could not be put away; nothing else is taken until it is
  bool blocked = false;              // until the next survey

  // Behind the others, where it is not in the queue already.
  void enqueue(const std::string& name);

  // Nothing is called so any more.
  void forget(const std::string& name);
};

// Tells a file in one state from every other, also after a power loss: the device is left out,
// because its number may be another one after the next boot.
std::string key_of(const FileState& state, const std::string& name);

}  // namespace districtd
