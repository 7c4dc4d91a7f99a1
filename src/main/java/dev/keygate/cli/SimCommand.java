package dev.keygate.cli;

import dev.keygate.sim.SimulatedProvider;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code keygate sim}: only the simulated provider. */
@Command(
    name = "sim",
    header = "Run a simulated OpenAI and Anthropic provider.",
    description = {
      "",
      "Answers chat completions, responses, embeddings, models and messages, streamed or not, with"
          + " text made from the request. Accepts any key. GET /_sim/requests tells what it"
          + " received, credentials included: it stands for the world outside and is for tests"
          + " only.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  keygate sim --listen 127.0.0.1:9000",
      "  keygate serve --provider-urls openai=http://127.0.0.1:9000/v1"
    },
    mixinStandardHelpOptions = true)
final class SimCommand implements Callable<Integer> {
  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9000",
      description = "Where to listen. Default: ${DEFAULT-VALUE}.")
  private String listen = "127.0.0.1:9000";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    int colon = listen.lastIndexOf(':');
    if (colon < 1 || !listen.substring(colon + 1).matches("\\d{1,5}")) {
      throw new CommandFailedException(
          "--listen '" + listen + "': expected HOST:PORT such as 127.0.0.1:9000");
    }
    SimulatedProvider provider =
        SimulatedProvider.start(
            listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)));
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  provider.close();
                  stopped.countDown();
                }));
    PrintWriter out = spec.commandLine().getOut();
    out.println("  provider  http://" + listen.substring(0, colon) + ":" + provider.port());
    out.flush();
    stopped.await();
    return CommandLineTool.DONE;
  }
}
