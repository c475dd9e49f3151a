// Builds the one file that Home Assistant serves, and its compressed twins.
//
// The three are always written together: a server prefers the twin, so that a stale one
// would win over a new file.  `node build.mjs --check` compares with what is committed.
import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as zlib from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = join(HERE, "../custom_components/commonwatt/frontend/commonwatt.js");

async function bundle() {
  const result = await build({
    absWorkingDir: HERE,
    entryPoints: ["src/index.ts"],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    write: false,
    banner: { js: "/* CommonWatt, MIT. Contains Lit (BSD-3-Clause) and MDI icons (Apache-2.0). */" },
  });
  // Lit's templates keep the blanks of their source: fold each run into one.
  return result.outputFiles[0].text.replace(/\n\s+/g, "\n");
}

const text = await bundle();
if (process.argv.includes("--check")) {
  const committed = readFileSync(TARGET, "utf8");
  const twins = [
    zlib.brotliDecompressSync(readFileSync(`${TARGET}.br`)).toString(),
    zlib.gunzipSync(readFileSync(`${TARGET}.gz`)).toString(),
  ];
  if ([committed, ...twins].some((one) => one !== text)) {
    console.error("The built files are not what the sources make: npm run build");
    process.exit(1);
  }
} else {
  mkdirSync(dirname(TARGET), { recursive: true });
  const options = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(TARGET, text);
  writeFileSync(`${TARGET}.br`, zlib.brotliCompressSync(text, options));
  writeFileSync(`${TARGET}.gz`, zlib.gzipSync(text, { level: 9 }));
}
const gzip = zlib.gzipSync(text, { level: 9 }).length;
console.log(JSON.stringify({ raw_kb: text.length / 1000, gzip_kb: gzip / 1000 }));
