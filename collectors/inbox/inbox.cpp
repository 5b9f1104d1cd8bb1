#include "collectors/inbox/inbox.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <utility>
#include <boost/asio/post.hpp>

#include "base/backoff.h"
#include "base/heartbeat.h"
#include "base/media_type.h"
#include "base/ports/clock.h"
#include "base/ports/timer.h"
#include "collectors/inbox/blocking_thread.h"
#include "collectors/inbox/folder_queue.h"
#include "collectors/inbox/inbox_file.h"
#include "collectors/inbox/inbox_metrics.h"
#include "collectors/inbox/inbox_refusals.h"
#include "collectors/inbox/inbox_reports.h"
#include "collectors/inbox/inbox_survey.h"
#include "collectors/inbox/inbox_watch.h"
#include "collectors/inbox/put_away.h"

namespace districtd {

namespace asio = boost::asio;

namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

const std::string kCollector = "csv_drop";
constexpr auto kSurveyEvery = 60s;
constexpr auto kSurveyEveryInTrouble = 10s;
constexpr auto kSurveyEveryWhileHeld = 200ms;  // a step of the inbox before a reload ends soon
constexpr auto kLeastBetweenSurveys = 200ms;
constexpr auto kTryBeingWrittenAgain = 2s;
constexpr auto kLongestPause = 60s;
constexpr auto kStuckAfter = 60s;
constexpr auto kRestlessAfter = 60s;
constexpr unsigned kRestlessChanges = 3;
// Also where no quiet time is asked for.
constexpr auto kLeastBetweenReads = 100ms;
// So that a clerk who never ceases to put files does not keep the others from being read.
constexpr unsigned kLooksInARow = 8;
constexpr unsigned kTriesWhileHeld = 50;

}  // namespace

// Owned by Inbox alone. Handlers hold it weakly, so it is destroyed on the event loop's thread;
// work on the thread gets values and never sees it.
class Inbox::Impl : public std::enable_shared_from_this<Inbox::Impl> {
 public:
  Impl(asio::io_context& io, SubmissionSink& sink, prometheus::Registry& registry,
       InboxOptions options, const std::vector<std::string>& departments, CollectorReport report)
      : io_(io),
        sink_(sink),
        options_(std::move(options)),
        reports_(std::move(report), options_.directory),
        metrics_(registry, options_.directory.string()),
        survey_timer_(io),
        waiting_timer_(io),
        pause_timer_(io),
        due_timer_(io),
        stuck_timer_(io),
        door_(std::make_shared<LoopDoor>(io)) {
    for (const std::string& department : departments) {
      folders_.push_back({department, options_.directory / department});
    }
  }

  ~Impl() { door_->close(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  asio::io_context::executor_type executor() { return io_.get_executor(); }

  void start() {
    if (is_stopping_) return;
    watch_ = std::make_shared<InboxWatch>(
        io_,
        [this](const std::string& department, const std::string& name, bool is_only_created) {
          arrived(department, name, is_only_created);
        },
        [this](bool is_lost) {
          is_lost_ = is_lost_ || is_lost;
          survey_soon();
        });
    watch_->listen();
    survey_soon();
  }

  void stop() {
    is_stopping_ = true;
    stop_reading_->store(true);
    if (watch_) watch_->close();
    for (Timer* timer : {&survey_timer_, &waiting_timer_, &pause_timer_, &due_timer_}) {
      timer->cancel();
    }
    if (!step_) root_.reset();
  }

  bool is_at_work() const { return step_.has_value(); }

  void forget_series() { metrics_.forget(); }

 private:
  // Runs `work` on the thread and `then` with what it returned on the event loop. `step` is what
  // the operator is told where it does not return.
  template <class Work, class Then>
  void on_thread(const char* step, Work work, Then then) {
    step_ = step;
    // Until this one holds the inbox, the series is that of the one before, which may hang.
    step_is_shown_ = root_ != nullptr;
    if (step_is_shown_) metrics_.step_began();
    after(stuck_timer_, kStuckAfter, [](Impl& self) {
      if (self.step_) self.reports_.is_stuck(*self.step_);
      self.was_stuck_ = true;
    });
    thread_.run([step, work = std::move(work), then = std::move(then), weak = weak_from_this(),
                 door = door_] {
      watch_this_thread("inbox", kStuckAfter);
      const Busy busy(step);
      using Found = decltype(work());
      const auto found = std::make_shared<Found>(work());
      door->post([found, then, weak] {
        const auto self = weak.lock();
        if (!self) return;
        self->step_ended();
        then(*self, std::move(*found));
        self->next_step();
      });
    });
  }

  void step_ended() {
    step_.reset();
    stuck_timer_.cancel();
    if (step_is_shown_) metrics_.step_ended();
    if (std::exchange(was_stuck_, false)) reports_.is_stuck_no_more();
    if (is_stopping_) root_.reset();  // the next inbox may work here
  }

  template <class Then>
  void after(Timer& timer, std::chrono::milliseconds wait, Then then) {
    if (is_stopping_) return;
    timer.expires_after(wait);
    timer.async_wait(
        [then = std::move(then), weak = weak_from_this()](const boost::system::error_code& error) {
          const auto self = weak.lock();
          if (!error && self && !self->is_stopping_) then(*self);
        });
  }

  void survey_soon() {
    survey_due_ = true;
    next_step();
  }

  void arrived(const std::string& department, const std::string& name, bool is_only_created) {
    if (is_left_alone(name) || is_shelf(name)) {
      if (is_shelf(name)) survey_due_ = true;  // what stands for it may be no folder
      return next_step();
    }
    for (FolderQueue& folder : folders_) {
      if (folder.department == department) folder.hear(name, is_only_created);
    }
    next_step();
  }

  // One step at a time: what is heard within it calls this again.
  void next_step() {
    if (is_stopping_ || is_busy() || std::exchange(is_choosing_, true)) return;
    while (choose_step()) {
    }
    is_choosing_ = false;
  }

  bool is_busy() const { return step_.has_value() || is_submitting_; }

  // True where there is more to choose.
  bool choose_step() {
    // Whatever was put before a file that waits is known from here on.
    if (watch_) watch_->hear();
    SteadyTime next = SteadyTime::max();
    if (survey_due_) {
      const SteadyTime again = surveyed_at_ + kLeastBetweenSurveys;
      if (is_lost_ || steady_now() >= again) return survey(), false;
      next = again;
    }
    if (paused_ || !root_) return wait_until_due(next), false;
    for (std::size_t i = 0; i < folders_.size(); ++i) {
      const std::size_t index = (turn_ + i) % folders_.size();
      FolderQueue& folder = folders_[index];
      if (!folder.is_listed) continue;
      if (folder.to_put_away.empty() && !folder.order.unplaced().empty() && looks_ < kLooksInARow) {
        ++looks_;
        return look(index), false;
      }
      if (!folder.to_put_away.empty()) return took_turn(index), settle(index), false;
      const PutOrder::Waiting* const first = folder.order.first();
      if (first == nullptr || folder.is_full()) continue;
      // The next one waits with it: it was put later.
      if (first->due > steady_now()) {
        next = std::min(next, first->due);
        continue;
      }
      return took_turn(index), read_next(index), false;
    }
    // Only what was never looked at is left, and there is nothing to be read in between.
    if (std::exchange(looks_, 0u) > 0) return true;
    wait_until_due(next);
    return false;
  }

  void took_turn(std::size_t index) {
    looks_ = 0;
    turn_ = index + 1;
  }

  void wait_until_due(SteadyTime due) {
    if (due == SteadyTime::max()) return;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due - steady_now());
    after(due_timer_, std::max(wait, std::chrono::milliseconds{0}),
          [](Impl& self) { self.next_step(); });
  }

  // When a file that is seen now is to be read, where nothing changes.
  SteadyTime due() const { return steady_now() + options_.quiet; }

  // Finds out when the files were changed that something was heard of.
  void look(std::size_t index) {
    const FolderQueue& folder = folders_[index];
    using Seen = std::optional<std::map<std::string, FileSeen>>;
    on_thread(
        "looking at new files",
        [root = root_, department = folder.department, names = folder.order.unplaced()] {
          return std::pair(see_names(root->folder(department), names), names);
        },
        [index](Impl& self, const std::pair<Seen, std::set<std::string>>& found) {
          const auto& [seen, names] = found;
          if (seen) return self.looked(self.folders_[index], *seen, names);
          // Their order is kept, and nothing is read before it is known again.
          self.folders_[index].is_listed = false;
          self.after(self.survey_timer_, kLeastBetweenSurveys,
                     [](Impl& later) { later.survey_soon(); });
        });
  }

  void looked(FolderQueue& folder, const std::map<std::string, FileSeen>& seen,
              const std::set<std::string>& names) const {
    for (const std::string& name : names) {
      if (const auto found = seen.find(name); found != seen.end()) {
        folder.order.place(name, found->second, due());
        continue;
      }
      folder.order.erase(name);
      folder.created.erase(name);
      folder.forget(name);
    }
  }

  void survey() {
    survey_due_ = is_lost_ = false;
    SurveyWanted wanted{options_.directory, {}, {}, root_};
    for (const FolderQueue& folder : folders_) {
      wanted.departments.push_back(folder.department);
      if (!folder.are_shelves_known) wanted.shelves.insert(folder.department);
    }
    on_thread(
        "listing its folders",
        [wanted = std::move(wanted), watched = watch_->folders()] {
          return survey_inbox(
              wanted, [&](int fd, const std::filesystem::path& path, const std::string& key) {
                return watched->add(fd, path, key);
              });
        },
        [](Impl& self, const InboxSurvey& found) { self.surveyed(found); });
  }

  void surveyed(const InboxSurvey& found) {
    surveyed_at_ = steady_now();
    if (is_stopping_) return;
    root_ = found.root;
    if (found.is_held_by_another && ++held_ <= kTriesWhileHeld) {
      return after(survey_timer_, kSurveyEveryWhileHeld, [](Impl& self) { self.survey_soon(); });
    }
    if (root_) held_ = 0;
    reports_.surveyed(found);
    for (FolderQueue& folder : folders_) folder.is_listed = false;
    for (const InboxFolder& listed : found.folders) {
      for (FolderQueue& folder : folders_) {
        if (folder.department == listed.department) adopt(folder, listed);
      }
    }
    if (root_) metrics_.round_ended();
    bool in_trouble = reports_.troubles() > 0;
    for (const FolderQueue& folder : folders_) {
      in_trouble = in_trouble || !folder.settled.empty() || !folder.troubled.empty();
    }
    count_troubles();
    after(survey_timer_, in_trouble ? kSurveyEveryInTrouble : kSurveyEvery,
          [](Impl& self) { self.survey_soon(); });
  }

  void count_troubles() {
    if (is_stopping_) return;
    std::size_t count = reports_.troubles();
    for (const FolderQueue& folder : folders_) count += folder.troubled.size();
    metrics_.set_troubles(count);
  }

  void adopt(FolderQueue& folder, const InboxFolder& listed) {
    folder.is_listed = true;
    const bool is_first = !folder.are_shelves_known;
    if (listed.shelved) {
      for (const std::string& key : *listed.shelved) {
        sink_.close_delivery(kCollector, folder.department, key);
      }
      folder.are_shelves_known = true;
    }
    for (const std::string& name : listed.misnamed) {
      if (!folder.misnamed.insert(name).second) continue;
      sink_.refused(kCollector, reserved_name_receipt(folder.department, name));
    }
    std::erase_if(folder.misnamed, [&](const std::string& name) {
      return std::ranges::find(listed.misnamed, name) == listed.misnamed.end();
    });
    for (const auto& [name, seen] : listed.files) {
      // What has its verdict is put away; and what was heard of is looked at soon.
      if (folder.settled.contains(name)) continue;
      folder.created.erase(name);
      if (folder.being_written.contains(name) && !folder.order.contains(name)) continue;
      folder.order.place(name, seen, is_first && is_old(seen) ? steady_now() : due());
    }
    folder.to_put_away.clear();
    for (const auto& [name, settled] : folder.settled) folder.to_put_away.push_back(name);
    for (auto known = folder.troubled.begin(); known != folder.troubled.end();) {
      const std::string name = (known++)->first;
      if (listed.files.contains(name) || folder.settled.contains(name)) continue;
      reports_.file_recovered(folder, name);
    }
  }

  // It lay there long before the start. A clock that is wrong makes it wait as any other.
  bool is_old(const FileSeen& seen) const {
    const auto age = std::chrono::seconds{
        std::chrono::floor<std::chrono::seconds>(now()).time_since_epoch().count() -
        seen.changed.s};
    return age >= std::max<std::chrono::milliseconds>(options_.quiet, kQuietWithoutLease);
  }

  void read_next(std::size_t index) {
    FolderQueue& folder = folders_[index];
    const PutOrder::Waiting next = *folder.order.first();
    const std::string& name = next.place.name;
    folder.order.erase(name);
    Heard heard;
    heard.seen = next.seen;
    heard.created = folder.created.erase(name) > 0;
    folder.recall(name, heard);
    on_thread(
        "reading a file",
        [root = root_, department = folder.department, name, most = options_.max_bytes, heard,
         stop = stop_reading_] {
          return read_inbox_file(root->folder(department), name, most, heard, *stop);
        },
        [index, next](Impl& self, InboxFile file) { self.read(index, next, std::move(file)); });
  }

  void read(std::size_t index, const PutOrder::Waiting& waiting, InboxFile file) {
    FolderQueue& folder = folders_[index];
    const std::string& name = waiting.place.name;
    switch (file.result) {
      case InboxFile::Result::overtaken:
        return overtaken(folder, name, file.seen);
      case InboxFile::Result::gone:
        return folder.forget(name);
      case InboxFile::Result::not_a_file:
        return refuse(folder, name, file.state,
                      not_a_file_receipt(folder.department, file.state.type));
      case InboxFile::Result::too_large:
        return refuse(
            folder, name, file.state,
            too_large_receipt(folder.department, static_cast<std::uint64_t>(file.state.size),
                              options_.max_bytes));
      case InboxFile::Result::being_written:
        return wait_for_writer(folder, name, file.state, kTryBeingWrittenAgain);
      case InboxFile::Result::perhaps_written:
        return wait_for_quiet(folder, waiting, file.state);
      case InboxFile::Result::failed:
        return file_trouble(folder, name, file.trouble);
      case InboxFile::Result::read:
        return submit(index, waiting, std::move(file));
    }
  }

  // It goes behind what was put before it was changed again.
  void overtaken(FolderQueue& folder, const std::string& name, const FileSeen& seen) {
    const auto since = folder.restless.try_emplace(name, Restless{steady_now()}).first;
    if (steady_now() - since->second.since >= kRestlessAfter) {
      reports_.file_trouble(folder, name,
                            restless(folder.path / name, "has been changing for a minute").message);
    }
    folder.order.place(name, seen, std::max(due(), steady_now() + kLeastBetweenReads));
  }

  // It stands in the way of those that were put later, because it may be finished for all that is
  // known.
  static void wait_for_quiet(FolderQueue& folder, const PutOrder::Waiting& waiting,
                             const FileState& state) {
    folder.wait(waiting.place.name, state, SteadyTime::max());
    PutOrder::Waiting later = waiting;
    later.due = folder.being_written.at(waiting.place.name).since + kQuietWithoutLease;
    folder.order.put_back(later);
  }

  static void refuse(FolderQueue& folder, const std::string& name, const FileState& state,
                     Receipt receipt) {
    folder.settled.insert_or_assign(name, Settled{name, state, false, std::move(receipt)});
    folder.to_put_away.push_front(name);
  }

  void submit(std::size_t index, const PutOrder::Waiting& waiting, InboxFile file) {
    if (is_stopping_) return;
    FolderQueue& folder = folders_[index];
    const std::string& name = waiting.place.name;
    if (const auto known = folder.settled.find(name);
        known != folder.settled.end() && known->second.state == file.state) {
      return;  // the next survey puts it away
    }
    is_submitting_ = true;
    std::string key = folder.keyless.contains(name) ? "" : key_of(file.state, name);
    Submission submission{folder.department,    kCollector, media_type_by_ending(name), name,
                          std::move(file.body), key};
    Settled settled{name, file.state, false, {}, true, std::move(key)};
    sink_.submit(std::move(submission), [weak = weak_from_this(), index, waiting,
                                         settled = std::move(settled)](SubmissionResult result) {
      const auto self = weak.lock();
      if (!self) return;
      self->is_submitting_ = false;
      self->submitted(self->folders_[index], waiting, settled, std::move(result));
      self->next_step();
    });
  }

  void submitted(FolderQueue& folder, const PutOrder::Waiting& waiting, Settled settled,
                 SubmissionResult result) {
    if (result.outcome == Outcome::conflict) {
      folder.keyless.insert(settled.name);
      return folder.order.put_back(waiting);
    }
    if (result.outcome == Outcome::unavailable) {
      folder.order.put_back(waiting);
      if (++pauses_ == 1) reports_.waits(result.reason);
      paused_ = true;
      after(pause_timer_, backoff(pauses_, kLongestPause), [](Impl& self) {
        self.paused_ = false;
        self.next_step();
      });
      return;
    }
    if (std::exchange(pauses_, 0u) > 0) reports_.goes_on();
    settled.accepted = result.outcome == Outcome::taken;
    settled.receipt = std::move(result.receipt);
    folder.to_put_away.push_front(settled.name);
    const std::string name = settled.name;
    folder.settled.insert_or_assign(name, std::move(settled));
  }

  void settle(std::size_t index) {
    FolderQueue& folder = folders_[index];
    const std::string name = folder.to_put_away.front();
    folder.to_put_away.pop_front();
    // A copy, because a verdict that cannot be put away is kept for the next try.
    on_thread(
        "putting a file away",
        [root = root_, department = folder.department, settled = folder.settled.at(name)] {
          const OpenFolder opened = root->folder(department);
          return settled.is_moved ? make_durable(opened, settled.accepted)
                                  : put_away(opened, settled.name, settled.state, settled.accepted,
                                             settled.receipt);
        },
        [index, name](Impl& self, const PutAway& away) {
          self.was_put_away(self.folders_[index], name, away);
        });
  }

  void was_put_away(FolderQueue& folder, const std::string& name, const PutAway& away) {
    const auto found = folder.settled.find(name);
    Settled& settled = found->second;
    switch (away.result) {
      case PutAway::Result::moved:
        reports_.file_recovered(folder, name);
        if (!settled.was_submitted) sink_.refused(kCollector, settled.receipt);
        // A file that somebody brings back is to be taken again.
        if (!settled.key.empty()) {
          sink_.close_delivery(kCollector, folder.department, settled.key);
        }
        folder.settled.erase(found);
        return folder.forget(name);
      case PutAway::Result::not_durable:
        settled.is_moved = true;
        return file_trouble(folder, name, away.trouble);
      case PutAway::Result::changed: {
        const FileState state = settled.state;
        folder.settled.erase(found);
        return changed_meanwhile(folder, name, state);
      }
      case PutAway::Result::failed:
        // Where nothing was taken, it is read again.
        if (!settled.was_submitted) folder.settled.erase(found);
        return file_trouble(folder, name, away.trouble);
    }
  }

  void changed_meanwhile(FolderQueue& folder, const std::string& name, const FileState& state) {
    Restless& known = folder.restless.try_emplace(name, Restless{steady_now()}).first->second;
    if (++known.changes >= kRestlessChanges) {
      reports_.file_trouble(
          folder, name,
          restless(folder.path / name, "is another one each time that it was read").message);
    }
    wait_for_writer(folder, name, state,
                    std::max<std::chrono::milliseconds>(kTryBeingWrittenAgain,
                                                        backoff(known.changes, kLongestPause)));
    folder.order.erase(name);  // whatever was heard of it meanwhile
  }

  // Its close or the next try brings it back.
  void wait_for_writer(FolderQueue& folder, const std::string& name, const FileState& state,
                       std::chrono::milliseconds wait) {
    folder.wait(name, state, steady_now() + wait);
    if (std::exchange(waiting_timer_runs_, true)) return;
    after(waiting_timer_, kTryBeingWrittenAgain, [](Impl& self) { self.wake(); });
  }

  void wake() {
    waiting_timer_runs_ = false;
    bool wait_on = false;
    for (FolderQueue& folder : folders_) {
      folder.wake(steady_now());
      wait_on = wait_on || !folder.being_written.empty();
    }
    if (wait_on) {
      waiting_timer_runs_ = true;
      after(waiting_timer_, kTryBeingWrittenAgain, [](Impl& self) { self.wake(); });
    }
    next_step();
  }

  // The next survey brings it back.
  void file_trouble(FolderQueue& folder, const std::string& name, const std::string& message) {
    folder.being_written.erase(name);
    reports_.file_trouble(folder, name, message);
    count_troubles();
    if (survey_timer_.expiry() <= steady_now() + kSurveyEveryInTrouble) return;
    after(survey_timer_, kSurveyEveryInTrouble, [](Impl& self) { self.survey_soon(); });
  }

  asio::io_context& io_;
  SubmissionSink& sink_;
  const InboxOptions options_;
  InboxReports reports_;
  InboxMetrics metrics_;
  std::shared_ptr<InboxWatch> watch_;
  std::shared_ptr<const InboxRoot> root_;  // shared with the step; nullptr: nothing can be done
  std::vector<FolderQueue> folders_;       // fixed; handlers keep indices
  std::size_t turn_ = 0;                   // whose turn it is
  std::optional<const char*> step_;        // what the thread is at
  bool step_is_shown_ = false;             // in the metrics
  bool was_stuck_ = false;
  bool is_submitting_ = false;  // the sink is at work
  bool is_stopping_ = false;
  bool is_choosing_ = false;  // what comes next
  unsigned looks_ = 0;        // in a row, without reading anything
  bool survey_due_ = false;
  bool is_lost_ = false;  // something that was put was not heard of
  SteadyTime surveyed_at_{};
  unsigned held_ = 0;    // surveys in a row that found the inbox held by another
  bool paused_ = false;  // the sink was unavailable
  unsigned pauses_ = 0;  // in a row
  bool waiting_timer_runs_ = false;
  Timer survey_timer_;
  Timer waiting_timer_;
  Timer pause_timer_;
  Timer due_timer_;
  Timer stuck_timer_;
  std::shared_ptr<std::atomic<bool>> stop_reading_ =
      std::make_shared<std::atomic<bool>>(false);  // shared with the read on the thread
  std::shared_ptr<LoopDoor> door_;                 // shared with the thread
  BlockingThread thread_;
};

Inbox::Inbox(asio::io_context& io, SubmissionSink& sink, prometheus::Registry& registry,
             InboxOptions options, const std::vector<std::string>& departments,
             CollectorReport report)
    : impl_(std::make_shared<Impl>(io, sink, registry, std::move(options), departments,
                                   std::move(report))) {}

Inbox::~Inbox() { impl_->stop(); }

void Inbox::start() {
  boost::asio::post(impl_->executor(), [weak = std::weak_ptr<Impl>(impl_)] {
    if (const auto self = weak.lock()) self->start();
  });
}

void Inbox::stop() { impl_->stop(); }

bool Inbox::is_at_work() const { return impl_->is_at_work(); }

void Inbox::forget_series() { impl_->forget_series(); }

}  // namespace districtd
