// [[check]] of a catalogue file: checks across figures of the file's programme.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/findings.h"
#include "base/toml_table.h"
#include "daemon/domain/figure_check.h"
#include "daemon/domain/programme.h"
#include "daemon/domain/target.h"

namespace districtd {

// Collects the checks of several files. A check may name targets of another file of its programme,
// so what it names is looked at when all are read.
class CheckReader {
 public:
  explicit CheckReader(Findings& findings) : findings_(findings) {}  // which outlives this

  // The tables of the next file. Faults are findings at their keys.
  void read(TomlTable& root);
  // Of which programme that file is; nullopt where nothing says it, which is found elsewhere.
  void put_programme(std::optional<std::uint32_t> programme);

  // All files are read: findings for targets that the programme does not have, that have no figure,
  // that stand twice, or whose units do not convert; and for a name that two checks have.
  void finish(std::span<const Target> targets, std::vector<Programme>& programmes);

 private:
  struct Said {
    FigureCheck check;
    std::optional<std::uint32_t> programme;
    Finding name_place;
    Finding left_place;
    Finding right_place;
  };
  void add_finding(Finding place, std::string message);
  void look_at(const Said& said, const Programme& programme, std::span<const Target> targets);

  Findings& findings_;
  std::vector<Said> said_;
  std::size_t of_file_ = 0;  // the first of the file at hand
};

}  // namespace districtd
