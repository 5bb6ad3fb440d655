// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A Helper with one thread of its own. Used by one thread.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "node/ports/helper.hpp"

namespace mezz::host {

class HelperThread final : public node::Helper {
public:
    HelperThread();
    /// Finishes what was started.
    ~HelperThread() override;
    HelperThread(const HelperThread&) = delete;
    HelperThread& operator=(const HelperThread&) = delete;

    /// The caller takes jobs too, so that nothing waits for a thread that is busy.
    void for_each(std::size_t count, const std::function<void(std::size_t)>& job) override;
    void start(std::function<void()> job) override;
    void wait() override;

private:
    void run();
    /// Runs the next of the jobs of `for_each`. `lock` is released meanwhile.
    void run_part(std::unique_lock<std::mutex>& lock);

    std::mutex mutex_;  ///< guards what follows
    std::condition_variable changed_;
    std::deque<std::function<void()>> started_;
    bool is_busy_ = false;  ///< with a started job
    const std::function<void(std::size_t)>* part_ = nullptr;
    std::size_t next_part_ = 0, parts_ = 0, parts_done_ = 0;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace mezz::host
