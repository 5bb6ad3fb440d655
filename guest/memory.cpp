// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// memcpy, memmove, memset and memcmp by 8-byte words: every instruction here is paid for in a
/// proof. The machine traps on unaligned access, so words are only touched at multiples of 8.
/// Compiled with -fno-builtin, or the loops would become calls of themselves.

#include <cstddef>
#include <cstdint>

namespace {

using Byte = unsigned char;
using Word [[gnu::may_alias]] = std::uint64_t;
constexpr std::size_t word_bytes = sizeof(Word);

bool aligned(const void* p) noexcept {
    return (reinterpret_cast<std::uintptr_t>(p) & (word_bytes - 1)) == 0;
}

/// Copies upwards. requires: `to` does not lie inside [from, from + n) above `from`.
void copy_up(Byte* to, const Byte* from, std::size_t n) noexcept {
    if (n >= 2 * word_bytes) {
        for (; !aligned(to); --n) *to++ = *from++;
        auto* words = reinterpret_cast<Word*>(to);
        if (aligned(from)) {
            auto* source = reinterpret_cast<const Word*>(from);
            for (; n >= 4 * word_bytes; n -= 4 * word_bytes, words += 4, source += 4) {
                const Word a = source[0], b = source[1], c = source[2], d = source[3];
                words[0] = a;
                words[1] = b;
                words[2] = c;
                words[3] = d;
            }
            for (; n >= word_bytes; n -= word_bytes) *words++ = *source++;
            from = reinterpret_cast<const Byte*>(source);
        } else {
            // Each word of the target is made of two of the source; none is read that holds no
            // byte of the source.
            const auto skip = reinterpret_cast<std::uintptr_t>(from) & (word_bytes - 1);
            const unsigned shift = static_cast<unsigned>(skip) * 8;
            auto* source = reinterpret_cast<const Word*>(from - skip);
            Word low = *source++;
            for (; n >= word_bytes; n -= word_bytes, from += word_bytes) {
                const Word high = *source++;
                *words++ = low >> shift | high << (64 - shift);
                low = high;
            }
        }
        to = reinterpret_cast<Byte*>(words);
    }
    for (; n > 0; --n) *to++ = *from++;
}

void copy_down(Byte* to, const Byte* from, std::size_t n) noexcept {
    to += n;
    from += n;
    if (((reinterpret_cast<std::uintptr_t>(to) ^ reinterpret_cast<std::uintptr_t>(from)) &
         (word_bytes - 1)) == 0) {
        for (; n > 0 && !aligned(to); --n) *--to = *--from;
        for (; n >= word_bytes; n -= word_bytes) {
            to -= word_bytes;
            from -= word_bytes;
            *reinterpret_cast<Word*>(to) = *reinterpret_cast<const Word*>(from);
        }
    }
    for (; n > 0; --n) *--to = *--from;
}

}  // namespace

extern "C" {

void* memcpy(void* __restrict to, const void* __restrict from, std::size_t n) {
    copy_up(static_cast<Byte*>(to), static_cast<const Byte*>(from), n);
    return to;
}

void* memmove(void* to, const void* from, std::size_t n) {
    auto* t = static_cast<Byte*>(to);
    auto* f = static_cast<const Byte*>(from);
    // Upwards is safe when the target is outside, or below: a word is stored only after the words
    // it could overwrite were loaded, which needs a whole word between the two.
    const auto ahead = reinterpret_cast<std::uintptr_t>(f) - reinterpret_cast<std::uintptr_t>(t);
    if (reinterpret_cast<std::uintptr_t>(t) - reinterpret_cast<std::uintptr_t>(f) < n)
        copy_down(t, f, n);
    else if (ahead >= 4 * word_bytes)
        copy_up(t, f, n);
    else
        for (; n > 0; --n) *t++ = *f++;
    return to;
}

void* memset(void* to, int value, std::size_t n) {
    auto* t = static_cast<Byte*>(to);
    const auto byte = static_cast<Byte>(value);
    for (; n > 0 && !aligned(t); --n) *t++ = byte;
    const Word word = Word{byte} * 0x0101010101010101;
    auto* words = reinterpret_cast<Word*>(t);
    for (; n >= 4 * word_bytes; n -= 4 * word_bytes, words += 4)
        words[0] = words[1] = words[2] = words[3] = word;
    for (; n >= word_bytes; n -= word_bytes) *words++ = word;
    t = reinterpret_cast<Byte*>(words);
    for (; n > 0; --n) *t++ = byte;
    return to;
}

int memcmp(const void* a, const void* b, std::size_t n) {
    auto* p = static_cast<const Byte*>(a);
    auto* q = static_cast<const Byte*>(b);
    if (aligned(p) && aligned(q))
        for (; n >= word_bytes &&
               *reinterpret_cast<const Word*>(p) == *reinterpret_cast<const Word*>(q);
             n -= word_bytes) {
            p += word_bytes;
            q += word_bytes;
        }
    for (; n > 0; --n, ++p, ++q)
        if (*p != *q) return *p < *q ? -1 : 1;
    return 0;
}

std::size_t strlen(const char* text) {
    std::size_t n = 0;
    while (text[n] != 0) ++n;
    return n;
}

}  // extern "C"
