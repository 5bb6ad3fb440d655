// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// contracts/src/parent/RvStep.sol against the machine: its bytecode, in our EVM, gives the same
/// next state's hash for every instruction on edge operands, every trap and every call, and refuses
/// what replay() refuses, for the same reason.

#include <gtest/gtest.h>
#include <simdjson.h>

#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/state/memory_view.hpp"
#include "core/vm/evm/evm.hpp"
#include "node/prove/machine/test_programs.hpp"

namespace mezz {
namespace {

using namespace node::prove;
using node::prove::testing::CODE;
using node::prove::testing::Words;
using riscv::Kind;
using riscv::WitnessError;
using riscv::testing::assemble;

Bytes creation_code(const std::string& contract) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    std::string_view text;
    const auto path = std::string(MEZZ_ARTEFACTS) + "/" + contract + ".json";
    if (parser.load(path).get(root) != simdjson::SUCCESS ||
        root["bytecode"].get(text) != simdjson::SUCCESS)
        return {};
    return from_hex(text).value_or(Bytes{});
}

std::string printed(ByteView bytes) {
    std::string out;
    for (const std::uint8_t byte : bytes)
        for (const unsigned digit : {byte / 16u, byte % 16u}) out += "0123456789abcdef"[digit];
    return out;
}

/// 4 bytes of keccak256(signature).
Bytes selector(std::string_view signature) {
    const Bytes32 hash = crypto::keccak256(
        {reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()});
    return {hash.begin(), hash.begin() + 4};
}
void append_number(Bytes& out, std::uint64_t value) {
    append(out, to_bytes32(uint256{value}));
}
/// A dynamic `bytes` at the end of call data.
void append_tail(Bytes& out, ByteView bytes) {
    append_number(out, bytes.size());
    append(out, bytes);
    out.resize(out.size() + (32 - bytes.size() % 32) % 32);
}

struct NoHashes final : BlockHashes {
    Bytes32 hash(std::uint64_t) override { return {}; }
};

/// The parent chain with an oracle, and a judge for each program.
class Parent {
public:
    Parent()
        : spec_(osaka()), journal_(view_, Revision::osaka), evm_(journal_, spec_, block_, hashes_) {
        journal_.begin_transaction();
        evm_.set_transaction({});
        oracle_ = deploy(creation_code("PreimageOracle"));
    }

    /// Makes a judge of the program with this code.
    Address judge(const Bytes32& code_root) {
        Bytes code = creation_code("RvStep");
        append(code, code_root);
        Bytes oracle(12);
        append(oracle, oracle_);
        append(code, oracle);
        return deploy(code);
    }
    void load_keccak256(std::uint64_t offset, ByteView preimage) {
        Bytes input = selector("loadKeccak256(uint64,bytes)");
        append_number(input, offset);
        append_number(input, 64);
        append_tail(input, preimage);
        EXPECT_EQ(call(oracle_, input).status, evm::Status::success);
    }
    /// The next state's hash, or what the judge reverts with.
    std::expected<Bytes32, Bytes> step(const Address& judge, const Bytes32& state_hash,
                                       ByteView witness) {
        Bytes input = selector("step(bytes32,bytes32,bytes)");
        append(input, state_hash);
        append(input, local_value);
        append_number(input, 96);
        append_tail(input, witness);
        const evm::CallResult result = call(judge, input);
        if (result.status == evm::Status::success && result.output.size() == 32)
            return Bytes32::from(result.output);
        EXPECT_EQ(result.status, evm::Status::revert) << "it ran out of something";
        return std::unexpected(result.output);
    }

    Bytes32 local_value =
        hex<Bytes32>("0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");

private:
    static constexpr std::int64_t GAS = 30'000'000;

    static ChainSpec osaka() {
        ChainSpec spec;
        spec.revisions = {{0, Revision::osaka}};
        return spec;
    }
    evm::CallResult call(const Address& to, ByteView input) {
        evm::Message message;
        message.gas = GAS;
        message.recipient = message.code_address = to;
        message.input = input;
        return evm_.execute(message);
    }
    Address deploy(ByteView initcode) {
        evm::Message message;
        message.kind = evm::CallKind::create2;
        message.gas = GAS;
        message.input = initcode;
        const evm::CallResult result = evm_.execute(message);
        EXPECT_EQ(result.status, evm::Status::success);
        return result.create_address;
    }

    MemoryView view_;
    ChainSpec spec_;
    BlockContext block_;
    NoHashes hashes_;
    Journal journal_;
    evm::Evm evm_;
    Address oracle_;
};

bool is_error(const std::expected<Bytes32, Bytes>& answer, std::string_view signature) {
    return !answer && answer.error().size() >= 4 &&
           equal(ByteView(answer.error()).first(4), selector(signature));
}
/// Whether the judge refused for this reason.
bool refused(const std::expected<Bytes32, Bytes>& answer, WitnessError reason) {
    switch (reason) {
        case WitnessError::length:
            return is_error(answer, "WitnessLength(uint256,uint256)");
        case WitnessError::state:
            return is_error(answer, "StateMismatch(bytes32)") ||
                   is_error(answer, "MalformedState()");
        case WitnessError::code:
            return is_error(answer, "CodeProofMismatch()");
        case WitnessError::data:
            return is_error(answer, "DataProofMismatch()");
        default:
            return is_error(answer, "PreimageAbsent(bytes32,uint64)") ||
                   is_error(answer, "LocalValueAbsent(bytes32)");
    }
}

struct Judge : ::testing::Test {
    Parent parent;
    riscv::testing::MapPreimages preimages;
    std::uint64_t judged = 0;

    /// Both make the same of the next step of `machine`, and the step is the one that it takes.
    void compare(Machine& machine, const Address& judge) {
        const Bytes32 before = machine.state_hash();
        const auto witness = machine.witness();
        ASSERT_TRUE(witness.has_value());
        const auto answer = parent.step(judge, before, *witness);
        ASSERT_TRUE(machine.step().has_value());
        ASSERT_TRUE(answer.has_value()) << printed(answer.error());
        ASSERT_EQ(*answer, machine.state_hash());
        ++judged;
    }
};

TEST_F(Judge, AgreesOnEveryInstructionAtTheEdges) {
    std::mt19937_64 random{1};
    Words words;
    for (const auto& e : riscv::testing::ENCODINGS)
        for (int i = 0; i < 40; ++i) {
            const auto rd = static_cast<unsigned>(random() % (i % 8 == 0 ? 32 : 8));
            auto imm = static_cast<std::int32_t>(random());
            unsigned rs1 = 4 + static_cast<unsigned>(random() % 8);
            if (riscv::is_load(e.kind) || riscv::is_store(e.kind)) {
                rs1 = 1 + static_cast<unsigned>(random() % 2);
                if (i % 4 != 0) imm = imm % 2048 & -static_cast<std::int32_t>(access_bytes(e.kind));
            }
            words.push_back(
                assemble(e.kind, rd, rs1, 4 + static_cast<unsigned>(random() % 8), imm));
        }
    const auto program = node::prove::testing::program_of(words);
    const Address judge = parent.judge(program->code_root());
    Machine machine(program, preimages);
    for (std::size_t i = 0; i < words.size(); ++i) {
        riscv::Hart hart = node::prove::testing::random_hart(random);
        hart.pc = CODE + 4 * i;
        hart.x[riscv::A7] = 64;
        machine.restore({hart, program->data()});
        compare(machine, judge);
        if (HasFatalFailure()) FAIL() << std::hex << words[i];
    }
    EXPECT_EQ(judged, std::size(riscv::testing::ENCODINGS) * 40);
}

TEST_F(Judge, AgreesOnRandomPrograms) {
    std::mt19937_64 random{2};
    for (int round = 0; round < 40; ++round) {
        const auto program =
            node::prove::testing::program_of(node::prove::testing::random_words(random, 60));
        const Address judge = parent.judge(program->code_root());
        Machine machine(program, preimages);
        riscv::Hart hart = node::prove::testing::random_hart(random);
        if (hart.x[riscv::A7] == riscv::CALL_READ) hart.x[riscv::A7] = riscv::CALL_EXIT;
        machine.restore({hart, program->data()});
        // One more than to the end: an exited state is its own next.
        for (int i = 0; i < 60; ++i) {
            const bool last = machine.hart().exited;
            if (machine.hart().x[riscv::A7] == riscv::CALL_READ) break;
            compare(machine, judge);
            if (HasFatalFailure()) FAIL() << "round " << round << " step " << i;
            if (last) break;
        }
    }
    EXPECT_GT(judged, 500u);
}

TEST_F(Judge, AgreesOnWordsThatAreNoInstructions) {
    // Each opcode with funct3 and funct7 about those of instructions.
    Words words;
    for (std::uint32_t opcode = 0; opcode < 128; ++opcode)
        for (const std::uint32_t funct3 : {0u, 1u, 2u, 3u, 5u, 7u})
            for (const std::uint32_t funct7 : {0u, 1u, 2u, 0x20u, 0x21u, 0x40u})
                if (opcode % 4 == 3 || (funct3 == 0 && funct7 == 0))
                    words.push_back(opcode | 5u << 7 | funct3 << 12 | 6u << 15 | funct7 << 25);
    const auto program = node::prove::testing::program_of(words);
    const Address judge = parent.judge(program->code_root());
    Machine machine(program, preimages);
    std::uint64_t traps = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        riscv::Hart hart;
        hart.pc = CODE + 4 * i;
        hart.x[6] = riscv::DATA_START;
        machine.restore({hart, program->data()});
        compare(machine, judge);
        if (HasFatalFailure()) FAIL() << std::hex << words[i];
        if (machine.hart().exited) ++traps;
    }
    EXPECT_GT(traps, words.size() / 2);
    EXPECT_LT(traps, words.size());
}

TEST_F(Judge, AgreesOnJumpsOutOfTheCode) {
    const auto program = node::prove::testing::program_of({0x13});
    const Address judge = parent.judge(program->code_root());
    Machine machine(program, preimages);
    for (const std::uint64_t pc :
         {std::uint64_t{2}, CODE + 1, riscv::CODE_END, riscv::CODE_END - 4, ~std::uint64_t{3},
          std::uint64_t{1} << 32, std::uint64_t{1} << 63}) {
        riscv::Hart hart;
        hart.pc = pc;
        hart.step = ~std::uint64_t{0};  // one more is zero
        machine.restore({hart, program->data()});
        compare(machine, judge);
        ASSERT_TRUE(machine.hart().exited);
        compare(machine, judge);
    }
}

TEST_F(Judge, AgreesOnCalls) {
    const auto program = node::prove::testing::program_of({0x73});
    const Address judge = parent.judge(program->code_root());
    Bytes preimage(70, 0x33);
    preimage[69] = 1;
    const Bytes32 key = riscv::keccak256_key(crypto::keccak256(preimage));
    preimages.known[key] = preimage;
    preimages.known[riscv::local_key(0)] = to_bytes(parent.local_value);
    for (const std::uint64_t offset : {0u, 32u, 64u, 96u}) parent.load_keccak256(offset, preimage);
    Machine machine(program, preimages);
    for (const Bytes32& asked : {key, riscv::local_key(0)})
        for (const std::uint64_t number :
             {std::uint64_t{0}, riscv::CALL_SET_KEY, riscv::CALL_READ, std::uint64_t{3},
              riscv::CALL_EXIT, std::uint64_t{1} << 32 | 2, ~std::uint64_t{0}})
            for (const std::uint64_t a0 :
                 {riscv::DATA_START, riscv::DATA_START + 64, riscv::DATA_END - 32,
                  riscv::DATA_START - 32, riscv::DATA_START + 8, riscv::DATA_END, std::uint64_t{0},
                  ~std::uint64_t{31}})
                for (const std::uint64_t offset : {0u, 32u, 64u, 96u}) {
                    riscv::Hart hart;
                    hart.pc = CODE;
                    hart.key = asked;
                    hart.offset = offset;
                    hart.x[riscv::A7] = number;
                    hart.x[riscv::A0] = a0;
                    machine.restore({hart, program->data()});
                    compare(machine, judge);
                    if (HasFatalFailure()) FAIL() << number << " " << a0 << " " << offset;
                }
}

TEST_F(Judge, HasNoAnswerWithoutAPreimage) {
    const auto program = node::prove::testing::program_of({0x73});
    const Address judge = parent.judge(program->code_root());
    Machine machine(program, preimages);
    for (const Bytes32& asked : {riscv::keccak256_key({}), riscv::local_key(1), Bytes32{}}) {
        riscv::Hart hart;
        hart.pc = CODE;
        hart.key = asked;
        hart.x[riscv::A7] = riscv::CALL_READ;
        hart.x[riscv::A0] = riscv::DATA_START;
        machine.restore({hart, program->data()});
        preimages.known[asked] = Bytes(1);  // so that there is a witness
        const auto witness = machine.witness();
        preimages.known.clear();
        ASSERT_TRUE(witness.has_value());
        const auto answer = parent.step(judge, machine.state_hash(), *witness);
        EXPECT_EQ(riscv::replay(*witness, machine.state_hash(), program->code_root(), preimages),
                  std::unexpected(WitnessError::preimage));
        EXPECT_TRUE(refused(answer, WitnessError::preimage)) << printed(answer.error());
    }
}

TEST_F(Judge, RefusesWhatReplayRefusesForTheSameReason) {
    std::mt19937_64 random{3};
    const auto program = node::prove::testing::program_of(
        {assemble(Kind::add, 5, 6, 7, 0), assemble(Kind::ld, 5, 1, 0, 0),
         assemble(Kind::sd, 0, 1, 5, 0), assemble(Kind::ld, 5, 1, 0, 1), 0});
    const Address judge = parent.judge(program->code_root());
    Machine machine(program, preimages);
    std::map<WitnessError, int> reasons;
    for (std::uint64_t i = 0; i < 6; ++i) {
        riscv::Hart hart = node::prove::testing::random_hart(random);
        hart.pc = i < 5 ? CODE + 4 * i : 2;
        machine.restore({hart, program->data()});
        const Bytes32 before = machine.state_hash();
        const Bytes right = *machine.witness();
        for (int change = 0; change < 160; ++change) {
            Bytes wrong = right;
            Bytes32 asked = before;
            if (change % 4 == 0) {
                constexpr std::size_t LENGTHS[] = {0,   351, 352,  353,  895,
                                                   896, 897, 1791, 1792, 1793};
                wrong.resize(LENGTHS[random() % std::size(LENGTHS)]);
            } else {
                wrong[random() % wrong.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
            }
            // Half of the states are taken as given, so that what is behind is looked at.
            if (change % 2 == 0 && wrong.size() >= riscv::STATE_BYTES)
                asked = crypto::keccak256(ByteView(wrong).first(riscv::STATE_BYTES));
            const auto answer = parent.step(judge, asked, wrong);
            const auto replayed = riscv::replay(wrong, asked, program->code_root(), preimages);
            if (replayed) {  // the right length, or another state and what belongs to it
                ASSERT_TRUE(answer.has_value()) << printed(answer.error());
                ASSERT_EQ(*answer, *replayed);
                continue;
            }
            ASSERT_TRUE(refused(answer, replayed.error()))
                << static_cast<int>(replayed.error()) << " "
                << (answer ? std::string("accepted") : printed(answer.error()));
            ++reasons[replayed.error()];
        }
    }
    for (const WitnessError reason :
         {WitnessError::length, WitnessError::state, WitnessError::code, WitnessError::data})
        EXPECT_GT(reasons[reason], 10) << static_cast<int>(reason);
}

/// Of a witness that is right, no bit can be another.
TEST_F(Judge, RefusesEverySingleBitThatIsWrong) {
    std::mt19937_64 random{4};
    const auto program = node::prove::testing::program_of({assemble(Kind::add, 5, 6, 7, 0),
                                                           assemble(Kind::ld, 5, 1, 0, 0),
                                                           assemble(Kind::sd, 0, 1, 5, 0), 0x73});
    const Address judge = parent.judge(program->code_root());
    Machine machine(program, preimages);
    int refusals = 0;
    for (std::uint64_t i = 0; i < 4; ++i) {
        riscv::Hart hart;
        hart.pc = CODE + 4 * i;
        hart.x[1] = riscv::DATA_START + 64;
        hart.x[riscv::A7] = riscv::CALL_SET_KEY;
        hart.x[riscv::A0] = riscv::DATA_START + 32;
        machine.restore({hart, program->data()});
        const Bytes32 before = machine.state_hash();
        const Bytes right = *machine.witness();
        ASSERT_TRUE(parent.step(judge, before, right).has_value());
        for (int change = 0; change < 600; ++change) {
            Bytes wrong = right;
            wrong[random() % wrong.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
            ASSERT_FALSE(parent.step(judge, before, wrong).has_value()) << i << " " << change;
            ++refusals;
        }
    }
    EXPECT_EQ(refusals, 2'400);
}

}  // namespace
}  // namespace mezz
