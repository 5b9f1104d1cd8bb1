// Reading what was changed of the promises.
#pragma once

#include "daemon/api/routes.h"

namespace districtd {

// GET /api/v1/changes[?on=DATE][&known_at=TIME][&since=DATE][&department=ID]: what `status
// --changes --format json` prints.
void list_changes(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

}  // namespace districtd
