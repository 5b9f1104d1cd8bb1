// accepted/ and rejected/: how files are called there, and what lies there.
//
// Everything here blocks and belongs on a thread of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/inbox/inbox_file.h"
#include "collectors/inbox/inbox_root.h"
#include "collectors/inbox/inbox_trouble.h"

namespace districtd {

inline constexpr std::string_view kReceiptEnding = ".receipt.json";
inline constexpr std::string_view kErrorsEnding = ".errors.csv";

// The name under which a file is put away as the `number`th of its name: "6月.csv", "6月-2.csv". It
// is shortened where the receipt's name would not fit.
std::string numbered(const std::string& name, unsigned number);

// The names that a file may have had before it was put away under this one: itself, and without a
// number.
std::vector<std::string> names_before(const std::string& shelved);

// fsync(2) of the folder; 0 or an errno. A file system that cannot do that to folders has no error.
int synchronise(int folder_fd);

// The keys of the newest files on both shelves, by whatever names they came: those of which a crash
// may have lost that their deliveries are over. First the shelves are made durable, as a key may
// only be closed when its file stays where it is. What a crash left unfinished there is removed.
struct ShelvedKeys {
  std::optional<std::vector<std::string>> keys;
  std::optional<InboxTrouble> trouble;  // where there are no keys
};
ShelvedKeys keys_on_shelves(const OpenFolder& folder);

}  // namespace districtd
