// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What this server offers, told from its own table. spec: OpenRPC, "Service Discovery Method".
#include <set>

#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {
namespace {

std::string version_of(const Context& context) {
    const std::string& client = context.options.client_version;
    return client.substr(client.find('/') + 1);
}

}  // namespace

void add_discovery_methods(MethodTable& table) {
    table.add(
        "rpc.discover", {"-> any", "This document: every method, what it takes and what it gives."},
        [&table](const Call& c) {
            const auto document = openrpc_document(table.docs, table.types, version_of(c.context));
            if (!document) fail(internal_error, "bug: " + document.error());
            c.out.raw(*document);
        });
    table.add("rpc_modules", {"-> map<string>", "The namespaces and their versions."},
              [&table](const Call& c) {
                  std::set<std::string_view> names{"rpc"};
                  for (const auto& [name, doc] : table.docs)
                      names.insert(std::string_view(name).substr(0, name.find_first_of("_.")));
                  c.out.object([&] {
                      for (const auto& name : names) c.out.field(name).string("1.0");
                  });
              });
}

}  // namespace mezz::rpc
