// What the steps of the schema ask that only texts of catalogues say: of which programme a target
// is (version 11: figures and judgements, which were known by the targets' ids, come to be known by
// programme and id), and which programmes a catalogue has (kProgrammeTableVersion).
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/domain/catalogue_source.h"
#include "daemon/domain/programme.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// Of which programme a target is, by its id.
using ProgrammesById = std::unordered_map<std::string, std::string>;

// What the store cannot know by itself when it brings an older file up to date. Called at most
// while the store is opened, on that thread.
struct ProgrammeClaims {
  // The programmes of the targets in the texts of a catalogue that the file holds; of those that
  // cannot be read, none.
  std::function<ProgrammesById(const CatalogueSources& texts)> of_texts;
  // Those of the targets of the catalogue in force.
  std::function<ProgrammesById()> of_catalogue;
  // The programmes that the texts have; none where they cannot be read.
  std::function<std::vector<Programme>(const CatalogueSources& texts)> programmes_of_texts{};
};

// Fills temp.claim(id, key), from which the step to version 11 takes the keys, for every target of
// the file: by the newest of its catalogues that has the target, else by the catalogue in force.
// What neither has keeps its id, and so its figures, which are of no programme. Throws
// sqlite::Error.
void put_claims(sqlite::Connection& connection, const ProgrammeClaims& claims);

// Fills temp.kept_programme with the programmes of each catalogue in the file. Throws
// sqlite::Error.
void put_kept_programmes(sqlite::Connection& connection, const ProgrammeClaims& claims);

}  // namespace districtd
