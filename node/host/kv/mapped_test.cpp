// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// How much of a database stays mapped.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "node/host/kv/lmdb_store.hpp"

namespace mezz::host {
namespace {

using node::Table;

constexpr std::uint8_t rows = 128;
constexpr std::size_t row_bytes = 128 << 10;

/// Bytes of the file that have pages in this process.
std::size_t mapped_bytes(const std::filesystem::path& file) {
    std::ifstream maps("/proc/self/smaps");
    bool found = false;
    for (std::string line; std::getline(maps, line);) {
        if (line.ends_with(file.string())) found = true;
        if (found && line.starts_with("Rss:")) return std::stoull(line.substr(4)) << 10;
    }
    return 0;
}

/// What is mapped after every row was read and some small blocks were written, as a node does.
std::size_t mapped_after_use(const LmdbOptions& options) {
    char name[] = "/tmp/mezz-kv-XXXXXX";
    const std::filesystem::path folder = ::mkdtemp(name);
    std::size_t out = 0;
    {
        const auto store = std::move(*open_lmdb(folder, options));
        auto fill = std::move(*store->write());
        for (std::uint8_t i = 0; i < rows; ++i)
            EXPECT_TRUE(fill->put(Table::entries, Bytes{i}, Bytes(row_bytes, i)));
        EXPECT_TRUE(fill->commit());
        const auto reader = std::move(*store->read());
        const auto first = *reader->get(Table::entries, Bytes{0});
        for (std::uint8_t i = 0; i < rows; ++i) {
            const auto row = *reader->get(Table::entries, Bytes{i});
            EXPECT_EQ(Bytes(row->begin(), row->end()), Bytes(row_bytes, i));
        }
        for (std::uint8_t i = 0; i < 40; ++i) {
            auto block = std::move(*store->write());
            EXPECT_TRUE(block->put(Table::entries, Bytes{rows, i}, Bytes{i}));
            EXPECT_TRUE(block->commit());
        }
        out = mapped_bytes(std::filesystem::canonical(folder) / lmdb_data_file);
        // What a reader holds is there whatever was given back.
        EXPECT_EQ(Bytes(first->begin(), first->end()), Bytes(row_bytes, 0));
    }
    std::filesystem::remove_all(folder);
    return out;
}

TEST(lmdb, gives_back_what_is_mapped_beyond_its_bound) {
    EXPECT_GT(mapped_after_use({}), rows * row_bytes);
    EXPECT_LT(mapped_after_use({.max_mapped_bytes = 1 << 20}), rows * row_bytes / 2);
}

}  // namespace
}  // namespace mezz::host
