#include "daemon/api/change_routes.h"

#include <optional>
#include <string>
#include <utility>

#include "daemon/api/request_moment.h"
#include "daemon/api/worker_answer.h"
#include "daemon/picture/picture.h"
#include "daemon/status/change_view.h"

namespace districtd {

namespace {

HttpAnswer answer_of(const Catalogue& catalogue, const std::string& department, Date on,
                     std::optional<Date> since) {
  if (!department.empty() && !catalogue.find_department(department)) {
    return error_answer(404, "unknown_department", "没有编号为“" + department + "”的部门");
  }
  return json_answer(changes_json(catalogue, changes_concerning(catalogue, department, on, since)));
}

}  // namespace

void list_changes(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  auto asked = moment_asked(request, parts.pipeline.clock());
  if (!asked) return reply(std::move(asked).error());
  std::optional<Date> since;
  if (const auto text = parameter(request, "since")) {
    since = parse_iso_date(*text);
    if (!since) {
      return reply(error_answer(400, "bad_date",
                                "since 不是日期：“" + *text + "”；应写成 since=2026-06-30"));
    }
  }
  auto department = parameter(request, "department").value_or("");
  const auto present = parts.pipeline.board().shared_catalogue();
  const Moment moment = asked->moment;
  if (!moment.known_at) {
    return answer_from_worker(parts, std::move(reply), [present, department, moment, since] {
      return answer_of(*present, department, moment.on, since);
    });
  }
  answer_from_store(parts, std::move(reply),
                    [present, department, moment, since](const StoreReader& store) {
                      return answer_of(*catalogue_at(present, store, moment.known_at), department,
                                       moment.on, since);
                    });
}

}  // namespace districtd
