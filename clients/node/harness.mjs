// What every suite here shares: where the gateway is, cases, and one line of result for each.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const GATEWAY = process.env.SUITE_GATEWAY;
export const TOKEN = process.env.SUITE_TOKEN;
export const REVOKED = process.env.SUITE_REVOKED_TOKEN;
export const ELSEWHERE = process.env.SUITE_OTHER_ENDPOINT_TOKEN;
export const TOO_LARGE = "x".repeat(2 << 20);
export const SAID = /This is the simulated provider/;

const cases = [];

/** Registers a function as the proof that `client` (an npm package) can do `what`. */
export function prove(client, what, run) {
  cases.push({ client, what, run });
}

export async function runAll() {
  for (const { client, what, run } of cases) {
    let result = "ok";
    try {
      await run();
    } catch (failure) {
      console.error(failure);
      result = `failed: ${failure}`.replaceAll(/[\n\t]/g, " ").slice(0, 400);
    }
    console.log(["RESULT", `${client} (Node)`, version(client), what, result].join("\t"));
  }
}

function version(client) {
  return JSON.parse(readFileSync(new URL(`node_modules/${client}/package.json`, import.meta.url))).version;
}

/** The requests for this model that reached the provider. */
export async function received(model) {
  const answer = await fetch(`${process.env.SUITE_PROVIDER}/_sim/requests`);
  return (await answer.json()).filter((one) => one.body.includes(`"${model}"`));
}

/** Resolves when the provider saw the request for this model given up. */
export async function untilCancelled(model) {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
    if ((await received(model)).some((one) => one.cancelled)) {
      return;
    }
  }
  assert.fail(`the provider still answers ${model}`);
}

/** The error of this kind and status with which `call` fails. */
export async function fails(kind, status, call) {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof kind, `${error?.constructor?.name}: ${error}`);
    assert.equal(error.status ?? error.statusCode, status);
    return error;
  }
  return assert.fail(`no ${kind.name}`);
}

/** `call` tries twice, and as late as the answer to the first try said. */
export async function retriesWhenTold(model, kind, call) {
  const begin = Date.now();
  await fails(kind, 429, call);
  assert.equal((await received(model)).length, 2);
  assert.ok(Date.now() - begin >= 1000, "earlier than told");
}
