// Vercel's AI SDK over both APIs.

import assert from "node:assert/strict";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, Output, embedMany, generateText, streamText, tool } from "ai";
import { z } from "zod";
import { GATEWAY, REVOKED, SAID, TOKEN, fails, prove } from "./harness.mjs";

const prompt = "Hello there";
const baseURL = `${GATEWAY}/v1`;
const weather = z.object({ city: z.string() });
const tools = { weather: tool({ description: "The weather", inputSchema: weather }) };

const apis = {
  "@ai-sdk/openai": (apiKey = TOKEN) => createOpenAI({ baseURL, apiKey }).chat("gpt-4o"),
  "@ai-sdk/anthropic": (apiKey = TOKEN) => createAnthropic({ baseURL, apiKey })("claude-sonnet-4-5"),
};

for (const [client, model] of Object.entries(apis)) {
  prove(client, "chat", async () => {
    assert.match((await generateText({ model: model(), prompt })).text, SAID);
  });

  prove(client, "chat, streamed", async () => {
    let text = "";
    for await (const part of streamText({ model: model(), prompt }).textStream) {
      text += part;
    }
    assert.match(text, SAID);
  });

  prove(client, "tools", async () => {
    const { toolCalls } = await generateText({ model: model(), prompt, tools });
    assert.ok(toolCalls[0].input.city);
  });

  prove(client, "401: revoked key", async () => {
    await fails(APICallError, 401, () => generateText({ model: model(REVOKED), prompt, maxRetries: 0 }));
  });
}

prove("@ai-sdk/openai", "structured output", async () => {
  const output = Output.object({ schema: weather });
  assert.ok((await generateText({ model: apis["@ai-sdk/openai"](), prompt, output })).output.city);
});

prove("@ai-sdk/openai", "responses", async () => {
  const model = createOpenAI({ baseURL, apiKey: TOKEN }).responses("gpt-4o");
  assert.match((await generateText({ model, prompt })).text, SAID);
});

prove("@ai-sdk/openai", "embeddings", async () => {
  const model = createOpenAI({ baseURL, apiKey: TOKEN }).embedding("text-embedding-3-small");
  assert.equal((await embedMany({ model, values: ["one", "two"] })).embeddings.length, 2);
});
