// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// bench-state: executes and commits blocks over a large state on disk, as a node does.
///
/// usage: bench-state --dir DIR [--accounts N] [--kind transfers|erc20|swaps|mixed|all]
///                    [--blocks N] [--warm N] [--gas N] [--seed N] [--contracts FILE] [--alone]
///                    [--cold] [--readers N] [--json]
/// DIR keeps the state; it is built when it is not there. A block whose transactions do not all
/// succeed is an error: nothing is timed that does something else. With --cold the pages of the
/// state are out of memory when a block begins; --readers threads read ahead then.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>

#include "app/rollup_file.hpp"
#include "bench/state/workload.hpp"
#include "core/codec/hex.hpp"
#include "core/derive/block.hpp"
#include "core/exec/transaction.hpp"
#include "node/host/kv/lmdb_store.hpp"
#include "node/host/threads/helper_thread.hpp"

namespace {

using namespace mezz;
using namespace mezz::bench;
using Clock = std::chrono::steady_clock;

struct Options {
    std::filesystem::path directory;
    std::filesystem::path contracts = "bench/state/contracts.json";
    std::uint64_t accounts = 1'000'000;
    std::vector<Kind> kinds{Kind::transfers, Kind::erc20, Kind::swaps, Kind::mixed};
    std::uint64_t blocks = 50;
    std::uint64_t warm = 10;
    std::uint64_t gas = 100'000'000;
    std::uint64_t seed = 1;
    bool json = false;
    bool cold = false;
    std::uint64_t readers = 8;
    bool alone = false;  ///< one thread does everything, and every block is waited for
};

[[noreturn]] void fail(const std::string& message) {
    std::fprintf(stderr, "bench-state: %s\n", message.c_str());
    std::exit(1);
}

template <class T>
T must(node::Result<T> result) {
    if (!result) fail(result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

double seconds(Clock::duration d) {
    return std::chrono::duration<double>(d).count();
}

/// units: bytes this process has passed to write calls. spec: proc(5), /proc/pid/io.
/// (`write_bytes` there counts whole folios of the page cache, many times what is written.)
std::uint64_t written_bytes() {
    std::ifstream in("/proc/self/io");
    std::string name;
    std::uint64_t value = 0;
    while (in >> name >> value)
        if (name == "wchar:") return value;
    return 0;
}

/// units: bytes of the accounts and slots that blocks have changed: key and value of each.
std::uint64_t changed_bytes(const node::Chain& chain) {
    constexpr std::uint64_t account = 20 + 8 + 32 + 32, slot = 32 + 32;
    return chain.totals().accounts * account + chain.totals().slots * slot;
}

/// Processor time of all threads.
double cpu_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// A chain in a directory.
struct Open {
    World world;
    std::unique_ptr<host::HelperThread> helper, writer;
    std::vector<std::unique_ptr<host::HelperThread>> readers;
    std::unique_ptr<node::KvStore> store;
    std::unique_ptr<node::Chain> chain;
    node::BlockRef last;  ///< the block to build on
};

node::ChainOptions chain_options(const Open& open) {
    node::ChainOptions o;
    o.helper = open.helper.get();
    o.writer = open.writer.get();
    for (const auto& reader : open.readers) o.readers.push_back(reader.get());
    o.spec = open.world.spec.chain_spec();
    o.genesis = derive::genesis_header(open.world.spec, EMPTY_TRIE_ROOT);
    o.genesis_note = encode(node::RollupNote{});
    return o;
}

/// One block on the head, made of `items` from `at` on until it holds `gas`.
struct Made {
    std::uint64_t gas = 0;
    std::size_t transactions = 0;
    double execute_s = 0, commit_s = 0;
};
Made make_block(Open& open, std::span<const node::BodyItem> items, std::uint64_t gas) {
    node::Chain& chain = *open.chain;
    const auto head = open.last;
    const auto parent = must(chain.record(head.number));
    derive::BlockAttributes attributes;
    attributes.number = head.number + 1;
    attributes.timestamp = parent->header.timestamp + 1;
    attributes.sequence_number = attributes.number;
    node::BlockPlan plan;
    plan.context = derive::block_context(open.world.spec, parent->header, head.hash, attributes);
    plan.leading = derive::leading_transactions(open.world.spec, attributes);
    Made made;
    const auto start = Clock::now();
    if (chain.reads_ahead()) chain.expect(plan.context.number, items);
    auto builder = must(chain.begin(plan));
    for (const auto& item : items) {
        if (builder->gas_used() >= gas) break;
        const auto done = builder->apply(item.txn, item.sender, item.hash);
        if (!done)
            fail("block " + std::to_string(plan.context.number) +
                 ": a transaction was refused: " + std::string(exec::name(done.error())));
        ++made.transactions;
    }
    made.gas = builder->gas_used();
    const auto executed = Clock::now();
    open.last = must(chain.seal_ahead(std::move(builder), encode(node::RollupNote{})));
    const auto end = Clock::now();
    made.execute_s = seconds(executed - start);
    made.commit_s = seconds(end - executed);
    return made;
}

/// Waits for the disk. Ends the program when a transaction of the blocks after `from` failed.
void check_blocks(Open& open, std::uint64_t from) {
    must(open.chain->put_meta("bench", {}));
    for (std::uint64_t n = from + 1; n <= open.last.number; ++n) {
        const auto receipts = must(open.chain->receipts(n));
        for (const auto& receipt : receipts->receipts)
            if (!receipt.success) fail("a transaction of block " + std::to_string(n) + " failed");
    }
}

/// The mapping of the state's file in this process. requires: it is open.
std::span<std::uint8_t> mapped_file(const std::filesystem::path& file) {
    std::ifstream in("/proc/self/maps");
    const std::string name = std::filesystem::canonical(file).string();
    for (std::string line; std::getline(in, line);) {
        if (!line.ends_with(name)) continue;
        void* from = nullptr;
        if (std::sscanf(line.c_str(), "%p", &from) == 1)
            return {static_cast<std::uint8_t*>(from), std::filesystem::file_size(file)};
    }
    fail(file.string() + " is not mapped");
}

/// Takes the pages of the state out of this process and out of the kernel's cache.
/// requires: all that was written is durable.
void evict(const std::filesystem::path& file) {
    const auto pages = mapped_file(file);
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 || ::madvise(pages.data(), pages.size(), MADV_PAGEOUT) != 0 ||
        ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
        fail(file.string() + ": its pages cannot be taken out of memory");
    ::close(fd);
    const auto page_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> in_memory((pages.size() + page_bytes - 1) / page_bytes);
    if (::mincore(pages.data(), pages.size(), in_memory.data()) != 0) fail("mincore");
    const auto left = std::ranges::count_if(in_memory, [](unsigned char b) { return b & 1; });
    if (static_cast<std::size_t>(left) > in_memory.size() / 50)
        fail(std::to_string(left) + " of " + std::to_string(in_memory.size()) +
             " pages of the state stay in memory; is another process using them?");
}

void build(Open& open, const Options& options, const std::filesystem::path& note) {
    const auto contracts = read_contracts(options.contracts);
    const auto start = Clock::now();
    node::ChainOptions chain = chain_options(open);
    chain.accounts = make_genesis(open.world, contracts);
    open.world.spec.genesis_state_root = chain.genesis.state_root =
        node::genesis_state_root(chain.accounts);
    open.chain = must(node::Chain::open(*open.store, std::move(chain)));
    std::vector<node::BodyItem> items;
    for (const auto& t : make_exchange(open.world, contracts))
        items.push_back({t, account_address(0), hash(t)});
    open.last = open.chain->head(node::Head::unsafe);
    make_block(open, items, ~std::uint64_t{0});
    check_blocks(open, 0);
    std::ofstream(note) << open.world.accounts << " "
                        << app::hex_text(open.world.spec.genesis_state_root) << "\n";
    const auto slots = open.world.accounts + 3 * open.world.traders();
    std::fprintf(
        stderr,
        "bench-state: built %llu accounts and %llu slots in %.1f s; %.0f bytes on disk for "
        "each of both\n",
        static_cast<unsigned long long>(open.world.accounts),
        static_cast<unsigned long long>(slots), seconds(Clock::now() - start),
        static_cast<double>(open.store->size_bytes()) /
            static_cast<double>(open.world.accounts + slots));
}

Open open_world(const Options& options) {
    Open open;
    open.world = make_world(options.accounts);
    open.store = must(host::open_lmdb(options.directory));
    if (!options.alone) {
        open.helper = std::make_unique<host::HelperThread>();
        open.writer = std::make_unique<host::HelperThread>();
        for (std::uint64_t i = 0; i < options.readers; ++i)
            open.readers.push_back(std::make_unique<host::HelperThread>());
    }
    const auto note = options.directory / "bench-state.txt";
    std::ifstream in(note);
    std::uint64_t accounts = 0;
    std::string root;
    if (!(in >> accounts >> root)) {
        build(open, options, note);
        return open;
    }
    if (accounts != options.accounts)
        fail(options.directory.string() + " holds " + std::to_string(accounts) +
             " accounts; choose another --dir or --accounts");
    const auto bytes = from_hex(root);
    if (!bytes || bytes->size() != 32) fail(note.string() + ": not of this program");
    open.world.spec.genesis_state_root = Bytes32::from(*bytes);
    open.chain = must(node::Chain::open(*open.store, chain_options(open)));
    open.last = open.chain->head(node::Head::unsafe);
    return open;
}

double percentile(std::vector<double> values, double p) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))];
}

/// About what one transaction uses, so that enough are made.
std::uint64_t least_gas(Kind kind) {
    return kind == Kind::swaps ? 80'000 : kind == Kind::erc20 ? 29'000 : 21'000;
}

void measure(Open& open, Workload& workload, Kind kind, const Options& options) {
    const std::size_t count = options.gas / least_gas(kind) + 1;
    const std::uint64_t first = open.last.number;
    std::vector<double> commits_ms;
    Made sum;
    std::uint64_t written = 0;
    std::uint64_t changed = 0;
    double cpu = 0;
    std::vector<node::BodyItem> items;
    for (std::uint64_t b = 0; b < options.warm + options.blocks; ++b) {
        // What one block had no room for goes into the next: nonces have no gaps.
        const auto more = workload.next(kind, count - items.size());
        items.insert(items.end(), more.begin(), more.end());
        if (b == options.warm) {
            check_blocks(open, first);
            written = written_bytes();
            cpu = cpu_seconds();
            changed = changed_bytes(*open.chain);
        }
        if (options.cold) {
            must(open.chain->put_meta("bench", {}));
            evict(options.directory / "data.mdb");
        }
        const Made made = make_block(open, items, options.gas);
        items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(made.transactions));
        if (b < options.warm) continue;
        sum.gas += made.gas;
        sum.transactions += made.transactions;
        sum.execute_s += made.execute_s;
        sum.commit_s += made.commit_s;
        commits_ms.push_back(made.commit_s * 1e3);
    }
    // The last block's way to the disk belongs to the time.
    const auto start = Clock::now();
    must(open.chain->put_meta("bench", {}));
    sum.commit_s += seconds(Clock::now() - start);
    written = written_bytes() - written;
    cpu = cpu_seconds() - cpu;
    changed = changed_bytes(*open.chain) - changed;
    make_block(open, items, ~std::uint64_t{0});
    check_blocks(open, first);
    const auto rate = [&](double s) { return static_cast<double>(sum.gas) / 1e6 / s; };
    const double all_s = sum.execute_s + sum.commit_s;
    std::printf(
        options.json
            ? "{\"kind\":\"%s\",\"accounts\":%llu,\"execute_mgas_s\":%.1f,\"commit_mgas_s\":%.1f,"
              "\"mgas_s\":%.1f,\"txns_s\":%.0f,\"commit_p50_ms\":%.1f,\"commit_p99_ms\":%.1f,"
              "\"written_bytes_a_txn\":%.0f,\"write_amplification\":%.1f,\"cpu_us_a_txn\":%.1f}\n"
            : "%-10s %9llu %10.0f %10.0f %10.0f %10.0f %9.1f %9.1f %10.0f %6.1f %8.1f\n",
        std::string(name(kind)).c_str(), static_cast<unsigned long long>(options.accounts),
        rate(sum.execute_s), rate(sum.commit_s), rate(all_s),
        static_cast<double>(sum.transactions) / all_s, percentile(commits_ms, 0.5),
        percentile(commits_ms, 0.99),
        static_cast<double>(written) / static_cast<double>(sum.transactions),
        static_cast<double>(written) / static_cast<double>(changed),
        cpu * 1e6 / static_cast<double>(sum.transactions));
    std::fflush(stdout);
}

std::uint64_t number(const std::string& option, std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        fail(option + ": expected a number, got " + std::string(text));
    return value;
}

Options parse(int argc, char** argv) {
    Options o;
    for (int i = 1; i < argc; ++i) {
        const std::string arg = argv[i];
        const auto value = [&]() -> std::string {
            if (++i >= argc) fail(arg + ": expected a value");
            return argv[i];
        };
        if (arg == "--dir") {
            o.directory = value();
        } else if (arg == "--contracts") {
            o.contracts = value();
        } else if (arg == "--accounts") {
            o.accounts = number(arg, value());
        } else if (arg == "--blocks") {
            o.blocks = number(arg, value());
        } else if (arg == "--warm") {
            o.warm = number(arg, value());
        } else if (arg == "--gas") {
            o.gas = number(arg, value());
        } else if (arg == "--seed") {
            o.seed = number(arg, value());
        } else if (arg == "--readers") {
            o.readers = number(arg, value());
        } else if (arg == "--cold") {
            o.cold = true;
        } else if (arg == "--alone") {
            o.alone = true;
        } else if (arg == "--json") {
            o.json = true;
        } else if (arg == "--kind") {
            const auto kind = value();
            if (kind == "all") continue;
            std::erase_if(o.kinds, [&](Kind k) { return name(k) != kind; });
            if (o.kinds.empty()) fail("--kind: expected transfers, erc20, swaps, mixed or all");
        } else {
            fail(arg + ": unknown option; the usage is at the top of bench/state/main.cpp");
        }
    }
    if (o.directory.empty()) fail("--dir: where to keep the state");
    if (o.accounts < 100 || o.blocks == 0) fail("expected at least 100 accounts and a block");
    return o;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    Open open = open_world(options);
    Workload workload(open.world, *open.chain,
                      options.seed + open.chain->head(node::Head::unsafe).number);
    if (!options.json)
        std::printf("%-10s %9s %10s %10s %10s %10s %9s %9s %10s %6s %8s\n", "kind", "accounts",
                    "exec Mg/s", "comm Mg/s", "both Mg/s", "txns/s", "p50 ms", "p99 ms", "B/txn",
                    "ampl", "cpu us");
    for (const Kind kind : options.kinds) measure(open, workload, kind, options);
    return 0;
}
