// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/l1_deploy.hpp"

#include <cstdio>
#include <thread>

#include "app/amount.hpp"
#include "app/create_rollup.hpp"
#include "app/dev_accounts.hpp"
#include "app/exit_code.hpp"
#include "app/key_source.hpp"
#include "app/l1_plan.hpp"
#include "app/program.hpp"
#include "app/progress.hpp"
#include "app/talk.hpp"
#include "core/codec/hex.hpp"
#include "node/host/client/rpc_parent.hpp"
#include "node/host/platform/system_clock.hpp"

namespace mezz::app {
namespace {

namespace fs = std::filesystem;
using node::Result;

constexpr const char* key_flag = "--deployer-key";
constexpr const char* key_variable = "MEZZ_DEPLOYER_KEY";

void sleep_ms(std::uint64_t ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

/// Who pays. Without a key that is the well-known deployer, where the well-known accounts have
/// ether.
Result<Bytes32> deployer_key(const L1DeployOptions& options, node::Parent& parent) {
    if (!options.key.empty() || !options.key_file.empty())
        return read_key(key_flag, key_variable, options.key, options.key_file);
    const DevAccount deployer = dev_operator("deployer");
    for (const auto& address : {dev_accounts().back().address, deployer.address}) {
        const auto balance = parent.balance(address);
        if (!balance) return std::unexpected(balance.error());
        if (!balance->is_zero()) return deployer.private_key;
    }
    return node::fatal(std::string(key_flag) +
                       ": a private key is needed, in --deployer-key-file FILE or the "
                       "environment's " +
                       key_variable +
                       ": the well-known accounts of development chains have nothing on this "
                       "parent (`mezz key new FILE` makes one)");
}

Result<Address> account_of(const char* flag, const std::string& text, const Address& otherwise) {
    if (text.empty()) return otherwise;
    const auto address = fixed_from_hex<Address>(text);
    if (!address || !text.starts_with("0x") || address->is_zero())
        return node::fatal(std::string(flag) + ": expected an address, 20 bytes as 0x-hex");
    return *address;
}

/// What the flags say.
Result<RollupSettings> wanted(const L1DeployOptions& o, const Address& deployer,
                              std::uint64_t parent_id) {
    DevOptions dev;
    dev.chain_id = o.chain_id;
    dev.block_time_ms = o.block_time_ms;
    dev.proof = o.proof;
    dev.force_delay_seconds = o.force_delay_seconds;
    dev.parent_url = o.parent_url;
    if (o.chain_id == parent_id) return std::unexpected(same_chain_id(dev, parent_id));
    RollupSettings s = development_settings(dev, parent_id);
    s.clock_seconds = o.clock_seconds;
    s.maturity_delay_seconds = o.maturity_delay_seconds;
    s.finality_delay_seconds = o.finality_delay_seconds;
    const bool development = deployer == s.deployer;
    if (!development) {
        // Their keys are known to everybody, and ether of block 0 is backed by nothing.
        s.funded.clear();
        s.deployer = s.challenger = s.guardian = deployer;
        s.batcher = s.proposer = {};
    }
    struct Role {
        const char* flag;
        const std::string& text;
        Address& address;
    };
    for (const Role& role :
         {Role{"--batcher", o.batcher, s.batcher}, Role{"--proposer", o.proposer, s.proposer},
          Role{"--challenger", o.challenger, s.challenger},
          Role{"--guardian", o.guardian, s.guardian}}) {
        const auto address = account_of(role.flag, role.text, role.address);
        if (!address) return std::unexpected(address.error());
        if (address->is_zero())
            return node::fatal(std::string(role.flag) +
                               ": the address of the account that a sequencer uses as such; it "
                               "has to be one of its own (`mezz key new FILE` makes one)");
        role.address = *address;
    }
    if (s.batcher == s.proposer)
        return node::fatal(
            "--batcher and --proposer are the same account: each counts its own "
            "nonces; give two");
    return s;
}

/// Waits until nothing of the account is under way: addresses depend on its nonce.
Result<void> settle(node::Parent& parent, const Address& account, std::uint64_t timeout_s) {
    host::SystemClock clock;
    const std::uint64_t end = clock.now_ms() + timeout_s * 1000;
    for (;;) {
        const auto pending = parent.nonce(account, true), mined = parent.nonce(account, false);
        if (!pending) return std::unexpected(pending.error());
        if (!mined) return std::unexpected(mined.error());
        if (*pending <= *mined) return {};
        if (clock.now_ms() > end)
            return node::retry("the deployer " + node::hex_text(account) + " has " +
                               std::to_string(*pending - *mined) +
                               " transactions under way since over " + std::to_string(timeout_s) +
                               " s; run the command again once they are in a block");
        constexpr std::uint64_t poll_ms = 200;
        sleep_ms(poll_ms);
    }
}

/// The keys of well-known operators, so that a node of the chain can be started like any other.
Result<void> write_keys(const fs::path& folder, const RollupSettings& s) {
    for (const auto& [role, address] :
         {std::pair{"batcher", s.batcher}, {"proposer", s.proposer}, {"challenger", s.challenger}})
        for (const auto* operator_role : {"deployer", "batcher", "proposer"})
            if (const DevAccount known = dev_operator(operator_role); known.address == address)
                if (auto written = write_file(folder / (std::string(role) + ".key"),
                                              node::hex_text(known.private_key) + "\n");
                    !written)
                    return written;
    return {};
}

class Deployer {
public:
    Deployer(const L1DeployOptions& options, node::RpcParent& parent)
        : o_(options),
          parent_(parent),
          plan_path_(options.out / "deployment.json"),
          spec_path_(options.out / "rollup.json") {}

    int run() {
        const auto parent_id = parent_.chain_id();
        if (!parent_id) return fail(parent_id.error());
        const auto key = deployer_key(o_, parent_);
        if (!key) return refuse_or_fail(key.error());
        auto signer = node::Signer::make(*key);
        if (!signer) return refuse(std::string(key_flag) + ": " + signer.error().message);
        const auto settings = wanted(o_, signer->address(), *parent_id);
        if (!settings) return refuse_or_fail(settings.error());
        if (const int code = choose_data_layer(*parent_id); code != exit_ok) return code;
        if (const int code = make_ready(*settings); code != exit_ok) return code;
        const auto plan = look_at_deployment(parent_, o_.parent_url, deployment_);
        if (!plan) return fail(plan.error());
        if (!o_.json && (o_.plan_only || !talk().quiet))
            std::printf("%s", plan_text(*plan).c_str());
        std::fflush(stdout);
        if (o_.plan_only) {
            if (o_.json) std::printf("%s\n", plan_json(*plan, {}).c_str());
            return exit_ok;
        }
        return apply(*plan, *signer);
    }

private:
    /// A missing or wrong flag is fatal, a parent that does not answer is not.
    static int refuse_or_fail(const node::Error& error) {
        return error.handling == node::Handling::fatal ? refuse(error.message) : fail(error);
    }

    int choose_data_layer(std::uint64_t parent_id) {
        da_ = o_.da;
        const auto floor = look_at_parent(o_.parent_url);
        if (!floor) return fail(floor.error());
        if (!floor->is_rollup || da_ == DataSource::calldata) return exit_ok;
        if (o_.da_said)
            return refuse(std::string("--da ") + name_of(da_) + ": chain " +
                          std::to_string(parent_id) +
                          " is a rollup, which takes no blobs; the nearest that works is "
                          "--da calldata");
        da_ = DataSource::calldata;
        return exit_ok;
    }

    /// Reads what an earlier run set out to do, or sets out anew.
    int make_ready(const RollupSettings& settings) {
        std::error_code error;
        const bool resumes = fs::exists(plan_path_, error);
        if (!resumes && fs::exists(spec_path_, error))
            return refuse("--out " + o_.out.string() +
                              " holds a chain that this command did not make; choose another",
                          exit_failure);
        if (resumes)
            if (const int code = resume(settings); code != exit_ok) return code;
        if (!o_.plan_only)
            if (const int code = quieten(settings); code != exit_ok) return code;
        if (resumes) return exit_ok;
        const auto nonce = parent_.nonce(settings.deployer, true);
        if (!nonce) return fail(nonce.error());
        const auto head = parent_.block(node::BlockTag::latest);
        if (!head) return fail(head.error());
        deployment_ = {settings, *nonce, head->number, program_names.id};
        return exit_ok;
    }

    /// Ether for well-known operators, and nothing under way.
    int quieten(const RollupSettings& settings) {
        host::SystemClock clock;
        if (settings.deployer == dev_operator("deployer").address)
            if (auto done = fund_operators(parent_, clock); !done) return fail(done.error());
        if (auto quiet = settle(parent_, settings.deployer, o_.timeout_seconds); !quiet)
            return fail(quiet.error());
        return exit_ok;
    }

    int resume(const RollupSettings& settings) {
        auto saved = read_deployment(plan_path_);
        if (!saved) return refuse(saved.error().message);
        if (const auto other = difference(saved->settings, settings))
            return refuse(plan_path_.string() + " is of another chain: " + *other +
                          "; give the same settings again, or another --out");
        if (saved->settings.fraud_proofs && saved->program_id != program_names.id)
            return refuse(plan_path_.string() + ": the deployment began with program " +
                          saved->program_id + ", this build's is " + program_names.id +
                          "; use the build that began it, or another --out");
        deployment_ = std::move(*saved);
        return exit_ok;
    }

    int apply(const L1Plan& plan, const node::Signer& signer) {
        if (!plan.is_complete() && plan.balance_wei < plan.cost_wei())
            return refuse("the deployer " + node::hex_text(signer.address()) + " has " +
                              ether_text(plan.balance_wei) + ", the deployment may cost " +
                              ether_text(plan.cost_wei()) + "; send it ether and run this again",
                          exit_failure);
        std::error_code error;
        fs::create_directories(o_.out, error);
        if (error) return refuse("--out " + o_.out.string() + ": " + error.message(), exit_failure);
        if (auto written = write_file(plan_path_, to_json(deployment_)); !written)
            return fail({node::Handling::fatal, "--out " + written.error().message});
        host::SystemClock clock;
        node::TxManager txs(parent_, signer, clock, {}, sleep_ms);
        node::DeployOptions deploy = plan.rollup.deploy;
        deploy.timeout_ms = o_.timeout_seconds * 1000;
        auto progress = std::make_unique<ProgressThread>(clock, progress_on_terminal(o_.json), [] {
            return ProgressView{.what = "waiting for the parent to take the transactions"};
        });
        const auto contracts = node::deploy(parent_, txs, deploy);
        progress.reset();
        if (!contracts) {
            node::Error why = contracts.error();
            why.message += "; run the command again, it goes on where it stands";
            return fail(why);
        }
        RollupFile file = plan.rollup.file;
        file.contracts = *contracts;
        // Of a deployment that was taken up again; nothing of it is older.
        if (file.contracts.deployed_at == 0) file.contracts.deployed_at = deployment_.parent_block;
        if (auto written = write_file(spec_path_, to_json(file)); !written)
            return fail({node::Handling::fatal, "--out " + written.error().message});
        if (auto written = write_keys(o_.out, deployment_.settings); !written)
            return fail({node::Handling::fatal, "--out " + written.error().message});
        return report();
    }

    int report() {
        const auto done = look_at_deployment(parent_, o_.parent_url, deployment_);
        if (!done) return fail(done.error());
        if (o_.json) {
            std::printf("%s\n", plan_json(*done, spec_path_.string()).c_str());
            return exit_ok;
        }
        if (talk().quiet) {
            std::printf("%s\n", spec_path_.c_str());
            return exit_ok;
        }
        const std::string common = " --parent " + o_.parent_url + " --spec " + spec_path_.string();
        std::error_code error;
        const auto key = [&](const char* role) {
            const fs::path file = o_.out / (std::string(role) + ".key");
            return " --" + std::string(role) + "-key-file " +
                   (fs::exists(file, error) ? file.string() : std::string("FILE"));
        };
        std::printf(
            "\ndeployed: %s\ncheck it: mezz l1 verify%s\nrun it:   mezz node --role "
            "sequencer%s --da %s%s%s\n",
            spec_path_.c_str(), common.c_str(), common.c_str(), name_of(da_),
            key("batcher").c_str(), key("proposer").c_str());
        return exit_ok;
    }

    const L1DeployOptions& o_;
    node::RpcParent& parent_;
    fs::path plan_path_, spec_path_;
    DataSource da_ = DataSource::blobs;
    Deployment deployment_;
};

}  // namespace

int run_l1_deploy(const L1DeployOptions& options) {
    node::RpcParentOptions parent_options;
    parent_options.rpc_url = options.parent_url;
    auto parent = node::RpcParent::make(std::move(parent_options));
    if (!parent) return refuse("--parent: " + parent.error().message);
    return Deployer(options, **parent).run();
}

}  // namespace mezz::app
