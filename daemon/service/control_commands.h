// What the commands that come by the control socket do and say.
#pragma once

#include <cstddef>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/findings.h"
#include "daemon/delivery/scheduler.h"
#include "daemon/service/control_socket.h"

namespace districtd {

// What `districtd reload` is told: each finding on a line of its own, or how many targets the
// catalogue in force has. Pure.
ControlReply reload_reply(const Findings& refused, std::size_t targets);

// Sends a bulletin again on a worker and answers on the event loop. The references outlive it.
void resend_for_control(boost::asio::io_context& io, boost::asio::thread_pool& workers,
                        BulletinScheduler& scheduler, ControlRequest request,
                        ControlSocket::Reply reply);

}  // namespace districtd
