// docs/reference/contracts.md, made of ABI and NatSpec: what can be called, what is emitted, what is refused.
const folders = {
    parent: "On the parent",
    chain: "On the chain (predeploys)",
    bench: "For benchmarks",
};

const typeOf = (p) => p.type.startsWith("tuple")
    ? (p.internalType ?? p.type).replace(/^(struct|enum) /, "")
    : p.type;
const canonical = (p) => p.type.startsWith("tuple") ? `(${p.components.map(canonical)})${p.type.slice(5)}` : p.type;
const signature = (item) => `${item.name}(${item.inputs.map(canonical)})`;
const named = (p) => `${typeOf(p)}${p.indexed ? " indexed" : ""}${p.name ? ` ${p.name}` : ""}`;
const text = (s) => (s ?? "").replace(/\s+/g, " ").replaceAll("|", "\\|").replaceAll("<", "&lt;").trim();
const sentences = (...parts) => parts.map(text).filter(Boolean)
    .map((s) => (/[.:;?!]$/.test(s) ? s : `${s}.`)).map((s) => s[0].toUpperCase() + s.slice(1)).join(" ");

/** The fields of the structs a function takes or gives, once each. */
function structs(abi) {
    const found = new Map();
    const visit = (p) => {
        if (!p.type.startsWith("tuple")) return;
        const name = typeOf(p).replace(/\[.*$/, "");
        if (!found.has(name)) found.set(name, p.components.map(named).join(", "));
        p.components.forEach(visit);
    };
    abi.forEach((item) => [...(item.inputs ?? []), ...(item.outputs ?? [])].forEach(visit));
    return [...found].sort();
}

function describe(item, { userdoc, devdoc }) {
    const key = signature(item);
    const kind = { function: "methods", event: "events", error: "errors" }[item.type];
    const pick = (doc) => { const entry = doc[kind]?.[key]; return (Array.isArray(entry) ? entry[0] : entry) ?? {}; };
    const [user, dev] = [pick(userdoc), pick(devdoc)];
    const variable = devdoc.stateVariables?.[item.name] ?? {};
    const params = Object.entries(dev.params ?? {}).map(([name, what]) => `\`${name}\`: ${text(what)}`);
    const returned = Object.entries(dev.returns ?? variable.returns ?? {}).map(([name, what]) => `${name.startsWith("_") ? "returns" : `returns \`${name}\``}: ${text(what)}`);
    return [sentences(user.notice, dev.details ?? variable.details), [...params, ...returned].join("; ")].filter(Boolean).join("<br>");
}

function section(name, contract) {
    const { abi } = contract;
    const lines = [`### ${name}`, ""];
    const about = sentences(contract.userdoc.notice, contract.devdoc.details);
    if (about) lines.push(about, "");
    const of = (type) => abi.filter((i) => i.type === type).sort((a, b) => (signature(a) < signature(b) ? -1 : 1));
    const constructor = abi.find((i) => i.type === "constructor" && i.inputs.length > 0);
    if (constructor) lines.push(`Created with: \`${constructor.inputs.map(named).join(", ")}\`.`, "");
    if (abi.some((i) => i.type === "receive")) lines.push("Takes ether without data.", "");
    const table = (title, items, row) => {
        if (items.length > 0) lines.push(`| ${title} | |`, "|---|---|", ...items.map(row), "");
    };
    table("function", of("function"), (f) => {
        const mutability = f.stateMutability === "nonpayable" ? "" : ` ${f.stateMutability}`;
        const returns = f.outputs.length > 0 ? ` returns (${f.outputs.map(named).join(", ")})` : "";
        return `| \`${f.name}(${f.inputs.map(named).join(", ")})${mutability}${returns}\`<br>\`0x${contract.evm.methodIdentifiers[signature(f)]}\` | ${describe(f, contract)} |`;
    });
    table("event", of("event"), (e) => `| \`${e.name}(${e.inputs.map(named).join(", ")})\` | ${describe(e, contract)} |`);
    table("error", of("error"), (e) => `| \`${e.name}(${e.inputs.map(named).join(", ")})\` | ${describe(e, contract)} |`);
    const types = structs(abi);
    if (types.length > 0) lines.push("Types:", "", ...types.map(([type, fields]) => `- \`${type}\`: \`${fields}\``), "");
    return lines;
}

/** compiled: [path, name, what solc gives with abi, evm.methodIdentifiers, userdoc and devdoc]. */
export function reference(compiled) {
    const lines = ["# Contracts", "",
        "Made by `node contracts/tools/build_artefacts.mjs` of the ABI and the comments of the sources; the contracts' test compares. What the",
        "contracts are for, in which order they are created and the formulas they share: [contracts/README.md](../../contracts/README.md).",
        "`mezz dev` writes the addresses of those on its parent into `outputs.json` and `rollup.json` of its state directory; predeploys are",
        "where the OP Stack has them.", ""];
    for (const [folder, title] of Object.entries(folders)) {
        lines.push(`## ${title}`, "");
        const members = compiled.filter(([path]) => path.startsWith(`src/${folder}/`));
        for (const [, name, contract] of members.sort((a, b) => (a[1] < b[1] ? -1 : 1))) lines.push(...section(name, contract));
    }
    return `${lines.join("\n").trimEnd()}\n`;
}
