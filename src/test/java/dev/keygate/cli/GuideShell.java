package dev.keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * As much of a shell as a guide's commands need, in this process: {@code ./keygate}, {@code curl},
 * {@code call} and {@code openssl rand}, variables, and files to read from and write to. A comment
 * behind a call is the status that it must be answered with; a comment of {@code id: $NAME} after a
 * command gives the variable that field of what was made.
 */
final class GuideShell {
  private static final Pattern STATUS = Pattern.compile("(.*?)\\s+# (\\d{3})");
  private static final Pattern SHOWN = Pattern.compile("(\\w+): \\$(\\w+)");
  private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)");
  private static final Pattern CONTENTS = Pattern.compile("\\$\\(cat (\\S+)\\)");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();

  final Map<String, String> variables = new HashMap<>();
  private final Path directory;
  private final Map<String, String> environment;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private String shown = "";
  private int calls;

  GuideShell(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /** How many calls were made and answered as the guide says. */
  int calls() {
    return calls;
  }

  /** Writes a file, with variables replaced. */
  void write(String name, String text) {
    try {
      Files.writeString(directory.resolve(name), expanded(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void run(String line) {
    Matcher status = STATUS.matcher(line);
    if (line.startsWith("# ")) {
      remember(line);
    } else if (line.startsWith("./keygate ")) {
      keygate(line.substring("./keygate ".length()));
    } else if (line.startsWith("openssl rand -hex 24 > ")) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      write(line.substring(line.indexOf('>') + 2), HexFormat.of().formatHex(random) + "\n");
    } else if (status.matches()) {
      assertThat(call(status.group(1))).as(line).isEqualTo(Integer.parseInt(status.group(2)));
      calls++;
    } else {
      throw new IllegalArgumentException("no command that is known: " + line);
    }
  }

  private void remember(String line) {
    JsonNode made = JSON.readTree(shown);
    Matcher field = SHOWN.matcher(line);
    assertThat(field.find()).as(line).isTrue();
    do {
      assertThat(made.path(field.group(1)).isString()).as(line).isTrue();
      variables.put(field.group(2), made.get(field.group(1)).asString());
    } while (field.find());
  }

  private void keygate(String line) {
    int from = line.indexOf(" < ");
    String input = from < 0 ? "" : contents(line.substring(from + 3));
    List<String> arguments = words(from < 0 ? line : line.substring(0, from));
    arguments.replaceAll(
        argument -> argument.endsWith(".yaml") ? directory.resolve(argument).toString() : argument);
    if (arguments.getFirst().equals("api") && !arguments.contains("delete")) {
      arguments.addAll(List.of("--output", "json"));
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        CommandLineTool.run(
            new Surroundings(
                environment,
                directory,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Optional.empty()),
            arguments.toArray(String[]::new));
    assertThat(code).as(line + "\n" + out + err).isZero();
    shown = out.toString();
  }

  private int call(String command) {
    List<String> words = words(command);
    boolean namesModel = words.getFirst().startsWith("MODEL=");
    String model = namesModel ? words.removeFirst().substring("MODEL=".length()) : "gpt-4o-mini";
    boolean isChat = words.getFirst().equals("call");
    String url = isChat ? variables.get("GATEWAY") + "/v1/chat/completions" : words.get(1);
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
    if (isChat) {
      request
          .header("content-type", "application/json")
          .POST(
              HttpRequest.BodyPublishers.ofString(
                  "{\"model\": \""
                      + model
                      + "\", \"messages\": [{\"role\": \"user\", \"content\":"
                      + " \"Hello\"}]}"));
    }
    for (int at = isChat ? 1 : 2; at < words.size(); at += 2) {
      assertThat(words.get(at)).as(command).isEqualTo("-H");
      String[] field = words.get(at + 1).split(": ", 2);
      request.header(field[0], field[1]);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      if (word.group(2) != null) {
        words.add(word.group(2));
      } else {
        words.add(expanded(word.group(1) == null ? word.group(3) : word.group(1)));
      }
    }
    return words;
  }

  private String expanded(String text) {
    String read =
        CONTENTS
            .matcher(text)
            .replaceAll(file -> Matcher.quoteReplacement(contents(file.group(1)).strip()));
    return VARIABLE
        .matcher(read)
        .replaceAll(
            name -> Matcher.quoteReplacement(variables.getOrDefault(name.group(1), name.group())));
  }

  private String contents(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
