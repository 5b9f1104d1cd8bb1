#include "daemon/delivery/attempt.h"

#include <stdexcept>
#include <utility>

#include "base/ports/files.h"
#include "daemon/delivery/archive.h"
#include "daemon/delivery/mail.h"
#include "daemon/delivery/robots.h"
#include "daemon/delivery/transfer.h"

namespace districtd {
namespace {

// The only line of a secret's file.
std::string secret_in(const std::filesystem::path& file) {
  auto line = read_first_line(file);
  if (!line) {
    throw std::runtime_error(file.string() + " cannot be read; expected one line");
  }
  return *std::move(line);
}

std::string extension(const std::string& file) { return file.substr(file.rfind('.') + 1); }

// A bulletin that was made up for says so before it is opened.
std::string title_of(const OccasionRecord& occasion) {
  return occasion.title + (occasion.is_late ? "（补发）" : "");
}

DeliveryState state_of(Transfer::Result result) {
  switch (result) {
    case Transfer::Result::sent:
      return DeliveryState::sent;
    case Transfer::Result::again:
    case Transfer::Result::stopped:
      return DeliveryState::pending;
    case Transfer::Result::refused:
      return DeliveryState::failed;
    case Transfer::Result::uncertain:
      break;
  }
  return DeliveryState::uncertain;
}

Attempted ended(Transfer transfer) {
  return {state_of(transfer.result), std::move(transfer.detail), transfer.not_before};
}

Attempted failed(std::string why) { return {DeliveryState::failed, std::move(why)}; }

Attempted send_letter(const DeliveryRecord& delivery, const OccasionRecord& occasion,
                      const BulletinConfig& config, Time now, const std::stop_token& stop) {
  if (!config.smtp) return failed("[smtp] is not configured any more");
  const auto from = parse_mail_address(config.smtp->from);
  const auto to = parse_mail_address(delivery.recipient);
  if (!from || !to) return failed("'" + delivery.recipient + "' is no address");
  Mail letter{*from, *to, title_of(occasion), {}, now, occasion.message, {}, {}};
  letter.message_id = message_id_of(delivery.bulletin, to->address, delivery.copy, from->address);
  for (const std::string& file : occasion.files) {
    auto archived = read_archived(config.directory, file);
    if (!archived) return failed((config.directory / file).string() + " is not there any more");
    if (extension(file) == "html") letter.html = archived->body;
    letter.attachments.push_back({occasion.title + "." + extension(file),
                                  std::move(archived->content_type), std::move(archived->body)});
  }
  return ended(send_mail(*config.smtp, from->address, to->address, to_wire(letter), stop));
}

Attempted announce(const DeliveryRecord& delivery, const OccasionRecord& occasion,
                   const BulletinConfig& config, Time now, const std::stop_token& stop) {
  const Webhook* const webhook = config.find_webhook(delivery.recipient);
  if (webhook == nullptr) return failed("this [[webhook]] is not configured any more");
  std::string url = webhook->url_file.empty() ? webhook->url : secret_in(webhook->url_file);
  if (!webhook->secret_file.empty()) {
    url = signed_url(std::move(url), secret_in(webhook->secret_file), now);
  }
  const Announcement announcement{title_of(occasion), occasion.message,
                                  config.link.empty() ? "" : config.link + delivery.bulletin,
                                  occasion.summary};
  return ended(post_announcement(url, webhook->form, announcement_body(webhook->form, announcement),
                                 webhook->timeout, stop));
}

}  // namespace

Attempted attempt_delivery(const DeliveryRecord& delivery, const OccasionRecord& occasion,
                           const BulletinConfig& config, Time now, const std::stop_token& stop) {
  return delivery.channel == DeliveryChannel::email
             ? send_letter(delivery, occasion, config, now, stop)
             : announce(delivery, occasion, config, now, stop);
}

}  // namespace districtd
