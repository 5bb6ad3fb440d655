// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/blob_request.hpp"

#include <charconv>
#include <optional>

#include "core/codec/hex.hpp"

namespace mezz::app {
namespace {

/// "versioned_hashes=0x…,0x…&versioned_hashes=…"
std::optional<std::vector<Bytes32>> hashes_of(std::string_view rest) {
    std::vector<Bytes32> out;
    while (!rest.empty()) {
        const auto end = rest.find('&');
        std::string_view pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        constexpr std::string_view name = "versioned_hashes=";
        if (!pair.starts_with(name)) continue;
        pair.remove_prefix(name.size());
        while (!pair.empty()) {
            const auto comma = pair.find(',');
            const auto hash = fixed_from_hex<Bytes32>(pair.substr(0, comma));
            if (!hash) return std::nullopt;
            out.push_back(*hash);
            pair = comma == std::string_view::npos ? std::string_view{} : pair.substr(comma + 1);
        }
    }
    return out;
}

}  // namespace

std::expected<BlobRequest, std::string> parse_blob_request(std::string_view target) {
    const auto query = target.find('?');
    const std::string_view path = target.substr(0, query);
    const auto slash = path.rfind('/');
    const std::string_view id = slash == std::string_view::npos ? path : path.substr(slash + 1);
    BlobRequest request;
    if (id == "head") {
        request.block = BlobRequest::Block::head;
    } else if (id == "finalized") {
        request.block = BlobRequest::Block::finalized;
    } else {
        const auto parsed = std::from_chars(id.data(), id.data() + id.size(), request.number);
        if (id.empty() || parsed.ec != std::errc{} || parsed.ptr != id.data() + id.size())
            return std::unexpected("Invalid block ID: expected a block number, head or finalized");
    }
    if (query == std::string_view::npos) return request;
    auto hashes = hashes_of(target.substr(query + 1));
    if (!hashes) return std::unexpected("Invalid versioned_hashes: expected 32-byte hex values");
    request.versioned_hashes = std::move(*hashes);
    return request;
}

}  // namespace mezz::app
