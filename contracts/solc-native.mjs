#!/usr/bin/env node
// forge wants a native compiler: this answers for npm's solc.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc");
if (process.argv.includes("--version")) {
  const version = solc.version().replace(".Emscripten.clang", ".Linux.g++");
  writeFileSync(1, `solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else {
  writeFileSync(1, solc.compile(readFileSync(0, "utf8")));
}
