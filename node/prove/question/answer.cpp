// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/question/answer.hpp"

#include "core/crypto/keccak.hpp"
#include "node/ports/hex_text.hpp"

namespace mezz::node::prove {

QuestionPreimages::QuestionPreimages(const stf::Question& question, const stf::Witness& witness)
    : witness_(witness),
      words_(stf::encode(question)),
      hash_(stf::hash(question)),
      words_key_(riscv::keccak256_key(hash_)) {}

std::optional<ByteView> QuestionPreimages::get(const Bytes32& key) {
    if (key == riscv::local_key(0)) return ByteView(hash_);
    if (key == words_key_) return ByteView(words_);
    return witness_.find(key);
}

InputPreimages::InputPreimages(ByteView input) : input_(input), hash_(crypto::keccak256(input)) {}

std::optional<ByteView> InputPreimages::get(const Bytes32& key) {
    if (key == riscv::local_key(0)) return ByteView(hash_);
    if (key == riscv::keccak256_key(hash_)) return input_;
    return std::nullopt;
}

Result<Answer> answer(std::shared_ptr<const Program> program, riscv::PreimageEnv& preimages) {
    Machine machine(std::move(program), preimages);
    const auto ran = machine.run_to(MAX_STEPS);
    if (!ran)
        return fatal("the witness lacks preimage " + hex_text(ran.error().key) +
                     ", which the program reads at step " + std::to_string(ran.error().step));
    const riscv::Hart& hart = machine.hart();
    if (!hart.exited)
        return fatal("the program did not end within " + std::to_string(MAX_STEPS) + " steps");
    Answer out{hart.exit_code, {}, hart.step};
    if (hart.exit_code == 0) out.claim = hart.key;
    return out;
}

Result<Answer> answer(std::shared_ptr<const Program> program, const stf::Question& question,
                      const stf::Witness& witness) {
    QuestionPreimages preimages(question, witness);
    return answer(std::move(program), preimages);
}

}  // namespace mezz::node::prove
