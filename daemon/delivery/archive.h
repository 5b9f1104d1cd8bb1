// The directory in which bulletins are kept, and its index: index.json for programs, index.html for
// people.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/bulletins/edition.h"

namespace districtd {

// Adds the edition to the index of the directory, or puts it in the place of the same id's. An
// index that cannot be read is begun anew. Throws std::runtime_error.
void add_to_index(const std::filesystem::path& directory, const Edition& edition, bool is_late);

// What GET /bulletins/ and GET /bulletins/ID[.FORMAT] answer: a file's bytes and media type.
struct ArchivedFile {
  std::string content_type;
  std::string body;
};
// `name` is a path segment from outside: "" is the index, "monthly-2026-07-08" the page,
// "monthly-2026-07-08.pdf" the file. nullopt where there is none, or where the name is no such
// name.
std::optional<ArchivedFile> read_archived(const std::filesystem::path& directory,
                                          std::string_view name);

}  // namespace districtd
