// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/suggest.hpp"

#include <algorithm>
#include <vector>

namespace mezz::app {
namespace {

constexpr std::size_t max_word = 64;

/// Insertions, deletions, replacements and swaps of neighbours from `a` to `b`.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> known) {
    if (word.size() > max_word) return {};
    const std::string* best = nullptr;
    std::size_t least = 0;
    for (const auto& candidate : known) {
        if (candidate.size() > max_word) continue;
        const std::size_t d = distance(word, candidate);
        // Half a word replaced is another word.
        if (2 * d > std::max(word.size(), candidate.size())) continue;
        if (best != nullptr && d >= least) continue;
        best = &candidate;
        least = d;
    }
    return best != nullptr ? *best : std::string();
}

std::string suggestion(std::string_view word, std::span<const std::string> known) {
    const std::string meant = nearest(word, known);
    return meant.empty() ? std::string() : "; did you mean " + meant + "?";
}

}  // namespace mezz::app
