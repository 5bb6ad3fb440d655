// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A question put to the program on its machine: the run that a dispute is about.

#include "core/riscv/preimages.hpp"
#include "core/stf/claim.hpp"
#include "core/stf/preimages.hpp"
#include "node/ports/result.hpp"
#include "node/prove/machine/trace.hpp"

namespace mezz::node::prove {

/// What the program may read: the question and a witness. Keeps the reference.
class QuestionPreimages final : public riscv::PreimageEnv {
public:
    QuestionPreimages(const stf::Question& question, const stf::Witness& witness);
    std::optional<ByteView> get(const Bytes32& key) override;

private:
    const stf::Witness& witness_;
    Bytes words_;  ///< of the question
    Bytes32 hash_, words_key_;
};

/// What an image may read that is no proof: one input, the preimage of the local value. Keeps the
/// bytes' view.
class InputPreimages final : public riscv::PreimageEnv {
public:
    explicit InputPreimages(ByteView input);
    std::optional<ByteView> get(const Bytes32& key) override;

private:
    ByteView input_;
    Bytes32 hash_;
};

/// How a run ended.
struct Answer {
    /// 0: the claim holds. Else no claim follows; see guest/README.md.
    int exit_code = -1;
    Bytes32 claim;  ///< hash
    std::uint64_t steps = 0;
};

/// Runs a program to its end.
/// errors: fatal when `preimages` lack what it reads, naming the key, or the cap is reached.
Result<Answer> answer(std::shared_ptr<const Program> program, riscv::PreimageEnv& preimages);
/// Runs the program that answers questions.
Result<Answer> answer(std::shared_ptr<const Program> program, const stf::Question& question,
                      const stf::Witness& witness);

}  // namespace mezz::node::prove
