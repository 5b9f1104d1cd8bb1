// Zip archives as they come: the directory, each entry of it, and the names of parts.
#include "daemon/intake/workbook/package.h"
#include "daemon/intake/zip_directory.h"
#include "tests/fuzz/decoded.h"

namespace {

class Reads : public districtd::XmlHandler {
 public:
  void start(std::string_view name, const districtd::XmlAttributes& /*attributes*/) override {
    districtd::require(name.find(':') == 0 || !name.empty());
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace districtd;
  const std::string_view archive(reinterpret_cast<const char*>(data), size);
  const auto directory = read_zip_directory(archive);
  if (!directory) return 0;
  require(directory->entries.size() <= size);
  for (const ZipEntry& entry : directory->entries) {
    std::uint64_t bytes = 0;
    const bool is_whole =
        unpack(archive, entry, [&](std::string_view piece) { bytes += piece.size(); });
    require(bytes <= entry.unpacked);
    require(!is_whole || bytes == entry.unpacked);
    // A name means the same when it is made comparable again, but for escapes of escapes.
    const std::string key = part_key(entry.name);
    require(key.find('%') != key.npos || part_key(key) == key);
  }
  try {
    Package package(archive, *directory);
    Reads reads;
    for (const ZipEntry& entry : directory->entries) {
      require(package.has_part(entry.name) || part_key(entry.name).empty() ||
              part_key(entry.name).ends_with('/'));
      if (!entry.name.ends_with('/')) package.read(entry.name, reads);
    }
    package.relations_of("");
  } catch (const DamagedWorkbook&) {
  } catch (const WorkbookTooLarge&) {
  }
  return 0;
}
