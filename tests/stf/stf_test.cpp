// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/derive/block.hpp"
#include "core/stf/verify.hpp"
#include "node/host/crypto/kzg_blobs.hpp"
#include "node/prove/question/answer.hpp"
#include "tests/stf/rollup.hpp"

namespace mezz::test {
namespace {

using stf::StfError;

/// A chain that meets most of what a witness may have to hold.
class Busy : public Rollup {
public:
    Busy() {
        post(batch({{call(STORE, words({1, 11})), call(STORE, words({2, 22}))},
                    {call(STORE, words({1, 0}))}}));
        // Code made in one block and called in the next; an account that is gone at once; a
        // withdrawal; a deep call; a transaction that is included once and not twice.
        const Bytes init = from_hex("0x600560095f3960055ff360015f5500").value();
        const auto made = create(init);
        const Address child = create_address(*recover_sender(made), made.nonce);
        const auto label = queue(STORE, 5'000'000, words({3, 33}));
        post(batch({{made, call(HISTORIAN, {}), create(from_hex("0x30ff").value()), made},
                    {call(child, {}), call(HISTORIAN, {})},
                    {call(predeploy::MESSAGE_PASSER, {}, 1234), call(HISTORIAN, {})},
                    {call(STORE, words({2, 0})), call(HISTORIAN, {})}},
                   {label}),
             true);
        EXPECT_EQ(last_error, std::nullopt);
        queue(DIVER, 0, {}, 30'000'000);
        queue(STORE, 7, words({4, 44}));
        post(Bytes{0xff, 1, 2, 3}, derive::Source::forced);
        post(batch({{call(STORE, words({5, 55}))}}), true, derive::Source::blobs);
        EXPECT_EQ(last_error, std::nullopt);
        post(Bytes{0x01, 0x28});
        queue(STORE, 1, words({6, 66}));
        post(batch({{}}));
    }
};

std::expected<stf::Claim, StfError> verified(const stf::Statement& statement,
                                             const stf::WitnessBuilder& witness) {
    const auto decoded_statement = stf::decode_statement(stf::encode(statement));
    const Bytes bytes = witness.encode();
    host::KzgBlobs blobs;
    auto decoded = stf::Witness::decode(bytes, blobs);
    EXPECT_TRUE(decoded_statement && decoded);
    if (const auto done = stf::verify(*decoded_statement, *decoded); !done)
        return std::unexpected(done.error());
    return decoded_statement->post;
}

/// The witness with one item replaced or (empty) left out.
stf::WitnessBuilder with(const stf::WitnessBuilder& witness, const stf::PreimageKey& key,
                         const Bytes& bytes) {
    stf::WitnessBuilder out;
    for (const auto& [k, item] : witness.items()) {
        if (k == key) continue;
        if (k[0] == static_cast<std::uint8_t>(stf::PreimageKind::blob))
            out.add_blob(Bytes32::from(item), ByteView(item).subspan(32));
        else
            out.add(k, item);
    }
    if (!bytes.empty()) out.add(bytes);
    return out;
}

TEST(Stf, every_range_of_entries_verifies_and_ends_where_the_chain_does) {
    Busy rollup;
    const std::size_t n = rollup.entries.size();
    for (std::size_t from = 0; from <= n; ++from)
        for (std::size_t to = from; to <= n; ++to) {
            const auto recorded = node::record_witness(rollup.store, rollup.request(from, to));
            ASSERT_TRUE(recorded) << from << ".." << to << ": " << recorded.error().message;
            const auto& s = recorded->statement;
            EXPECT_EQ(s.question.pre, stf::hash(rollup.claim(rollup.head_after(from).number)));
            EXPECT_EQ(s.post, rollup.claim(rollup.head_after(to).number));
            const auto post = verified(s, recorded->witness);
            ASSERT_TRUE(post) << from << ".." << to << ": " << static_cast<int>(post.error());
        }
}

TEST(Stf, every_block_verifies_alone_whatever_comes_behind_it) {
    Busy rollup;
    const std::size_t all = rollup.entries.size();
    const std::uint64_t head = rollup.chain->head(node::Head::unsafe).number;
    ASSERT_GT(head, all);  // so that claims lie in the midst of entries
    for (std::uint64_t number = 0; number < head; ++number) {
        std::size_t enough = 0;
        while (rollup.head_after(enough).number <= number) ++enough;
        for (const std::size_t to : {enough, all}) {
            auto request = rollup.block_request(number, to);
            for (auto& e : request.entries)
                if (e.index >= enough) e.data.reset();
            const auto recorded = node::record_witness(rollup.store, request);
            ASSERT_TRUE(recorded) << number << ": " << recorded.error().message;
            EXPECT_EQ(recorded->statement.post, rollup.claim(number + 1));
            EXPECT_TRUE(verified(recorded->statement, recorded->witness)) << number;
        }
        // Before its entry is in the inbox there is no next block: the claim stays.
        const auto early = rollup.block_request(number, enough - 1);
        if (early.taken > 0) continue;
        const auto recorded = node::record_witness(rollup.store, early).value();
        EXPECT_EQ(recorded.statement.post, rollup.claim(number));
    }
}

TEST(Stf, a_preimage_of_a_proof_fits_one_transaction) {
    Busy rollup;
    const auto recorded =
        node::record_witness(rollup.store, rollup.request(0, rollup.entries.size())).value();
    for (const auto& [key, item] : recorded.witness.items())
        if (key[0] != static_cast<std::uint8_t>(stf::PreimageKind::blob))
            EXPECT_LE(item.size(), 24'576u);
}

TEST(Stf, a_blob_without_the_declared_bytes_derives_to_nothing_and_is_proven) {
    Busy rollup;
    rollup.post_mismatch(Bytes(200'000, 7));
    EXPECT_EQ(rollup.last_error, derive::BatchError::blob_mismatch);
    rollup.post(rollup.batch({{}}));
    const std::size_t n = rollup.entries.size();
    const auto recorded = node::record_witness(rollup.store, rollup.request(n - 2, n)).value();
    EXPECT_EQ(recorded.statement.post, rollup.claim(rollup.head_after(n).number));
    EXPECT_TRUE(verified(recorded.statement, recorded.witness));
    std::size_t blobs = 0;
    for (const auto& [key, item] : recorded.witness.items())
        blobs += key[0] == static_cast<std::uint8_t>(stf::PreimageKind::blob) ? 1 : 0;
    EXPECT_EQ(blobs, 2u);
}

TEST(Stf, a_blob_of_another_hash_is_no_witness) {
    Busy rollup;
    auto recorded = node::record_witness(rollup.store, rollup.request(3, 4)).value();
    Bytes bytes = recorded.witness.encode();
    host::KzgBlobs blobs;
    ASSERT_TRUE(stf::Witness::decode(bytes, blobs));
    bytes.back() ^= 1;  // items are in the order of their keys: the blob is the last
    EXPECT_FALSE(stf::Witness::decode(bytes, blobs));
}

TEST(Stf, the_test_chain_does_what_it_is_for) {
    Busy rollup;
    const auto state = rollup.chain->state(rollup.chain->head(node::Head::unsafe).number).value();
    const auto at = [&](const Address& a, std::uint64_t key) {
        return state->storage(a, to_bytes32(uint256{key}));
    };
    EXPECT_EQ(at(STORE, 1), uint256{});
    EXPECT_EQ(at(STORE, 2), uint256{});
    EXPECT_EQ(at(STORE, 3), uint256{33});
    EXPECT_EQ(at(STORE, 4), uint256{44});
    EXPECT_EQ(at(STORE, 5), uint256{55});
    EXPECT_EQ(at(STORE, 6), uint256{66});
    EXPECT_EQ(to_bytes32(at(HISTORIAN, 6)), rollup.chain->hash_of(3));
    EXPECT_GE(at(DIVER, 0), uint256{100});
    const auto second = rollup.chain->block(3).value().value();
    EXPECT_EQ(second.transactions.size(), 5u);  // attributes, deposit and three of four
    EXPECT_NE(rollup.chain->header(6).value()->withdrawals_root,
              rollup.chain->header(1).value()->withdrawals_root);
}

TEST(Stf, the_witness_has_nothing_to_spare) {
    Busy rollup;
    const auto recorded = node::record_witness(rollup.store, rollup.request(1, 4)).value();
    ASSERT_TRUE(verified(recorded.statement, recorded.witness));
    for (const auto& [hash, bytes] : recorded.witness.items())
        EXPECT_EQ(verified(recorded.statement, with(recorded.witness, hash, {})),
                  std::unexpected(StfError::missing_preimage));
}

TEST(Stf, a_changed_item_is_a_missing_one) {
    Busy rollup;
    const auto recorded = node::record_witness(rollup.store, rollup.request(0, 3)).value();
    for (const auto& [hash, bytes] : recorded.witness.items()) {
        Bytes changed = bytes;
        changed[changed.size() / 2] ^= 1;
        EXPECT_EQ(verified(recorded.statement, with(recorded.witness, hash, changed)),
                  std::unexpected(StfError::missing_preimage));
    }
}

TEST(Stf, another_post_root_is_wrong_post) {
    Busy rollup;
    auto recorded = node::record_witness(rollup.store, rollup.request(0, 2)).value();
    recorded.statement.post.output_root[0] ^= 1;
    EXPECT_EQ(verified(recorded.statement, recorded.witness),
              std::unexpected(StfError::wrong_post));
}

TEST(Stf, another_pre_accumulator_is_wrong_inbox) {
    Busy rollup;
    auto recorded = node::record_witness(rollup.store, rollup.request(0, 2)).value();
    auto& q = recorded.statement.question;
    derive::Position start;
    start.head_timestamp = rollup.spec.genesis_timestamp;
    start.inbox_acc[0] = 1;
    auto claim = rollup.claim(0);
    claim.start = recorded.witness.add(stf::encode(start));
    recorded.witness.add(stf::encode(claim));
    q.pre = stf::hash(claim);
    EXPECT_EQ(verified(recorded.statement, recorded.witness),
              std::unexpected(StfError::wrong_inbox));
}

TEST(Stf, an_inbox_shorter_than_the_pre_claim_s_is_wrong_inbox) {
    Busy rollup;
    auto recorded = node::record_witness(rollup.store, rollup.request(2, 2)).value();
    recorded.statement.question.inbox_count = 1;
    EXPECT_EQ(verified(recorded.statement, recorded.witness),
              std::unexpected(StfError::wrong_inbox));
}

TEST(Stf, a_configuration_that_is_none_is_malformed) {
    Busy rollup;
    auto recorded = node::record_witness(rollup.store, rollup.request(0, 1)).value();
    recorded.statement.question.config_hash = recorded.witness.add(Bytes{0xc0});
    EXPECT_EQ(verified(recorded.statement, recorded.witness), std::unexpected(StfError::malformed));
}

TEST(Stf, a_pre_root_over_another_header_is_malformed) {
    Busy rollup;
    auto recorded = node::record_witness(rollup.store, rollup.request(0, 1)).value();
    Bytes preimage = derive::output_preimage(rollup.head_after(0));
    preimage[32] ^= 1;  // another state root than the header's
    auto claim = rollup.claim(0);
    claim.output_root = recorded.witness.add(preimage);
    recorded.witness.add(stf::encode(claim));
    recorded.statement.question.pre = stf::hash(claim);
    EXPECT_EQ(verified(recorded.statement, recorded.witness), std::unexpected(StfError::malformed));
}

TEST(Stf, a_question_is_bound_by_every_byte) {
    Busy rollup;
    const auto recorded = node::record_witness(rollup.store, rollup.request(1, 3)).value();
    const Bytes words = stf::encode(recorded.statement.question);
    for (std::size_t i = 0; i < 4 * 32; ++i) {  // but for the number of blocks
        Bytes other = words;
        other[i] ^= 1;
        const auto question = stf::decode_question(other);
        if (!question) continue;
        const Bytes bytes = recorded.witness.encode();
        host::KzgBlobs blobs;
        auto witness = stf::Witness::decode(bytes, blobs);
        EXPECT_FALSE(stf::run(*question, *witness)) << i;
    }
}

TEST(Stf, a_claim_that_contradicts_its_header_is_malformed) {
    Busy rollup;
    for (int field = 0; field < 2; ++field) {
        auto recorded = node::record_witness(rollup.store, rollup.block_request(2, 2)).value();
        auto claim = rollup.claim(2);
        (field == 0 ? claim.block_number : claim.taken) += 1;
        recorded.witness.add(stf::encode(claim));
        recorded.statement.question.pre = stf::hash(claim);
        EXPECT_EQ(verified(recorded.statement, recorded.witness),
                  std::unexpected(StfError::malformed));
    }
}

TEST(Stf, words_of_a_statement_are_read_back) {
    Busy rollup;
    const auto s = node::record_witness(rollup.store, rollup.block_request(2, 3))->statement;
    EXPECT_EQ(stf::decode_statement(stf::encode(s)), s);
    EXPECT_EQ(stf::decode_question(stf::encode(s.question)), s.question);
    EXPECT_EQ(stf::decode_claim(stf::encode(s.post)), s.post);
    EXPECT_EQ(stf::encode(s).size(), stf::statement_bytes);
    Bytes large = stf::encode(s.post);
    large[32] = 1;  // a block number beyond 64 bits
    EXPECT_FALSE(stf::decode_claim(large));
    EXPECT_FALSE(stf::decode_claim(ByteView(large).first(127)));
    derive::Position p;
    p.origin = {1, 2, stf::hash(s.post), 3, 4};
    p.inbox_count = 5;
    p.sequence_number = 6;
    EXPECT_EQ(stf::decode_position(stf::encode(p)), p);
}

TEST(Recorder, entries_out_of_order_are_refused) {
    Busy rollup;
    auto request = rollup.request(0, 3);
    std::swap(request.entries[1], request.entries[2]);
    const auto recorded = node::record_witness(rollup.store, request);
    ASSERT_FALSE(recorded);
    EXPECT_EQ(recorded.error().handling, node::Handling::fatal);
}

TEST(Recorder, missing_queue_items_are_refused) {
    Busy rollup;
    auto request = rollup.request(0, 3);
    request.queue.pop_back();
    EXPECT_FALSE(node::record_witness(rollup.store, request));
}

TEST(Recorder, the_input_of_the_guest_is_read_back) {
    Busy rollup;
    const auto r = node::record_witness(rollup.store, rollup.request(0, 2)).value();
    const Bytes witness = r.witness.encode();
    const Bytes input = node::guest_input(r.statement, witness);
    const auto read = node::read_guest_input(input);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->statement, r.statement);
    EXPECT_EQ(to_bytes(read->witness), witness);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{3}, std::size_t{4 + stf::statement_bytes - 1}})
        EXPECT_FALSE(node::read_guest_input(ByteView(input).first(size)));
}

// The guest on the machine.

class Guest : public testing::Test {
protected:
    void SetUp() override {
        const char* path = std::getenv("MEZZ_GUEST_ELF");
        if (path == nullptr) GTEST_SKIP() << "MEZZ_GUEST_ELF is not set to build/guest/stf.elf";
        std::ifstream file(path, std::ios::binary);
        const Bytes bytes{std::istreambuf_iterator<char>(file), {}};
        const auto image = node::prove::load_elf(bytes);
        ASSERT_TRUE(image) << path;
        program_ = std::make_shared<const node::prove::Program>(*image);
    }

    /// Both give the same answer. returns: the steps of the guest.
    std::uint64_t expect_agreement(const stf::Question& question,
                                   const stf::WitnessBuilder& witness) {
        const Bytes bytes = witness.encode();
        host::KzgBlobs blobs;
        auto decoded = stf::Witness::decode(bytes, blobs);
        EXPECT_TRUE(decoded);
        if (!decoded) return 0;
        const auto native = stf::run(question, *decoded);
        const auto guest = node::prove::answer(program_, question, *decoded);
        if (!native && native.error() == StfError::missing_preimage) {
            EXPECT_FALSE(guest);
            return 0;
        }
        EXPECT_TRUE(guest) << guest.error().message;
        if (!guest) return 0;
        if (native) {
            EXPECT_EQ(guest->exit_code, 0);
            EXPECT_EQ(guest->claim, stf::hash(*native));
        } else {
            EXPECT_EQ(guest->exit_code, 10 + static_cast<int>(native.error()));
        }
        return guest->steps;
    }

    std::shared_ptr<const node::prove::Program> program_;
};

TEST_F(Guest, agrees_on_every_block_and_on_all_together) {
    Busy rollup;
    rollup.post_mismatch(Bytes(200'000, 7));
    rollup.post(rollup.batch({{}}));
    const std::size_t n = rollup.entries.size();
    const std::uint64_t head = rollup.chain->head(node::Head::unsafe).number;
    for (std::uint64_t number = 0; number <= head; ++number) {
        const auto r = node::record_witness(rollup.store, rollup.block_request(number, n)).value();
        EXPECT_EQ(r.statement.post, rollup.claim(std::min(number + 1, head)));
        EXPECT_GT(expect_agreement(r.statement.question, r.witness), 10'000u);
    }
    const auto all = node::record_witness(rollup.store, rollup.request(0, n)).value();
    expect_agreement(all.statement.question, all.witness);
}

TEST_F(Guest, agrees_on_every_refusal) {
    Busy rollup;
    const auto r = node::record_witness(rollup.store, rollup.request(0, 2)).value();
    const auto& question = r.statement.question;
    // missing_preimage: the first items, left out and changed.
    int count = 0;
    for (const auto& [key, bytes] : r.witness.items()) {
        if (++count > 8) break;
        expect_agreement(question, with(r.witness, key, {}));
        Bytes changed = bytes;
        changed.back() ^= 1;
        expect_agreement(question, with(r.witness, key, changed));
    }
    auto other = question;
    other.inbox_count = 1;
    expect_agreement(other, r.witness);
    other = question;
    auto witness = r.witness;
    other.config_hash = witness.add(Bytes{0x80});
    expect_agreement(other, witness);
    derive::Position start;
    start.inbox_acc[0] = 1;
    start.head_timestamp = rollup.spec.genesis_timestamp;
    auto claim = rollup.claim(0);
    claim.start = witness.add(stf::encode(start));
    other = question;
    witness.add(stf::encode(claim));
    other.pre = stf::hash(claim);
    expect_agreement(other, witness);
}

TEST_F(Guest, the_deepest_calls_fit_its_stack) {
    Rollup rollup(100'000'000'000'000);
    const auto label = rollup.queue(DIVER, 0, {}, 90'000'000'000'000);
    rollup.post(rollup.batch({{}}, {label}));
    const auto state = rollup.chain->state(1).value();
    ASSERT_EQ(state->storage(DIVER, {}), uint256{1025});  // a call and 1024 within it
    const auto r = node::record_witness(rollup.store, rollup.request(0, 1)).value();
    EXPECT_GT(expect_agreement(r.statement.question, r.witness), 0u);
}

TEST_F(Guest, the_largest_batch_fits_its_heap) {
    Rollup rollup;
    Transaction smallest;  // decodes, and can never be included
    smallest.chain_id = rollup.spec.chain_id;
    const std::vector<Transaction> block(rollup.spec.gas_limit / 21'000, smallest);
    const std::size_t blocks = (derive::max_payload_bytes / 70 - 100) / block.size();
    rollup.post(rollup.batch(std::vector<std::vector<Transaction>>(blocks, block)), true);
    EXPECT_EQ(rollup.last_error, std::nullopt);
    const auto r = node::record_witness(rollup.store, rollup.block_request(blocks - 1, 1)).value();
    EXPECT_GT(expect_agreement(r.statement.question, r.witness), 0u);
}

}  // namespace
}  // namespace mezz::test
