// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/guest_twin.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>

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

/// A file with the input, gone with this object.
class InputFile {
public:
    explicit InputFile(ByteView input) {
        static std::atomic<unsigned> count{0};
        path_ = std::filesystem::temp_directory_path() /
                ("mezz_state_test_" + std::to_string(::getpid()) + "_" + std::to_string(count++) +
                 ".input");
        std::ofstream(path_, std::ios::binary)
            .write(reinterpret_cast<const char*>(input.data()),
                   static_cast<std::streamsize>(input.size()));
    }
    ~InputFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

}  // namespace

bool has_guest_input(const StateTest& test) {
    if (!test.txn) return true;
    if (test.txn->type != TxType::legacy && !test.txn->chain_id) return false;
    const auto decoded = decode_transaction(encode(*test.txn));
    return decoded && *decoded == *test.txn;
}

std::expected<StateTestResult, std::string> run_in_guest(const std::string& elf,
                                                         const StateTest& test) {
    const InputFile input(guest_input(test));
    const std::string command = "qemu-riscv64 '" + elf + "' < '" + input.path() + "'";
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return std::unexpected("qemu-riscv64 does not start");
    Bytes output;
    for (int c; (c = std::fgetc(pipe)) != EOF;) output.push_back(static_cast<std::uint8_t>(c));
    const int status = ::pclose(pipe);
    constexpr std::size_t OUTPUT_BYTES = 32 + 8 + 1;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || output.size() != OUTPUT_BYTES)
        return std::unexpected("the guest exits with " + std::to_string(WEXITSTATUS(status)));
    StateTestResult out;
    out.state_root = Bytes32::from(output);
    out.gas_used = load_le64(output.data() + 32);
    if (output[40] != 0) out.rejection = static_cast<exec::TxError>(output[40] - 1);
    return out;
}

int missing_guest(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (!options || options->guest.empty()) return 0;
    const char* missing = nullptr;
    if (!std::filesystem::exists(options->guest))
        missing = "no guest image: cmake --preset guest && cmake --build --preset guest";
    else if (std::system("command -v qemu-riscv64 > /dev/null") != 0)
        missing = "qemu-riscv64 is not installed";
    if (missing == nullptr) return 0;
    std::printf("%s\n0 passed, 0 failed, 1 skipped\n", missing);
    return 77;
}

}  // namespace mezz::conformance
