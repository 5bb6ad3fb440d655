// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// The program that every proof is about: input u32 LE size of the statement | statement | witness;
/// output the hash of the post claim. An error writes nothing and exits with 10 + StfError.

#include "core/codec/byte_reader.hpp"
#include "core/stf/verify.hpp"
#include "guest/runtime.hpp"

int main() {
    using namespace mezz;
    ByteReader in(guest::read_input());
    const ByteView size = in.take(4);
    const auto statement = stf::decode_statement(in.take(in.ok() ? load_le32(size.data()) : 0));
    auto witness = stf::Witness::decode(in.take(in.remaining()));
    if (!statement || !witness) return guest::exit_bad_framing;
    if (const auto done = stf::verify(*statement, *witness); !done)
        return 10 + static_cast<int>(done.error());
    guest::write_output(stf::hash(statement->post));
    return 0;
}
