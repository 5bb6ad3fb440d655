// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/kv/lmdb_store.hpp"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string>

namespace mezz::host {
namespace {

using node::Error;
using node::Handling;
using node::Result;
using node::Table;

/// units: bytes of address space, not of disk: the file grows as data does.
constexpr std::size_t map_bytes = std::size_t{1} << 40;
constexpr unsigned max_readers = 512;
/// Transactions between two looks for readers whose process is gone.
constexpr unsigned writes_a_look = 256;
/// And between two looks at how much is mapped.
constexpr unsigned writes_a_trim = 32;

std::unexpected<Error> failure(const std::string& directory, int code, const char* what) {
    // A full disk goes away when somebody frees space; everything else needs a look.
    const bool full = code == ENOSPC || code == EDQUOT || code == MDB_MAP_FULL;
    return std::unexpected(Error{full ? Handling::retry : Handling::fatal,
                                 "database " + directory + ": " + what + ": " + mdb_strerror(code) +
                                     (full ? ": the disk is full; free space there and it goes on "
                                             "(nothing was lost)"
                                           : "")});
}

/// Reader slots live in a shared mapping of a sparse file: a page of it that the disk has no room
/// for would end the process, so all of it is allocated now.
int allocate_lock_file(const std::filesystem::path& directory) {
    const int fd = ::open((directory / "lock.mdb").c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) return errno;
    struct stat info{};
    int code = ::fstat(fd, &info) == 0 ? 0 : errno;
    if (code == 0) code = ::posix_fallocate(fd, 0, info.st_size);
    ::close(fd);
    return code;
}

/// Where the process has a file mapped, and what of it has pages. spec: proc(5), "smaps".
struct Mapping {
    void* address = nullptr;
    std::size_t resident_bytes = 0;
};

Mapping find_mapping(const std::filesystem::path& file) {
    Mapping out;
    std::ifstream maps("/proc/self/smaps");
    const std::string name = " " + file.string();
    for (std::string line; std::getline(maps, line);) {
        if (out.address != nullptr && line.starts_with("Rss:")) {
            out.resident_bytes = std::strtoull(line.c_str() + 4, nullptr, 10) << 10;
            return out;
        }
        std::uintptr_t from = 0;
        if (!line.ends_with(name) ||
            std::from_chars(line.data(), line.data() + line.size(), from, 16).ec != std::errc{})
            continue;
        out.address = reinterpret_cast<void*>(from);  // NOLINT(performance-no-int-to-ptr)
    }
    return {};
}

MDB_val view(ByteView b) {
    return {b.size(), const_cast<std::uint8_t*>(b.data())};
}
ByteView view(const MDB_val& v) {
    return {static_cast<const std::uint8_t*>(v.mv_data), v.mv_size};
}

using Tables = std::array<MDB_dbi, node::table_count>;

class Transaction final : public node::KvWrite {
public:
    Transaction(MDB_txn* txn, const Tables& tables, const std::string& directory)
        : txn_(txn), tables_(tables), directory_(directory) {}
    ~Transaction() override {
        if (txn_ != nullptr) mdb_txn_abort(txn_);
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    Result<std::optional<ByteView>> get(Table table, ByteView key) override {
        MDB_val k = view(key), v;
        const int code = mdb_get(txn_, dbi(table), &k, &v);
        if (code == MDB_NOTFOUND) return std::optional<ByteView>{};
        if (code != 0) return failure(directory_, code, "get");
        return std::optional(view(v));
    }
    Result<void> scan(Table table, ByteView from,
                      const std::function<bool(ByteView, ByteView)>& visit) override {
        MDB_cursor* cursor = nullptr;
        if (const int code = mdb_cursor_open(txn_, dbi(table), &cursor); code != 0)
            return failure(directory_, code, "cursor");
        MDB_val k = view(from), v;
        int code = mdb_cursor_get(cursor, &k, &v, from.empty() ? MDB_FIRST : MDB_SET_RANGE);
        while (code == 0 && visit(view(k), view(v)))
            code = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
        mdb_cursor_close(cursor);
        if (code != 0 && code != MDB_NOTFOUND) return failure(directory_, code, "scan");
        return {};
    }
    Result<void> scan_back(Table table, ByteView from,
                           const std::function<bool(ByteView, ByteView)>& visit) override {
        MDB_cursor* cursor = nullptr;
        if (const int code = mdb_cursor_open(txn_, dbi(table), &cursor); code != 0)
            return failure(directory_, code, "cursor");
        MDB_val k = view(from), v;
        int code = from.empty() ? MDB_NOTFOUND : mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);
        // That is the first key which is not smaller.
        if (code == MDB_NOTFOUND && !from.empty())
            code = mdb_cursor_get(cursor, &k, &v, MDB_LAST);
        else if (code == 0 && !std::ranges::equal(view(k), from))
            code = mdb_cursor_get(cursor, &k, &v, MDB_PREV);
        while (code == 0 && visit(view(k), view(v)))
            code = mdb_cursor_get(cursor, &k, &v, MDB_PREV);
        mdb_cursor_close(cursor);
        if (code != 0 && code != MDB_NOTFOUND) return failure(directory_, code, "scan");
        return {};
    }
    Result<void> put(Table table, ByteView key, ByteView value) override {
        return put(table, key, value, 0);
    }
    Result<void> append(Table table, ByteView key, ByteView value) override {
        return put(table, key, value, MDB_APPEND);
    }
    Result<void> erase(Table table, ByteView key) override {
        MDB_val k = view(key);
        const int code = mdb_del(txn_, dbi(table), &k, nullptr);
        if (code != 0 && code != MDB_NOTFOUND) return failure(directory_, code, "erase");
        return {};
    }
    Result<void> commit() override {
        const int code = mdb_txn_commit(txn_);
        txn_ = nullptr;
        if (code != 0) return failure(directory_, code, "commit");
        return {};
    }

private:
    [[nodiscard]] MDB_dbi dbi(Table table) const {
        return tables_[static_cast<std::size_t>(table)];
    }
    Result<void> put(Table table, ByteView key, ByteView value, unsigned flags) {
        MDB_val k = view(key), v = view(value);
        if (const int code = mdb_put(txn_, dbi(table), &k, &v, flags); code != 0)
            return failure(directory_, code, "put");
        return {};
    }

    MDB_txn* txn_;
    const Tables& tables_;
    const std::string& directory_;
};

class LmdbStore final : public node::KvStore {
public:
    LmdbStore(MDB_env* env, int lock, std::string directory, const LmdbOptions& options = {})
        : env_(env), lock_(lock), directory_(std::move(directory)), options_(options) {}
    ~LmdbStore() override {
        mdb_env_close(env_);
        if (lock_ >= 0) ::close(lock_);
    }
    LmdbStore(const LmdbStore&) = delete;
    LmdbStore& operator=(const LmdbStore&) = delete;

    /// Makes the tables that are not there, unless it may only read.
    Result<void> open_tables() {
        const bool reads_only = lock_ < 0;
        MDB_txn* txn = nullptr;
        if (const int code = mdb_txn_begin(env_, nullptr, reads_only ? MDB_RDONLY : 0, &txn);
            code != 0)
            return failure(directory_, code, "begin");
        for (std::size_t i = 0; i < tables_.size(); ++i) {
            const std::string name = "t" + std::to_string(i);
            if (const int code =
                    mdb_dbi_open(txn, name.c_str(), reads_only ? 0 : MDB_CREATE, &tables_[i]);
                code != 0) {
                mdb_txn_abort(txn);
                return failure(directory_, code, "open table");
            }
        }
        if (const int code = mdb_txn_commit(txn); code != 0)
            return failure(directory_, code, "create tables");
        return {};
    }

    Result<std::unique_ptr<node::KvRead>> read() override {
        MDB_txn* txn = nullptr;
        if (const int code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn); code != 0)
            return failure(directory_, code, "begin read");
        return std::make_unique<Transaction>(txn, tables_, directory_);
    }
    Result<std::unique_ptr<node::KvWrite>> write() override {
        MDB_txn* txn = nullptr;
        // A process that died while it copied would keep pages from being used again for ever.
        const unsigned writes = writes_++;
        if (writes % writes_a_look == 0) mdb_reader_check(env_, nullptr);
        if (options_.max_mapped_bytes != 0 && writes % writes_a_trim == 0) trim();
        if (const int code = mdb_txn_begin(env_, nullptr, 0, &txn); code != 0)
            return failure(directory_, code, "begin write");
        return std::make_unique<Transaction>(txn, tables_, directory_);
    }
    std::uint64_t size_bytes() override {
        MDB_envinfo info;
        MDB_stat stat;
        mdb_env_info(env_, &info);
        mdb_env_stat(env_, &stat);
        return (info.me_last_pgno + 1) * stat.ms_psize;
    }
    /// The file is mapped: a read that waits is a page fault with a transfer.
    std::uint64_t waits() override {
        struct rusage usage{};
        return ::getrusage(RUSAGE_THREAD, &usage) == 0 ? static_cast<std::uint64_t>(usage.ru_majflt)
                                                       : 0;
    }

private:
    /// Readers may be at work: what they touch comes back. The file is mapped to be read alone, so
    /// nothing is lost.
    void trim() {
        std::error_code error;
        const auto file =
            std::filesystem::canonical(std::filesystem::path(directory_) / lmdb_data_file, error);
        const Mapping mapping = error ? Mapping{} : find_mapping(file);
        if (mapping.resident_bytes > options_.max_mapped_bytes)
            (void)::madvise(mapping.address, size_bytes(), MADV_DONTNEED);
    }

    MDB_env* env_;
    int lock_;
    std::string directory_;
    LmdbOptions options_;
    Tables tables_{};
    std::atomic<unsigned> writes_ = 0;
};

}  // namespace

Result<std::unique_ptr<node::KvStore>> open_lmdb(const std::filesystem::path& directory,
                                                 const LmdbOptions& options) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error)
        return node::fatal("state directory " + directory.string() + ": " + error.message() +
                           "; choose another --state");
    // LMDB itself lets two processes write in turns; a chain must have one owner.
    const int lock = ::open((directory / "owner.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock < 0)
        return node::fatal("state directory " + directory.string() + " cannot be written: " +
                           std::strerror(errno) + "; choose another --state");
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return node::fatal("state directory " + directory.string() +
                           " is in use by another process; stop it or choose another --state");
    }
    MDB_env* env = nullptr;
    int code = mdb_env_create(&env);
    if (code == 0) code = mdb_env_set_mapsize(env, map_bytes);
    if (code == 0) code = mdb_env_set_maxdbs(env, node::table_count);
    if (code == 0) code = mdb_env_set_maxreaders(env, max_readers);
    if (code == 0) code = mdb_env_open(env, directory.c_str(), MDB_NOTLS | MDB_NORDAHEAD, 0644);
    if (code == 0) code = allocate_lock_file(directory);
    if (code != 0) {
        if (env != nullptr) mdb_env_close(env);
        ::close(lock);
        return failure(directory.string(), code, "open");
    }
    auto store = std::make_unique<LmdbStore>(env, lock, directory.string(), options);
    if (auto opened = store->open_tables(); !opened) return std::unexpected(opened.error());
    return store;
}

namespace {

/// A database that another process may own.
Result<MDB_env*> open_env_read_only(const std::filesystem::path& path) {
    std::error_code error;
    const bool is_directory = std::filesystem::is_directory(path, error);
    const auto data = is_directory ? path / lmdb_data_file : path;
    if (!std::filesystem::is_regular_file(data, error))
        return node::fatal("database " + path.string() + ": there is none");
    // A file of its own has no owner, and no file of readers beside it.
    const unsigned flags =
        MDB_RDONLY | MDB_NOTLS | MDB_NORDAHEAD | (is_directory ? 0 : MDB_NOSUBDIR | MDB_NOLOCK);
    MDB_env* env = nullptr;
    int code = mdb_env_create(&env);
    if (code == 0) code = mdb_env_set_mapsize(env, map_bytes);
    if (code == 0) code = mdb_env_set_maxdbs(env, node::table_count);
    if (code == 0) code = mdb_env_set_maxreaders(env, max_readers);
    if (code == 0) code = mdb_env_open(env, path.c_str(), flags, 0644);
    if (code == 0) return env;
    if (env != nullptr) mdb_env_close(env);
    return failure(path.string(), code, "open");
}

}  // namespace

Result<void> copy_lmdb(const std::filesystem::path& directory, const std::filesystem::path& file) {
    const auto env = open_env_read_only(directory);
    if (!env) return std::unexpected(env.error());
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    int code = fd < 0 ? errno : mdb_env_copyfd2(*env, fd, MDB_CP_COMPACT);
    if (code == 0 && ::fsync(fd) != 0) code = errno;
    if (fd >= 0) ::close(fd);
    mdb_env_close(*env);
    if (code == 0) return {};
    if (fd >= 0) ::unlink(file.c_str());
    return failure(file.string(), code, "copy");
}

Result<std::unique_ptr<node::KvStore>> open_lmdb_read_only(const std::filesystem::path& path) {
    const auto env = open_env_read_only(path);
    if (!env) return std::unexpected(env.error());
    auto store = std::make_unique<LmdbStore>(*env, -1, path.string());
    if (auto opened = store->open_tables(); !opened) return std::unexpected(opened.error());
    return store;
}

bool is_lmdb_in_use(const std::filesystem::path& directory) {
    const int lock = ::open((directory / "owner.lock").c_str(), O_RDWR | O_CLOEXEC);
    if (lock < 0) return false;
    const bool free = ::flock(lock, LOCK_EX | LOCK_NB) == 0;
    ::close(lock);
    return !free;
}

}  // namespace mezz::host
