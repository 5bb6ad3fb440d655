// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/prove.hpp"

#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/rollup_file.hpp"
#include "core/codec/hex.hpp"
#include "node/execute/witness/recorder.hpp"
#include "node/host/client/http_client.hpp"

namespace mezz::app {
namespace {

constexpr int exit_failure = 1;
constexpr int exit_unreachable = 4;
/// Recording executes every block of the range.
constexpr std::uint64_t witness_timeout_ms = 300'000;

constexpr std::string_view program_id =
#include "app/program_id.inc"
    ;

int fail(const node::Error& e) {
    std::fprintf(stderr, "mezz: %s\n", e.message.c_str());
    return e.handling == node::Handling::retry ? exit_unreachable : exit_failure;
}

std::string_view describe(stf::StfError e) {
    switch (e) {
        case stf::StfError::missing_preimage:
            return "the witness lacks something the transition reads, or holds it changed; record "
                   "it again with `mezz prove`";
        case stf::StfError::malformed:
            return "an item of the witness is not what belongs there; record it again with `mezz "
                   "prove`";
        case stf::StfError::wrong_inbox:
            return "the entries do not lead from the first inbox accumulator to the second: the "
                   "statement is false";
        case stf::StfError::wrong_post:
            return "the blocks end in another output root: the statement is false";
    }
    return "refused";
}

std::string claim_json(const stf::Claim& c) {
    return "{\"outputRoot\":\"" + hex_text(c.output_root) +
           "\",\"inboxCount\":" + std::to_string(c.inbox_count) + ",\"inboxAcc\":\"" +
           hex_text(c.inbox_acc) + "\"}";
}

/// What was found out about a statement and its witness.
struct Checked {
    stf::Statement statement;
    std::size_t witness_bytes = 0, witness_items = 0;
    std::uint64_t native_ms = 0;
    std::optional<GuestResult> guest;
    /// Of the two claims, as the node says; a witness file does not name them.
    std::optional<std::pair<std::uint64_t, std::uint64_t>> blocks;
};

/// A node's answer to mezz_witness.
struct Answer {
    Bytes input;  ///< of the guest
    std::pair<std::uint64_t, std::uint64_t> blocks;
};

/// What a file next to the witness says; without times, so that it depends on the range alone.
std::string statement_json(const stf::Statement& s) {
    return "{\"programId\":\"" + std::string(program_id) + "\",\"configHash\":\"" +
           hex_text(s.config_hash) + "\",\"pre\":" + claim_json(s.pre) +
           ",\"post\":" + claim_json(s.post) + ",\"claimHash\":\"" + hex_text(stf::hash(s.post)) +
           "\"}";
}

void print(const Checked& c, const std::string& file, bool json) {
    const auto& s = c.statement;
    if (json) {
        std::string text = statement_json(s);
        text.pop_back();
        text += ",\"file\":\"" + file + "\",\"witnessBytes\":" + std::to_string(c.witness_bytes) +
                ",\"witnessItems\":" + std::to_string(c.witness_items) +
                ",\"nativeMs\":" + std::to_string(c.native_ms);
        if (c.blocks)
            text += ",\"preBlock\":" + std::to_string(c.blocks->first) +
                    ",\"postBlock\":" + std::to_string(c.blocks->second);
        if (c.guest)
            text += ",\"guest\":{\"claimHash\":\"" + hex_text(c.guest->output) +
                    "\",\"wallMs\":" + std::to_string(c.guest->wall_ms) + "}";
        std::printf("%s}\n", text.c_str());
        return;
    }
    std::printf("  entries   %llu to %llu: %zu bytes of witness in %zu items, %s\n",
                static_cast<unsigned long long>(s.pre.inbox_count),
                static_cast<unsigned long long>(s.post.inbox_count), c.witness_bytes,
                c.witness_items, file.c_str());
    if (c.blocks)
        std::printf("  blocks    %llu to %llu\n", static_cast<unsigned long long>(c.blocks->first),
                    static_cast<unsigned long long>(c.blocks->second));
    std::printf("  from      %s\n  to        %s\n", hex_text(s.pre.output_root).c_str(),
                hex_text(s.post.output_root).c_str());
    std::printf("  native    claim %s, %llu ms\n", hex_text(stf::hash(s.post)).c_str(),
                static_cast<unsigned long long>(c.native_ms));
    if (c.guest)
        std::printf("  guest     claim %s, %llu ms under qemu-riscv64: equal\n",
                    hex_text(c.guest->output).c_str(),
                    static_cast<unsigned long long>(c.guest->wall_ms));
}

node::Result<GuestOptions> guest_options(const CheckOptions& options) {
    GuestOptions guest{options.guest, options.qemu, {}};
    if (!options.any_guest)
        guest.program_id = fixed_from_hex<Bytes32>(program_id).value_or(Bytes32{});
    if (auto ok = check_guest(guest); !ok) return std::unexpected(ok.error());
    return guest;
}

/// Runs the transition over a witness file natively and as the guest.
node::Result<Checked> check(const std::filesystem::path& file, ByteView input,
                            const CheckOptions& options) {
    const std::string name = file.string();
    const auto parts = node::read_guest_input(input);
    auto witness = parts ? stf::Witness::decode(parts->witness) : std::nullopt;
    if (!witness)
        return node::fatal(name +
                           ": not a witness file or torn (u32 size | statement | items); record "
                           "it again with `mezz prove`");
    Checked out;
    out.statement = parts->statement;
    out.witness_bytes = parts->witness.size();
    out.witness_items = witness->count();
    const auto start = std::chrono::steady_clock::now();
    const auto verified = stf::verify(parts->statement, *witness);
    out.native_ms =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                       std::chrono::steady_clock::now() - start)
                                       .count());
    if (!verified) return node::fatal(name + ": " + std::string(describe(verified.error())));
    if (options.guest.empty()) return out;
    const auto guest = guest_options(options);
    if (!guest) return std::unexpected(guest.error());
    auto ran = run_guest(*guest, file);
    if (!ran) return std::unexpected(ran.error());
    if (ran->exit_code != 0)
        return node::fatal("guest: " + describe_guest_exit(ran->exit_code) +
                           ", but the native run accepts " + name +
                           "; the two must never differ: keep the file and report this");
    if (ran->output != to_bytes(stf::hash(out.statement.post)))
        return node::fatal("guest: claim " + hex_text(ran->output) + ", native run: claim " +
                           hex_text(stf::hash(out.statement.post)) +
                           "; the two must never differ: keep " + name + " and report this");
    out.guest = std::move(*ran);
    return out;
}

node::Result<Answer> ask(const ProveOptions& options) {
    const auto about = [&](const std::string& why) {
        return "--rpc " + options.rpc_url + ": " + why;
    };
    const auto url = node::parse_http_url(options.rpc_url);
    if (!url) return node::fatal("--rpc: " + url.error().message);
    node::HttpClient client(*url);
    const std::string body = R"({"jsonrpc":"2.0","id":1,"method":"mezz_witness","params":[)" +
                             std::to_string(options.from) + "," +
                             (options.to ? std::to_string(*options.to) : "null") + "]}";
    const auto answer = client.post(body, witness_timeout_ms);
    if (!answer) return node::retry(about(answer.error().message));
    simdjson::dom::parser parser;
    simdjson::dom::element root, error;
    if (parser.parse(answer->body).get(root) != simdjson::SUCCESS)
        return node::fatal(about("answers HTTP " + std::to_string(answer->status) +
                                 " without JSON; is this a JSON-RPC endpoint of mezz?"));
    if (root["error"].get(error) == simdjson::SUCCESS) {
        std::string_view message = "unknown error";
        std::int64_t code = 0;
        if (error["message"].get(message) != simdjson::SUCCESS) message = "unknown error";
        if (error["code"].get(code) != simdjson::SUCCESS) code = 0;
        if (code == -32601)
            return node::fatal(
                about("this node gives no witnesses; start it with `mezz node --role verifier "
                      "--witness`"));
        return std::unexpected(
            node::Error{code == -32002 ? node::Handling::retry : node::Handling::fatal,
                        about(std::string(message))});
    }
    std::string_view statement_text, witness_text;
    simdjson::dom::element result;
    if (root["result"].get(result) != simdjson::SUCCESS ||
        result["statement"].get(statement_text) != simdjson::SUCCESS ||
        result["witness"].get(witness_text) != simdjson::SUCCESS)
        return node::fatal(about("the answer to mezz_witness has no statement and witness"));
    const auto encoded = from_hex(statement_text);
    const auto statement = encoded ? stf::decode_statement(*encoded) : std::nullopt;
    const auto witness = from_hex(witness_text);
    if (!statement || !witness) return node::fatal(about("the answer to mezz_witness is damaged"));
    if (statement->pre.inbox_count != options.from ||
        (options.to && statement->post.inbox_count != *options.to))
        return node::fatal(about("the statement is about other entries than asked for"));
    Answer out;
    out.input = node::guest_input(*statement, *witness);
    if (result["preBlock"].get(out.blocks.first) != simdjson::SUCCESS ||
        result["postBlock"].get(out.blocks.second) != simdjson::SUCCESS)
        return node::fatal(about("the answer to mezz_witness names no blocks"));
    return out;
}

}  // namespace

int run_prove(const ProveOptions& options) {
    // Before the work, not after it.
    if (!options.check.guest.empty())
        if (const auto guest = guest_options(options.check); !guest) return fail(guest.error());
    const auto answer = ask(options);
    if (!answer) return fail(answer.error());
    const Bytes& input = answer->input;
    const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
    if (auto written = write_file(options.out, text); !written)
        return fail({node::Handling::fatal, "--out " + written.error().message});
    auto checked = check(options.out, input, options.check);
    if (!checked) return fail(checked.error());
    checked->blocks = answer->blocks;
    if (auto written =
            write_file(options.out.string() + ".json", statement_json(checked->statement) + "\n");
        !written)
        return fail({node::Handling::fatal, "--out " + written.error().message});
    print(*checked, options.out.string(), options.check.json);
    return 0;
}

int run_verify(const VerifyOptions& options) {
    std::ifstream file(options.file, std::ios::binary);
    if (!file.is_open())
        return fail({node::Handling::fatal,
                     options.file.string() +
                         ": cannot be read; give the file that `mezz prove --out` wrote"});
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto checked =
        check(options.file, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()},
              options.check);
    if (!checked) return fail(checked.error());
    print(*checked, options.file.string(), options.check.json);
    return 0;
}

}  // namespace mezz::app
