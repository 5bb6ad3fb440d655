// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/config/keys.hpp"

#include <algorithm>

#include "app/dev_accounts.hpp"

namespace mezz::app {
namespace {

using enum KeyKind;

constexpr std::uint64_t max_port = 65'535;
constexpr std::uint64_t gib = std::uint64_t{1} << 30;
constexpr std::uint64_t terabyte = std::uint64_t{1} << 40;

Key plain(std::string_view name, std::string_view flag, KeyKind kind, std::string_view what) {
    return {.name = name, .flag = flag, .kind = kind, .choices = {}, .what = what};
}
Key number_in(std::string_view name, std::string_view flag, std::uint64_t least, std::uint64_t most,
              std::string_view what) {
    return {.name = name,
            .flag = flag,
            .kind = number,
            .least = least,
            .most = most,
            .choices = {},
            .what = what};
}
Key port(std::string_view name, std::string_view flag, std::string_view what) {
    return number_in(name, flag, 0, max_port, what);
}
Key duration_in(std::string_view name, std::string_view flag, std::uint64_t unit_ms,
                std::uint64_t least, std::uint64_t most, std::string_view what) {
    Key key = number_in(name, flag, least, most, what);
    key.kind = duration;
    key.unit_ms = unit_ms;
    return key;
}
Key size_in(std::string_view name, std::string_view flag, std::uint64_t least, std::uint64_t most,
            std::string_view what) {
    Key key = number_in(name, flag, least, most, what);
    key.kind = size;
    return key;
}
Key one_of(std::string_view name, std::string_view flag, std::vector<std::string_view> choices,
           std::string_view what) {
    Key key = plain(name, flag, choice, what);
    key.choices = std::move(choices);
    return key;
}

std::vector<Key> make_keys() {
    Key no_console = plain("console.enabled", "--no-console", flag, "Serve the web console");
    no_console.inverted = true;
    return {
        number_in("chain.id", "--chain-id", 1, 4'000'000'000, "Chain id of a new chain"),
        duration_in("chain.block_time", "--block-time", 1, 100, 10'000, "Block time of the chain"),
        duration_in("chain.force_delay", "--force-delay", 1'000, 1, 1'000'000,
                    "Time until a deposit may be forced in"),
        one_of("proof.kind", "--proof", {"none", "fraud"},
               "none: claims are attested; fraud: proposals, disputed one instruction at a time"),
        duration_in("proof.clock", "--dispute-clock", 1'000, 5, 10'000'000,
                    "Time that decides a dispute, of a new chain"),
        plain("proof.guest", "--guest", path,
              "stf.elf, which disputes run; default: the one of this build"),
        one_of("da.kind", "--da", {"blobs", "calldata", "cheaper"},
               "How batches go to the parent: blobs, calldata or cheaper"),
        plain("parent.url", "--parent", text,
              "JSON-RPC of a parent chain; default: the embedded one of mezz dev"),
        plain("parent.blobs", "--blobs", text,
              "Blob endpoint of the parent; default: its JSON-RPC"),
        port("parent.port", "--parent-port", "Port of the embedded parent, 0 for any"),
        duration_in("parent.block_time", "--parent-block-time", 1, 100, 60'000,
                    "Block time of the embedded parent"),
        plain("rpc.host", "--host", text, "Address to listen on"),
        port("rpc.port", "--port", "Port of the chain's JSON-RPC, 0 for any"),
        plain("rpc.ipc", "--ipc", path, "Listen on this Unix socket too, as on the port"),
        plain("rpc.cors", "--cors", list, "Origins whose pages may call, or * for any"),
        plain("rpc.allow_host", "--allow-host", list,
              "Names by which requests may address this node, besides IP addresses; * for any"),
        plain("rpc.methods", "--methods", list,
              "Methods served, as eth_*,net_version; default: all"),
        plain("rpc.jwt_secret", "--jwt-secret", path,
              "File with 32 bytes in hex: methods that administer take a token (HS256) made with "
              "it"),
        port("rpc.admin_port", "--admin-port",
             "Port for administrators, every request with a token; the other port then has no "
             "such methods"),
        number_in("rpc.threads", "--rpc-threads", 1, 256,
                  "Threads for requests that execute code or read many blocks; others have their "
                  "own"),
        size_in("limits.body", "--max-body", 1024, 4 * gib, "Bytes of a request, as 5MiB"),
        size_in("limits.answer", "--max-answer", 1024, 4 * gib,
                "Bytes of an answer, as 64MiB; traces aside"),
        number_in("limits.batch", "--max-batch", 1, 100'000, "Requests in a batch"),
        number_in("limits.connections", "--max-connections", 1, 1'000'000, "Connections in all"),
        number_in("limits.connections_per_address", "--max-connections-per-address", 1, 1'000'000,
                  "Connections of one remote address; default: 256, on a loopback address all"),
        number_in("limits.log_blocks", "--max-log-blocks", 1, 100'000'000,
                  "Blocks of one eth_getLogs"),
        number_in("limits.logs", "--max-logs", 1, 10'000'000, "Logs of one eth_getLogs"),
        number_in("limits.call_gas", "--call-gas-cap", 21'000, 10'000'000'000,
                  "Gas of eth_call, estimates and simulations"),
        duration_in("limits.call_time", "--call-timeout", 1, 1, 600'000,
                    "Time of eth_call, an estimate, an access list or a simulation"),
        duration_in("limits.sync_send_time", "--sync-send-timeout", 1, 1, 60'000,
                    "Time eth_sendRawTransactionSync waits where the client does not say"),
        number_in("limits.sync_sends", "--max-sync-sends", 1, 4096,
                  "Calls of eth_sendRawTransactionSync that wait at once"),
        duration_in("limits.trace_time", "--trace-timeout", 1, 1, 60'000,
                    "Time that a traced transaction may take"),
        number_in("limits.traces", "--max-traces", 1, 256, "Traces and simulations at once"),
        std::move(no_console),
        port("console.port", "--console-port", "Port of the web console, 0 for any"),
        port("metrics.port", "--metrics-port", "Port of metrics and health, 0 for any"),
        plain("state.dir", "--state", path, "State directory"),
        plain("state.ephemeral", "--ephemeral", flag, "Keep chains in memory only"),
        plain("state.index_appearances", "--index-appearances", flag,
              "Index in which blocks addresses appear, for explorers"),
        size_in("state.cache", "--cache-size", std::uint64_t{16} << 20, terabyte,
                "Memory for state and blocks of a chain, as 1GiB; as much of its database is "
                "mapped"),
        number_in("state.prune", "--prune", 10, 1'000'000'000,
                  "Keep transactions and receipts of that many final blocks alone; headers and "
                  "states stay. Default: keep all"),
        number_in("state.prune_states", "--prune-states", 10, 1'000'000'000,
                  "Keep the states of that many final blocks alone, and of those after them. "
                  "Default: keep all, as an archive node"),
        size_in("state.min_free_disk", "--min-free-disk", 0, 1'048'576 * terabyte,
                "Warn when the disk of --state has less free, as 1GiB"),
        number_in("accounts.count", "--accounts", 1, max_dev_accounts,
                  "Accounts to show and sign for, of a new chain"),
        number_in("accounts.balance", "--balance", 0, 1'000'000'000,
                  "Ether of each of them, on both floors"),
        plain("accounts.mnemonic", "--mnemonic", text,
              "12 to 24 words (BIP-39) that the accounts come from; the ten that development tools "
              "know have ether too"),
        one_of("log.format", "--log-format", {"text", "json"}, "text, or json: one object a line"),
        plain("log.level", "--log-level", text,
              "Level for all, then of components, as info,rpc=debug,batcher=warn"),
        one_of("dev.fault", "--fault", {"censor-deposits", "skip-deposits"},
               "Misbehave on purpose: censor-deposits (nobody of this process includes them) or "
               "skip-deposits (the sequencer does not, the batcher does once they are overdue)"),
        one_of("node.role", "--role", {"verifier", "sequencer", "proposer", "challenger"},
               "verifier, sequencer, proposer or challenger; the last two verify too"),
        plain("node.spec", "--spec", path, "rollup.json of the chain"),
        plain("node.witness", "--witness", flag,
              "Answer mezz_witness: make witnesses of derived entries for provers"),
        plain("keys.batcher", "--batcher-key", secret, "Private key of the batcher (sequencer)"),
        plain("keys.batcher_file", "--batcher-key-file", path,
              "File with the private key of the batcher (sequencer)"),
        plain("keys.proposer", "--proposer-key", secret,
              "Private key of the proposer (sequencer, proposer)"),
        plain("keys.proposer_file", "--proposer-key-file", path,
              "File with the private key of the proposer (sequencer, proposer)"),
        plain("keys.challenger", "--challenger-key", secret,
              "Private key of the challenger (challenger)"),
        plain("keys.challenger_file", "--challenger-key-file", path,
              "File with the private key of the challenger (challenger)"),
    };
}

}  // namespace

std::span<const Key> all_keys() {
    static const std::vector<Key> keys = make_keys();
    return keys;
}

const Key* find_key(std::string_view name) {
    const auto keys = all_keys();
    const auto at = std::ranges::find(keys, name, &Key::name);
    return at == keys.end() ? nullptr : &*at;
}

const Key* key_of_flag(std::string_view flag) {
    const auto keys = all_keys();
    const auto at = std::ranges::find(keys, flag, &Key::flag);
    return at == keys.end() ? nullptr : &*at;
}

std::string_view section_of(const Key& key) {
    return key.name.substr(0, key.name.find('.'));
}

}  // namespace mezz::app
