// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/stf/rollup.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

#include "core/codec/byte_reader.hpp"
#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/kzg.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/derive/block.hpp"
#include "node/host/crypto/kzg_native.hpp"
#include "node/settle/deployer/deployer.hpp"

namespace mezz::test {
namespace {

constexpr Bytes32 user_key =
    hex<Bytes32>("0x4646464646464646464646464646464646464646464646464646464646464646");
constexpr std::uint64_t genesis_time = 1'700'000'000;

Bytes code(std::string_view digits) {
    return from_hex(digits).value();
}

std::vector<node::GenesisAccount> accounts() {
    std::vector<node::GenesisAccount> out;
    const auto add = [&](const Address& address, Bytes bytes) {
        node::GenesisAccount a;
        a.address = address;
        a.nonce = 1;
        a.code = std::move(bytes);
        out.push_back(std::move(a));
    };
    node::GenesisAccount user;
    user.address = *crypto::address_of(user_key);
    user.balance = uint256{1'000'000'000'000'000'000} * uint256{1'000'000};
    out.push_back(user);
    add(STORE, code("6020355f3555"));
    add(HISTORIAN, code("60034303404355"));
    add(DIVER, code("5f5f5f5f5f305af1505f546001015f55"));
    add(predeploy::L1_BLOCK, node::deployed_code("L1Block").value());
    add(predeploy::MESSAGE_PASSER, node::deployed_code("L2ToL1MessagePasser").value());
    // spec: EIP-2935 and EIP-4788, "deployment".
    add(hex<Address>("0x0000f90827f1c53a10cb7a02335b175320002935"),
        code("3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604"
             "25761"
             "1fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500"));
    add(hex<Address>("0x000f3df6d732807ef1319fb7b8bb8522d0beac02"),
        code("3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f358015604"
             "9576200"
             "1fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f3"
             "5906200"
             "1fff015500"));
    return out;
}

/// What the parent's contract checks and records about blobs.
void open_blobs(node::InboxEntry& e, std::span<const Bytes> blobs) {
    for (const auto& blob : blobs) {
        const Bytes32 versioned =
            crypto::kzg_to_versioned_hash(host::blob_to_kzg_commitment(blob).value());
        const auto z = derive::opening_point(versioned, e.entry.data_hash);
        e.openings.push_back({versioned, derive::evaluate_blob(blob, z)});
    }
    e.entry.blobs_hash = derive::blobs_hash(e.openings);
}

}  // namespace

Bytes words(std::initializer_list<std::uint64_t> values) {
    Bytes out;
    for (const auto v : values) append(out, to_bytes32(uint256{v}));
    return out;
}

Rollup::Rollup(std::uint64_t gas_limit) {
    const auto genesis_accounts = accounts();
    spec.chain_id = 42069;
    spec.gas_limit = gas_limit;
    spec.genesis_timestamp = genesis_time;
    spec.fee_scalars = {1368, 810'949};
    spec.batcher = *crypto::address_of(user_key);
    spec.genesis_state_root = node::genesis_state_root(genesis_accounts);
    node::ChainOptions options;
    options.spec = spec.chain_spec();
    options.genesis =
        derive::genesis_header(spec, node::genesis_withdrawals_root(genesis_accounts));
    options.accounts = genesis_accounts;
    parent_header_ = options.genesis;
    chain = node::Chain::open(store, options).value();
    derive::Position start;
    start.head_timestamp = genesis_time;
    derivation_.emplace(spec, start);
    positions_.push_back(start);
}

Transaction Rollup::sign(Transaction t) {
    t.nonce = nonce_++;
    if (t.type != TxType::legacy || t.chain_id) t.chain_id = spec.chain_id;
    const auto signature = crypto::sign(signing_hash(t), user_key).value();
    t.r = signature.r;
    t.s = signature.s;
    t.odd_y = signature.odd_y;
    return t;
}

Transaction Rollup::call(const Address& to, Bytes data, const uint256& value) {
    Transaction t;
    t.type = TxType::dynamic_fee;
    t.max_fee_per_gas = 1'000'000'000;
    t.max_priority_fee_per_gas = 1000;
    t.gas_limit = 200'000;
    t.to = to;
    t.value = value;
    t.data = std::move(data);
    return sign(std::move(t));
}

Transaction Rollup::create(Bytes init_code) {
    Transaction t;
    t.type = TxType::legacy;
    t.chain_id = spec.chain_id;
    t.max_fee_per_gas = t.max_priority_fee_per_gas = 1'000'000'000;
    t.gas_limit = 500'000;
    t.data = std::move(init_code);
    return sign(std::move(t));
}

derive::DepositLabel Rollup::queue(const Address& to, const uint256& mint, Bytes data,
                                   std::uint64_t gas) {
    derive::QueueItem item;
    item.index = queue_.size();
    item.from = hex<Address>("0x00000000000000000000000000000000000de905");
    item.to = to;
    item.parent_number = parent_number_;
    item.parent_timestamp = genesis_time + 12 * parent_number_;
    append(item.opaque_data, to_bytes32(mint));
    append(item.opaque_data, to_bytes32(uint256{}));
    append_be64(item.opaque_data, gas);
    item.opaque_data.push_back(0);
    append(item.opaque_data, data);
    queue_.push_back(item);
    return {crypto::keccak256(item.opaque_data), item.index};
}

derive::Batch Rollup::batch(std::vector<std::vector<Transaction>> blocks,
                            std::vector<derive::DepositLabel> labels) {
    const auto& position = derivation_->position();
    derive::Batch out;
    out.chain_id = spec.chain_id;
    out.parent_number = position.head_number;
    std::uint64_t timestamp = position.head_timestamp;
    std::uint64_t origin = position.origin.number;
    for (auto& transactions : blocks) {
        derive::BatchBlock b;
        b.timestamp = timestamp += 2;
        if (out.blocks.size() % 2 == 0) {
            ++origin;
            b.origin = derive::Origin{origin, genesis_time + 12 * origin,
                                      crypto::keccak256(to_bytes32(uint256{origin})), 7'000'000'000,
                                      1'000'000};
        }
        if (out.blocks.empty()) b.deposits = std::move(labels);
        b.transactions = std::move(transactions);
        out.blocks.push_back(std::move(b));
    }
    return out;
}

void Rollup::post(const derive::Batch& batch, bool compressed, derive::Source source) {
    const Bytes payload = derive::encode_batch(batch);
    Bytes data{compressed ? derive::format_zstd : derive::format_plain};
    if (compressed) {
        Bytes frame(ZSTD_compressBound(payload.size()));
        frame.resize(ZSTD_compress(frame.data(), frame.size(), payload.data(), payload.size(), 3));
        append(data, frame);
    } else {
        append(data, payload);
    }
    post(std::move(data), source);
}

void Rollup::post(Bytes data, derive::Source source) {
    node::InboxEntry e;
    e.entry.source = source;
    e.entry.data_hash = derive::chunk_hash(data);
    if (source == derive::Source::blobs) open_blobs(e, derive::encode_blobs(data));
    e.data = std::move(data);
    derive(std::move(e));
}

void Rollup::post_mismatch(Bytes data) {
    node::InboxEntry e;
    e.entry.source = derive::Source::blobs;
    e.entry.data_hash = derive::chunk_hash(Bytes{1, 2, 3});
    e.blobs = derive::encode_blobs(data);
    open_blobs(e, e.blobs);
    derive(std::move(e));
}

void Rollup::derive(node::InboxEntry e) {
    const auto& before = derivation_->position();
    e.index = entries.size();
    e.entry.parent_number = ++parent_number_;
    e.entry.parent_timestamp = genesis_time + 12 * parent_number_;
    e.entry.origin_number = parent_number_ - 1;
    e.entry.origin_hash = crypto::keccak256(to_bytes32(uint256{parent_number_ - 1}));
    e.entry.queue_cursor = queue_.size();
    e.entry.queue_acc = before.queue_acc;
    for (auto i = before.queue_count; i < queue_.size(); ++i)
        e.entry.queue_acc = derive::accumulate(e.entry.queue_acc, derive::item_hash(queue_[i]));
    e.acc = derive::accumulate(before.inbox_acc, derive::entry_hash(e.entry));
    entries.push_back(e);

    bool given = false;
    for (;;) {
        auto step = derivation_->step();
        if (std::holds_alternative<derive::NeedEntry>(step)) {
            if (given) break;
            given = true;
            ASSERT_TRUE(derivation_->provide_entry(e.entry, e.openings));
        } else if (std::holds_alternative<derive::NeedData>(step)) {
            ASSERT_TRUE(e.data ? derivation_->provide_data(*e.data)
                               : derivation_->provide_mismatch());
            last_error = derivation_->last_error();
        } else if (const auto* need = std::get_if<derive::NeedQueue>(&step)) {
            const auto at = [&](std::uint64_t i) {
                return queue_.begin() + static_cast<std::ptrdiff_t>(i);
            };
            ASSERT_TRUE(derivation_->provide_queue({at(need->from), at(need->to)}));
        } else {
            const auto& block = std::get<derive::NextBlock>(step).attributes;
            const auto parent = chain->head(node::Head::unsafe);
            auto builder =
                chain
                    ->begin({derive::block_context(spec, parent_header_, parent.hash, block),
                             derive::leading_transactions(spec, block)})
                    .value();
            for (const auto& t : block.transactions)
                if (const auto sender = recover_sender(t))
                    (void)builder->apply(t, *sender, hash(t));
            const auto sealed = chain->seal(std::move(builder), {}).value();
            parent_header_ = chain->header(sealed.number).value().value();
        }
    }
    positions_.push_back(derivation_->position());
}

node::WitnessRequest Rollup::request(std::uint64_t number, std::size_t from, std::size_t to) {
    node::WitnessRequest r;
    r.spec = spec;
    auto rows = store.read().value();
    const auto row = rows->get(node::Table::headers, node::number_key(number)).value();
    r.pre = node::decode_header_record(row.value()).value();
    r.start = positions_[from];
    r.taken = number - r.start.head_number;
    const auto at = [](auto& items, std::uint64_t i) {
        return items.begin() + static_cast<std::ptrdiff_t>(i);
    };
    r.entries.assign(at(entries, from), at(entries, to));
    r.queue.assign(at(queue_, r.start.queue_count), at(queue_, positions_[to].queue_count));
    return r;
}

node::WitnessRequest Rollup::request(std::size_t from, std::size_t to) {
    // An entry without blocks is not behind a claim but before the next block.
    const std::uint64_t number = positions_[from].head_number;
    while (from > 0 && positions_[from - 1].head_number == number) --from;
    return request(number, from, to);
}

node::WitnessRequest Rollup::block_request(std::uint64_t number, std::size_t to) {
    const stf::Claim c = claim(number);
    std::size_t from = 0;
    while (stf::hash(positions_[from]) != c.start) ++from;
    auto r = request(number, from, to);
    r.block_count = 1;
    return r;
}

stf::Claim Rollup::claim(std::uint64_t number) {
    stf::Claim out{derive::output_root(chain->header(number).value().value()), number, {}, 0};
    std::size_t i = 0;
    while (positions_[i].head_number < number) ++i;
    if (positions_[i].head_number > number) --i;
    out.start = stf::hash(positions_[i]);
    out.taken = number - positions_[i].head_number;
    return out;
}

Header Rollup::head_after(std::size_t count) {
    return chain->header(positions_[count].head_number).value().value();
}

}  // namespace mezz::test
