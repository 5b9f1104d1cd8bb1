// A department says something of a target in words alone.
#pragma once

#include "daemon/api/routes.h"

namespace districtd {

// POST /api/v1/targets/{id}/narrative: {"as_of", "progress", "problems", "next_steps",
// "programme"}. It becomes a submission of one row without a figure, and is answered with its
// receipt.
void push_narrative(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

}  // namespace districtd
