// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// mezz new, up, down, ps, logs, port, reset
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/cli/verbs.hpp"
#include "app/config/presets.hpp"
#include "app/rollup_file.hpp"
#include "app/session_log.hpp"
#include "app/suggest.hpp"
#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {
namespace {

using rpc::JsonWriter;

struct Given {
    ConfigRequest config;
    std::string name, service;
    std::uint64_t timeout_s = 60;
    bool json = false, follow = false, yes = false, all = false, detach = false;
};

int fail_name(const std::string& name) {
    return refuse("'" + name +
                  "' is no name: letters, digits, - and _, at most 64, no - at the start");
}

void field(JsonWriter& out, const Session& session) {
    out.field("name").string(session.name);
    out.field("running").boolean(session.running);
    out.field("pid").number(static_cast<std::int64_t>(session.pid));
    out.field("state").string(session.state.string());
    out.field("endpoints").object([&] {
        if (!session.running) return;
        if (const auto all = endpoints(session))
            for (const auto& e : *all) out.field(e.service).string(e.url);
    });
}

int create(const Given& given) {
    if (!is_session_name(given.name)) return fail_name(given.name);
    if (!given.config.preset.empty() && find_preset(given.config.preset) == nullptr) {
        std::vector<std::string> known;
        for (const auto& preset : all_presets()) known.emplace_back(preset.name);
        return refuse("no preset " + given.config.preset + suggestion(given.config.preset, known));
    }
    const auto path = std::filesystem::path(given.name) / "mezz.toml";
    std::error_code error;
    if (std::filesystem::exists(path, error))
        return refuse(path.string() + " is there already; choose another name", exit_failure);
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) return refuse(given.name + ": " + error.message(), exit_failure);
    std::string text = "# Settings of " + given.name +
                       ". `mezz config show` prints every value with its source, `mezz config "
                       "explain KEY`\n# says what one means. Only what differs from the defaults "
                       "need be here.\n";
    if (!given.config.preset.empty()) text += "preset = \"" + given.config.preset + "\"\n";
    text += "\n[state]\ndir = \"" + session_state(given.name).string() + "\"\n";
    if (auto written = write_file(path, text); !written) return fail(written.error());
    if (given.json)
        std::printf("{\"file\":\"%s\"}\n", path.c_str());
    else
        std::printf("%s\nnext: mezz up -f %s\n", path.c_str(), path.c_str());
    return exit_ok;
}

/// The name that --name gives, else that of the file's folder, else the preset's.
std::string name_of_session(const Given& given, const Config& config) {
    if (!given.name.empty()) return given.name;
    if (!config.file.empty()) {
        std::error_code error;
        const auto folder = std::filesystem::absolute(config.file, error).parent_path();
        if (is_session_name(folder.filename().string())) return folder.filename().string();
    }
    return config.preset.empty() ? "dev" : config.preset;
}

void print_endpoints(const Session& session) {
    std::printf("session %s runs\n", session.name.c_str());
    if (const auto all = endpoints(session))
        for (const auto& e : *all) std::printf("  %-8s %s\n", e.service.c_str(), e.url.c_str());
    std::printf("  state    %s\n", session.state.c_str());
}

int up(const Given& given) {
    const auto config = read_config(given.config, process_environment());
    if (!config) return refuse(config.error().message);
    const std::string name = name_of_session(given, *config);
    if (!is_session_name(name)) return fail_name(name);
    std::vector<std::string> words;
    if (!given.config.preset.empty()) words.push_back(given.config.preset);
    if (!config->file.empty())
        words.insert(words.end(), {"--config", std::filesystem::absolute(config->file).string()});
    for (const auto& set : given.config.sets) words.insert(words.end(), {"--set", set});
    // An early Ctrl-C stops it too, once there is something to stop.
    if (!given.detach) await_signals();
    const auto session = start_session(name, words, given.timeout_s * 1000);
    if (!session) return fail(session.error());
    if (given.json) {
        JsonWriter out;
        out.object([&] { field(out, *session); });
        std::printf("%s\n", out.take().c_str());
    } else if (!talk().quiet) {
        print_endpoints(*session);
        std::printf("stop it: %s\n", given.detach ? ("mezz down " + name).c_str() : "Ctrl-C");
    }
    std::fflush(stdout);
    return given.detach ? exit_ok : attend(*session, given.timeout_s * 1000, given.json);
}

int down(const Given& given) {
    std::vector<Session> sessions;
    if (given.all) {
        sessions = all_sessions();
    } else {
        if (given.name.empty())
            return refuse("name a session (`mezz ps` lists them), or say --all");
        auto session = find_session(given.name);
        if (!session) return fail(session.error());
        sessions.push_back(std::move(*session));
    }
    for (const auto& session : sessions) {
        if (auto stopped = stop_session(session, given.timeout_s * 1000); !stopped)
            return fail(stopped.error());
        if (!given.json && !talk().quiet) std::printf("session %s is down\n", session.name.c_str());
    }
    if (given.json) std::printf("{\"stopped\":%zu}\n", sessions.size());
    return exit_ok;
}

int list(const Given& given) {
    const auto sessions = all_sessions();
    if (given.json) {
        JsonWriter out;
        out.array([&] {
            for (const auto& session : sessions) out.object([&] { field(out, session); });
        });
        std::printf("%s\n", out.take().c_str());
        return exit_ok;
    }
    for (const auto& session : sessions) {
        std::string chain;
        if (session.running)
            if (const auto all = endpoints(session))
                for (const auto& e : *all)
                    if (e.service == "chain") chain = e.url;
        std::printf("%-20s %-8s %-8d %s\n", session.name.c_str(),
                    session.running ? "running" : "ended", session.pid, chain.c_str());
    }
    return exit_ok;
}

int logs(const Given& given) {
    const auto session = find_session(given.name);
    return session ? print_log(*session, given.follow) : fail(session.error());
}

int port(const Given& given) {
    const auto session = find_session(given.name);
    if (!session) return fail(session.error());
    if (!session->running)
        return refuse("session " + given.name + " does not run", exit_unreachable);
    const auto all = endpoints(*session);
    if (!all) return fail(all.error());
    std::vector<std::string> known;
    for (const auto& e : *all) {
        known.push_back(e.service);
        if (given.service.empty())
            std::printf("%-8s %s\n", e.service.c_str(), e.url.c_str());
        else if (given.service == e.service)
            return std::printf("%s\n", e.url.c_str()) > 0 ? exit_ok : exit_failure;
    }
    if (given.service.empty()) return exit_ok;
    return refuse("session " + given.name + " has no service " + given.service +
                  suggestion(given.service, known));
}

int reset(const Given& given) {
    if (!is_session_name(given.name)) return fail_name(given.name);
    const auto state = session_state(given.name);
    const auto session = find_session(given.name);
    if (session && session->running)
        return refuse("session " + given.name + " runs; `mezz down " + given.name + "` first",
                      exit_failure);
    std::error_code error;
    // Nothing but what mezz made is ever deleted.
    if (!std::filesystem::exists(state / "rollup.json", error))
        return refuse(state.string() + " holds no chain", exit_failure);
    if (!given.yes)
        return refuse("this deletes " + state.string() + ", both chains in it; say --yes to do it");
    const auto removed = std::filesystem::remove_all(state, error);
    if (error) return refuse(state.string() + ": " + error.message(), exit_failure);
    std::printf("%s: %ju files deleted\n", state.c_str(), static_cast<std::uintmax_t>(removed));
    return exit_ok;
}

}  // namespace

void add_session_verbs(CLI::App& root, Verbs& verbs) {
    auto given = std::make_shared<Given>();
    const auto add = [&](const char* name, const char* what, int (*run)(const Given&)) {
        CLI::App* command = root.add_subcommand(name, what);
        verbs.add(command, [given, run] { return run(*given); });
        return command;
    };
    const auto json = [&](CLI::App* command) { command->add_flag("--json", given->json, "JSON"); };
    const auto session = [&](CLI::App* command) {
        return command->add_option("session", given->name, "Name of a session, as mezz ps has it");
    };
    const auto timeout = [&](CLI::App* command) {
        command->add_option("--timeout", given->timeout_s, "Seconds to wait")
            ->check(CLI::Range(1, 3600));
    };
    auto* command = add("new", "Write a mezz.toml into a new folder", create);
    command->add_option("name", given->name, "The folder, and the name of its session")->required();
    command->add_option("--preset", given->config.preset, "The system to start from");
    json(command);
    command = add("up", "Start mezz dev as a session, with a name; Ctrl-C stops it", up);
    command->add_option("preset", given->config.preset, "A preset, as mezz dev takes it");
    command->add_option("--name", given->name,
                        "Its name; default: that of the folder of mezz.toml, or the preset's");
    command->add_flag("-d,--detach", given->detach,
                      "Let it run on its own; mezz logs, ps and down see to it");
    add_config_flags(*command, given->config);
    timeout(command);
    json(command);
    command = add("down", "Stop a session; its state stays", down);
    auto* name = session(command);
    command->add_flag("--all", given->all, "Every session")->excludes(name);
    timeout(command);
    json(command);
    json(add("ps", "List the sessions", list));
    command = add("logs", "Print what a session says", logs);
    session(command)->required();
    command->add_flag("-f,--follow", given->follow, "Go on until it ends");
    command = add("port", "Print where a session can be reached", port);
    session(command)->required();
    command->add_option("service", given->service, "chain, ws, parent or console; default: all");
    command = add("reset", "Delete the state of a session that is down", reset);
    session(command)->required();
    command->add_flag("--yes", given->yes, "Yes, delete it");
}

}  // namespace mezz::app
