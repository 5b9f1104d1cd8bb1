#include "collectors/submission.h"

namespace districtd {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::taken:
      return "taken";
    case Outcome::refused:
      return "refused";
    case Outcome::unreadable:
      return "unreadable";
    case Outcome::conflict:
      return "conflict";
    case Outcome::unavailable:
      break;
  }
  return "unavailable";
}

}  // namespace districtd
