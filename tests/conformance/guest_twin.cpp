// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/guest_twin.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

#include "core/crypto/keccak.hpp"
#include "node/prove/question/answer.hpp"
#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {
namespace {

/// The framing is written down in guest/state_test.cpp.
Bytes guest_input(const StateTest& test) {
    Bytes out;
    {
        const rlp::List whole(out);
        rlp::append(out, static_cast<std::uint64_t>(test.spec.revision_at(0)));
        rlp::append(out, test.spec.chain_id);
        {
            const rlp::List blobs(out);
            for (const BlobActivation& entry : test.spec.blobs) {
                rlp::append(out, entry.params.target);
                rlp::append(out, entry.params.max);
                rlp::append(out, entry.params.update_fraction);
            }
        }
        rlp::append(out, test.block.number);
        rlp::append(out, test.block.timestamp);
        rlp::append(out, test.block.gas_limit);
        rlp::append(out, test.block.base_fee);
        rlp::append(out, test.block.coinbase);
        rlp::append(out, test.block.prev_randao);
        rlp::append(out, test.block.excess_blob_gas);
        rlp::append(out, test.sender ? ByteView(*test.sender) : ByteView{});
        rlp::append(out, test.txn ? encode(*test.txn) : Bytes{});
        const rlp::List accounts(out);
        MemoryView codes = test.state;
        for (const auto& [address, entry] : test.state.accounts()) {
            const rlp::List account(out);
            rlp::append(out, address);
            rlp::append(out, entry.account.nonce);
            rlp::append(out, entry.account.balance);
            rlp::append(out, codes.code(entry.account.code_hash));
            const rlp::List slots(out);
            for (const auto& [key, value] : entry.storage) {
                const rlp::List slot(out);
                rlp::append(out, key);
                rlp::append(out, value);
            }
        }
    }
    return out;
}

/// Loaded once, whichever thread comes first.
std::shared_ptr<const node::prove::Program> program(const std::string& elf) {
    static std::mutex mutex;
    static std::map<std::string, std::shared_ptr<const node::prove::Program>> loaded;
    const std::scoped_lock lock(mutex);
    auto& out = loaded[elf];
    if (out) return out;
    std::ifstream file(elf, std::ios::binary);
    const Bytes bytes{std::istreambuf_iterator<char>(file), {}};
    if (const auto image = node::prove::load_elf(bytes))
        out = std::make_shared<const node::prove::Program>(*image);
    return out;
}

/// What the guest hashes into its answer.
Bytes32 answer_of(const StateTestResult& result) {
    Bytes out = to_bytes(result.state_root);
    out.resize(40);
    store_le64(out.data() + 32, result.gas_used);
    out.push_back(result.rejection
                      ? static_cast<std::uint8_t>(1 + static_cast<unsigned>(*result.rejection))
                      : std::uint8_t{0});
    return crypto::keccak256(out);
}

}  // namespace

bool has_guest_input(const StateTest& test) {
    if (!test.txn) return true;
    if (test.txn->type != TxType::legacy && !test.txn->chain_id) return false;
    const auto decoded = decode_transaction(encode(*test.txn));
    return decoded && *decoded == *test.txn;
}

std::string compare_in_guest(const std::string& elf, const StateTest& test,
                             const StateTestResult& native) {
    auto image = program(elf);
    if (!image) return "guest: " + elf + " is no image of a program";
    const Bytes bytes = guest_input(test);
    node::prove::InputPreimages input(bytes);
    const auto answer = node::prove::answer(std::move(image), input);
    if (!answer) return "guest: " + answer.error().message;
    if (answer->exit_code != 0) return "guest: it exits with " + std::to_string(answer->exit_code);
    return answer->claim == answer_of(native) ? "" : "guest: another root, gas or rejection";
}

int missing_guest(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (!options || options->guest.empty()) return 0;
    const char* missing = nullptr;
    if (!std::filesystem::exists(options->guest))
        missing = "no guest image: cmake --preset guest && cmake --build --preset guest";
    if (missing == nullptr) return 0;
    std::printf("%s\n0 passed, 0 failed, 1 skipped\n", missing);
    return 77;
}

}  // namespace mezz::conformance
