package dev.keygate.sim;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/**
 * Which API shape answers which path, once the credential is there and no fault says otherwise.
 *
 * <p>The order is the vendors': who has no credential learns nothing else.
 */
final class SimulatorRoutes {

  private SimulatorRoutes() {}

  static Answer answer(Call call) {
    VendorError errors = errors(call);
    if (call.route().isEmpty()) {
      return Answer.text(
          "The simulated provider speaks under /v1/; GET /_sim/requests tells what it received.\n");
    }
    if (!Credential.isPresent(call)) {
      return errors.answer(401, Credential.MISSING);
    }
    if (call.faults().has(Fault.REDIRECT)) {
      return new Answer.Whole(
          307, "text/plain", List.of(Map.entry("location", "/_sim/redirected")), Buffer.buffer());
    }
    if (call.faults().has(Fault.STATUS)) {
      int status = call.faults().number(Fault.STATUS, 500);
      int wait = call.faults().number(Fault.RETRY_AFTER, VendorError.RETRY_AFTER_SECONDS);
      return errors.answer(status, "Simulated error " + status + ".", wait);
    }
    return switch (call.method()) {
      case "POST" -> post(call);
      case "GET" -> get(call);
      case "DELETE" -> delete(call);
      default -> errors.answer(405, "Method not allowed: " + call.method());
    };
  }

  /**
   * Models are listed by both vendors under the same path: who says a version of Anthropic's API
   * wants theirs.
   */
  static boolean isAnthropic(Call call) {
    return startsPath(call.route(), "messages")
        || (startsPath(call.route(), "models") && call.headers().contains("anthropic-version"));
  }

  private static VendorError errors(Call call) {
    return isAnthropic(call) ? VendorError.ANTHROPIC : VendorError.OPENAI;
  }

  /** Whether a path is {@code first} or lies under it. */
  static boolean startsPath(String path, String first) {
    return path.equals(first) || path.startsWith(first + "/");
  }

  private static Answer post(Call call) {
    return switch (call.route()) {
      case "chat/completions" -> modelled(call, OpenAiChat::answer);
      case "responses" -> modelled(call, OpenAiResponses::answer);
      case "embeddings" -> modelled(call, OpenAiEmbeddings::answer);
      case "completions" -> modelled(call, OpenAiCompletions::answer);
      case "messages" -> modelled(call, AnthropicMessages::answer);
      case "messages/count_tokens" -> modelled(call, AnthropicMessages::countTokens);
      case "moderations" -> OpenAiMinor.moderation(call);
      case "rerank" -> OpenAiMinor.rerank(call);
      case "images/generations", "images/edits", "images/variations" -> OpenAiMinor.image(call);
      case "audio/speech" -> OpenAiMinor.speech();
      case "audio/transcriptions", "audio/translations" -> OpenAiMinor.transcript(call);
      default -> stored(call);
    };
  }

  private static Answer get(Call call) {
    return startsPath(call.route(), "models") ? Models.answer(call) : stored(call);
  }

  private static Answer delete(Call call) {
    return stored(call);
  }

  private static Answer stored(Call call) {
    if (startsPath(call.route(), "files")) {
      return OpenAiFiles.answer(call);
    }
    if (startsPath(call.route(), "batches")) {
      return OpenAiBatches.answer(call);
    }
    return errors(call).answer(404, "Unknown request: " + call.method() + " /v1/" + call.route());
  }

  /** One API shape. */
  @FunctionalInterface
  private interface Shape {
    Answer answer(Call call);
  }

  private static Answer modelled(Call call, Shape shape) {
    if (call.json().isMissingNode()) {
      return errors(call).answer(400, "The body is no JSON object.");
    }
    if (call.model().isEmpty()) {
      return errors(call).answer(400, "model: a model name is required.");
    }
    return shape.answer(call);
  }
}
