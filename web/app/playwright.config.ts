import { defineConfig } from "@playwright/test";

// Against the real server, one for each worker (tests/fixtures.ts). No retries: a test that fails now and then is wrong.
const zones = ["America/New_York", "Europe/Berlin"];

// What tells no time is the same in every zone: once is enough.
const timeless = ["**/settings*.spec.ts", "**/signin.spec.ts"];

export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  retries: 0,
  workers: 3,
  forbidOnly: !!process.env["CI"],
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
    screenshot: "only-on-failure",
    trace: "off",
  },
  projects: zones.map((timezoneId, at) => ({ name: timezoneId, use: { timezoneId }, testIgnore: at === 0 ? [] : timeless })),
});
