import { svelte } from "@sveltejs/vite-plugin-svelte";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

// The API and its pages, while the app is served by Vite. Built, the app is served by the server itself.
const server = process.env["HOURKEEP_URL"] ?? "http://127.0.0.1:3000";
const proxy = { "/v1": server, "/local": server, "/s/": server, "/m/": server };

/** What a browser loads before it shows the first page: the build fails if that is more than 100 KB, gzipped. */
const firstLoad: Plugin = {
  name: "first-load",
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
    const needed = new Set<string>();
    const need = (name: string) => {
      const chunk = chunks.find((one) => one.fileName === name);
      if (!chunk || needed.has(name)) return;
      needed.add(name);
      chunk.imports.forEach(need);
    };
    for (const chunk of chunks) if (chunk.isEntry || chunk.facadeModuleId?.endsWith("/Dashboard.svelte")) need(chunk.fileName);
    const bytes = chunks.filter((one) => needed.has(one.fileName)).reduce((sum, one) => sum + gzipSync(one.code).length, 0);
    const size = `first load: ${(bytes / 1024).toFixed(1)} KB of script, gzipped, in ${needed.size} files`;
    if (bytes > 100 * 1024) this.error(`${size}. At most 100 KB.`);
    this.info(size);
  },
};

// The app lives under /app/, locally and on CloudFront: the paths beside it are the API's and its public pages'.
export default defineConfig({
  base: "/app/",
  plugins: [svelte(), firstLoad],
  build: { target: "es2022", sourcemap: false, modulePreload: { polyfill: false } },
  server: { host: "127.0.0.1", proxy },
  preview: { host: "127.0.0.1", proxy },
});
