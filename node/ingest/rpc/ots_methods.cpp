// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What the Otterscan explorer asks, API level 8. spec: Erigon, "Otterscan Namespace APIs".
#include "core/vm/evm/opcodes.hpp"
#include "node/ingest/rpc/frames.hpp"
#include "node/ingest/rpc/ots_search.hpp"
#include "node/ingest/rpc/print.hpp"
#include "node/ingest/rpc/tracers/status_text.hpp"

namespace mezz::rpc {
namespace {

constexpr std::int64_t api_level = 8;
constexpr std::uint64_t max_page_size = 500;

/// Code that runs, not a delegation. spec: EIP-7702.
bool has_contract(Context& context, std::uint64_t block, const Address& address) {
    const auto state = unwrap(context.chain.state(block));
    const auto account = state->account(address);
    const bool any = account && account->code_hash != EMPTY_CODE_HASH;
    const ByteView code = any ? state->code(account->code_hash) : ByteView{};
    if (auto e = state->error()) fail(server_error, std::move(e->message));
    const bool delegates = code.size() == 23 && code[0] == 0xef && code[1] == 0x01;
    return any && !delegates;
}

/// Otterscan names blocks by JSON numbers too.
std::optional<std::uint64_t> ots_block(Context& context, const Value& value) {
    return value.is_string() ? block_number_of(context, value) : std::optional(value.u64(true));
}

void has_code(const Call& c) {
    const Address address = c.params.at(0).address();
    const auto block = c.params.get(1);
    const bool plain = block && !block->is_string() && !block->is_object();
    c.out.boolean(has_contract(
        c.context, plain ? block->u64(true) : require_block(c.context, block), address));
}

// --- blocks -----------------------------------------------------------------------------------

void header_by_number(const Call& c) {
    const auto number = ots_block(c.context, c.params.at(0));
    const auto header = number ? unwrap(c.context.chain.header(*number)) : std::nullopt;
    if (header)
        print_header(c.out, *header, c.context.chain.hash_of(*number));
    else
        c.out.null();
}

/// A block as its fields, without its transactions: a page of them comes beside it.
void print_outline(JsonWriter& out, const FullBlock& block) {
    print_header_fields(out, block.block.header, block.block.hash);
    out.field("size").quantity(block.block.size_bytes);
    out.field("transactionCount").quantity(block.block.transactions.size());
    out.field("uncles").array([&] {
        for (const Header& ommer : block.block.ommers) out.data(hash(ommer));
    });
    if (block.block.header.withdrawals_root)
        print_withdrawals(out.field("withdrawals"), block.block.withdrawals);
}

uint256 total_fees(const FullBlock& block) {
    uint256 sum;
    const uint256 base_fee = block.block.header.base_fee_per_gas.value_or(uint256{});
    for (std::size_t i = 0; i < block.receipts.size(); ++i)
        sum +=
            effective_gas_price(block.block.transactions[i], base_fee) * uint256{block.gas_used(i)};
    return sum;
}

template <class Number>
void block_details(const Call& c, Number&& number_of) {
    const std::optional<std::uint64_t> number = number_of(c.params.at(0));
    const auto block = number ? c.context.blocks.get(*number) : nullptr;
    if (!block) return c.out.null();
    c.out.object([&] {
        c.out.field("block").object([&] { print_outline(c.out, *block); });
        // Nobody is paid by issuance since the Merge.
        c.out.field("issuance").object([&] {
            for (const char* name : {"blockReward", "uncleReward", "issuance"})
                c.out.field(name).quantity(std::uint64_t{0});
        });
        c.out.field("totalFees").quantity(total_fees(*block));
    });
}

std::uint64_t page_size(const Value& value) {
    const std::uint64_t size = value.u64(true);
    if (size == 0 || size > max_page_size)
        value.wrong("a page size from 1 to " + std::to_string(max_page_size));
    return size;
}

/// Pages count from the end of the block; a page is in the block's order.
void block_transactions(const Call& c) {
    const auto number = ots_block(c.context, c.params.at(0));
    const std::uint64_t page = c.params.at(1).u64(true), size = page_size(c.params.at(2));
    const auto block = number ? c.context.blocks.get(*number) : nullptr;
    if (!block) return c.out.null();
    const std::size_t count = block->block.transactions.size();
    const std::size_t end = page > count / size ? 0 : count - page * size;
    const std::size_t begin = end > size ? end - size : 0;
    c.out.object([&] {
        c.out.field("fullblock").object([&] {
            print_outline(c.out, *block);
            c.out.field("transactions").array([&] {
                for (std::size_t i = begin; i < end; ++i) print_transaction(c.out, *block, i);
            });
        });
        c.out.field("receipts").array([&] {
            for (std::size_t i = begin; i < end; ++i)
                print_receipt(c.out, c.context.chain.spec(), *block, i);
        });
    });
}

// --- transactions -----------------------------------------------------------------------------

/// The first block in 1..head of which `holds` is true, given that it never turns false again.
std::optional<std::uint64_t> first_block(Context& context,
                                         const std::function<bool(std::uint64_t)>& holds) {
    std::uint64_t high = context.chain.head(node::Head::unsafe).number, low = 0;
    if (!holds(high)) return std::nullopt;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        if (holds(middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void by_sender_and_nonce(const Call& c) {
    const Address sender = c.params.at(0).address();
    const std::uint64_t nonce = c.params.at(1).u64(true);
    const auto number = first_block(c.context, [&](std::uint64_t n) {
        const auto state = unwrap(c.context.chain.state(n));
        const Account account = state->account(sender).value_or(Account{});
        if (auto e = state->error()) fail(server_error, std::move(e->message));
        return account.nonce > nonce;
    });
    const auto block = number ? c.context.blocks.get(*number) : nullptr;
    if (!block) return c.out.null();
    for (std::size_t i = 0; i < block->block.transactions.size(); ++i) {
        const Transaction& t = block->block.transactions[i];
        if (block->block.senders[i] != sender) continue;
        const auto used =
            t.type == TxType::deposit ? block->receipts[i].deposit_nonce : std::optional(t.nonce);
        if (used == nonce) return c.out.data(block->block.transaction_hashes[i]);
    }
    // A contract's creations and an authorisation use nonces too.
    c.out.null();
}

FoundTxn required_transaction(const Call& c) {
    FoundTxn found = find_mined(c.context, c.params.at(0).hash());
    if (!found.block) fail(server_error, "transaction not found");
    return found;
}

std::optional<trace::CallFrame> calls(const Call& c) {
    const FoundTxn found = required_transaction(c);
    return calls_of(c.context, *found.block, found.index, trace_deadline(c.context));
}

void transaction_error(const Call& c) {
    const auto top = calls(c);
    c.out.data(top && top->error == "execution reverted" ? ByteView(top->output) : ByteView{});
}

bool creates(const trace::CallFrame& f) {
    return f.opcode == evm::OP_CREATE || f.opcode == evm::OP_CREATE2;
}

/// Moves of ether inside, creations and destructions; the numbers are Otterscan's.
void internal_operations(const Call& c) {
    const auto top = calls(c);
    c.out.array([&] {
        if (top)
            each_frame(*top, [&](const trace::CallFrame& f, std::int64_t depth) {
                const bool moves = f.opcode == evm::OP_CALL && f.value && !f.value->is_zero();
                const bool dies = f.opcode == evm::OP_SELFDESTRUCT;
                if (depth == 0 || !(moves || dies || creates(f))) return;
                const std::int64_t type = moves ? 0 : dies ? 1 : f.opcode == evm::OP_CREATE ? 2 : 3;
                c.out.object([&] {
                    c.out.field("type").number(type);
                    c.out.field("from").data(f.from);
                    c.out.field("to").data(f.to.value_or(Address{}));
                    c.out.field("value").quantity(f.value.value_or(uint256{}));
                });
            });
    });
}

void trace_calls(const Call& c) {
    const auto top = calls(c);
    c.out.array([&] {
        if (top)
            each_frame(*top, [&](const trace::CallFrame& f, std::int64_t depth) {
                c.out.object([&] {
                    c.out.field("type").string(trace::opcode_name(f.opcode));
                    c.out.field("depth").number(depth);
                    c.out.field("from").data(f.from);
                    c.out.field("to").data(f.to.value_or(Address{}));
                    c.out.field("value");
                    if (f.value && f.opcode != evm::OP_DELEGATECALL)
                        c.out.quantity(*f.value);
                    else
                        c.out.null();
                    c.out.field("input").data(f.input);
                    c.out.field("output").data(f.output);
                });
            });
    });
}

void contract_creator(const Call& c) {
    const Address address = c.params.at(0).address();
    const auto number = first_block(
        c.context, [&](std::uint64_t n) { return has_contract(c.context, n, address); });
    // Contracts of block 0 were created by nobody.
    if (!number || *number == 0) return c.out.null();
    const auto block = c.context.blocks.get(*number);
    if (!block) return c.out.null();
    bool found = false;
    each_calls(c.context, *block, trace_deadline(c.context),
               [&](std::size_t index, const trace::CallFrame& top) {
                   each_frame(top, [&](const trace::CallFrame& f, std::int64_t) {
                       if (found || !creates(f) || f.to != address || !f.error.empty()) return;
                       found = true;
                       c.out.object([&] {
                           c.out.field("hash").data(block->block.transaction_hashes[index]);
                           c.out.field("creator").data(f.from);
                       });
                   });
                   return !found;
               });
    if (!found) c.out.null();
}

// --- searches ---------------------------------------------------------------------------------

void search(const Call& c, bool back) {
    const Address address = c.params.at(0).address();
    const std::uint64_t block = c.params.at(1).u64(true), size = page_size(c.params.at(2));
    const FoundPage page = search_transactions(c.context, address, block, size, back);
    const auto each = [&](auto&& visit) {
        for (const FoundTxn& t : page.transactions) visit(t);
    };
    c.out.object([&] {
        c.out.field("txs").array(
            [&] { each([&](const FoundTxn& t) { print_transaction(c.out, *t.block, t.index); }); });
        c.out.field("receipts").array([&] {
            each([&](const FoundTxn& t) {
                c.out.object([&] {
                    print_receipt_fields(c.out, c.context.chain.spec(), *t.block, t.index);
                    c.out.field("timestamp")
                        .number(static_cast<std::int64_t>(t.block->block.header.timestamp));
                });
            });
        });
        c.out.field("firstPage").boolean(page.is_first);
        c.out.field("lastPage").boolean(page.is_last);
    });
}

}  // namespace

void add_ots_methods(MethodTable& table) {
    table.add("erigon_getHeaderByNumber",
              {"block: BlockTag | integer -> Header | null", "The header of a block."},
              header_by_number);
    table.add("ots_getApiLevel", {"-> integer", "The level of these methods."},
              [](const Call& c) { c.out.number(api_level); });
    table.add(
        "ots_hasCode",
        {"address: Address, block?: BlockId | integer -> boolean", "Whether a contract is there."},
        has_code);
    table.add("ots_getBlockDetails",
              {"block: BlockTag | integer -> OtsBlockDetails | null",
               "A block without its transactions, and the fees they paid."},
              [](const Call& c) {
                  block_details(c, [&](const Value& v) { return ots_block(c.context, v); });
              });
    table.add("ots_getBlockDetailsByHash",
              {"hash: Hash -> OtsBlockDetails | null",
               "A block without its transactions, and the fees they paid."},
              [](const Call& c) {
                  block_details(c, [&](const Value& v) {
                      return unwrap(c.context.chain.number_of(v.hash()));
                  });
              });
    table.add("ots_getBlockTransactions",
              {"block: BlockTag | integer, page: Quantity | integer, size: Quantity | integer -> "
               "OtsBlockTransactions | null",
               "A page of a block's transactions; page 0 is at its end."},
              block_transactions);
    table.add("ots_getTransactionBySenderAndNonce",
              {"sender: Address, nonce: Quantity | integer -> Hash | null",
               "The transaction that used a nonce."},
              by_sender_and_nonce);
    table.add("ots_getTransactionError",
              {"hash: Hash -> Bytes", "What a transaction reverted with; empty if it did not."},
              transaction_error);
    table.add("ots_getInternalOperations",
              {"hash: Hash -> OtsOperation[]",
               "Ether that moved inside a transaction, creations and destructions."},
              internal_operations);
    table.add("ots_traceTransaction",
              {"hash: Hash -> OtsCall[]", "The calls of a transaction, in the order they began."},
              trace_calls);
    table.add("ots_getContractCreator",
              {"address: Address -> {hash: Hash, creator: Address} | null",
               "The transaction that created a contract, and who did it there."},
              contract_creator);
    const char* const what =
        "address: Address, block: Quantity | integer, "
        "size: Quantity | integer -> OtsPage";
    table.add("ots_searchTransactionsBefore",
              {what, "Transactions with an address before a block (0: all), the newest first."},
              [](const Call& c) { search(c, true); });
    table.add("ots_searchTransactionsAfter",
              {what, "Transactions with an address after a block (0: all), the newest first."},
              [](const Call& c) { search(c, false); });
}

}  // namespace mezz::rpc
