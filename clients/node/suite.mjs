// Runs every case against the gateway that the environment names; see ../README.md.

import "./openai.mjs";
import "./anthropic.mjs";
import "./vercel.mjs";
import { runAll } from "./harness.mjs";

await runAll();
