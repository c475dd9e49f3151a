// Builds what Home Assistant serves: one file, a small one for each further language, and
// their compressed twins.
//
// The three of each are always written together: a server prefers the twin, so that a
// stale one would win over a new file.  `node build.mjs --check` compares with what is
// committed instead of writing it.
import { build } from "esbuild";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as zlib from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const FOLDER = join(HERE, "../custom_components/commonwatt/frontend");
const BANNER = "/* CommonWatt, MIT. Contains Lit (BSD-3-Clause) and MDI icons (Apache-2.0). */";

/** Templates keep the blanks of their source: one of each run is enough. */
function tightened(text) {
  return text.replace(/\n\s+/g, "\n");
}

/** Styles are text to the bundler: blanks around their signs go before it sees them. */
const texts = {
  name: "texts",
  setup(bundler) {
    bundler.onLoad({ filter: /src\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/css`[^`]*`/g, (css) =>
        css
          .replace(/\/\*.*?\*\//gs, "")
          .replace(/\s*\n\s*/g, "")
          .replace(/\s*([{};>])\s*/g, "$1")
          .replace(/: (?=[^{}]*[;}])/g, ":"),
      ),
      loader: "ts",
    }));
    // One value, not a name for each word.
    bundler.onLoad({ filter: /\.json$/ }, ({ path }) => ({
      contents: `export default ${readFileSync(path, "utf8")}`,
      loader: "js",
    }));
  },
};

async function bundle() {
  const result = await build({
    absWorkingDir: HERE,
    entryPoints: { commonwatt: "src/index.ts" },
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    outdir: FOLDER,
    chunkNames: "[name]-[hash]",
    plugins: [texts],
    banner: { js: BANNER },
    write: false,
  });
  return new Map(result.outputFiles.map((file) => [basename(file.path), tightened(file.text)]));
}

function check(files) {
  const committed = readdirSync(FOLDER).filter((name) => name.endsWith(".js"));
  const wrong = [...files].filter(([name, text]) => {
    const path = join(FOLDER, name);
    const twins = [
      () => readFileSync(path, "utf8"),
      () => zlib.brotliDecompressSync(readFileSync(`${path}.br`)).toString(),
      () => zlib.gunzipSync(readFileSync(`${path}.gz`)).toString(),
    ];
    return !committed.includes(name) || twins.some((read) => read() !== text);
  });
  if (wrong.length > 0 || committed.length !== files.size) {
    console.error("The built files are not what the sources make: npm run build");
    process.exit(1);
  }
}

function write(files) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of files) {
    const path = join(FOLDER, name);
    writeFileSync(path, text);
    writeFileSync(`${path}.br`, zlib.brotliCompressSync(text, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } }));
    writeFileSync(`${path}.gz`, zlib.gzipSync(text, { level: 9 }));
  }
}

const files = await bundle();
if (process.argv.includes("--check")) check(files);
else write(files);
const kb = (name) => zlib.gzipSync(files.get(name), { level: 9 }).length / 1000;
// What a browser loads before anything shows: the file, and what it imports at once.
const text = files.get("commonwatt.js");
const first = [...files.keys()].filter((name) => name === "commonwatt.js" || new RegExp(`(from|import)"\\./${name}"`).test(text));
const sum = (names) => Math.round(names.reduce((total, name) => total + kb(name), 0) * 100) / 100;
console.log(JSON.stringify({ gzip_kb: sum(first), all_kb: sum([...files.keys()]), files: [...files.keys()] }));
