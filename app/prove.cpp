// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/prove.hpp"

#include <simdjson.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/claim_json.hpp"
#include "app/exit_code.hpp"
#include "app/program.hpp"
#include "app/progress.hpp"
#include "app/rollup_file.hpp"
#include "core/codec/hex.hpp"
#include "node/execute/witness/recorder.hpp"
#include "node/host/client/http_client.hpp"
#include "node/host/crypto/kzg_blobs.hpp"
#include "node/host/platform/system_clock.hpp"

namespace mezz::app {
namespace {

/// Recording executes every block of the range.
constexpr std::uint64_t witness_timeout_ms = 300'000;

std::string_view describe(stf::StfError e) {
    switch (e) {
        case stf::StfError::missing_preimage:
            return "the witness lacks something the transition reads, or holds it changed; record "
                   "it again with `mezz prove`";
        case stf::StfError::malformed:
            return "an item of the witness is not what belongs there; record it again with `mezz "
                   "prove`";
        case stf::StfError::wrong_inbox:
            return "the entries do not lead from the first claim to the inbox accumulator: the "
                   "statement is false";
        case stf::StfError::wrong_post:
            return "the blocks end in another claim: the statement is false";
    }
    return "refused";
}

/// What was found out about a statement and its witness.
struct Checked {
    stf::Statement statement;
    stf::Claim pre;
    std::size_t witness_bytes = 0, witness_items = 0;
    std::uint64_t native_ms = 0;
    std::optional<GuestResult> guest;
};

/// What a file next to the witness says; without times, so that it depends on the statement alone.
std::string statement_json(const Checked& c) {
    const auto& q = c.statement.question;
    return "{\"programId\":\"" + std::string(program_names.id) + "\",\"configHash\":\"" +
           hex_text(q.config_hash) + "\",\"inboxCount\":" + std::to_string(q.inbox_count) +
           ",\"inboxAcc\":\"" + hex_text(q.inbox_acc) + "\",\"question\":\"" +
           hex_text(stf::hash(q)) + "\",\"pre\":" + claim_json(c.pre) +
           ",\"post\":" + claim_json(c.statement.post) + ",\"claimHash\":\"" +
           hex_text(stf::hash(c.statement.post)) + "\"}";
}

void print(const Checked& c, const std::string& file, bool json) {
    const auto& s = c.statement;
    if (json) {
        std::string text = statement_json(c);
        text.pop_back();
        text += ",\"file\":\"" + file + "\",\"witnessBytes\":" + std::to_string(c.witness_bytes) +
                ",\"witnessItems\":" + std::to_string(c.witness_items) +
                ",\"nativeMs\":" + std::to_string(c.native_ms) +
                ",\"preBlock\":" + std::to_string(c.pre.block_number) +
                ",\"postBlock\":" + std::to_string(s.post.block_number);
        if (c.guest)
            text += ",\"guest\":{\"claimHash\":\"" + hex_text(c.guest->output) +
                    "\",\"steps\":" + std::to_string(c.guest->steps) +
                    ",\"wallMs\":" + std::to_string(c.guest->wall_ms) + "}";
        std::printf("%s}\n", text.c_str());
        return;
    }
    std::printf("  blocks    %llu to %llu of the first %llu inbox entries\n",
                static_cast<unsigned long long>(c.pre.block_number),
                static_cast<unsigned long long>(s.post.block_number),
                static_cast<unsigned long long>(s.question.inbox_count));
    std::printf("  witness   %zu bytes in %zu items, %s\n", c.witness_bytes, c.witness_items,
                file.c_str());
    std::printf("  from      %s\n  to        %s\n", hex_text(c.pre.output_root).c_str(),
                hex_text(s.post.output_root).c_str());
    std::printf("  native    claim %s, %llu ms\n", hex_text(stf::hash(s.post)).c_str(),
                static_cast<unsigned long long>(c.native_ms));
    if (c.guest)
        std::printf("  guest     claim %s, %llu instructions in %llu ms: equal\n",
                    hex_text(c.guest->output).c_str(),
                    static_cast<unsigned long long>(c.guest->steps),
                    static_cast<unsigned long long>(c.guest->wall_ms));
}

node::Result<std::shared_ptr<const node::prove::Program>> load(const CheckOptions& options) {
    GuestOptions guest{options.guest, {}};
    if (!options.any_guest)
        guest.program_id = fixed_from_hex<Bytes32>(program_names.id).value_or(Bytes32{});
    return load_guest(guest);
}

/// Runs the transition over a witness file natively and as the guest.
node::Result<Checked> check(const std::filesystem::path& file, ByteView input,
                            const CheckOptions& options) {
    const std::string name = file.string();
    const auto parts = node::read_guest_input(input);
    host::KzgBlobs blobs;
    auto witness = parts ? stf::Witness::decode(parts->witness, blobs) : std::nullopt;
    if (!witness)
        return node::fatal(name +
                           ": not a witness file, torn (u32 size | statement | items) or with a "
                           "blob that is not the one it names; record it again with `mezz prove`");
    Checked out;
    out.statement = parts->statement;
    out.witness_bytes = parts->witness.size();
    out.witness_items = witness->count();
    host::SystemClock clock;
    std::atomic<const char*> work = "verifying natively";
    const ProgressThread progress(clock, progress_on_terminal(options.json),
                                  [&] { return ProgressView{.what = work.load()}; });
    const auto start = std::chrono::steady_clock::now();
    const auto verified = stf::verify(parts->statement, *witness);
    out.native_ms =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                       std::chrono::steady_clock::now() - start)
                                       .count());
    if (!verified) return node::fatal(name + ": " + std::string(describe(verified.error())));
    // What verified has a pre claim.
    out.pre = stf::decode_claim(*witness->get(out.statement.question.pre)).value();
    if (options.guest.empty()) return out;
    const auto guest = load(options);
    if (!guest) return std::unexpected(guest.error());
    work = "running the guest";
    auto ran = run_guest(*guest, out.statement.question, *witness);
    if (!ran) return std::unexpected(ran.error());
    if (ran->exit_code != 0)
        return node::fatal("guest: " + describe_guest_exit(ran->exit_code) +
                           ", but the native run accepts " + name +
                           "; the two must never differ: keep the file and report this");
    if (ran->output != stf::hash(out.statement.post))
        return node::fatal("guest: claim " + hex_text(ran->output) + ", native run: claim " +
                           hex_text(stf::hash(out.statement.post)) +
                           "; the two must never differ: keep " + name + " and report this");
    out.guest = std::move(*ran);
    return out;
}

/// returns: the content of a witness file.
node::Result<Bytes> ask(const ProveOptions& options) {
    const auto about = [&](const std::string& why) {
        return "--rpc " + options.rpc_url + ": " + why;
    };
    const auto url = node::parse_http_url(options.rpc_url);
    if (!url) return node::fatal("--rpc: " + url.error().message);
    node::HttpClient client(*url);
    const auto number = [](const std::optional<std::uint64_t>& n) {
        return n ? std::to_string(*n) : std::string("null");
    };
    const std::string method = options.block ? "mezz_blockWitness" : "mezz_witness";
    // The statement of a block is about its parent's claim.
    const std::string params = options.block
                                   ? std::to_string(*options.block - 1)
                                   : std::to_string(options.from) + "," + number(options.to);
    const std::string body =
        R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":[)" + params + "]}";
    host::SystemClock clock;
    auto progress = std::make_unique<ProgressThread>(
        clock, progress_on_terminal(options.check.json),
        [] { return ProgressView{.what = "waiting for the node to make the witness"}; });
    const auto answer = client.post(body, witness_timeout_ms);
    progress.reset();
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
        return node::fatal(about("the answer to " + method + " has no statement and witness"));
    const auto encoded = from_hex(statement_text);
    const auto statement = encoded ? stf::decode_statement(*encoded) : std::nullopt;
    const auto witness = from_hex(witness_text);
    if (!statement || !witness)
        return node::fatal(about("the answer to " + method + " is damaged"));
    if (options.block ? statement->post.block_number != *options.block
                      : options.to && statement->question.inbox_count != *options.to)
        return node::fatal(about("the statement is about other blocks than asked for"));
    return node::guest_input(*statement, *witness);
}

}  // namespace

int run_prove(const ProveOptions& options) {
    // Before the work, not after it.
    if (!options.check.guest.empty())
        if (const auto guest = load(options.check); !guest) return fail(guest.error());
    if (options.block && *options.block == 0)
        return fail({node::Handling::fatal,
                     "--block 0: the first block follows from nothing; give 1 or more"});
    const auto input = ask(options);
    if (!input) return fail(input.error());
    const std::string_view text(reinterpret_cast<const char*>(input->data()), input->size());
    if (auto written = write_file(options.out, text); !written)
        return fail({node::Handling::fatal, "--out " + written.error().message});
    const auto checked = check(options.out, *input, options.check);
    if (!checked) return fail(checked.error());
    if (auto written = write_file(options.out.string() + ".json", statement_json(*checked) + "\n");
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
