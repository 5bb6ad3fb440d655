// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/derive/block.hpp"
#include "core/stf/verify.hpp"
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
    auto decoded = stf::Witness::decode(bytes);
    EXPECT_TRUE(decoded_statement && decoded);
    if (const auto done = stf::verify(*decoded_statement, *decoded); !done)
        return std::unexpected(done.error());
    return decoded_statement->post;
}

/// The witness with one item replaced or (empty) left out.
stf::WitnessBuilder with(const stf::WitnessBuilder& witness, const Bytes32& hash, Bytes bytes) {
    stf::WitnessBuilder out;
    for (const auto& [h, b] : witness.items())
        if (h != hash) out.add(h, b);
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
            EXPECT_EQ(s.pre.output_root, derive::output_root(rollup.head_after(from)));
            EXPECT_EQ(s.post.output_root, derive::output_root(rollup.head_after(to)));
            const auto post = verified(s, recorded->witness);
            ASSERT_TRUE(post) << from << ".." << to << ": " << static_cast<int>(post.error());
        }
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
    recorded.statement.pre.inbox_acc[0] ^= 1;
    EXPECT_EQ(verified(recorded.statement, recorded.witness),
              std::unexpected(StfError::wrong_inbox));
}

TEST(Stf, a_post_before_the_pre_is_wrong_inbox) {
    Busy rollup;
    auto recorded = node::record_witness(rollup.store, rollup.request(2, 2)).value();
    recorded.statement.post.inbox_count = 1;
    EXPECT_EQ(verified(recorded.statement, recorded.witness),
              std::unexpected(StfError::wrong_inbox));
}

TEST(Stf, a_configuration_that_is_none_is_malformed) {
    Busy rollup;
    auto recorded = node::record_witness(rollup.store, rollup.request(0, 1)).value();
    recorded.statement.config_hash = recorded.witness.add(Bytes{0xc0});
    EXPECT_EQ(verified(recorded.statement, recorded.witness), std::unexpected(StfError::malformed));
}

TEST(Stf, a_pre_root_over_another_header_is_malformed) {
    Busy rollup;
    auto recorded = node::record_witness(rollup.store, rollup.request(0, 1)).value();
    Bytes preimage = derive::output_preimage(rollup.head_after(0));
    preimage[32] ^= 1;  // another state root than the header's
    recorded.statement.pre.output_root = recorded.witness.add(preimage);
    EXPECT_EQ(verified(recorded.statement, recorded.witness), std::unexpected(StfError::malformed));
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
    for (const std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{4 + 223}})
        EXPECT_FALSE(node::read_guest_input(ByteView(input).first(size)));
}

// The guest under qemu-riscv64.

struct GuestRun {
    int exit_code = -1;
    Bytes output;
};

class Guest : public testing::Test {
protected:
    void SetUp() override {
        const char* path = std::getenv("MEZZ_GUEST_ELF");
        if (path == nullptr) GTEST_SKIP() << "MEZZ_GUEST_ELF is not set to build/guest/stf.elf";
        if (std::system("command -v qemu-riscv64 > /dev/null") != 0)
            GTEST_SKIP() << "qemu-riscv64 is not installed";
        elf_ = path;
    }

    GuestRun run(ByteView input) {
        const auto file = std::filesystem::temp_directory_path() /
                          ("mezz_stf_" + std::to_string(::getpid()) + ".input");
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(input.data()),
                   static_cast<std::streamsize>(input.size()));
        const std::string command = "qemu-riscv64 '" + elf_ + "' < '" + file.string() + "'";
        FILE* pipe = ::popen(command.c_str(), "r");
        GuestRun out;
        for (int c; (c = std::fgetc(pipe)) != EOF;)
            out.output.push_back(static_cast<std::uint8_t>(c));
        const int status = ::pclose(pipe);
        out.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        std::filesystem::remove(file);
        return out;
    }

    /// Both sides give the same answer.
    void expect_agreement(const stf::Statement& statement, const stf::WitnessBuilder& witness) {
        const auto native = verified(statement, witness);
        const auto guest = run(node::guest_input(statement, witness.encode()));
        if (native) {
            EXPECT_EQ(guest.exit_code, 0);
            EXPECT_EQ(guest.output, to_bytes(stf::hash(*native)));
        } else {
            EXPECT_EQ(guest.exit_code, 10 + static_cast<int>(native.error()));
            EXPECT_TRUE(guest.output.empty());
        }
    }

    std::string elf_;
};

TEST_F(Guest, agrees_on_every_entry_and_on_all_together) {
    Busy rollup;
    const std::size_t n = rollup.entries.size();
    for (std::size_t i = 0; i < n; ++i) {
        const auto r = node::record_witness(rollup.store, rollup.request(i, i + 1)).value();
        ASSERT_TRUE(verified(r.statement, r.witness));
        expect_agreement(r.statement, r.witness);
    }
    const auto all = node::record_witness(rollup.store, rollup.request(0, n)).value();
    expect_agreement(all.statement, all.witness);
}

TEST_F(Guest, agrees_on_every_refusal) {
    Busy rollup;
    const auto r = node::record_witness(rollup.store, rollup.request(0, 2)).value();
    // missing_preimage: the first items, left out and changed.
    int count = 0;
    for (const auto& [hash, bytes] : r.witness.items()) {
        if (++count > 8) break;
        expect_agreement(r.statement, with(r.witness, hash, {}));
        Bytes changed = bytes;
        changed.back() ^= 1;
        expect_agreement(r.statement, with(r.witness, hash, changed));
    }
    auto statement = r.statement;
    statement.post.output_root[3] ^= 1;
    expect_agreement(statement, r.witness);
    statement = r.statement;
    statement.pre.inbox_acc[3] ^= 1;
    expect_agreement(statement, r.witness);
    statement = r.statement;
    auto witness = r.witness;
    statement.config_hash = witness.add(Bytes{0x80});
    expect_agreement(statement, witness);
}

TEST_F(Guest, the_deepest_calls_fit_its_stack) {
    Rollup rollup(100'000'000'000'000);
    const auto label = rollup.queue(DIVER, 0, {}, 90'000'000'000'000);
    rollup.post(rollup.batch({{}}, {label}));
    const auto state = rollup.chain->state(1).value();
    ASSERT_EQ(state->storage(DIVER, {}), uint256{1025});  // a call and 1024 within it
    const auto r = node::record_witness(rollup.store, rollup.request(0, 1)).value();
    expect_agreement(r.statement, r.witness);
}

TEST_F(Guest, the_largest_batch_fits_its_heap) {
    Rollup rollup;
    Transaction smallest;  // decodes, and can never be included
    smallest.chain_id = rollup.spec.chain_id;
    auto batch =
        rollup.batch({std::vector<Transaction>(derive::max_payload_bytes / 70 - 2, smallest)});
    rollup.post(batch, true);
    EXPECT_EQ(rollup.last_error, std::nullopt);
    const auto r = node::record_witness(rollup.store, rollup.request(0, 1)).value();
    expect_agreement(r.statement, r.witness);
}

TEST_F(Guest, broken_framing_has_its_own_exit_code) {
    EXPECT_EQ(run({}).exit_code, 20);
    EXPECT_EQ(run(Bytes{224, 0, 0}).exit_code, 20);
    EXPECT_EQ(run(Bytes(4 + 223)).exit_code, 20);
    Bytes torn = node::guest_input({}, {});
    append(torn, Bytes{9, 0, 0, 0, 1});
    EXPECT_EQ(run(torn).exit_code, 20);
}

}  // namespace
}  // namespace mezz::test
