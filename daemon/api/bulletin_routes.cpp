#include "daemon/api/bulletin_routes.h"

#include <string>
#include <utility>

#include "base/json_writer.h"
#include "daemon/api/request_moment.h"
#include "daemon/api/worker_answer.h"
#include "daemon/delivery/archive.h"

namespace districtd {
namespace {

// `name` as read_archived() wants it.
void answer_from_archive(const ApiParts& parts, std::string name, HttpReply reply) {
  answer_from_worker(parts, std::move(reply),
                     [name = std::move(name), directory = parts.scheduler.directory()] {
                       auto file = read_archived(directory, name);
                       if (!file)
                         return error_answer(404, "unknown_bulletin", "没有通报“" + name + "”");
                       HttpAnswer answer;
                       answer.content_type = std::move(file->content_type);
                       answer.body = std::move(file->body);
                       return answer;
                     });
}

}  // namespace

std::string sentence_about(const BulletinScheduler::Resent& resent) {
  if (resent.recipients.empty()) {
    return resent.had_it > 0 ? "都已送达或正在发送；仍要再发一次，请加 --all（all=1）"
                             : "没有可发的对象：[[bulletin]] 中没有匹配的 email 或 webhooks";
  }
  std::string sentence;
  for (const std::string& recipient : resent.recipients) {
    sentence += (sentence.empty() ? "重新发送：" : "、") + recipient;
  }
  return sentence;
}

std::string unknown_bulletin(const std::string& id) { return "没有按计划印发过的通报“" + id + "”"; }

void redirect_to_bulletins(const ApiParts&, HttpRequest&, HttpReply& reply) {
  HttpAnswer answer;
  answer.status = 301;
  answer.headers = {{"Location", "/bulletins/"}};
  reply(std::move(answer));
}

void list_bulletins(const ApiParts& parts, HttpRequest&, HttpReply& reply) {
  answer_from_archive(parts, "", std::move(reply));
}

void show_bulletin(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  answer_from_archive(parts, request.capture("id"), std::move(reply));
}

void resend_bulletin(const ApiParts& parts, HttpRequest& request, HttpReply& reply) {
  answer_from_worker(
      parts, std::move(reply),
      [&scheduler = parts.scheduler, id = request.capture("id"),
       to = parameter(request, "to").value_or(""), all = parameter(request, "all").has_value()] {
        const auto resent = scheduler.resend(id, to, all);
        if (!resent.is_known) {
          return error_answer(404, "unknown_bulletin", unknown_bulletin(id));
        }
        std::string body;
        JsonWriter(body)
            .begin_object()
            .member("message", sentence_about(resent))
            .member("resent", resent.recipients.size())
            .end_object();
        return json_answer(body + "\n");
      });
}

}  // namespace districtd
