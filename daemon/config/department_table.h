// [[department]]: who reports, and what became of it. docs/catalogue.md describes the keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/findings.h"
#include "base/toml_table.h"
#include "daemon/domain/catalogue.h"

namespace districtd {

bool is_name_of_ids(std::string_view text);  // [a-z0-9-]+

// Collects the departments of several files. A file of a later year may call one by its later name;
// what two files say of one has to go together.
class DepartmentReader {
 public:
  explicit DepartmentReader(Findings& findings) : findings_(findings) {}

  // The next table. Faults are findings at their keys.
  void read(TomlTable& table);

  // By id, of those read so far.
  std::optional<std::uint32_t> find(const std::string& id) const;

  const std::string& id_of(std::uint32_t department) const { return departments_[department].id; }

  // All files are read: which department a merger goes into. Findings where it goes into none, into
  // a closed one, or round in a circle.
  void resolve();

  // A target that changed its department, and where the change says so.
  struct Moved {
    Catalogue::Index target = 0;
    std::size_t number = 0;  // of its version
    Finding place;
  };

  // Of the catalogue with these departments: findings where a target comes to a department that is
  // none by then or has a namesake of it, and where a closed department keeps a target.
  void check(const Catalogue& catalogue, const std::vector<Moved>& moved);

  std::vector<Department> departments() const { return departments_; }

 private:
  // Where a department says what became of it, and what it said of the merger.
  struct Read {
    std::string into;
    Finding merged_place;
    Finding closed_place;
  };

  void agree(const TomlTable& table, std::uint32_t index, Department&& said, Read&& read);
  void add_finding(Finding place, std::string message);
  std::string fate_of(std::uint32_t department, Date day) const;
  void check_moved(const Catalogue& catalogue, const Moved& moved);
  void check_namesakes(const Catalogue& catalogue, const std::vector<Moved>& moved);
  void check_closed(const Catalogue& catalogue);

  Findings& findings_;
  std::vector<Department> departments_;
  std::vector<Read> read_;  // one a department
  std::unordered_map<std::string, std::uint32_t> by_id_;
};

}  // namespace districtd
