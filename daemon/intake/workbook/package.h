// The zip archive that a workbook is: its parts by name, and which part leads to which.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "daemon/intake/workbook/xml.h"
#include "daemon/intake/zip_directory.h"

namespace districtd {

// What a workbook may at most unpack to.
inline constexpr std::uint64_t kMostUnpackedBytes = 256ULL << 20U;

// More is to be unpacked, or more cells to be kept, than is allowed.
class WorkbookTooLarge : public std::exception {};

struct Relation {
  std::string type;
  std::string target;  // the name of a part, as Package::has_part takes it
};

// The name of a part as parts are compared (ECMA-376 part 2, 6.2.2 and 7.3): in lower case, with
// slashes where Windows wrote backslashes, without one at its beginning, "%20" decoded.
std::string part_key(std::string_view name);

// The archive must outlive it.
class Package {
 public:
  // Throws DamagedWorkbook where two entries are the same part: nobody knows which one counts.
  Package(std::string_view archive, const ZipDirectory& directory);

  bool has_part(std::string_view name) const { return parts_.contains(part_key(name)); }

  // Reads the part of that name, if there is one: false where there is none. A part may be read
  // more than once, but all that is unpacked has its limit. Throws what XmlReader does,
  // WorkbookTooLarge, and DamagedWorkbook where the entry is not whole.
  bool read(std::string_view name, XmlHandler& handler);

  // The relations of a part, by their ids; "" is the package itself.
  std::map<std::string, Relation> relations_of(std::string_view part);

 private:
  std::string_view archive_;
  std::unordered_map<std::string, const ZipEntry*> parts_;  // by part_key
  std::uint64_t left_ = kMostUnpackedBytes;
};

}  // namespace districtd
