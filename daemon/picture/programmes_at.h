// Which programmes there were at a moment, and the catalogue of each: of what is settled, or whose
// file is missing, the texts that the store keeps are read again, so that a settled programme gives
// the same answers for ever.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "daemon/picture/picture.h"

namespace districtd {

// The programme that was asked for is not one of those that there were.
struct UnknownProgramme {
  std::string asked;
  std::vector<Programme> known;
  // "2026 (2026-01-01 to 2026-12-31, settles 2027-02-28), 2027 (...)"; "" where there is none.
  std::string list() const;
  // For the command line: "there is no programme '2030'; there are: 2026 (...)".
  std::string sentence() const;
  // For people: "没有“2030”年度的目标，有：2026（2026-01-01 至 2026-12-31，2027-02-28 结账）".
  std::string sentence_in_chinese() const;
};

// One question; made anew for each. Every function throws StoreError.
class ProgrammesAt {
 public:
  // `present` is the catalogue in force now; for a moment of the past the texts that the store has
  // are read instead. The reader and the clock outlive this.
  ProgrammesAt(std::shared_ptr<const Catalogue> present, const StoreReader& store,
               const DistrictClock& clock, const Moment& moment);

  // Those that were known, by their first day.
  std::vector<Programme> known() const;

  // The programme with this id. Without one ("") those that had begun and were not settled on the
  // day, else the one that was settled last; an element for each catalogue that they are in, none
  // where no programme had begun.
  Result<std::vector<ShownProgrammes>, UnknownProgramme> shown(std::string_view id);

  // The programme whose period holds the day, the shortest where several do; nullopt where none
  // does.
  std::optional<ShownProgrammes> holding(Date day);

  // The target with this id or name: of the programme with this id, or, without one (""), of the
  // open one whose period holds the day, the shortest first, else of another that was open, else of
  // the one that was settled last. nullopt where none has it.
  struct Found {
    ShownProgrammes shown;
    Catalogue::Index target = 0;
  };
  Result<std::optional<Found>, UnknownProgramme> find(std::string_view programme,
                                                      std::string_view id_or_name);

  // What an unknown programme is told of.
  UnknownProgramme unknown(std::string_view id) const;

  // The catalogue that was in force at the moment, whatever programmes it has.
  const std::shared_ptr<const Catalogue>& base() const { return base_; }

 private:
  struct Known {
    Programme programme;
    std::int64_t catalogue = 0;  // number in the store; 0: base_
  };

  void put(Programme programme, std::int64_t catalogue);
  bool is_whole(const Programme& programme) const;
  std::shared_ptr<const Catalogue> read(std::int64_t number);
  const Known* find_known(std::string_view id) const;
  ShownProgrammes show(const Known& known);
  std::vector<const Known*> chosen() const;

  const StoreReader& store_;
  const DistrictClock& clock_;
  const Moment moment_;
  std::shared_ptr<const Catalogue> present_;
  std::shared_ptr<const Catalogue> base_;
  std::vector<Known> known_;  // by first day
  std::map<std::int64_t, std::shared_ptr<const Catalogue>> read_;
};

// The pictures of what ProgrammesAt::shown() answers.
Result<std::vector<Picture>, UnknownProgramme> pictures_at(ProgrammesAt& programmes,
                                                           std::string_view id,
                                                           const StoreReader& store,
                                                           const DistrictClock& clock,
                                                           const Moment& moment);

// What they show, one after the other.
std::vector<TargetView> targets_of(const std::vector<Picture>& pictures,
                                   std::string_view department = {});
std::vector<DepartmentView> departments_of(const std::vector<Picture>& pictures);
// Of all of them together.
PromiseCounts promises_of(const std::vector<Picture>& pictures, std::string_view department = {});

}  // namespace districtd
