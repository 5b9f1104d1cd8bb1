// What must hold, whatever was sent: checked in release builds too.
#pragma once

namespace districtd {

// Writes one line to standard error and aborts. What was acknowledged is on disk at any moment, so
// an end here loses nothing; going on with a broken invariant might.
[[noreturn]] void check_failed(const char* condition, const char* what, const char* file, int line);

}  // namespace districtd

// For faults of the program only: what comes from outside is an error with a place, see result.h.
// `what` says in a few words what should have held.
#define DISTRICT_CHECK(condition, what)                \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::districtd::check_failed(#condition, what, __FILE__, __LINE__))
