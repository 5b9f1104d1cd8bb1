#include "daemon/service/earlier_targets.h"

#include "daemon/config/catalogue_file.h"

namespace districtd {

namespace {

ProgrammesById programmes_of(const Catalogue& catalogue) {
  ProgrammesById programmes;
  programmes.reserve(catalogue.targets().size());
  for (const Target& target : catalogue.targets()) {
    programmes.insert_or_assign(target.id, catalogue.programme_of(target).id);
  }
  return programmes;
}

}  // namespace

ProgrammeClaims claims_by(const Catalogue& catalogue) {
  return {[&catalogue](const CatalogueSources& texts) {
            const auto parsed = parse_kept_catalogue(texts, catalogue);
            return parsed ? programmes_of(parsed->catalogue) : ProgrammesById{};
          },
          [&catalogue] { return programmes_of(catalogue); },
          [&catalogue](const CatalogueSources& texts) {
            auto parsed = parse_kept_catalogue(texts, catalogue);
            return parsed ? std::move(parsed->programmes) : std::vector<Programme>{};
          }};
}

}  // namespace districtd
