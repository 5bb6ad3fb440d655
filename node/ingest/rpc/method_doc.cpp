// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/method_doc.hpp"

#include <optional>
#include <vector>

#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::rpc {
namespace {

struct Field {
    std::string_view name;
    bool required = true;
    std::string schema;
};

/// A reader of one line. After the first problem everything reads as nothing.
class Line {
public:
    Line(std::string_view text, const TypeDocs& types) : text_(text), types_(types) {}

    std::string type() {
        std::vector<std::string> parts;
        std::string literals;
        do {
            skip_spaces();
            if (peek() == '\'') {
                literals += (literals.empty() ? "" : ",") + quote(between('\''));
            } else {
                parts.push_back(part());
            }
        } while (!failed() && take('|'));
        if (!literals.empty()) parts.push_back(R"({"type":"string","enum":[)" + literals + "]}");
        if (parts.size() == 1) return std::move(parts.front());
        std::string out = R"({"anyOf":[)";
        for (std::size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : ",") + parts[i];
        return out + "]}";
    }

    std::vector<Field> fields() {
        std::vector<Field> out;
        do {
            Field f;
            f.name = name();
            f.required = !take('?');
            expect(':');
            f.schema = type();
            out.push_back(std::move(f));
        } while (!failed() && take(','));
        return out;
    }

    bool take(char c) {
        skip_spaces();
        if (peek() != c) return false;
        ++at_;
        return true;
    }
    void expect(char c) {
        if (!take(c)) problem(std::string("expected ") + c);
    }
    void expect_end() {
        skip_spaces();
        if (at_ != text_.size()) problem("expected the end");
    }
    [[nodiscard]] bool failed() const { return !problem_.empty(); }
    [[nodiscard]] const std::string& why() const { return problem_; }

private:
    std::string part() {
        std::string out = atom();
        while (!failed() && text_.substr(at_).starts_with("[]")) {
            at_ += 2;
            out = R"({"type":"array","items":)" + out + "}";
        }
        return out;
    }

    std::string atom() {
        if (take('(')) {
            std::string inner = type();
            expect(')');
            return inner;
        }
        if (take('{')) {
            const std::vector<Field> members = fields();
            expect('}');
            return object(members);
        }
        if (peek() == '/') return R"({"type":"string","pattern":)" + quote(between('/')) + "}";
        const std::string_view word = name();
        if (word == "any") return "{}";
        if (word == "map") {
            expect('<');
            const std::string values = type();
            expect('>');
            return R"({"type":"object","additionalProperties":)" + values + "}";
        }
        for (const std::string_view plain : {"boolean", "integer", "number", "string", "null"})
            if (word == plain) return R"({"type":")" + std::string(word) + "\"}";
        if (!failed() && !types_.contains(word)) problem("no type " + std::string(word));
        return R"({"$ref":"#/components/schemas/)" + std::string(word) + "\"}";
    }

    static std::string object(const std::vector<Field>& members) {
        std::string properties, required;
        for (const Field& f : members) {
            properties += (properties.empty() ? "" : ",") + quote(f.name) + ":" + f.schema;
            if (f.required) required += (required.empty() ? "" : ",") + quote(f.name);
        }
        std::string out = R"({"type":"object","properties":{)" + properties + "}";
        if (!required.empty()) out += R"(,"required":[)" + required + "]";
        return out + "}";
    }

    std::string_view name() {
        skip_spaces();
        const std::size_t start = at_;
        const auto is_letter = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '_';
        };
        while (at_ < text_.size() && is_letter(text_[at_])) ++at_;
        if (at_ == start) problem("expected a name");
        return text_.substr(start, at_ - start);
    }

    std::string_view between(char mark) {
        const std::size_t end = text_.find(mark, at_ + 1);
        if (end == std::string_view::npos) {
            problem(std::string("expected a second ") + mark);
            return {};
        }
        const std::string_view out = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return out;
    }

    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_spaces() {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    }
    void problem(const std::string& what) {
        if (problem_.empty())
            problem_ = what + " at character " + std::to_string(at_) + " of \"" +
                       std::string(text_) + "\"";
        at_ = text_.size();
    }

    std::string_view text_;
    const TypeDocs& types_;
    std::size_t at_ = 0;
    std::string problem_;
};

void print_method(JsonWriter& out, std::string_view name, const MethodDoc& doc,
                  const std::vector<Field>& params, const std::string& result) {
    out.object([&] {
        out.field("name").string(name);
        out.field("summary").string(doc.summary);
        out.field("tags").array([&] {
            out.object([&] { out.field("name").string(name.substr(0, name.find_first_of("_."))); });
        });
        out.field("paramStructure").string("by-position");
        out.field("params").array([&] {
            for (const Field& p : params)
                out.object([&] {
                    out.field("name").string(p.name);
                    out.field("required").boolean(p.required);
                    out.field("schema").raw(p.schema);
                });
        });
        out.field("result").object([&] {
            out.field("name").string("result");
            out.field("schema").raw(result);
        });
    });
}

/// The schema with its name and what it means put first.
std::string titled(const TypeDoc& doc, const std::string& schema) {
    std::string out = R"({"title":)" + quote(doc.name) + R"(,"description":)" + quote(doc.summary);
    if (schema != "{}") out += "," + schema.substr(1, schema.size() - 2);
    return out + "}";
}

std::expected<void, std::string> print_methods(JsonWriter& out, const MethodDocs& methods,
                                               const TypeDocs& types) {
    std::optional<std::string> problem;
    out.array([&] {
        for (const auto& [name, doc] : methods) {
            const std::size_t arrow = doc.signature.find("->");
            Line params(doc.signature.substr(0, std::min(arrow, doc.signature.size())), types);
            Line result(arrow == std::string_view::npos ? "" : doc.signature.substr(arrow + 2),
                        types);
            const std::vector<Field> fields = arrow == 0 ? std::vector<Field>{} : params.fields();
            const std::string schema = result.type();
            params.expect_end();
            result.expect_end();
            for (const Line* line : {&params, &result})
                if (line->failed() && !problem) problem = name + ": " + line->why();
            if (doc.summary.empty() && !problem) problem = name + ": no summary";
            print_method(out, name, doc, fields, schema);
        }
    });
    if (problem) return std::unexpected(std::move(*problem));
    return {};
}

}  // namespace

std::size_t parameter_count(std::string_view signature) {
    std::size_t count = 0, depth = 0;
    const std::string_view params = signature.substr(0, signature.find("->"));
    bool in_literal = false, in_pattern = false;
    for (const char c : params) {
        if (c == '\'' && !in_pattern) in_literal = !in_literal;
        if (c == '/' && !in_literal) in_pattern = !in_pattern;
        if (in_literal || in_pattern) continue;
        if (c == '{' || c == '<' || c == '(') ++depth;
        if (c == '}' || c == '>' || c == ')') --depth;
        if (depth == 0 && (c == ',' || count == 0) && c != ' ') ++count;
    }
    return count;
}

std::expected<std::string, std::string> openrpc_document(const MethodDocs& methods,
                                                         const TypeDocs& types,
                                                         std::string_view version) {
    JsonWriter out;
    std::expected<void, std::string> done;
    out.object([&] {
        out.field("openrpc").string("1.3.2");
        out.field("info").object([&] {
            out.field("title").string("Mezzanine JSON-RPC");
            out.field("description")
                .string("Ethereum's methods, and mezz_ and optimism_ about the rollup.");
            out.field("version").string(version);
            out.field("license").object([&] { out.field("name").string("Apache-2.0"); });
        });
        out.field("methods");
        done = print_methods(out, methods, types);
        out.field("components").object([&] {
            out.field("schemas").object([&] {
                for (const auto& [name, doc] : types) {
                    Line line(doc.type, types);
                    const std::string schema = line.type();
                    line.expect_end();
                    if (line.failed() && done) done = std::unexpected(name + ": " + line.why());
                    out.field(name).raw(titled(doc, schema));
                }
            });
        });
    });
    if (!done) return std::unexpected(done.error());
    return out.take();
}

}  // namespace mezz::rpc
