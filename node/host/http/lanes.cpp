// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/http/lanes.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "node/host/threads/standing.hpp"

namespace mezz::host::http {

namespace asio = boost::asio;

namespace {

/// What has taken long stands behind what does not.
constexpr int long_niceness = 5;

}  // namespace

Lanes::Place& Lanes::here() {
    thread_local Place place;
    return place;
}

Lanes::Lanes(Options options) : options_(options) {
    for (unsigned i = 0; i < std::max(1u, options.lanes); ++i)
        lanes_.push_back(std::make_unique<Lane>());
}

void Lanes::start() {
    const std::scoped_lock lock(mutex_);
    for (const auto& lane : lanes_) add_thread(*lane);
    if (options_.most_jobs > 0) watcher_ = std::thread([this] { watch(); });
}

void Lanes::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    jobs_.notify_all();
    if (watcher_.joinable()) watcher_.join();
    for (const auto& lane : lanes_) lane->context.stop();
    // Nobody adds threads any more.
    for (auto& [number, thread] : threads_) thread.join();
    threads_.clear();
}

asio::io_context& Lanes::next() {
    next_ = (next_ + 1) % lanes_.size();
    return lanes_[next_]->context;
}

std::size_t Lanes::strays() const {
    const std::scoped_lock lock(mutex_);
    return strays_;
}

void Lanes::stand_back_for_long() const {
    if (options_.niceness > 0) stand_back(options_.niceness + long_niceness);
}

void Lanes::add_thread(Lane& lane) {
    const std::uint64_t number = ++last_number_;
    lane.runner = number;
    threads_.emplace(number, std::thread([this, &lane, number] { serve(lane, number); }));
}

void Lanes::serve(Lane& lane, std::uint64_t number) {
    stand_back(options_.niceness);
    take_short_turns();
    here() = {this, &lane, number};
    {
        const std::scoped_lock lock(mutex_);
        thread_ids_[number] = ::gettid();
    }
    while (lane.runner == number && lane.context.run_one() != 0) {
    }
    // What this thread's last handler left behind wakes nobody by itself.
    if (lane.runner != number) asio::post(lane.context, [] {});
    const std::scoped_lock lock(mutex_);
    thread_ids_.erase(number);
    ended_.push_back(number);
}

bool Lanes::begin() {
    const Place& place = here();
    if (place.lanes != this) return false;
    bool wakes = false;
    {
        const std::scoped_lock lock(mutex_);
        if (running_ >= options_.most_jobs || place.lane->runner != place.number) return false;
        ++running_;
        ++jobs_begun_;
        place.lane->is_busy = true;
        place.lane->begun = std::chrono::steady_clock::now();
        wakes = !is_watching_;
        is_watching_ = true;
    }
    if (wakes) jobs_.notify_all();
    return true;
}

void Lanes::end() {
    const Place& place = here();
    const std::scoped_lock lock(mutex_);
    --running_;
    if (place.lane->runner == place.number)
        place.lane->is_busy = false;
    else
        --strays_;
}

void Lanes::watch() {
    std::unique_lock lock(mutex_);
    std::uint64_t seen = 0;
    while (!stopping_) {
        if (seen == jobs_begun_ && running_ == strays_) {
            is_watching_ = false;
            jobs_.wait(lock, [this] { return stopping_ || is_watching_; });
        }
        seen = jobs_begun_;
        jobs_.wait_for(lock, options_.brief / 2, [this] { return stopping_; });
        const auto now = std::chrono::steady_clock::now();
        for (const auto& lane : lanes_) {
            if (stopping_ || !lane->is_busy || now - lane->begun < options_.brief) continue;
            lane->is_busy = false;
            ++strays_;
            if (const auto id = thread_ids_.find(lane->runner);
                id != thread_ids_.end() && options_.niceness > 0)
                stand_back(options_.niceness + long_niceness, id->second);
            add_thread(*lane);
        }
        for (const std::uint64_t number : std::exchange(ended_, {}))
            if (const auto it = threads_.find(number); it != threads_.end()) {
                it->second.join();
                threads_.erase(it);
            }
    }
}

}  // namespace mezz::host::http
