// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/machine/dense.hpp"

#include <algorithm>
#include <unordered_map>

#include "node/host/crypto/keccak_native.hpp"

namespace mezz::node::prove {
namespace {

constexpr std::size_t BATCH_STEPS = 256;
/// Beyond that, pages are forgotten and hashed anew when they are written again.
constexpr std::size_t MAX_PAGES = 4000;

/// Two neighbours somewhere above the pages: what their parent is the hash of.
struct Pair {
    Bytes32 child[2];
};
/// A page that is written: its whole tree, and the pairs on its way to the root.
struct HotPage {
    PageTree tree;
    std::array<Pair*, TOP_LEVELS> above;
};

class DenseHasher {
public:
    explicit DenseHasher(Machine& machine)
        : machine_(machine), root_(machine.state().memory_root) {}

    /// Does at most `count` steps, at most a batch, and appends the hashes of the states.
    std::expected<void, UnknownPreimage> batch(std::uint64_t count, std::vector<Bytes32>& out) {
        states_.clear();
        writes_.clear();
        if (pages_.size() > MAX_PAGES) forget();
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, BATCH_STEPS); ++i) {
            if (machine_.hart().exited) break;
            const auto touched = machine_.step();
            if (!touched) return std::unexpected(touched.error());
            if (*touched && (*touched)->written) note_write((*touched)->address);
            states_.push_back(riscv::encode({{}, machine_.hart()}));
        }
        hash_writes();
        hash_states(out);
        return {};
    }

private:
    struct Write {
        HotPage* page;
        std::uint32_t page_index;
        std::uint32_t node;  ///< in the page's tree; goes up as hashing does
        std::size_t state;   ///< the first one of the batch after it
    };

    void note_write(std::uint64_t address) {
        const auto index = static_cast<std::uint32_t>(address >> PAGE_BITS);
        const auto leaf = address % PAGE_BYTES / riscv::LEAF_BYTES;
        writes_.push_back({&hot(index), index,
                           static_cast<std::uint32_t>(PAGE_BYTES / riscv::LEAF_BYTES + leaf),
                           states_.size()});
        hashes_.resize(std::max(hashes_.size(), writes_.size()));
        hashes_[writes_.size() - 1] =
            machine_.memory().load_leaf(address / riscv::LEAF_BYTES * riscv::LEAF_BYTES);
    }

    /// The page as it was before its first write of the stretch: as it was committed.
    HotPage& hot(std::uint32_t index) {
        std::unique_ptr<HotPage>& page = pages_[index];
        if (page) return *page;
        page = std::make_unique<HotPage>();
        const MemoryTree& committed = machine_.memory().committed();
        const Page* const content = committed.page(index);
        static const Page ZERO;
        hash_page(content != nullptr ? content->bytes : ZERO.bytes, page->tree);
        const auto siblings = committed.page_path(index);
        // A pair that is there has a page below that was written: it knows better than what was
        // committed, and so do all above it. Below a pair that is not there nothing was written.
        Bytes32 own = page->tree[1];
        for (unsigned height = 0; height < TOP_LEVELS; ++height) {
            std::unique_ptr<Pair>& pair = pairs_[pair_key(height, index)];
            const unsigned side = index >> height & 1;
            if (!pair) {
                pair = std::make_unique<Pair>();
                pair->child[side] = own;
                pair->child[1 - side] = siblings[height];
                own = riscv::parent_of(pair->child[0], pair->child[1]);
            }
            page->above[height] = pair.get();
        }
        return *page;
    }
    static std::uint64_t pair_key(unsigned height, std::uint32_t page) noexcept {
        return std::uint64_t{height} << 32 | page >> (height + 1);
    }

    /// Makes hashes_ the roots after each write.
    void hash_writes() {
        messages_.resize(writes_.size());
        for (unsigned level = 0; level < riscv::DATA_LEVELS; ++level) {
            for (std::size_t w = 0; w < writes_.size(); ++w) {
                Write& write = writes_[w];
                if (level < PAGE_LEVELS) {
                    PageTree& tree = write.page->tree;
                    tree[write.node] = hashes_[w];
                    messages_[w] = {tree[write.node & ~1u], tree[write.node | 1u]};
                    write.node /= 2;
                } else {
                    const unsigned height = level - PAGE_LEVELS;
                    Pair& pair = *write.page->above[height];
                    pair.child[write.page_index >> height & 1] = hashes_[w];
                    messages_[w] = pair;
                }
            }
            if (!writes_.empty())
                host::keccak256_many(messages_[0].child[0].data(), sizeof(Pair),
                                     std::span(hashes_).first(writes_.size()));
        }
    }

    void hash_states(std::vector<Bytes32>& out) {
        std::size_t next_write = 0;
        for (std::size_t i = 0; i < states_.size(); ++i) {
            if (next_write < writes_.size() && writes_[next_write].state == i)
                root_ = hashes_[next_write++];
            std::memcpy(states_[i].data(), root_.data(), 32);
        }
        const std::size_t before = out.size();
        out.resize(before + states_.size());
        if (!states_.empty())
            host::keccak256_many(states_[0].data(), riscv::STATE_BYTES,
                                 std::span(out).subspan(before));
    }

    void forget() {
        (void)machine_.state();  // so that what is committed is what there is now
        pages_.clear();
        pairs_.clear();
    }

    Machine& machine_;
    Bytes32 root_;
    std::unordered_map<std::uint32_t, std::unique_ptr<HotPage>> pages_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Pair>> pairs_;
    std::vector<riscv::StateBytes> states_;
    std::vector<Write> writes_;
    std::vector<Pair> messages_;
    std::vector<Bytes32> hashes_;
};

}  // namespace

std::expected<std::vector<Bytes32>, UnknownPreimage> dense_hashes(Machine& machine,
                                                                  std::uint64_t count) {
    DenseHasher hasher(machine);
    std::vector<Bytes32> out;
    while (out.size() < count && !machine.hart().exited)
        if (const auto done = hasher.batch(count - out.size(), out); !done)
            return std::unexpected(done.error());
    return out;
}

}  // namespace mezz::node::prove
