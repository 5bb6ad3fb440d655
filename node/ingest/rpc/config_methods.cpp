// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Which rules hold now and next, so that two nodes can be compared. spec: EIP-7910.
#include <set>

#include "core/codec/byte_reader.hpp"
#include "core/exec/requests.hpp"
#include "core/vm/evm/evm.hpp"
#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {
namespace {

struct Named {
    const char* name;
    Address address;
};

constexpr Address precompile(std::uint8_t low, std::uint8_t high = 0) {
    Address a;
    a[19] = low;
    a[18] = high;
    return a;
}

/// In the order of their names. spec: EIP-7910, "precompiles".
constexpr Named precompiles[] = {
    {"BLAKE2F", precompile(0x09)},
    {"BLS12_G1ADD", precompile(0x0b)},
    {"BLS12_G1MSM", precompile(0x0c)},
    {"BLS12_G2ADD", precompile(0x0d)},
    {"BLS12_G2MSM", precompile(0x0e)},
    {"BLS12_MAP_FP2_TO_G2", precompile(0x11)},
    {"BLS12_MAP_FP_TO_G1", precompile(0x10)},
    {"BLS12_PAIRING_CHECK", precompile(0x0f)},
    {"BN254_ADD", precompile(0x06)},
    {"BN254_MUL", precompile(0x07)},
    {"BN254_PAIRING", precompile(0x08)},
    {"ECREC", precompile(0x01)},
    {"ID", precompile(0x04)},
    {"KZG_POINT_EVALUATION", precompile(0x0a)},
    {"MODEXP", precompile(0x05)},
    {"P256VERIFY", precompile(0x00, 0x01)},
    {"RIPEMD160", precompile(0x03)},
    {"SHA256", precompile(0x02)},
};

constexpr Address BEACON_ROOTS = hex<Address>("0x000f3df6d732807ef1319fb7b8bb8522d0beac02");
constexpr Address HISTORY_STORAGE = hex<Address>("0x0000f90827f1c53a10cb7a02335b175320002935");

/// spec: IEEE 802.3, as zlib computes it.
std::uint32_t crc32(ByteView bytes) {
    std::uint32_t sum = 0xffffffff;
    for (const std::uint8_t byte : bytes) {
        sum ^= byte;
        for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xedb88320u : 0u);
    }
    return ~sum;
}

/// Every time at which a rule changes, and block 0.
std::set<std::uint64_t> activations(const ChainSpec& spec) {
    std::set<std::uint64_t> times{0};
    for (const auto& r : spec.revisions) times.insert(r.timestamp);
    for (const auto& b : spec.blobs) times.insert(b.timestamp);
    return times;
}

/// Changes that block 0 already has are no forks. spec: EIP-2124, EIP-6122.
FixedBytes<4> fork_id(Context& context, const std::set<std::uint64_t>& times, std::uint64_t at) {
    const auto genesis = unwrap(context.chain.header(0));
    const std::uint64_t born = genesis ? genesis->timestamp : 0;
    Bytes input = to_bytes(context.chain.hash_of(0));
    const auto numbered = context.chain.numbered_forks();
    for (const auto& fork : numbered) append_be64(input, fork.block);
    const std::uint64_t first = numbered.empty() ? born : numbered.back().timestamp;
    for (const std::uint64_t time : times)
        if (time > first && time <= at) append_be64(input, time);
    const std::uint32_t sum = crc32(input);
    FixedBytes<4> id;
    for (unsigned i = 0; i < 4; ++i) id[i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
    return id;
}

/// Whether validators may ask for anything: the contracts they ask are there.
bool has_requests(Context& context) {
    const auto head = context.chain.head(node::Head::unsafe).number;
    const auto contract =
        unwrap(context.chain.state(head))->account(exec::WITHDRAWAL_REQUEST_CONTRACT);
    return contract && contract->code_hash != EMPTY_CODE_HASH;
}

void print_fork(Context& context, const std::set<std::uint64_t>& times, std::uint64_t at,
                JsonWriter& out) {
    const ChainSpec& spec = context.chain.spec();
    const Revision revision = spec.revision_at(at);
    // As other clients show a chain without blobs: EIP-7910 has no word for it.
    const BlobParams blobs = context.options.takes_blobs ? spec.blobs_at(at) : BlobParams{0, 0, 0};
    out.object([&] {
        out.field("activationTime").number(static_cast<std::int64_t>(at));
        out.field("blobSchedule").object([&] {
            out.field("baseFeeUpdateFraction")
                .number(static_cast<std::int64_t>(blobs.update_fraction));
            out.field("max").number(static_cast<std::int64_t>(blobs.max));
            out.field("target").number(static_cast<std::int64_t>(blobs.target));
        });
        out.field("chainId").quantity(spec.chain_id);
        out.field("forkId").data(fork_id(context, times, at));
        out.field("precompiles").object([&] {
            for (const Named& p : precompiles)
                if (evm::is_precompile(p.address, revision)) out.field(p.name).data(p.address);
        });
        // Those the rules call. Most chains here have no requests of validators.
        const bool requests = revision >= Revision::prague && has_requests(context);
        out.field("systemContracts").object([&] {
            if (revision >= Revision::cancun) out.field("BEACON_ROOTS_ADDRESS").data(BEACON_ROOTS);
            if (requests) {
                out.field("CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS")
                    .data(exec::CONSOLIDATION_REQUEST_CONTRACT);
                out.field("DEPOSIT_CONTRACT_ADDRESS").data(spec.deposit_contract);
            }
            if (revision >= Revision::prague)
                out.field("HISTORY_STORAGE_ADDRESS").data(HISTORY_STORAGE);
            if (requests)
                out.field("WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS")
                    .data(exec::WITHDRAWAL_REQUEST_CONTRACT);
        });
    });
}

void config(const Call& c) {
    c.params.at_most(0);
    const auto head =
        unwrap(c.context.chain.header(c.context.chain.head(node::Head::unsafe).number));
    const std::uint64_t now = head ? head->timestamp : 0;
    const auto times = activations(c.context.chain.spec());
    const auto next = times.upper_bound(now);
    c.out.object([&] {
        print_fork(c.context, times, *std::prev(next), c.out.field("current"));
        const auto print_or_null = [&](const char* name, std::uint64_t at) {
            JsonWriter& out = c.out.field(name);
            if (next == times.end()) return out.null();
            print_fork(c.context, times, at, out);
        };
        print_or_null("next", next == times.end() ? 0 : *next);
        print_or_null("last", *times.rbegin());
    });
}

/// What a router may ask this node for.
void capabilities(const Call& c) {
    c.params.at_most(0);
    const node::BlockRef head = c.context.chain.head(node::Head::unsafe);
    c.out.object([&] {
        c.out.field("head").object([&] {
            c.out.field("number").quantity(head.number);
            c.out.field("hash").data(head.hash);
        });
        const auto kept = c.context.chain.kept();
        using Resource = std::pair<const char*, std::uint64_t>;
        for (const auto& [name, oldest] :
             {Resource{"state", kept.state}, Resource{"tx", kept.body}, Resource{"logs", kept.body},
              Resource{"receipts", kept.body}, Resource{"blocks", kept.body},
              Resource{"stateproofs", kept.state}})
            c.out.field(name).object([&] {
                c.out.field("disabled").boolean(false);
                c.out.field("oldestBlock").quantity(oldest);
            });
    });
}

}  // namespace

void add_config_methods(MethodTable& table) {
    table.add("eth_config",
              {"-> {current: ForkConfig, next: ForkConfig | null, last: ForkConfig | null}",
               "The rules now, next and last (EIP-7910)."},
              config);
    table.add("eth_capabilities",
              {"-> {head: {number: Quantity, hash: Hash}, state: Resource, tx: Resource, logs: "
               "Resource, receipts: Resource, blocks: Resource, stateproofs: Resource}",
               "What this node keeps, and since which block."},
              capabilities);
}

}  // namespace mezz::rpc
