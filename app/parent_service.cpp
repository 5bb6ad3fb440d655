// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/parent_service.hpp"

#include <charconv>

#include "app/blob_request.hpp"
#include "app/dev_accounts.hpp"
#include "app/genesis.hpp"
#include "app/logging.hpp"
#include "app/operation.hpp"
#include "app/rollup_file.hpp"
#include "core/codec/hex.hpp"
#include "node/host/crypto/secp256k1_native.hpp"
#include "node/host/crypto/trusted_setup.hpp"
#include "node/host/kv/lmdb_store.hpp"
#include "node/host/kv/memory_store.hpp"
#include "node/parent/sidecar_check.hpp"

namespace mezz::app {
namespace {

using host::http::HttpRequest;
using host::http::HttpResponse;

HttpResponse json_error(unsigned status, const std::string& message) {
    HttpResponse r;
    r.status = status;
    r.body = "{\"code\":" + std::to_string(status) + ",\"message\":\"" + message + "\"}";
    return r;
}

std::string hex_quantity(std::uint64_t v) {
    char b[20];
    const auto r = std::to_chars(b, b + 20, v, 16);
    return "0x" + std::string(b, r.ptr);
}

}  // namespace

ParentService::~ParentService() {
    stop();
}

void ParentService::stop() {
    if (server_) server_->stop();
    if (worker_) worker_->stop();
}

std::string ParentService::url() const {
    const bool every = host_ == "0.0.0.0" || host_ == "::";
    const bool v6 = !every && host_.find(':') != std::string::npos;
    return "http://" +
           (every ? "127.0.0.1"
            : v6  ? "[" + host_ + "]"
                  : host_) +
           ":" + std::to_string(server_->port());
}

void ParentService::set_instant(bool instant) {
    parent_->set_instant(instant);
    worker_->wake();
}

node::Result<std::unique_ptr<ParentService>> ParentService::start(
    const ParentServiceOptions& options) {
    std::unique_ptr<ParentService> service(new ParentService);
    if (auto opened = service->open(options); !opened) return std::unexpected(opened.error());
    return service;
}

node::Result<void> ParentService::open(const ParentServiceOptions& options) {
    if (options.directory) {
        auto store = host::open_lmdb(*options.directory / "parent",
                                     {.max_mapped_bytes = options.cache_bytes});
        if (!store) return std::unexpected(store.error());
        store_ = std::move(*store);
    } else {
        store_ = std::make_unique<host::MemoryStore>();
    }
    spec_ = node::embedded_parent_spec(options.chain_id);
    node::ChainOptions chain;
    chain.spec = spec_;
    chain.index_appearances = options.index_appearances;
    chain.accounts = parent_genesis(options.funded);
    set_balances(chain.accounts, options.balances);
    limit_cache(chain, options.cache_bytes);
    // Block 0 has a fixed time, so that the same directory is the same chain at every start.
    chain.genesis = parent_genesis_header(chain.accounts, 1'700'000'000);
    auto opened = node::Chain::open(*store_, std::move(chain));
    if (!opened && options.directory)
        opened.error().message.insert(0, "--state " + options.directory->string() + ": ");
    if (!opened) return std::unexpected(opened.error());
    chain_ = std::move(*opened);
    // Time was moved before a restart: it goes on from there.
    clock_ = options.clock;
    if (const auto head = chain_->header(chain_->head(node::Head::unsafe).number); head && *head)
        clock_->advance_to((*head)->timestamp * 1000);

    node::PoolChain pool;
    pool.spec = &spec_;
    pool.account = [this](const Address& a) { return chain_->head_account(a); };
    pool.next_block = [this] {
        const auto head = chain_->head(node::Head::unsafe);
        return parent_->next_block(head.number, clock_->now_ms()).value_or(BlockContext{});
    };
    pool.check_sidecar = [this](const NetworkTransaction& t) {
        return node::check_sidecar(t, spec_.revision_at(clock_->now_ms() / 1000));
    };
    pool_ = std::make_unique<node::Pool>(std::move(pool));
    gated_pool_ = std::make_unique<GatedPool>(*pool_, [this] {
        const std::scoped_lock lock(mutex_);
        return trouble_;
    });
    node::EmbeddedParentOptions parent;
    parent.block_time_ms = options.block_time_ms;
    parent.instant = options.instant;
    parent_ = std::make_unique<node::EmbeddedParent>(spec_, *chain_, *pool_, *store_, parent);
    worker_ = std::make_unique<Worker>([this]() -> std::uint64_t {
        const std::uint64_t now = clock_->now_ms();
        const auto next = parent_->step(now);
        {
            const std::scoped_lock lock(mutex_);
            const std::string trouble = next ? std::string() : next.error().message;
            if (trouble != trouble_ && !trouble.empty()) log::error("parent", trouble);
            if (trouble != trouble_ && trouble.empty()) log::info("parent", "recovered");
            trouble_ = trouble;
        }
        if (!next) return 1000;
        return *next > now ? *next - now : 0;
    });
    pool_->on_pending([this](const Bytes32&) {
        parent_->request_instant();
        worker_->wake();
    });

    rpc::RpcOptions rpc;
    rpc.default_tip_wei = uint256{1'000'000'000};
    rpc.next_block = [this](std::uint64_t number) {
        return parent_->next_block(number, clock_->now_ms());
    };
    for (const auto& account : options.accounts) rpc.dev_accounts.push_back(account.address);
    rpc.dev_sign = signing_for(options.accounts);
    dev_methods_ = std::make_unique<ParentDevMethods>(*parent_, *chain_, *pool_, *clock_,
                                                      [this] { worker_->wake(); });
    rpc.impersonates = [this](const Address& a) { return dev_methods_->impersonates(a); };
    rpc.submit_impersonated = [this](Transaction txn, const Address& sender) {
        return pool_->submit_impersonated(std::move(txn), sender);
    };
    limit(rpc, options.listener);
    rpc.block_cache_bytes = options.cache_bytes / 4;
    rpc_ = std::make_unique<rpc::RpcServer>(*chain_, *gated_pool_, std::move(rpc));
    add_methods();
    rpc::serve(*rpc_, router_);
    router_.add("GET", "/eth/v1/beacon/blobs/*", [this](const HttpRequest& request) {
        const auto wanted = parse_blob_request(request.target);
        if (!wanted) return json_error(400, wanted.error());
        std::uint64_t number = wanted->number;
        if (wanted->block == BlobRequest::Block::head)
            number = chain_->head(node::Head::unsafe).number;
        if (wanted->block == BlobRequest::Block::finalized)
            number = chain_->head(node::Head::finalized).number;
        const auto blobs = parent_->blobs(number, wanted->versioned_hashes);
        if (!blobs) return json_error(404, "Block not found");
        HttpResponse r;
        r.body = "{\"execution_optimistic\":false,\"finalized\":false,\"data\":[";
        for (std::size_t i = 0; i < blobs->size(); ++i)
            r.body += (i == 0 ? "\"" : ",\"") + hex_text((*blobs)[i]) + "\"";
        r.body += "]}";
        return r;
    });
    host::http::ServerOptions server = server_options(options.listener);
    server.port = options.port;
    server.port_flag = "--parent-port";
    host_ = server.host;
    // Batcher and derivation are its clients: they wait behind nobody.
    server.niceness = 0;
    server.on_stop_timeout = [this] { rpc_->interrupt(); };
    auto started = host::http::Server::start(server, router_);
    if (!started) return std::unexpected(started.error());
    server_ = std::move(*started);
    worker_->start();
    return {};
}

void ParentService::add_methods() {
    dev_methods_->add_to(*rpc_);
    rpc_->add(
        "mezz_heads",
        {"-> {latest: Quantity, safe: Quantity, finalized: Quantity}", "The heads of the parent."},
        [this](std::string_view) -> rpc::RawResult {
            return "{\"latest\":\"" + hex_quantity(chain_->head(node::Head::unsafe).number) +
                   "\",\"safe\":\"" + hex_quantity(chain_->head(node::Head::safe).number) +
                   "\",\"finalized\":\"" +
                   hex_quantity(chain_->head(node::Head::finalized).number) + "\"}";
        });
}

}  // namespace mezz::app
