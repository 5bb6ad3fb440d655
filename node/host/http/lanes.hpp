// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Threads that serve connections. Each has a lane, a context whose connections are its alone:
/// threads that share one wake each other for every event, which costs more than a small answer.
/// Not for other modules.
///
/// A job that is nearly always brief runs on its lane too, without the two switches of a pool.
/// Should it take long after all, its lane goes to a new thread, and the thread ends with the job,
/// politer from then on.

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace mezz::host::http {

/// Thread-safe.
class Lanes {
public:
    struct Options {
        unsigned lanes = 1;
        /// Jobs on lanes at once, brief and long: each may need one more thread.
        unsigned most_jobs = 0;
        int niceness = 0;
        /// A job that takes longer loses its lane.
        std::chrono::microseconds brief{2'000};
    };
    explicit Lanes(Options options);
    ~Lanes() { stop(); }
    Lanes(const Lanes&) = delete;
    Lanes& operator=(const Lanes&) = delete;

    void start();
    /// Of the calling thread: to where what takes long stands, behind the lanes.
    void stand_back_for_long() const;
    /// Ends every thread once what it runs is done.
    void stop();

    /// The first one, for what is no connection.
    [[nodiscard]] boost::asio::io_context& first() { return lanes_[0]->context; }
    /// The lane of the next connection. Owned by one thread.
    [[nodiscard]] boost::asio::io_context& next();

    /// On the thread of a lane: runs the job here. returns: false, without having run it, elsewhere
    /// or when there are too many.
    template <class Job>
    bool run_here(Job&& job) {
        if (!begin()) return false;
        std::forward<Job>(job)();
        end();
        return true;
    }

    /// Threads that have lost their lanes and work on.
    [[nodiscard]] std::size_t strays() const;

private:
    struct Lane {
        boost::asio::io_context context;
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
            context.get_executor()};
        std::atomic<std::uint64_t> runner = 0;  ///< number of the thread that serves it
        /// Of the job that runs; none between jobs. Guarded by mutex_.
        std::chrono::steady_clock::time_point begun{};
        bool is_busy = false;  ///< guarded by mutex_
    };
    /// Where a thread is.
    struct Place {
        const Lanes* lanes = nullptr;
        Lane* lane = nullptr;
        std::uint64_t number = 0;
    };
    static Place& here();

    bool begin();
    void end();
    void serve(Lane& lane, std::uint64_t number);
    void watch();
    /// requires: mutex_ held.
    void add_thread(Lane& lane);

    const Options options_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::size_t next_ = 0;

    mutable std::mutex mutex_;  ///< guards what follows
    std::condition_variable jobs_;
    std::size_t running_ = 0;  ///< jobs on lanes and of strays
    std::size_t strays_ = 0;
    std::uint64_t jobs_begun_ = 0;
    bool is_watching_ = false;
    bool stopping_ = false;
    std::uint64_t last_number_ = 0;
    std::unordered_map<std::uint64_t, std::thread> threads_;
    std::unordered_map<std::uint64_t, int> thread_ids_;  ///< for the kernel
    std::vector<std::uint64_t> ended_;
    std::thread watcher_;
};

}  // namespace mezz::host::http
