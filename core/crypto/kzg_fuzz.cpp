// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// The setup parsers and the KZG verifiers on any bytes.
#include "core/crypto/kzg_prover.hpp"

using namespace mezz;
using namespace mezz::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    (void)parse_trusted_setup(input);
    (void)decode_setup(input);
    (void)bls12_381::decompress_g1(input);
    (void)bls12_381::decompress_g2(input);
    if (size < 112) return 0;
    const auto commitment = Bytes48::from(input), proof = Bytes48::from(input.subspan(48));
    const std::uint64_t index = load_le64(data + 96);
    const ByteView cell = input.subspan(104);
    const KzgSetup setup{};
    (void)verify_blob_kzg_proof(cell, commitment, proof);
    (void)verify_cell_kzg_proof_batch(setup, {&commitment, 1}, {&index, 1}, {&cell, 1},
                                      {&proof, 1});
    if (size >= 160)
        (void)verify_kzg_proof(commitment, Bytes32::from(input.subspan(96)),
                               Bytes32::from(input.subspan(128)), proof);
    return 0;
}
