// Whether the files that the store has open are still those that its path leads to.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace districtd {

// The database or its WAL was moved, deleted or replaced: what is written goes to nobody. what()
// says which and what to do, for the operator.
class StoreMoved : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Remembers the database and its WAL by device and inode. SQLite itself can say so of the database
// alone (SQLITE_FCNTL_HAS_MOVED), and only on the thread of its connection.
//
// Threads: any.
class OpenFiles {
 public:
  // To be made once SQLite has both open. What cannot be found then is not watched.
  explicit OpenFiles(const std::filesystem::path& database);

  // "" where both are in their place, else what() of a StoreMoved. Costs two stat(2).
  std::string moved() const;

 private:
  struct Identity {
    dev_t device = 0;
    ino_t inode = 0;
    friend bool operator==(const Identity&, const Identity&) = default;
  };
  struct OpenFile {
    std::string path;
    Identity identity;
  };
  static std::optional<Identity> identity_of(const std::string& path);

  std::vector<OpenFile> files_;
};

}  // namespace districtd
