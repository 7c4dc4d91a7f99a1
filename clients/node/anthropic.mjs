// The official Anthropic client.

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import {
  ELSEWHERE, GATEWAY, REVOKED, SAID, TOKEN, TOO_LARGE, fails, prove, retriesWhenTold, untilCancelled,
} from "./harness.mjs";

const model = "claude-sonnet-4-5";
const messages = [{ role: "user", content: "Hello there" }];
const weather = {
  name: "get_weather",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const PACKAGE = "@anthropic-ai/sdk";

const client = (apiKey = TOKEN, maxRetries = 0) =>
  new Anthropic({ baseURL: GATEWAY, apiKey, maxRetries, timeout: 20_000 });
const message = (more = {}, by = client()) => by.messages.create({ model, max_tokens: 100, messages, ...more });

prove(PACKAGE, "chat", async () => {
  const answer = await message();
  assert.match(answer.content[0].text, SAID);
  assert.ok(answer.usage.output_tokens > 0);
});

prove(PACKAGE, "chat, streamed", async () => {
  const final = await client().messages.stream({ model, max_tokens: 100, messages }).finalMessage();
  assert.match(final.content[0].text, SAID);
});

prove(PACKAGE, "tools", async () => {
  const asked = await message({ tools: [weather] });
  const call = asked.content.find((block) => block.type === "tool_use");
  const result = { type: "tool_result", tool_use_id: call.id, content: "sunny" };
  const told = [...messages, { role: "assistant", content: asked.content }, { role: "user", content: [result] }];
  assert.match((await message({ messages: told, tools: [weather] })).content[0].text, /The tool said: sunny/);
});

prove(PACKAGE, "token count", async () => {
  assert.ok((await client().messages.countTokens({ model, messages })).input_tokens > 0);
});

prove(PACKAGE, "model list", async () => {
  assert.ok((await client().models.list()).data.length > 0);
});

prove(PACKAGE, "401: revoked key", async () => {
  const error = await fails(Anthropic.AuthenticationError, 401, () => message({}, client(REVOKED)));
  assert.match(error.message, /ERR_NGROK_27007/);
});

prove(PACKAGE, "403: another endpoint's key", async () => {
  const error = await fails(Anthropic.PermissionDeniedError, 403, () => message({}, client(ELSEWHERE)));
  assert.match(error.message, /ERR_NGROK_27008/);
});

prove(PACKAGE, "429: tries again when told to", async () => {
  const limited = "claude-sonnet-4-5-sim-status-429-sim-retry-after-1s-anthropic-node";
  await retriesWhenTold(limited, Anthropic.RateLimitError, () => message({ model: limited }, client(TOKEN, 1)));
});

prove(PACKAGE, "413: body too large", async () => {
  await fails(Anthropic.APIError, 413, () => message({ messages: [{ role: "user", content: TOO_LARGE }] }));
});

prove(PACKAGE, "503: no provider answers", async () => {
  await fails(Anthropic.InternalServerError, 503, () => message({ model: "claude-sonnet-4-5-sim-status-500" }));
});

prove(PACKAGE, "a cancelled stream stops the provider", async () => {
  const slow = "claude-sonnet-4-5-sim-chunks-100000-sim-slow-5ms-anthropic-node";
  for await (const _ of await message({ model: slow, stream: true })) {
    break;
  }
  await untilCancelled(slow);
});
