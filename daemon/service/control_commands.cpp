#include "daemon/service/control_commands.h"

#include <exception>
#include <string>
#include <utility>
#include <boost/asio/post.hpp>

#include "daemon/api/bulletin_routes.h"
#include "daemon/log/logging.h"

namespace districtd {

namespace asio = boost::asio;

ControlReply reload_reply(const Findings& refused, std::size_t targets) {
  if (refused.empty()) {
    return {true, "reloaded: " + std::to_string(targets) + " targets are in force"};
  }
  std::string text;
  for (const Finding& finding : refused) text += to_string(finding) + "\n";
  return {false,
          text + std::to_string(refused.size()) + (refused.size() == 1 ? " finding" : " findings") +
              "; the configuration of before stays in force. Correct them and reload again."};
}

void resend_for_control(asio::io_context& io, asio::thread_pool& workers,
                        BulletinScheduler& scheduler, ControlRequest request,
                        ControlSocket::Reply reply) {
  asio::post(workers,
             [&io, &scheduler, request = std::move(request), reply = std::move(reply)]() mutable {
               ControlReply answer;
               try {
                 const auto resent = scheduler.resend(request.bulletin, request.to, request.all);
                 answer = resent.is_known ? ControlReply{true, sentence_about(resent)}
                                          : ControlReply{false, unknown_bulletin(request.bulletin)};
               } catch (const std::exception& failure) {
                 log_event(LogLevel::error, "store_read_failed", failure.what());
                 answer = {false, std::string("the store cannot be read: ") + failure.what()};
               }
               asio::post(io, [reply = std::move(reply), answer = std::move(answer)]() mutable {
                 reply(std::move(answer));
               });
             });
}

}  // namespace districtd
