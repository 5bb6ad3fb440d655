// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// For tests: a parent chain that is not ours. MEZZ_ANVIL names anvil's executable.

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "node/host/client/rpc_parent.hpp"
#include "node/ports/clock.hpp"

namespace mezz::node::testing {

class SystemClock final : public Clock {
public:
    std::uint64_t now_ms() override {
        return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                              std::chrono::system_clock::now().time_since_epoch())
                                              .count());
    }
};

inline void sleep_ms(std::uint64_t ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

/// Anvil's first two accounts.
inline constexpr Bytes32 anvil_key_0 =
    hex<Bytes32>("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
inline constexpr Bytes32 anvil_key_1 =
    hex<Bytes32>("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");

/// One process on a port of its own, ended with the object.
class Anvil {
public:
    static const char* executable() { return std::getenv("MEZZ_ANVIL"); }

    explicit Anvil(std::vector<std::string> more = {}) {
        port_ = 20'000 + static_cast<unsigned>(getpid()) % 20'000 + next_port()++;
        std::vector<std::string> words{
            executable(), "--hardfork",          "osaka",   "-b", "1", "--host", "127.0.0.1",
            "-p",         std::to_string(port_), "--silent"};
        words.insert(words.end(), more.begin(), more.end());
        std::vector<char*> argv;
        for (auto& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        posix_spawn(&pid_, executable(), nullptr, nullptr, argv.data(), environ);
        parent_ = std::move(*RpcParent::make({.rpc_url = url()}));
        for (int i = 0; i < 200 && !parent_->chain_id(); ++i) sleep_ms(50);
    }
    ~Anvil() { stop(); }
    Anvil(const Anvil&) = delete;
    Anvil& operator=(const Anvil&) = delete;

    void stop() {
        if (pid_ <= 0) return;
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    RpcParent& parent() { return *parent_; }

private:
    static unsigned& next_port() {
        static unsigned next = 0;
        return next;
    }
    unsigned port_ = 0;
    pid_t pid_ = 0;
    std::unique_ptr<RpcParent> parent_;
};

#define MEZZ_NEEDS_ANVIL()                                     \
    if (::mezz::node::testing::Anvil::executable() == nullptr) \
    GTEST_SKIP() << "set MEZZ_ANVIL to anvil's executable to run this"

}  // namespace mezz::node::testing
