// Bulletins that were issued.
#pragma once

#include <string>

#include "daemon/api/routes.h"

namespace districtd {

// GET /bulletins: 301 to the index.
void redirect_to_bulletins(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// GET /bulletins/: the index of the archive.
void list_bulletins(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// GET /bulletins/{id}: the page of a bulletin, or with an extension the file of that format.
void show_bulletin(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// POST /-/bulletins/{id}/resend[?to=RECIPIENT][&all=1]: see BulletinScheduler::resend().
void resend_bulletin(const ApiParts& parts, HttpRequest& request, HttpReply& reply);

// What whoever had a bulletin sent again is told: to whom it goes, or why to nobody.
std::string sentence_about(const BulletinScheduler::Resent& resent);
std::string unknown_bulletin(const std::string& id);

}  // namespace districtd
