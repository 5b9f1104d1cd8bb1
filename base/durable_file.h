// Files that are whole and on disk, or not there at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/ports/files.h"

namespace districtd {

// Files that never replace another. Both return 0 or the errno of what failed; EEXIST says that the
// name is taken. `folder_fd` and its like are open directories, which the caller synchronises when
// all is in place.

// How a file is called until it is whole.
enum class UnfinishedFile {
  // Not at all (O_TMPFILE), where the file system can do that, else as follows.
  without_name,
  // By a name that nobody can foresee: is_unfinished_name() of it holds. A crash may leave it.
  of_its_own_name,
};
bool is_unfinished_name(std::string_view name);

// Writes `text` into a new file `name`, which appears when its content is on disk. EEXIST speaks of
// `name` alone.
int write_new_file(int folder_fd, const std::string& name, std::string_view text,
                   UnfinishedFile unfinished = UnfinishedFile::without_name);

// Renames without replacing.
int move_file(int from_fd, const std::string& from, int to_fd, const std::string& to);

// Files that replace the one of their name, at once: written beside it, synchronised, renamed.

// Who may read a file.
enum class FileAccess {
  everyone,  // 0644
  // A file that may hold secrets: a new one is its owner's and group's (0640), one that is there
  // keeps its owner, group and mode.
  as_before,
};

// Throws std::runtime_error with the place and the reason. What was there before is as it was then,
// but where only the folder could not be synchronised: the file is the new one, and a power loss
// may bring the old one back.
void write_whole(const std::filesystem::path& file, std::string_view text,
                 FileAccess access = FileAccess::everyone);

// The same for what another writer fills: the name beside `file` to write to first, ".NAME.part"
// (what a crash left there is removed), and what makes it durable under its own name.
std::filesystem::path part_of(const std::filesystem::path& file);
void put_in_place(const std::filesystem::path& file);

}  // namespace districtd
