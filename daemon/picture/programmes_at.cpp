#include "daemon/picture/programmes_at.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "daemon/config/catalogue_file.h"

namespace districtd {

std::string UnknownProgramme::list() const {
  std::string text;
  for (const Programme& p : known) {
    text += (text.empty() ? "" : ", ") + p.id + " (" + to_string(p.first) + " to " +
            to_string(p.last) + ", settles " + to_string(p.settles) + ")";
  }
  return text;
}

std::string UnknownProgramme::sentence() const {
  return "there is no programme '" + asked + "'; there " +
         (known.empty() ? "is none at all" : "are: " + list());
}

std::string UnknownProgramme::sentence_in_chinese() const {
  std::string text;
  for (const Programme& p : known) {
    text += (text.empty() ? "，有：" : "、") + p.id + "（" + to_string(p.first) + " 至 " +
            to_string(p.last) + "，" + to_string(p.settles) + " 结账）";
  }
  return "没有“" + asked + "”年度的目标" + (text.empty() ? "，目前一个年度也没有" : text);
}

// Of the past the texts are read again, the newest too: a file may have been edited and not
// reloaded since. Catalogues were checked before they were recorded; a version of districtd that
// reads them differently says so instead of showing something else than was shown.
ProgrammesAt::ProgrammesAt(std::shared_ptr<const Catalogue> present, const StoreReader& store,
                           const DistrictClock& clock, const Moment& moment)
    : store_(store), clock_(clock), moment_(moment), present_(std::move(present)) {
  const std::int64_t number = moment.known_at ? store.catalogue_number(moment.known_at) : 0;
  base_ = number == 0 ? present_ : read(number);
  const Date today = clock.today();
  for (const Programme& programme : base_->programmes()) put(programme, 0);
  for (const StoredProgramme& stored : store.programmes(moment.known_at)) {
    if (number != 0 && stored.catalogue == number) continue;
    const Known* const known = find_known(stored.programme.id);
    // What is settled stands as the store has it, whether its file is still there or not.
    if (known == nullptr || known->programme.is_settled(today)) {
      put(stored.programme, stored.catalogue);
    }
  }
  std::stable_sort(known_.begin(), known_.end(), [](const Known& a, const Known& b) {
    return std::tie(a.programme.first, a.programme.last) <
           std::tie(b.programme.first, b.programme.last);
  });
}

void ProgrammesAt::put(Programme programme, std::int64_t catalogue) {
  std::erase_if(known_, [&](const Known& one) { return one.programme.id == programme.id; });
  known_.push_back({std::move(programme), catalogue});
}

std::shared_ptr<const Catalogue> ProgrammesAt::read(std::int64_t number) {
  std::shared_ptr<const Catalogue>& known = read_[number];
  if (known) return known;
  auto parsed = parse_kept_catalogue(store_.catalogue_with(number).sources, *present_);
  if (!parsed) {
    throw StoreError("the catalogue of that time cannot be read by this version: " +
                     to_string(parsed.error().front()));
  }
  known = std::make_shared<const Catalogue>(std::move(parsed->catalogue));
  return known;
}

const ProgrammesAt::Known* ProgrammesAt::find_known(std::string_view id) const {
  const auto found = std::find_if(known_.begin(), known_.end(),
                                  [&](const Known& one) { return one.programme.id == id; });
  return found != known_.end() ? &*found : nullptr;
}

std::vector<Programme> ProgrammesAt::known() const {
  std::vector<Programme> programmes;
  for (const Known& one : known_) programmes.push_back(one.programme);
  return programmes;
}

UnknownProgramme ProgrammesAt::unknown(std::string_view id) const {
  return {std::string(id), known()};
}

ShownProgrammes ProgrammesAt::show(const Known& known) {
  ShownProgrammes shown;
  shown.catalogue = known.catalogue == 0 ? base_ : read(known.catalogue);
  const auto index = shown.catalogue->find_programme(known.programme.id);
  if (!index) {
    throw StoreError("the store's texts of the programme '" + known.programme.id +
                     "' do not have it any more as this version reads them");
  }
  shown.programmes.push_back(*index);
  shown.is_settled = shown.catalogue->programmes()[*index].is_settled(moment_.on);
  return shown;
}

// The open ones, else the one that was settled last.
std::vector<const ProgrammesAt::Known*> ProgrammesAt::chosen() const {
  std::vector<const Known*> open;
  const Known* last = nullptr;
  for (const Known& one : known_) {
    if (one.programme.is_open(moment_.on)) open.push_back(&one);
    if (!one.programme.is_settled(moment_.on)) continue;
    if (last == nullptr || one.programme.settles >= last->programme.settles) last = &one;
  }
  if (open.empty() && last != nullptr) open.push_back(last);
  return open;
}

Result<std::vector<ShownProgrammes>, UnknownProgramme> ProgrammesAt::shown(std::string_view id) {
  std::vector<ShownProgrammes> result;
  if (!id.empty()) {
    const Known* const known = find_known(id);
    if (known == nullptr) return unknown(id);
    result.push_back(show(*known));
    return result;
  }
  for (const Known* const known : chosen()) {
    ShownProgrammes shown = show(*known);
    const auto same = std::find_if(result.begin(), result.end(), [&](const ShownProgrammes& other) {
      return other.catalogue == shown.catalogue && !other.is_settled && !shown.is_settled;
    });
    if (same != result.end()) {
      same->programmes.push_back(shown.programmes.front());
    } else {
      result.push_back(std::move(shown));
    }
  }
  return result;
}

std::optional<ShownProgrammes> ProgrammesAt::holding(Date day) {
  const Known* best = nullptr;
  for (const Known& one : known_) {
    const Programme& p = one.programme;
    if (day < p.first || day > p.last) continue;
    if (best == nullptr || p.last - p.first < best->programme.last - best->programme.first) {
      best = &one;
    }
  }
  return best != nullptr ? std::optional{show(*best)} : std::nullopt;
}

Result<std::optional<ProgrammesAt::Found>, UnknownProgramme> ProgrammesAt::find(
    std::string_view programme, std::string_view id_or_name) {
  std::vector<const Known*> in;
  if (programme.empty()) {
    in = chosen();
    const auto rank = [&](const Known* one) {
      const Programme& p = one->programme;
      const bool holds = p.first <= moment_.on && moment_.on <= p.last;
      return std::tuple{!holds, p.last - p.first, -p.last.time_since_epoch()};
    };
    std::stable_sort(in.begin(), in.end(),
                     [&](const Known* a, const Known* b) { return rank(a) < rank(b); });
    // Whoever asks for what is not open any more is answered of what was settled last.
    const Known* last = nullptr;
    for (const Known& one : known_) {
      const bool is_later = last == nullptr || one.programme.settles >= last->programme.settles;
      if (one.programme.is_settled(moment_.on) && is_later) last = &one;
    }
    if (last != nullptr && std::find(in.begin(), in.end(), last) == in.end()) in.push_back(last);
  } else {
    const Known* const known = find_known(programme);
    if (known == nullptr) return unknown(programme);
    in.push_back(known);
  }
  for (const Known* const known : in) {
    ShownProgrammes shown = show(*known);
    for (const Catalogue::Index i : shown.catalogue->find_all("", id_or_name)) {
      if ((*shown.catalogue)[i].programme != shown.programmes.front()) continue;
      return std::optional{Found{std::move(shown), i}};
    }
  }
  return std::optional<Found>{};
}

Result<std::vector<Picture>, UnknownProgramme> pictures_at(ProgrammesAt& programmes,
                                                           std::string_view id,
                                                           const StoreReader& store,
                                                           const DistrictClock& clock,
                                                           const Moment& moment) {
  auto shown = programmes.shown(id);
  if (!shown) return std::move(shown).error();
  std::vector<Picture> pictures;
  for (ShownProgrammes& one : *shown) pictures.emplace_back(std::move(one), store, clock, moment);
  return pictures;
}

std::vector<TargetView> targets_of(const std::vector<Picture>& pictures,
                                   std::string_view department) {
  std::vector<TargetView> views;
  for (const Picture& picture : pictures) {
    auto more = picture.targets(department);
    views.insert(views.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
  }
  return views;
}

std::vector<DepartmentView> departments_of(const std::vector<Picture>& pictures) {
  std::vector<DepartmentView> views;
  for (const Picture& picture : pictures) {
    auto more = picture.departments();
    views.insert(views.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
  }
  return views;
}

PromiseCounts promises_of(const std::vector<Picture>& pictures, std::string_view department) {
  std::vector<PromiseCounts> counts;
  for (const Picture& picture : pictures) counts.push_back(picture.promises(department));
  return sum_of(counts);
}

}  // namespace districtd
