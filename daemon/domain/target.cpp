#include "daemon/domain/target.h"

namespace districtd {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::cumulative:
      return "cumulative";
    case Kind::level:
      return "level";
    case Kind::milestone:
      return "milestone";
    case Kind::pledge:
      return "pledge";
  }
  return "";
}

std::string_view to_string(Direction direction) {
  return direction == Direction::at_least ? "at_least" : "at_most";
}

std::string_view to_string(Pace pace) {
  switch (pace) {
    case Pace::monthly:
      return "monthly";
    case Pace::deadline:
      return "deadline";
    case Pace::plan:
      return "plan";
    case Pace::nodes:
      return "nodes";
  }
  return "";
}

std::string_view to_string(Commitment commitment) {
  switch (commitment) {
    case Commitment::must:
      return "must";
    case Commitment::strive:
      return "strive";
    case Commitment::approach:
      return "approach";
  }
  return "";
}

std::string_view to_string(Cadence cadence) {
  switch (cadence) {
    case Cadence::none:
      return "none";
    case Cadence::week:
      return "week";
    case Cadence::month:
      return "month";
    case Cadence::quarter:
      return "quarter";
  }
  return "";
}

std::size_t Target::changes_known(Date on) const {
  std::size_t known = 0;
  while (known < changes.size() && changes[known].decided <= on) ++known;
  return known;
}

std::size_t Target::version_number_on(Date as_of, Date on) const {
  std::size_t number = 0;
  while (number < changes.size() && changes[number].decided <= on &&
         changes[number].changed_from <= as_of) {
    ++number;
  }
  return number;
}

}  // namespace districtd
