#include "daemon/picture/picture.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "base/time.h"
#include "collectors/receipt_json.h"
#include "daemon/domain/period_assessment.h"
#include "daemon/log/logging.h"

namespace districtd {

namespace {

Readings readings_of(const std::string& target, const StoreReader& store,
                     const DistrictClock& clock, const Moment& moment) {
  return store.readings(
      {moment.known_at, [&clock](Time time) { return clock.date_at(time); }, {target}});
}

Readings all_readings(const ShownProgrammes& shown, const StoreReader& store,
                      const DistrictClock& clock, const Moment& moment) {
  if (shown.programmes.empty()) return {};
  return store.readings(
      {moment.known_at, [&clock](Time time) { return clock.date_at(time); }, {}, {shown.ids()}});
}

}  // namespace

TargetView TargetPicture::view() const {
  const Target& t = (*catalogue)[target];
  return {&t, &catalogue->department_of(t, on), assessment,
          on, &catalogue->programme_of(t),      is_settled};
}

TargetPicture picture_of(const Board& board, Catalogue::Index target) {
  return {board.shared_catalogue(), target, board[target], board.today()};
}

TargetPicture picture_of(const ShownProgrammes& shown, Catalogue::Index target,
                         const StoreReader& store, const DistrictClock& clock,
                         const Moment& moment) {
  const Target& t = (*shown.catalogue)[target];
  const Date on = shown.day(moment.on);
  Readings readings = readings_of(t.key, store, clock, moment);
  Assessment assessment = assess(t, terms_of(*shown.catalogue, target), readings.of(t.key), on);
  return {shown.catalogue, target, std::move(assessment), on, shown.is_settled};
}

Date ShownProgrammes::day(Date on) const {
  if (!is_settled || programmes.empty()) return on;
  return std::min(on, catalogue->programmes()[programmes.front()].settles);
}

std::vector<std::string> ShownProgrammes::ids() const {
  std::vector<std::string> result;
  for (const std::uint32_t p : programmes) result.push_back(catalogue->programmes()[p].id);
  return result;
}

std::optional<Time> parse_known_at(std::string_view text, const DistrictClock& clock) {
  if (const auto time = from_rfc3339(text)) return time;
  const auto date = parse_iso_date(text);
  return date ? std::optional{clock.end_of(*date)} : std::nullopt;
}

Picture::Picture(ShownProgrammes shown, const StoreReader& store, const DistrictClock& clock,
                 const Moment& moment)
    : Picture(shown, all_readings(shown, store, clock, moment), shown.day(moment.on)) {
  judge_each([this](Catalogue::Index i, std::span<const Reading> readings) {
    return assess(catalogue()[i], terms_of(catalogue(), i), readings, on_);
  });
}

Picture::Picture(ShownProgrammes shown, Readings readings, Date on)
    : shown_(std::move(shown)),
      on_(on),
      readings_(std::make_shared<Readings>(std::move(readings))) {}

template <typename Judge>
void Picture::judge_each(Judge judge) {
  assessments_.resize(catalogue().targets().size());
  readings_of_.reserve(assessments_.size());
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    const Target& target = catalogue()[i];
    readings_of_.push_back(&readings_->of(target.key));
    if (shows(target.programme)) {
      assessments_[i] = judge(i, std::span<const Reading>{*readings_of_.back()});
    } else {
      assessments_[i].in_force = false;
    }
  }
}

Picture Picture::of_period(ShownProgrammes shown, const StoreReader& store,
                           const DistrictClock& clock, BulletinKind kind, const Moment& moment) {
  Readings readings = all_readings(shown, store, clock, moment);
  return of_period(std::move(shown), std::move(readings), kind, moment.on);
}

Picture Picture::of_period(ShownProgrammes shown, Readings readings, BulletinKind kind,
                           Date printed_on) {
  const BulletinPeriod period = period_of(kind, printed_on);
  // After the programme was settled nothing more is to be known of it.
  const Date known_on = shown.day(printed_on);
  Picture picture{std::move(shown), std::move(readings), period.last};
  picture.judge_each([&](Catalogue::Index i, std::span<const Reading> values) {
    return judge_period(picture.catalogue()[i], terms_of(picture.catalogue(), i), values, kind,
                        period, known_on);
  });
  return picture;
}

Picture::Picture(const Board& board, std::optional<std::uint32_t> programme)
    : shown_{board.shared_catalogue(), {}},
      on_(board.today()),
      assessments_(board.assessments().begin(), board.assessments().end()) {
  for (std::uint32_t p = 0; p < catalogue().programmes().size(); ++p) {
    if (board.is_open(p) && (!programme || *programme == p)) shown_.programmes.push_back(p);
  }
  for (Catalogue::Index i = 0; programme && i < assessments_.size(); ++i) {
    if (shows(catalogue()[i].programme)) continue;
    assessments_[i] = {};
    assessments_[i].in_force = false;
  }
}

bool Picture::shows(std::uint32_t programme) const {
  return std::find(shown_.programmes.begin(), shown_.programmes.end(), programme) !=
         shown_.programmes.end();
}

TargetView Picture::target(Catalogue::Index i) const {
  const Target& target = catalogue()[i];
  return {&target, &catalogue().department_of(target, on_), assessments_[i],
          on_,     &catalogue().programme_of(target),       shown_.is_settled};
}

std::vector<TargetView> Picture::targets(std::string_view department) const {
  std::vector<TargetView> views;
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    if (!assessments_[i].in_force) continue;
    if (!department.empty() && catalogue().department_of(catalogue()[i], on_).id != department) {
      continue;
    }
    views.push_back(target(i));
  }
  return views;
}

std::vector<DepartmentView> Picture::departments() const {
  const auto standings = districtd::standings(catalogue(), assessments_, on_);
  std::vector<DepartmentView> views;
  std::vector<std::size_t> view_of(standings.size());
  for (std::size_t g = 0; g < standings.size(); ++g) {
    const Group& group = catalogue().groups()[g];
    if (!shows(group.programme)) continue;
    view_of[g] = views.size();
    views.push_back({&catalogue().departments()[group.department],
                     &catalogue().programmes()[group.programme],
                     standings[g],
                     {},
                     shown_.is_settled,
                     on_});
  }
  for (Catalogue::Index i = 0; i < assessments_.size(); ++i) {
    if (!assessments_[i].score) continue;
    views[view_of[catalogue().group_on(i, on_)]].counted.push_back(target(i));
  }
  return views;
}

PromiseCounts Picture::promises(std::string_view department) const {
  const auto found = catalogue().find_department(department);
  if (!department.empty() && !found) return {};
  std::vector<PromiseCounts> all;
  for (const std::uint32_t programme : shown_.programmes) {
    const auto counts = promise_counts(catalogue(), assessments_, on_, programme);
    all.push_back(found ? counts[*found] : sum_of(counts));
  }
  return sum_of(all);
}

std::vector<StoredObservation> history_of(const StoreReader& store, std::string_view target,
                                          const Moment& moment) {
  return store.history(target, moment.known_at);
}

Explanation explanation_of(const TargetPicture& picture, const StoreReader& store,
                           const DistrictClock& clock, const Moment& moment) {
  const std::string& key = (*picture.catalogue)[picture.target].key;
  Readings readings = readings_of(key, store, clock, moment);
  const auto history = history_of(store, key, moment);
  return explain({.catalogue = *picture.catalogue,
                  .target = picture.target,
                  .assessment = picture.assessment,
                  .readings = readings.of(key),
                  .history = history,
                  .on = picture.on,
                  .time_text = [&clock](Time time) { return clock.text_of(time); }});
}

std::string observations_member(const Target& target,
                                const std::vector<StoredObservation>& observations) {
  std::string out;
  JsonWriter json(out);
  json.key("observations").begin_array();
  for (const StoredObservation& observation : observations) {
    const bool is_withdrawn = observation.value.is_withdrawn();
    if (&observation != &observations.front()) json.new_line(" ");
    json.begin_object().member("as_of", to_string(observation.as_of)).key("value");
    if (target.kind == Kind::pledge || is_withdrawn) {
      json.null();
    } else {
      json.value(target.unit.from_base(observation.value.number()));
    }
    json.member("note", observation.note)
        .member("submission", observation.submission)
        .member("received_at", to_rfc3339(observation.received_at))
        .member("collector", observation.collector)
        .member("source", observation.name)
        .member("superseded", observation.superseded);
    if (is_withdrawn) json.member("withdrawn", true);
    json.end_object();
  }
  json.end_array();
  return out;
}

}  // namespace districtd
