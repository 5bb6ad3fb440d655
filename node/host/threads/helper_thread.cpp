// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/threads/helper_thread.hpp"

namespace mezz::host {

HelperThread::HelperThread() : thread_([this] { run(); }) {}

HelperThread::~HelperThread() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void HelperThread::run_part(std::unique_lock<std::mutex>& lock) {
    const std::size_t n = next_part_++;
    const auto* part = part_;
    lock.unlock();
    (*part)(n);
    lock.lock();
    if (++parts_done_ == parts_) changed_.notify_all();
}

void HelperThread::for_each(std::size_t count, const std::function<void(std::size_t)>& job) {
    std::unique_lock lock(mutex_);
    part_ = &job;
    next_part_ = parts_done_ = 0;
    parts_ = count;
    changed_.notify_all();
    while (next_part_ < parts_) run_part(lock);
    changed_.wait(lock, [this] { return parts_done_ == parts_; });
    next_part_ = parts_ = parts_done_ = 0;
}

void HelperThread::start(std::function<void()> job) {
    {
        const std::scoped_lock lock(mutex_);
        started_.push_back(std::move(job));
    }
    changed_.notify_all();
}

void HelperThread::wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return started_.empty() && !is_busy_; });
}

void HelperThread::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        // Somebody waits for parts; what was started has time.
        if (next_part_ < parts_) {
            run_part(lock);
        } else if (!started_.empty()) {
            const auto job = std::move(started_.front());
            started_.pop_front();
            is_busy_ = true;
            lock.unlock();
            job();
            lock.lock();
            is_busy_ = false;
            changed_.notify_all();
        } else if (stopping_) {
            return;
        } else {
            changed_.wait(lock);
        }
    }
}

}  // namespace mezz::host
