// Reporting, receipts, and the rows that wait for the office.
#pragma once

#include <optional>

#include "daemon/api/routes.h"

namespace districtd {

// POST /api/v1/observations: what the head alone is refused for, and the receipt.
std::optional<HttpAnswer> check_push(const ApiParts& parts, const HttpRequest& request);
void push_observations(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// GET /api/v1/submissions/{id}: the receipt again. A department whose token was asked for sees its
// own receipts only, and learns nothing of others.
void show_submission(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// GET /api/v1/submissions: the submissions with rows on which the office has not decided yet.
void list_waiting(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// POST /api/v1/submissions/{id}/confirm and /reject: the office decides on them.
void confirm_held(const ApiParts& parts, HttpRequest& request, HttpReply& reply);
void reject_held(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// GET /api/v1/checks: the checks across figures, how often each fired, and how often a figure that
// took part was corrected later.
void list_checks(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

}  // namespace districtd
