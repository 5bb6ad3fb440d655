// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/doctor.hpp"

#include "app/guest_run.hpp"
#include "app/process.hpp"
#include "app/program.hpp"
#include "app/rollup_file.hpp"
#include "app/snapshot.hpp"
#include "app/surroundings.hpp"
#include "core/codec/hex.hpp"
#include "node/execute/store/records.hpp"
#include "node/host/client/rpc_parent.hpp"
#include "node/host/http/router.hpp"
#include "node/host/kv/lmdb_store.hpp"
#include "node/host/platform/system_clock.hpp"
#include "node/host/signing/abi.hpp"
#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {
namespace {

namespace fs = std::filesystem;

/// A node has databases, timers and threads' files besides one for each connection.
constexpr std::uint64_t few_files = 4096;
constexpr std::uint64_t parent_timeout_ms = 5'000;

class Doctor {
public:
    explicit Doctor(const DoctorOptions& options) : o_(options) {}

    std::vector<Check> run() {
        ports();
        files();
        disk();
        guest();
        state();
        spec();
        parent();
        return std::move(checks_);
    }

private:
    void add(std::string name, CheckResult result, std::string detail) {
        checks_.push_back({std::move(name), result, std::move(detail)});
    }

    void ports() {
        for (const std::uint16_t port : o_.ports) {
            host::http::Router nothing;
            host::http::ServerOptions options;
            options.port = port;
            const std::string name = "port " + std::to_string(port);
            const auto server = host::http::Server::start(options, nothing);
            if (server)
                add(name, CheckResult::ok, "free on 127.0.0.1");
            else
                add(name, CheckResult::failed, server.error().message);
        }
    }

    void files() {
        const std::uint64_t most = raise_file_limit();
        const std::string text = std::to_string(most) + " files may be open";
        if (most >= few_files)
            add("open files", CheckResult::ok, text);
        else
            add("open files", CheckResult::warning,
                text + ", each connection is one: raise the limit (ulimit -Hn, LimitNOFILE=)");
    }

    void disk() {
        // The directory may not be there yet; its disk is that of the nearest one that is.
        std::error_code error;
        fs::path at = fs::absolute(o_.state, error);
        while (!fs::exists(at, error) && at.has_relative_path()) at = at.parent_path();
        const auto free = free_bytes(at);
        if (!free) {
            add("disk", CheckResult::warning, "cannot tell what is free at " + at.string());
            return;
        }
        const std::string text = std::to_string(*free >> 20) + " MiB free at " + at.string();
        if (*free >= o_.min_free_bytes)
            add("disk", CheckResult::ok, text);
        else
            add("disk", CheckResult::warning,
                text + ", less than " + std::to_string(o_.min_free_bytes >> 20) +
                    " MiB: free some, or choose another --state");
    }

    void guest() {
        const fs::path elf = o_.guest.empty() ? find_guest() : o_.guest;
        const auto program = load_guest({elf, fixed_from_hex<Bytes32>(program_names.id).value()});
        if (program)
            add("guest image", CheckResult::ok, elf.string() + " is program " + program_names.id);
        else
            add("guest image", o_.guest.empty() ? CheckResult::warning : CheckResult::failed,
                program.error().message + "; disputes and `mezz prove --guest` need it");
    }

    void state() {
        const fs::path chain = o_.state / "chain";
        std::error_code error;
        if (!fs::exists(chain / host::lmdb_data_file, error)) {
            add("state", CheckResult::ok, o_.state.string() + " holds no chain yet");
            return;
        }
        const bool in_use = host::is_lmdb_in_use(chain);
        auto store = host::open_lmdb_read_only(chain);
        const auto info = store ? database_info(**store)
                                : node::Result<DatabaseInfo>(std::unexpected(store.error()));
        if (!info) {
            add("state", CheckResult::failed, info.error().message);
            return;
        }
        identity_ = info->identity;
        const std::string text =
            o_.state.string() + ": database version " + std::to_string(info->version) + ", block " +
            std::to_string(info->head) + (in_use ? "; a node is at work on it" : "");
        if (info->version > node::database_version)
            add("state", CheckResult::failed,
                text + "; this program reads up to " + std::to_string(node::database_version) +
                    ": use the newer program");
        else if (info->version < node::database_version)
            add("state", CheckResult::ok,
                text + "; it becomes version " + std::to_string(node::database_version) +
                    " when a node opens it");
        else
            add("state", CheckResult::ok, text);
    }

    void spec() {
        std::error_code error;
        fs::path path = o_.spec;
        if (path.empty() && fs::exists(o_.state / "rollup.json", error))
            path = o_.state / "rollup.json";
        if (path.empty()) {
            add("rollup.json", CheckResult::skipped, "no --spec");
            return;
        }
        auto file = read_rollup_file(path);
        if (!file) {
            add("rollup.json", CheckResult::failed, file.error().message);
            return;
        }
        file_ = std::move(*file);
        if (!identity_.empty() && identity_ != identity_of(*file_))
            add("rollup.json", CheckResult::failed,
                path.string() + " is of another chain than --state " + o_.state.string());
        else
            add("rollup.json", CheckResult::ok,
                path.string() + ": chain " + std::to_string(file_->spec.chain_id) +
                    " on parent chain " + std::to_string(file_->parent_chain_id));
    }

    void parent() {
        if (o_.parent_url.empty()) {
            for (const char* name : {"parent", "clock"})
                add(name, CheckResult::skipped, "no --parent");
            return;
        }
        node::RpcParentOptions options;
        options.rpc_url = o_.parent_url;
        options.timeout_ms = parent_timeout_ms;
        auto made = node::RpcParent::make(options);
        const auto id =
            made ? (*made)->chain_id() : node::Result<std::uint64_t>(std::unexpected(made.error()));
        if (!id) {
            add("parent", CheckResult::failed, id.error().message);
            add("clock", CheckResult::skipped, "the parent does not answer");
            return;
        }
        add_parent(**made, *id);
        const auto head = (*made)->block(node::BlockTag::latest);
        if (!head) {
            add("clock", CheckResult::skipped, head.error().message);
            return;
        }
        Surroundings s;
        s.now_ms = host::SystemClock().now_ms();
        s.parent_head_s = head->timestamp;
        const auto found = look_at(s);
        if (found.empty())
            add("clock", CheckResult::ok, "fits the parent's last block");
        else
            add("clock", CheckResult::warning, found.front().reason);
    }

    void add_parent(node::Parent& parent, std::uint64_t id) {
        const std::string text = o_.parent_url + " is chain " + std::to_string(id);
        if (!file_) return add("parent", CheckResult::ok, text);
        if (id != file_->parent_chain_id)
            return add(
                "parent", CheckResult::failed,
                text + ", the rollup's parent is chain " + std::to_string(file_->parent_chain_id));
        const auto config =
            parent.call(file_->contracts.system_config, node::abi::Call("configHash()").finish());
        if (!config) return add("parent", CheckResult::failed, config.error().message);
        if (to_bytes(derive::config_hash(file_->spec)) != *config)
            return add("parent", CheckResult::failed,
                       text +
                           ", but its contracts are not those of rollup.json: it is another "
                           "chain of that number, or was started anew");
        add("parent", CheckResult::ok, text + " with the contracts of rollup.json");
    }

    const DoctorOptions& o_;
    std::vector<Check> checks_;
    std::optional<RollupFile> file_;
    Bytes identity_;  ///< of the database; empty: unknown
};

}  // namespace

std::vector<Check> examine(const DoctorOptions& options) {
    return Doctor(options).run();
}

int run_doctor(const DoctorOptions& options) {
    const auto checks = examine(options);
    bool fit = true;
    for (const auto& c : checks) fit = fit && c.result != CheckResult::failed;
    if (options.json) {
        rpc::JsonWriter out;
        out.object([&] {
            out.field("fit").boolean(fit);
            out.field("checks");
            out.array([&] {
                for (const auto& c : checks)
                    out.object([&] {
                        out.field("name").string(c.name);
                        out.field("result").string(name_of(c.result));
                        out.field("detail").string(c.detail);
                    });
            });
        });
        std::printf("%s\n", out.take().c_str());
    } else {
        for (const auto& c : checks)
            std::printf("%s %-12s %s\n", told(c.result).c_str(), c.name.c_str(), c.detail.c_str());
    }
    return fit ? 0 : 1;
}

}  // namespace mezz::app
