// The tables of the file, and how an older file becomes a current one. docs/store.md describes
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "daemon/store/sqlite.h"

namespace districtd {

// Marks a database as districtd's: "dist" as a big-endian number, PRAGMA application_id.
inline constexpr std::int64_t kApplicationId = 0x64697374;

// migrations()[n] makes version n + 1 out of version n; version 0 is an empty database. What has
// been released is never changed, only added to.
std::span<const char* const> migrations();

// The schema version of a database that is empty or districtd's, 0..latest. Writes nothing. Throws
// StoreError where the file is another program's or newer than `latest`.
std::size_t schema_version(sqlite::Connection& connection, const std::filesystem::path& path,
                           std::size_t latest);

// The version from which on a target is known by programme and id: see programme_claims.h.
inline constexpr std::size_t kProgrammesVersion = 11;

// The version from which on the file says which catalogue has which programmes.
inline constexpr std::size_t kProgrammeTableVersion = 13;

// Called within a step's transaction before its SQL, with the version that it makes.
using BeforeStep = std::function<void(std::size_t version)>;

// Applies what is missing, each step in a transaction of its own together with its version number,
// so that an interrupted one starts again. Throws StoreError.
void migrate(sqlite::Connection& connection, const std::filesystem::path& path,
             std::span<const char* const> steps, const BeforeStep& before = {});

}  // namespace districtd
