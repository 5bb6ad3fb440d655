// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A running network as a client of it sees it: its parent chain, a node of the chain, and the
/// contracts of fraud proofs. What `mezz fault`, `mezz inspect` and `mezz challenge` ask.

#include <filesystem>

#include "app/dev_accounts.hpp"
#include "app/rollup_file.hpp"
#include "node/host/client/http_client.hpp"
#include "node/host/client/rpc_parent.hpp"
#include "node/prove/machine/machine.hpp"
#include "node/settle/challenger/dispute_player.hpp"

namespace mezz::app {

/// Where the parts are. With `state` alone, the directory's rollup.json and outputs.json say it.
struct NetworkOptions {
    std::filesystem::path state;  ///< of `mezz dev`; empty: the others are needed
    std::string parent_url, blobs_url, chain_url;
    std::filesystem::path spec;  ///< rollup.json
};

/// What a node knows about one block: enough to run the program on it.
struct BlockQuestion {
    stf::Statement statement;
    Bytes witness;
};

class Network {
public:
    /// errors: fatal, naming the file or flag, when a part is not named anywhere.
    static node::Result<std::unique_ptr<Network>> make(const NetworkOptions& options);

    [[nodiscard]] const RollupFile& file() const noexcept { return file_; }
    [[nodiscard]] const std::string& chain_url() const noexcept { return chain_url_; }
    [[nodiscard]] node::RpcParent& parent() noexcept { return *parent_; }
    /// Fails with fatal where claims are attested.
    node::Result<node::DisputeTerms> terms();

    /// The result of a method of the chain's node, as JSON. errors: retry with the node's words.
    node::Result<std::string> ask(const std::string& method, const std::string& params);
    node::Result<stf::Claim> claim(std::uint64_t block);
    /// The question after block `pre_block`, out of the first `inbox_count` entries (none: all).
    node::Result<BlockQuestion> question(std::uint64_t pre_block,
                                         std::optional<std::uint64_t> inbox_count);
    /// A word of a contract's answer.
    node::Result<uint256> read(const Address& to, const Bytes& input, std::size_t word = 0);
    /// Whether a claim of that block or a later one is final; games in `apart` do not count.
    node::Result<bool> has_final_claim(std::uint64_t block, const std::vector<Address>& apart);
    /// A method of the parent's node that Parent has not. errors: retry with the node's words.
    node::Result<std::string> ask_parent(const std::string& method, const std::string& params);

private:
    Network(RollupFile file, node::HttpUrl chain, node::HttpUrl parent)
        : file_(std::move(file)), chain_(std::move(chain)), parent_rpc_(std::move(parent)) {}

    RollupFile file_;
    std::string chain_url_;
    node::HttpClient chain_, parent_rpc_;
    std::unique_ptr<node::RpcParent> parent_;
};

/// The accounts that `mezz dev` shows there; without a state directory the well-known ones.
node::Result<std::vector<DevAccount>> accounts_of_network(const NetworkOptions& options);

/// Fails with fatal unless the network is one of `mezz dev`, whose keys everybody knows.
node::Result<void> require_development(Network& network);

}  // namespace mezz::app
