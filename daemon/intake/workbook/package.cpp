#include "daemon/intake/workbook/package.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"

namespace districtd {

namespace {

// A larger part is read piece by piece.
constexpr std::uint64_t kMostInMemory = 64ULL << 20U;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                           hex_value(text[i + 2]) >= 0;
    if (!is_escape) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(16 * hex_value(text[i + 1]) + hex_value(text[i + 2]));
    i += 2;
  }
  return decoded;
}

// The folder of a part, with its slash at the end: "xl/" of "xl/workbook.xml".
std::string_view folder_of(std::string_view part) { return part.substr(0, part.rfind('/') + 1); }

// The part that a relation of a part in `folder` leads to.
std::string resolved(std::string_view folder, std::string_view target) {
  std::string path(target);
  std::replace(path.begin(), path.end(), '\\', '/');
  if (!path.starts_with('/')) path.insert(0, folder);
  std::vector<std::string> steps;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    std::string step = path.substr(at, end - at);
    at = end + 1;
    if (step == ".." && !steps.empty()) steps.pop_back();
    if (!step.empty() && step != "." && step != "..") steps.push_back(std::move(step));
  }
  std::string part;
  for (const std::string& step : steps) part += (part.empty() ? "" : "/") + step;
  return part;
}

class RelationsReader : public XmlHandler {
 public:
  explicit RelationsReader(std::string_view folder) : folder_(folder) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (name != "Relationship" || attributes["TargetMode"] == "External") return;
    relations[std::string(attributes["Id"])] = {std::string(attributes["Type"]),
                                                resolved(folder_, attributes["Target"])};
  }

  std::map<std::string, Relation> relations;

 private:
  std::string_view folder_;
};

}  // namespace

std::string part_key(std::string_view name) {
  std::string key = lower_ascii(percent_decoded(name));
  std::replace(key.begin(), key.end(), '\\', '/');
  while (key.starts_with('/')) key.erase(0, 1);
  return key;
}

Package::Package(std::string_view archive, const ZipDirectory& directory) : archive_(archive) {
  for (const ZipEntry& entry : directory.entries) {
    std::string key = part_key(entry.name);
    if (key.empty() || key.ends_with('/')) continue;  // a folder
    if (!parts_.emplace(std::move(key), &entry).second) {
      throw DamagedWorkbook("其中有两个“" + entry.name + "”");
    }
  }
}

bool Package::read(std::string_view name, XmlHandler& handler) {
  const auto found = parts_.find(part_key(name));
  if (found == parts_.end()) return false;
  const ZipEntry& entry = *found->second;
  if (entry.unpacked > left_) throw WorkbookTooLarge();
  left_ -= entry.unpacked;
  const auto require_whole = [&](bool is_whole) {
    if (!is_whole) throw DamagedWorkbook("其中的“" + entry.name + "”不完整");
  };
  XmlReader reader(handler);
  if (entry.unpacked <= kMostInMemory) {
    const auto content = unpack(archive_, entry);
    require_whole(content.has_value());
    reader.read_whole(*content);
    return true;
  }
  require_whole(unpack(archive_, entry, [&](std::string_view piece) { reader.feed(piece); }));
  reader.finish();
  return true;
}

std::map<std::string, Relation> Package::relations_of(std::string_view part) {
  const std::string_view folder = folder_of(part);
  RelationsReader reader(folder);
  std::string name(folder);
  name += "_rels/";
  name += part.substr(folder.size());
  read(name + ".rels", reader);
  return std::move(reader.relations);
}

}  // namespace districtd
