// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/snapshot.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "app/exit_code.hpp"
#include "app/progress.hpp"
#include "app/rollup_file.hpp"
#include "core/base/endian.hpp"
#include "core/codec/hex.hpp"
#include "core/crypto/sha256.hpp"
#include "node/execute/store/block_rows.hpp"
#include "node/host/kv/lmdb_store.hpp"
#include "node/host/platform/system_clock.hpp"

namespace mezz::app {
namespace {

namespace fs = std::filesystem;
using node::Result;

constexpr const char* manifest_file = "manifest.json";

std::unexpected<node::Error> system_failure(const std::string& what, int code) {
    const bool full = code == ENOSPC || code == EDQUOT;
    return std::unexpected(node::Error{full ? node::Handling::retry : node::Handling::fatal,
                                       what + ": " + std::strerror(code)});
}

/// Reads a file once; copies it where `to` is a descriptor.
Result<SnapshotFile> digest(const fs::path& path, SnapshotWork* work, int to = -1) {
    SnapshotFile out;
    out.name = path.filename().string();
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return system_failure(path.string(), errno);
    crypto::Sha256 hash;
    Bytes buffer(1 << 20);
    for (;;) {
        const auto size = ::read(fd, buffer.data(), buffer.size());
        if (size < 0) {
            const int code = errno;
            ::close(fd);
            return system_failure(path.string(), code);
        }
        if (size == 0) break;
        hash.update({buffer.data(), static_cast<std::size_t>(size)});
        out.size_bytes += static_cast<std::uint64_t>(size);
        if (work != nullptr) work->checked_bytes += static_cast<std::uint64_t>(size);
        for (ssize_t written = 0; to >= 0 && written < size;) {
            const auto more =
                ::write(to, buffer.data() + written, static_cast<std::size_t>(size - written));
            if (more < 0) {
                const int code = errno;
                ::close(fd);
                return system_failure("copying " + path.string(), code);
            }
            written += more;
        }
    }
    ::close(fd);
    out.sha256 = hash.finish();
    return out;
}

/// errors: also when the bytes copied are not those of the manifest.
Result<void> copy_checked(const fs::path& from, const SnapshotFile& expected, const fs::path& to,
                          SnapshotWork* work) {
    const int fd = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) return system_failure(to.string(), errno);
    const auto copied = digest(from, work, fd);
    const int synced = ::fsync(fd) == 0 ? 0 : errno;
    ::close(fd);
    if (!copied) return std::unexpected(copied.error());
    if (synced != 0) return system_failure(to.string(), synced);
    if (copied->sha256 != expected.sha256 || copied->size_bytes != expected.size_bytes)
        return node::fatal("snapshot " + from.string() +
                           ": its bytes are not those the manifest names; take another copy");
    return {};
}

void sync_folder(const fs::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    (void)::fsync(fd);
    ::close(fd);
}

Result<void> make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return system_failure(folder.string(), error.value());
    return {};
}

/// What a snapshot is made in.
fs::path partial_folder(const SnapshotOptions& o) {
    return o.folder.string() + ".partial";
}

/// Of the files right in it; 0 when it is not there.
std::uint64_t folder_bytes(const fs::path& folder) {
    std::uint64_t sum = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (const auto size = entry.file_size(error); !error) sum += size;
    return sum;
}

}  // namespace

Result<DatabaseInfo> database_info(node::KvStore& store) {
    auto rows = store.read();
    if (!rows) return std::unexpected(rows.error());
    const auto number = [&](std::string_view name) -> Result<std::uint64_t> {
        const auto row = (*rows)->get(node::Table::meta, node::name_key(name));
        if (!row) return std::unexpected(row.error());
        if (!*row || (*row)->size() != 8)
            return node::fatal("database: meta row '" + std::string(name) +
                               "' is missing or damaged");
        return load_be64((*row)->data());
    };
    DatabaseInfo info;
    for (const auto& [name, value] : {std::pair{node::meta_row::version, &info.version},
                                      {node::meta_row::head, &info.head},
                                      {node::meta_row::safe, &info.safe},
                                      {node::meta_row::finalized, &info.finalized}}) {
        const auto read = number(name);
        if (!read) return std::unexpected(read.error());
        *value = *read;
    }
    for (const auto& [block, hash] :
         {std::pair{std::uint64_t{0}, &info.genesis_hash}, {info.head, &info.head_hash}}) {
        const auto row = (*rows)->get(node::Table::headers, node::number_key(block));
        if (!row) return std::unexpected(row.error());
        const auto record = *row ? node::decode_header_record(**row) : std::nullopt;
        if (!record)
            return node::fatal("database: header of block " + std::to_string(block) +
                               " is missing or damaged");
        *hash = record->hash;
    }
    const auto identity = (*rows)->get(node::Table::meta, node::name_key("rollup_identity"));
    if (!identity) return std::unexpected(identity.error());
    if (*identity) info.identity = to_bytes(**identity);
    return info;
}

Result<Manifest> save_snapshot(const SnapshotOptions& o, std::uint64_t now_ms) {
    std::error_code error;
    if (fs::exists(o.folder, error))
        return node::fatal("snapshot " + o.folder.string() +
                           ": is there already; choose another folder");
    const fs::path partial = partial_folder(o);
    fs::remove_all(partial, error);
    if (auto made = make_folder(partial); !made) return std::unexpected(made.error());
    const auto save = [&]() -> Result<Manifest> {
        Manifest m;
        m.created_ms = now_ms;
        // The chain first: what it refers to on the parent is there when the parent is copied.
        for (const auto& [folder, file] :
             {std::pair{"chain", chain_file}, {"parent", parent_file}}) {
            if (!fs::exists(o.state / folder / host::lmdb_data_file, error)) {
                if (file == chain_file)
                    return node::fatal("--state " + o.state.string() +
                                       ": holds no chain; give the --state of the node");
                continue;
            }
            if (auto copied = host::copy_lmdb(o.state / folder, partial / file); !copied)
                return std::unexpected(copied.error());
        }
        if (fs::exists(o.state / spec_file, error)) {
            fs::copy_file(o.state / spec_file, partial / spec_file, error);
            if (error) return system_failure((partial / spec_file).string(), error.value());
        }
        auto copy = host::open_lmdb_read_only(partial / chain_file);
        if (!copy) return std::unexpected(copy.error());
        auto info = database_info(**copy);
        if (!info) return std::unexpected(info.error());
        m.chain = std::move(*info);
        copy->reset();
        if (o.work != nullptr) o.work->total_bytes = folder_bytes(partial);
        for (const auto* file : {chain_file, parent_file, spec_file}) {
            if (!fs::exists(partial / file, error)) continue;
            auto read = digest(partial / file, o.work);
            if (!read) return std::unexpected(read.error());
            m.files.push_back(std::move(*read));
        }
        if (auto written = write_file(partial / manifest_file, to_json(m) + "\n"); !written)
            return std::unexpected(written.error());
        sync_folder(partial);
        fs::rename(partial, o.folder, error);
        if (error) return system_failure(o.folder.string(), error.value());
        sync_folder(o.folder.has_parent_path() ? o.folder.parent_path() : fs::path("."));
        return m;
    };
    auto saved = save();
    if (!saved) fs::remove_all(partial, error);
    return saved;
}

namespace {

/// Is the snapshot one of the chain that is wanted?
Result<void> check_chain(const SnapshotOptions& o, const Manifest& m) {
    std::error_code error;
    fs::path spec = o.spec;
    if (spec.empty() && fs::exists(o.state / spec_file, error)) spec = o.state / spec_file;
    if (spec.empty()) return {};
    const auto file = read_rollup_file(spec);
    if (!file) return std::unexpected(file.error());
    if (m.chain.identity != identity_of(*file) ||
        m.chain.genesis_hash != hash(file->genesis_header()))
        return node::fatal("snapshot " + o.folder.string() + ": is of another chain than " +
                           spec.string());
    return {};
}

}  // namespace

Result<Manifest> load_snapshot(const SnapshotOptions& o) {
    const auto path = o.folder / manifest_file;
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return node::fatal("snapshot " + o.folder.string() +
                           ": has no manifest.json; give the folder that mezz snapshot save made");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto m = parse_manifest(text, path.string());
    if (!m) return std::unexpected(m.error());
    if (m->chain.version > node::database_version)
        return node::fatal("snapshot " + o.folder.string() + ": database version " +
                           std::to_string(m->chain.version) + ", this program reads up to " +
                           std::to_string(node::database_version) + "; use a newer program");
    if (auto same = check_chain(o, *m); !same) return std::unexpected(same.error());
    std::error_code error;
    for (const auto* name : {"chain", "parent"})
        if (fs::exists(o.state / name, error))
            return node::fatal("--state " + o.state.string() + ": holds a " + name +
                               " already; choose another --state or remove the directory");
    if (auto made = make_folder(o.state); !made) return std::unexpected(made.error());
    const fs::path loading = o.state / "loading";
    fs::remove_all(loading, error);
    const auto load = [&]() -> Result<void> {
        if (o.work != nullptr)
            for (const auto& f : m->files) o.work->total_bytes += f.size_bytes;
        for (const auto& f : m->files) {
            const fs::path folder =
                f.name == spec_file ? loading : loading / fs::path(f.name).stem();
            if (auto made = make_folder(folder); !made) return made;
            const auto to =
                f.name == spec_file ? folder / spec_file : folder / host::lmdb_data_file;
            if (auto copied = copy_checked(o.folder / f.name, f, to, o.work); !copied)
                return copied;
            sync_folder(folder);
        }
        auto copy = host::open_lmdb_read_only(loading / "chain");
        if (!copy) return std::unexpected(copy.error());
        const auto info = database_info(**copy);
        if (!info) return std::unexpected(info.error());
        copy->reset();
        if (info->head_hash != m->chain.head_hash || info->identity != m->chain.identity ||
            info->genesis_hash != m->chain.genesis_hash)
            return node::fatal("snapshot " + o.folder.string() +
                               ": its manifest tells of another chain than its database");
        // The chain last: without it the state directory is empty, and nothing is half loaded.
        for (const auto* name : {spec_file, "parent", "chain"}) {
            if (!fs::exists(loading / name, error)) continue;
            fs::rename(loading / name, o.state / name, error);
            if (error) return system_failure((o.state / name).string(), error.value());
        }
        sync_folder(o.state);
        return {};
    };
    const auto loaded = load();
    fs::remove_all(loading, error);
    if (!loaded) return std::unexpected(loaded.error());
    return m;
}

namespace {

/// Copying is seen from outside, by what lies there: the databases' copies are compact, so that the
/// whole is at most as much as the databases are.
ProgressView look_at(const SnapshotOptions& o, bool saves) {
    const std::uint64_t total = o.work->total_bytes;
    if (total != 0)
        return {.what = saves ? "checking the copy" : "copying and checking",
                .done = o.work->checked_bytes,
                .total = total,
                .unit = ProgressUnit::bytes};
    if (!saves) return {.what = "looking at the snapshot"};
    std::uint64_t most = 0;
    for (const auto* folder : {"chain", "parent"}) most += folder_bytes(o.state / folder);
    return {.what = "copying",
            .done = folder_bytes(partial_folder(o)),
            .total = most,
            .unit = ProgressUnit::bytes};
}

}  // namespace

int run_snapshot(const SnapshotOptions& given, bool saves) {
    host::SystemClock clock;
    SnapshotWork work;
    SnapshotOptions o = given;
    o.work = &work;
    auto progress = std::make_unique<ProgressThread>(clock, progress_on_terminal(o.json),
                                                     [&] { return look_at(o, saves); });
    const auto m = saves ? save_snapshot(o, clock.now_ms()) : load_snapshot(o);
    progress.reset();
    if (!m) return refuse(m.error().message, exit_failure);
    if (o.json) {
        std::printf("%s\n", to_json(*m).c_str());
        return 0;
    }
    std::uint64_t bytes = 0;
    for (const auto& f : m->files) bytes += f.size_bytes;
    std::printf("%s %s: block %llu %s, %zu files, %.1f MiB\n", saves ? "saved" : "loaded",
                o.folder.c_str(), static_cast<unsigned long long>(m->chain.head),
                hex_text(m->chain.head_hash).c_str(), m->files.size(),
                static_cast<double>(bytes) / (1 << 20));
    return 0;
}

}  // namespace mezz::app
