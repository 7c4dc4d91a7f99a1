package dev.keygate.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code keygate token report}: puts leaked tokens out of use; prints none of them. */
@Command(
    name = "report",
    header = "Put leaked tokens out of use.",
    description = {
      "",
      "Finds gateway keys and management keys in the text on standard input, whatever else is in"
          + " it, and has the gateway disable those that are its own. No token is printed: each has"
          + " the number of its place.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  keygate token report < leaked.log",
      "  git log -p | keygate token report"
    },
    mixinStandardHelpOptions = true)
final class TokenReportCommand implements Callable<Integer> {
  /** What secret scanners look for too: docs/control-api.md. */
  static final Pattern TOKEN =
      Pattern.compile("\\b(?:ng-[0-9A-Za-z]{16}-g1-[0-9A-Za-z]{38}|kgm_[0-9A-Za-z]{49})\\b");

  private static final int MOST_INPUT = 64 * 1024 * 1024;
  private static final int TOKENS_PER_CALL = 100;

  private final Surroundings around;

  @Option(names = ApiCommand.API_URL, paramLabel = "URL", description = "Where the control API is.")
  private @Nullable String url;

  @Option(names = ApiCommand.API_KEY, paramLabel = "KEY", description = "Management key.")
  private @Nullable String key;

  @Option(
      names = ApiCommand.DATA_DIR,
      paramLabel = "DIR",
      description = "The server's data directory. Default: KEYGATE_DATA_DIR, else ~/.keygate.")
  private @Nullable String dataDir;

  @Option(names = Profile.FLAG, paramLabel = "NAME", description = "As for keygate api.")
  private @Nullable String profile;

  TokenReportCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    String text = new String(around.readInput(MOST_INPUT), StandardCharsets.UTF_8);
    Set<String> found = new LinkedHashSet<>();
    TOKEN.matcher(text).results().forEach(match -> found.add(match.group()));
    if (found.isEmpty()) {
      around.out().println("There is no token of Keygate's in it.");
      around.out().flush();
      return CommandLineTool.DONE;
    }
    ApiServer server =
        ApiServer.find(
            around,
            Optional.ofNullable(profile),
            Optional.ofNullable(url),
            Optional.ofNullable(key),
            Optional.ofNullable(dataDir));
    List<List<String>> rows = new ArrayList<>();
    List<String> tokens = List.copyOf(found);
    for (int from = 0; from < tokens.size(); from += TOKENS_PER_CALL) {
      int to = Math.min(tokens.size(), from + TOKENS_PER_CALL);
      report(server, tokens.subList(from, to)).forEach(one -> rows.add(row(one, rows.size() + 1)));
    }
    around
        .out()
        .print(
            TextTable.of(
                List.of("TOKEN", "OUTCOME", "ID", "DISPLAY NAME"), rows, TextTable.Header.PLAIN));
    around.out().flush();
    return CommandLineTool.DONE;
  }

  private static List<String> row(JsonNode result, int number) {
    return List.of(
        Integer.toString(number),
        result.path("outcome").asString(""),
        result.path("id").asString(""),
        result.path("display_name").asString(""));
  }

  private static JsonNode report(ApiServer server, List<String> tokens) {
    ArrayNode list = JsonMapper.shared().createArrayNode();
    tokens.forEach(list::add);
    String body = JsonMapper.shared().createObjectNode().set("tokens", list).toString();
    ApiServer.Reply reply = server.send("POST", "/leaks", Map.of(), body);
    try {
      JsonNode answer = JsonMapper.shared().readTree(reply.body());
      if (reply.status() == 200) {
        return answer.path("results");
      }
      throw new CommandFailedException(
          TextTable.printable(answer.path("msg").asString("refused"))
              + " ("
              + TextTable.printable(answer.path("error_code").asString(""))
              + ")");
    } catch (JacksonException e) {
      throw new CommandFailedException(
          "What answers at " + server.url() + " is not Keygate's control API.");
    }
  }
}
