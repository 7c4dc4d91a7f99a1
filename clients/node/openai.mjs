// The official OpenAI client.

import assert from "node:assert/strict";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import {
  ELSEWHERE, GATEWAY, REVOKED, SAID, TOKEN, TOO_LARGE, fails, prove, retriesWhenTold, untilCancelled,
} from "./harness.mjs";

const messages = [{ role: "user", content: "Hello there" }];
const weather = {
  type: "function",
  function: {
    name: "get_weather",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

const client = (apiKey = TOKEN, maxRetries = 0) =>
  new OpenAI({ baseURL: `${GATEWAY}/v1`, apiKey, maxRetries, timeout: 20_000 });
const chat = (more = {}, by = client()) => by.chat.completions.create({ model: "gpt-4o", messages, ...more });

prove("openai", "chat", async () => {
  const answer = await chat();
  assert.match(answer.choices[0].message.content, SAID);
  assert.ok(answer.usage.total_tokens > 0);
});

prove("openai", "chat, streamed", async () => {
  let text = "";
  for await (const chunk of await chat({ stream: true })) {
    text += chunk.choices[0]?.delta.content ?? "";
  }
  assert.match(text, SAID);
});

prove("openai", "tools", async () => {
  const { message } = (await chat({ tools: [weather] })).choices[0];
  const tool = { role: "tool", tool_call_id: message.tool_calls[0].id, content: "sunny" };
  const answer = await chat({ messages: [...messages, message, tool], tools: [weather] });
  assert.match(answer.choices[0].message.content, /The tool said: sunny/);
});

prove("openai", "structured output", async () => {
  const format = zodResponseFormat(z.object({ city: z.string() }), "weather");
  const answer = await client().chat.completions.parse({ model: "gpt-4o", messages, response_format: format });
  assert.ok(answer.choices[0].message.parsed.city);
});

prove("openai", "embeddings", async () => {
  const answer = await client().embeddings.create({
    model: "text-embedding-3-small", input: ["one", "two"], dimensions: 8,
  });
  assert.deepEqual(answer.data.map((one) => one.embedding.length), [8, 8]);
});

prove("openai", "responses", async () => {
  assert.match((await client().responses.create({ model: "gpt-4o", input: "Hello there" })).output_text, SAID);
});

prove("openai", "responses, streamed", async () => {
  let last;
  for await (const event of await client().responses.create({ model: "gpt-4o", input: "Hello", stream: true })) {
    last = event;
  }
  assert.equal(last.type, "response.completed");
});

prove("openai", "model list", async () => {
  assert.ok((await client().models.list()).data.length > 0);
});

prove("openai", "401: revoked key", async () => {
  const error = await fails(OpenAI.AuthenticationError, 401, () => chat({}, client(REVOKED)));
  assert.equal(error.code, "ERR_NGROK_27007");
});

prove("openai", "403: another endpoint's key", async () => {
  const error = await fails(OpenAI.PermissionDeniedError, 403, () => chat({}, client(ELSEWHERE)));
  assert.equal(error.code, "ERR_NGROK_27008");
});

prove("openai", "429: tries again when told to", async () => {
  const model = "gpt-4o-sim-status-429-sim-retry-after-1s-openai-node";
  await retriesWhenTold(model, OpenAI.RateLimitError, () => chat({ model }, client(TOKEN, 1)));
});

prove("openai", "413: body too large", async () => {
  await fails(OpenAI.APIError, 413, () => chat({ messages: [{ role: "user", content: TOO_LARGE }] }));
});

prove("openai", "503: no provider answers", async () => {
  await fails(OpenAI.InternalServerError, 503, () => chat({ model: "gpt-4o-sim-status-500" }));
});

prove("openai", "a cancelled stream stops the provider", async () => {
  const model = "gpt-4o-sim-chunks-100000-sim-slow-5ms-openai-node";
  for await (const _ of await chat({ model, stream: true })) {
    break;
  }
  await untilCancelled(model);
});
