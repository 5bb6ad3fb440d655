// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/mnemonic.hpp"

#include <nettle/hmac.h>
#include <nettle/pbkdf2.h>

#include <algorithm>

#include "app/embedded.hpp"
#include "app/suggest.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/crypto/sha256.hpp"

namespace mezz::app {
namespace {

constexpr unsigned seed_rounds = 2048;  ///< BIP-39
constexpr unsigned word_bits = 11;
constexpr std::uint32_t hardened = 1U << 31;
constexpr std::size_t seed_bytes = SHA512_DIGEST_SIZE;

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
constexpr unsigned char word_list[] = {
#embed "bip39_english.txt"
};
#pragma clang diagnostic pop

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> out;
    constexpr std::string_view space = " \t\r\n";
    for (std::size_t at = text.find_first_not_of(space); at != std::string_view::npos;
         at = text.find_first_not_of(space, at)) {
        const std::size_t end = std::min(text.find_first_of(space, at), text.size());
        out.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return out;
}

/// In order of the alphabet; 2048.
const std::vector<std::string>& all_words() {
    static const std::vector<std::string> words = split(embedded_text(word_list));
    return words;
}

const std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

/// HMAC-SHA-512 in its halves.
ExtendedKey halves(std::string_view key, ByteView message) {
    hmac_sha512_ctx context;
    hmac_sha512_set_key(&context, key.size(), bytes_of(key));
    hmac_sha512_update(&context, message.size(), message.data());
    std::array<std::uint8_t, SHA512_DIGEST_SIZE> digest;
    hmac_sha512_digest(&context, digest.size(), digest.data());
    const ByteView both(digest);
    return {Bytes32::from(both.first(32)), Bytes32::from(both.subspan(32))};
}

}  // namespace

node::Result<Bytes> entropy_of(std::string_view mnemonic) {
    const std::vector<std::string> words = split(mnemonic);
    if (words.size() < 12 || words.size() > 24 || words.size() % 3 != 0)
        return node::fatal("a mnemonic has 12, 15, 18, 21 or 24 words, not " +
                           std::to_string(words.size()));
    const auto& known = all_words();
    Bytes bits((words.size() * word_bits + 7) / 8);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto it = std::ranges::lower_bound(known, words[i]);
        if (it == known.end() || *it != words[i])
            return node::fatal("word " + std::to_string(i + 1) + " of the mnemonic, '" + words[i] +
                               "', is none of the 2048 of BIP-39" + suggestion(words[i], known));
        const auto index = static_cast<std::size_t>(it - known.begin());
        for (unsigned b = 0; b < word_bits; ++b)
            if ((index >> (word_bits - 1 - b) & 1) != 0) {
                const std::size_t at = i * word_bits + b;
                bits[at / 8] = static_cast<std::uint8_t>(bits[at / 8] | 0x80U >> at % 8);
            }
    }
    // Of 33 bits the last one belongs to the checksum.
    const std::size_t checksum_bits = words.size() / 3;
    Bytes entropy(bits.begin(), bits.begin() + static_cast<std::ptrdiff_t>(checksum_bits * 4));
    const Bytes32 digest = crypto::sha256(entropy);
    if ((bits.back() ^ digest[0]) >> (8 - checksum_bits) != 0)
        return node::fatal(
            "the checksum of the mnemonic is wrong: a word is another one, or in another place");
    return entropy;
}

std::string plain_mnemonic(std::string_view mnemonic) {
    std::string out;
    for (const auto& word : split(mnemonic)) out += (out.empty() ? "" : " ") + word;
    return out;
}

Bytes seed_of(std::string_view mnemonic, std::string_view passphrase) {
    const std::string text = plain_mnemonic(mnemonic), salt = "mnemonic" + std::string(passphrase);
    Bytes out(seed_bytes);
    pbkdf2_hmac_sha512(text.size(), bytes_of(text), seed_rounds, salt.size(), bytes_of(salt),
                       out.size(), out.data());
    return out;
}

ExtendedKey master_key(ByteView seed) {
    return halves("Bitcoin seed", seed);
}

std::optional<ExtendedKey> child_key(const ExtendedKey& parent, std::uint32_t index) {
    Bytes message;
    if (index >= hardened) {
        message.push_back(0);
        append(message, parent.key);
    } else {
        const auto point = crypto::public_key(parent.key);
        if (!point) return std::nullopt;
        message.push_back(static_cast<std::uint8_t>(2 + (point->back() & 1)));
        message.insert(message.end(), point->begin(), point->begin() + 32);
    }
    for (int shift = 24; shift >= 0; shift -= 8)
        message.push_back(static_cast<std::uint8_t>(index >> shift));
    ExtendedKey out =
        halves({reinterpret_cast<const char*>(parent.chain_code.data()), 32}, message);
    const uint256 tweak = to_uint256(out.key);
    if (tweak >= crypto::SECP256K1_ORDER) return std::nullopt;
    const uint256 key = add_mod(tweak, to_uint256(parent.key), crypto::SECP256K1_ORDER);
    if (key.is_zero()) return std::nullopt;
    out.key = to_bytes32(key);
    return out;
}

node::Result<std::vector<DevAccount>> accounts_of(std::string_view mnemonic, std::size_t count) {
    if (const auto entropy = entropy_of(mnemonic); !entropy)
        return std::unexpected(entropy.error());
    std::optional<ExtendedKey> branch = master_key(seed_of(mnemonic));
    for (const std::uint32_t index : {hardened + 44, hardened + 60, hardened, 0U})
        if (branch) branch = child_key(*branch, index);
    std::vector<DevAccount> out;
    for (std::uint32_t i = 0; branch && out.size() < count; ++i)
        if (const auto child = child_key(*branch, i))
            if (const auto address = crypto::address_of(child->key))
                out.push_back({*address, child->key});
    if (!branch) return node::fatal("the mnemonic gives no key; take another one");
    return out;
}

}  // namespace mezz::app
