// The texts that a catalogue is made from, as the store keeps them, so that what was shown on a
// date can be shown again after the files have changed.
#pragma once

#include <string>
#include <vector>

namespace districtd {

struct CatalogueSource {
  enum class Role { targets, holidays };
  Role role = Role::targets;
  std::string name;  // the file's path as it was read, for findings
  std::string text;  // TOML
  friend bool operator==(const CatalogueSource&, const CatalogueSource&) = default;
};
using CatalogueSources = std::vector<CatalogueSource>;

}  // namespace districtd
