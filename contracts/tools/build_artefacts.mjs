#!/usr/bin/env node
// Compiles the contracts with the pinned solc and writes what others build upon:
//   artefacts/<Name>.json   {contractName, abi, bytecode, deployedBytecode, immutableReferences?}, for the node and clients
//   snapshots/<Name>.txt    selectors, topics and storage layout, to be reviewed as a diff
//   ../docs/reference/contracts.md
// With --check it writes nothing and fails where a committed file differs. Settings come from foundry.toml.
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { reference } from "./reference.mjs";

const require = createRequire(import.meta.url);
const solc = require("solc");
const { keccak256 } = require("js-sha3");
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const toml = readFileSync(join(root, "foundry.toml"), "utf8");
const setting = (key) => JSON.parse(toml.match(new RegExp(`^${key} *= *(.+)$`, "m"))[1]);

function sources(folder) {
    return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((e) =>
        e.isDirectory() ? sources(`${folder}/${e.name}`) : e.name.endsWith(".sol") ? [`${folder}/${e.name}`] : []);
}

function compile() {
    const paths = sources("src").sort();
    const input = {
        language: "Solidity",
        sources: Object.fromEntries(paths.map((p) => [p, { content: readFileSync(join(root, p), "utf8") }])),
        settings: {
            optimizer: { enabled: setting("optimizer"), runs: setting("optimizer_runs") },
            evmVersion: setting("evm_version"),
            viaIR: setting("via_ir"),
            metadata: { bytecodeHash: setting("bytecode_hash"), appendCBOR: setting("cbor_metadata") },
            outputSelection: {
                "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object",
                    "evm.deployedBytecode.immutableReferences", "evm.methodIdentifiers", "storageLayout", "userdoc", "devdoc"] },
            },
        },
    };
    const output = JSON.parse(solc.compile(JSON.stringify(input)));
    const problems = output.errors ?? [];
    problems.forEach((p) => console.error(p.formattedMessage));
    if (problems.length > 0) process.exit(1);
    return output.contracts;
}

const signature = (item) => {
    const type = (p) => p.type.startsWith("tuple") ? `(${p.components.map(type)})${p.type.slice(5)}` : p.type;
    return `${item.name}(${item.inputs.map(type)})`;
};

function snapshot(name, contract) {
    const lines = [name, "", "functions"];
    for (const [text, selector] of Object.entries(contract.evm.methodIdentifiers).sort()) lines.push(`  ${selector} ${text}`);
    for (const [kind, digits] of [["event", 64], ["error", 8]]) {
        const items = contract.abi.filter((i) => i.type === kind).map(signature).sort();
        if (items.length > 0) lines.push("", `${kind}s`, ...items.map((s) => `  ${keccak256(s).slice(0, digits)} ${s}`));
    }
    const { storage, types } = contract.storageLayout;
    if (storage.length > 0) {
        lines.push("", "storage: slot, byte offset, type, name");
        for (const v of storage) lines.push(`  ${v.slot} ${v.offset} ${types[v.type].label} ${v.label}`);
    }
    return lines.join("\n") + "\n";
}

const files = new Map();
const shipped = [];
for (const [path, contracts] of Object.entries(compile())) {
    for (const [name, contract] of Object.entries(contracts)) {
        const { bytecode, deployedBytecode } = contract.evm;
        if (!/^src\/(parent|chain|bench)\//.test(path) || bytecode.object === "") continue;
        // Offsets of immutables, under the ids of the compiler's syntax tree; renumbered so that they depend on the
        // bytecode alone.
        const references = Object.values(deployedBytecode.immutableReferences).sort((a, b) => a[0].start - b[0].start);
        files.set(`artefacts/${name}.json`, JSON.stringify({
            contractName: name,
            abi: contract.abi,
            bytecode: `0x${bytecode.object}`,
            deployedBytecode: `0x${deployedBytecode.object}`,
            ...(references.length > 0 && { immutableReferences: Object.fromEntries(references.entries()) }),
        }) + "\n");
        files.set(`snapshots/${name}.txt`, snapshot(name, contract));
        shipped.push([path, name, contract]);
    }
}
const page = "../docs/reference/contracts.md";
files.set(page, reference(shipped));

const present = ["artefacts", "snapshots"].flatMap((folder) => {
    mkdirSync(join(root, folder), { recursive: true });
    return readdirSync(join(root, folder)).map((f) => `${folder}/${f}`);
});
if (existsSync(join(root, page))) present.push(page);
const read = (path) => (present.includes(path) ? readFileSync(join(root, path), "utf8") : undefined);
const stale = present.filter((path) => !files.has(path));
const changed = [...files].filter(([path, text]) => read(path) !== text).map(([path]) => path);
if (process.argv.includes("--check")) {
    [...changed, ...stale].forEach((path) => console.error(`${path}: differs from what the sources compile to`));
    if (changed.length + stale.length > 0) process.exit(1);
} else {
    changed.forEach((path) => writeFileSync(join(root, path), files.get(path)));
    stale.forEach((path) => rmSync(join(root, path)));
}
console.log(`${shipped.length} contracts, ${changed.length} files ${process.argv.includes("--check") ? "differ" : "written"}`);
