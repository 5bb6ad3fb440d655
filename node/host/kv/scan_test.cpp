// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Scans in both directions, on disk and in memory alike.
#include <gtest/gtest.h>
#include <stdlib.h>

#include "node/host/kv/lmdb_store.hpp"
#include "node/host/kv/memory_store.hpp"

namespace mezz::host {
namespace {

using node::Table;

class Scan : public testing::TestWithParam<bool> {
protected:
    Scan() {
        if (!GetParam()) {
            store = std::make_unique<MemoryStore>();
            return;
        }
        char name[] = "/tmp/mezz-kv-XXXXXX";
        folder = ::mkdtemp(name);
        auto opened = open_lmdb(folder);
        EXPECT_TRUE(opened) << opened.error().message;
        store = std::move(*opened);
    }
    ~Scan() override {
        store.reset();
        if (!folder.empty()) std::filesystem::remove_all(folder);
    }
    /// The keys that a scan meets, at most `limit`.
    static std::string keys(node::KvRead& rows, bool back, std::uint8_t from,
                            std::size_t limit = 9) {
        std::string out;
        const auto visit = [&](ByteView key, ByteView value) {
            EXPECT_EQ(value.size(), 1u);
            out += std::to_string(key[0]) + " ";
            return --limit > 0;
        };
        const Bytes key{from};
        const auto done = back ? rows.scan_back(Table::entries, key, visit)
                               : rows.scan(Table::entries, key, visit);
        EXPECT_TRUE(done);
        return out;
    }

    std::filesystem::path folder;
    std::unique_ptr<node::KvStore> store;
};

TEST_P(Scan, meets_keys_in_order_from_any_place) {
    const Bytes value{7};
    {
        auto rows = store->write();
        ASSERT_TRUE(rows);
        EXPECT_EQ(keys(**rows, true, 9), "");
        for (const std::uint8_t k : {2, 4, 6})
            ASSERT_TRUE((*rows)->put(Table::entries, Bytes{k}, value));
        // Other tables are not seen.
        ASSERT_TRUE((*rows)->put(Table::meta, Bytes{5}, value));
        EXPECT_EQ(keys(**rows, true, 9), "6 4 2 ") << "what is not committed yet";
        ASSERT_TRUE((*rows)->commit());
    }
    auto rows = store->read();
    ASSERT_TRUE(rows);
    EXPECT_EQ(keys(**rows, false, 0), "2 4 6 ");
    EXPECT_EQ(keys(**rows, false, 3), "4 6 ");
    EXPECT_EQ(keys(**rows, false, 7), "");
    EXPECT_EQ(keys(**rows, true, 9), "6 4 2 ");
    EXPECT_EQ(keys(**rows, true, 6), "6 4 2 ");
    EXPECT_EQ(keys(**rows, true, 5), "4 2 ");
    EXPECT_EQ(keys(**rows, true, 5, 1), "4 ");
    EXPECT_EQ(keys(**rows, true, 1), "");
}

TEST_P(Scan, sees_changes_of_its_own_transaction) {
    const Bytes value{7};
    {
        auto rows = store->write();
        for (const std::uint8_t k : {2, 4, 6})
            ASSERT_TRUE((*rows)->put(Table::entries, Bytes{k}, value));
        ASSERT_TRUE((*rows)->commit());
    }
    auto rows = store->write();
    ASSERT_TRUE((*rows)->erase(Table::entries, Bytes{4}));
    ASSERT_TRUE((*rows)->put(Table::entries, Bytes{5}, value));
    EXPECT_EQ(keys(**rows, true, 9), "6 5 2 ");
    EXPECT_EQ(keys(**rows, false, 0), "2 5 6 ");
}

INSTANTIATE_TEST_SUITE_P(Stores, Scan, testing::Bool(),
                         [](const auto& i) { return i.param ? "disk" : "memory"; });

}  // namespace
}  // namespace mezz::host
