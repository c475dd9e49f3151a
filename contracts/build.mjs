// Compiles src/ with npm's solc and writes what the component carries.
// Usage: node build.mjs OUT   OUT/<Contract>.json = {"abi", "bytecode"}, one line each.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const solc = createRequire(import.meta.url)("solc");
const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
if (!out) throw new Error("usage: node build.mjs OUT");
const names = readdirSync(join(here, "src")).filter((name) => name.endsWith(".sol"));

const input = {
  language: "Solidity",
  sources: Object.fromEntries(
    names.map((name) => [`src/${name}`, { content: read("src", name) }]),
  ),
  settings: {
    ...JSON.parse(read("solc.json")),
    outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
  },
};
const compiled = JSON.parse(
  solc.compile(JSON.stringify(input), {
    import: (path) => ({ contents: read("node_modules", path) }),
  }),
);
for (const fault of compiled.errors ?? []) console.error(fault.formattedMessage);
if (compiled.errors?.length) process.exit(1);

mkdirSync(out, { recursive: true });
for (const name of names) {
  const contract = name.replace(".sol", "");
  const { abi, evm } = compiled.contracts[`src/${name}`][contract];
  if (abi.some(({ type }) => type === "constructor")) {
    const artifact = { abi, bytecode: `0x${evm.bytecode.object}` };
    writeFileSync(join(out, `${contract}.json`), `${JSON.stringify(artifact)}\n`);
  }
}

function read(...path) {
  return readFileSync(join(here, ...path), "utf8");
}
