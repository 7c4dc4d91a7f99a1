package dev.keygate.policy;

import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.EnumSet;
import java.util.Set;

/** Stands where the ai-gateway action does and answers every request with "served". */
public final class FakeAiGateway implements ActionType<FakeAiGateway.Config> {
  public record Config(
      @Setting(value = "How requests are authorized.", defaultsTo = "api_key")
          Authorization authorization) {}

  @Override
  public String name() {
    return "ai-gateway";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(Phase.ON_HTTP_REQUEST);
  }

  @Override
  public Ending ending() {
    return Ending.ALWAYS;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Action compile(Config config, ActionContext context) {
    return exchange ->
        new Outcome.Respond(
            new Response(
                200,
                MultiMap.caseInsensitiveMultiMap(),
                new ResponseBody.Whole(Buffer.buffer("served"))));
  }

  @Override
  public Authorization authorization(Config config) {
    return config.authorization();
  }
}
