// Reading targets and departments.
#pragma once

#include "daemon/api/routes.h"

namespace districtd {

// All of them take ?programme=ID; without it they answer of the programmes that are open on the day
// asked for, else of the one that was settled last.

// GET /api/v1/targets[?on=DATE][&known_at=TIME][&department=ID]: what `status --format json`
// prints.
void list_targets(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// GET /api/v1/targets/{id}: one target by its id or name, with all that was said of it.
void show_target(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// GET /api/v1/targets/{id}/narrative: what was said of it in words.
void show_narrative(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// GET /api/v1/targets/{id}/explanation: how its status came about.
void explain_target(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// GET /api/v1/departments: score, rank and punctuality of each.
void list_departments(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

}  // namespace districtd
