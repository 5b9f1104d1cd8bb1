#include "daemon/store/append.h"

#include "base/check.h"

namespace districtd {

std::string_view to_string(Undecided why) {
  switch (why) {
    case Undecided::unknown_submission:
      return "unknown_submission";
    case Undecided::nothing_held:
      return "nothing_held";
    case Undecided::already_decided:
      return "already_decided";
  }
  DISTRICT_CHECK(false, "each reason has its word");
  return {};
}

}  // namespace districtd
