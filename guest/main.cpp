// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// The program that every proof is about: it reads the question its machine was started for, and
/// answers with the hash of the claim that follows. An error answers nothing and exits with 10 +
/// StfError.

#include "core/stf/verify.hpp"
#include "guest/preimages.hpp"
#include "guest/runtime.hpp"

int main() {
    using namespace mezz;
    guest::MachinePreimages preimages;
    const auto words = preimages.get(preimages.question());
    const auto question = stf::decode_question(*words);
    if (!question) return guest::exit_bad_question;
    const auto claim = stf::run(*question, preimages);
    if (!claim) return 10 + static_cast<int>(claim.error());
    guest::answer(stf::hash(*claim));
    return 0;
}
