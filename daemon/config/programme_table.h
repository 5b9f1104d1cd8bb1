// Which programme the targets of a catalogue file are of, and its terms: the keys programme,
// period, settles and reports_since of [report], and [scoring].
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.h"
#include "base/toml_table.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/programme.h"
#include "daemon/domain/target.h"
#include "daemon/domain/working_days.h"

namespace districtd {

// Collects the programmes of several files. A file that names none is of the year in which all of
// its targets start and end, changes left aside. What a file does not say of its programme, another
// file of it may say; what two say has to be the same.
class ProgrammeReader {
 public:
  // `present`: where the texts are ones that were kept, the catalogue of now, by which a file that
  // says too little is of a programme all the same; else nullptr. Both outlive this.
  ProgrammeReader(Findings& findings, const Catalogue* present)
      : findings_(findings), present_(present) {}

  // The tables of the next file. Faults are findings at their keys.
  void read(TomlTable& root, TomlTable& report);
  // The next file has no [report], which somebody else says.
  void read_nothing() { said_ = {}; }

  // Whether the file names its programme.
  bool is_named() const { return said_.id.has_value(); }

  // The programme of the file that was read last, whose targets these are: an index into
  // programmes(). nullopt, with a finding, where nothing says which.
  std::optional<std::uint32_t> programme_of(std::span<const Target> targets);

  // All files are read: periods and days of settlement, as written or as they follow, and whether
  // the targets go with them. `place_of`: where a target's start or deadline is written.
  enum class Edge { start, deadline };
  using PlaceOf = std::function<Finding(std::size_t target, Edge edge)>;
  void finish(std::span<const Target> targets, const WorkingDays& working_days,
              const PlaceOf& place_of);

  std::vector<Programme> programmes() &&;

 private:
  // A term, and where it is written.
  template <typename Term>
  struct Said {
    Term term{};
    Finding place;
  };
  struct Period {
    Date first{};
    Date last{};
    friend bool operator==(const Period&, const Period&) = default;
  };
  struct Terms {
    std::optional<Said<std::string>> id;
    std::optional<Said<Period>> period;
    std::optional<Said<Date>> settles;
    std::optional<Said<Date>> reports_since;
    std::optional<Said<Scoring>> scoring;
    Finding report_place;  // of the table [report]
  };
  struct Read {
    Programme programme;
    Terms terms;
  };

  std::optional<std::string> id_of(std::span<const Target> targets);
  std::string kept_id_of(std::span<const Target> targets) const;
  void read_period(TomlTable& report);
  void read_scoring(TomlTable& root);
  void add_finding(Finding place, std::string message);
  template <typename Term, typename ToText>
  void agree(const Read& with, std::string_view key, std::optional<Said<Term>>& known,
             const std::optional<Said<Term>>& said, ToText to_text);
  void put_period(Read& read, std::uint32_t number, std::span<const Target> targets);
  void check_targets(const Read& read, std::uint32_t number, std::span<const Target> targets,
                     const PlaceOf& place_of);
  void put_settlement(Read& read, std::uint32_t number, std::span<const Target> targets,
                      const WorkingDays& working_days);

  Findings& findings_;
  const Catalogue* present_;
  Terms said_;  // of the file at hand
  std::vector<Read> read_;
};

}  // namespace districtd
