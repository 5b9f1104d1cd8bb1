// The inbox's directory, open: what is done below it goes by descriptors, so that a link that
// somebody puts in place of a folder leads nowhere.
//
// Everything here blocks and belongs on a thread of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/ports/files.h"

namespace districtd {

// A folder and how it is called: in messages alone.
struct OpenFolder {
  UniqueFd fd;
  std::filesystem::path path;
  int error = 0;  // why there is no descriptor
};

// Holds the directory for itself (flock(2)), where the file system can do that: no other process
// works in it, and no earlier inbox of this one whose last step is not over yet.
class InboxRoot {
 public:
  // `before` where it is still the one of that name, else a new one. nullptr with the reason in
  // errno: EWOULDBLOCK where another one holds it. `directory` itself may be no link.
  static std::shared_ptr<const InboxRoot> open(const std::filesystem::path& directory,
                                               std::shared_ptr<const InboxRoot> before);

  int fd() const { return fd_.get(); }
  const std::filesystem::path& path() const { return path_; }

  // The folder of a department, never by way of a link.
  OpenFolder folder(const std::string& department) const;

 private:
  InboxRoot(UniqueFd fd, std::filesystem::path path) : fd_(std::move(fd)), path_(std::move(path)) {}

  UniqueFd fd_;
  std::filesystem::path path_;
};

}  // namespace districtd
