#include "daemon/api/change_routes.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/api/request_moment.h"
#include "daemon/api/worker_answer.h"
#include "daemon/picture/programmes_at.h"
#include "daemon/status/change_view.h"

namespace districtd {

namespace {

struct Asked {
  Moment moment;
  std::optional<Date> since;
  std::string department;
  std::string programme;
};

HttpAnswer answer_of(const Asked& asked, const std::shared_ptr<const Catalogue>& present,
                     const DistrictClock& clock, const StoreReader& store) {
  ProgrammesAt programmes(present, store, clock, asked.moment);
  const auto shown = programmes.shown(asked.programme);
  if (!shown) {
    return error_answer(404, "unknown_programme", shown.error().sentence_in_chinese());
  }
  bool is_known = asked.department.empty() || programmes.base()->find_department(asked.department);
  std::vector<ListedChange> changes;
  for (const ShownProgrammes& one : *shown) {
    is_known = is_known || one.catalogue->find_department(asked.department).has_value();
    for (ListedChange& change : changes_concerning(*one.catalogue, one.programmes, asked.department,
                                                   one.day(asked.moment.on), asked.since)) {
      changes.push_back(std::move(change));
    }
  }
  if (!is_known) {
    return error_answer(404, "unknown_department", "没有编号为“" + asked.department + "”的部门");
  }
  return json_answer(changes_json(changes));
}

}  // namespace

void list_changes(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  auto moment = moment_asked(request, parts.pipeline.clock());
  if (!moment) return reply(std::move(moment).error());
  Asked asked{moment->moment, std::nullopt, parameter(request, "department").value_or(""),
              parameter(request, "programme").value_or("")};
  if (const auto text = parameter(request, "since")) {
    asked.since = parse_iso_date(*text);
    if (!asked.since) {
      return reply(error_answer(400, "bad_date",
                                "since 不是日期：“" + *text + "”；应写成 since=2026-06-30"));
    }
  }
  answer_from_store(
      parts, std::move(reply),
      [present = parts.pipeline.board().shared_catalogue(), clock = parts.pipeline.clock(),
       asked = std::move(asked)](const StoreReader& store) {
        return answer_of(asked, present, clock, store);
      });
}

}  // namespace districtd
