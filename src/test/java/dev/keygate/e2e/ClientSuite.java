package dev.keygate.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One of the programs under {@code clients/}: other people's clients in another language.
 *
 * @param tool what must be on the PATH
 * @param prepare commands that fetch and build what it needs, run in its folder
 * @param run the command whose lines of {@code RESULT} say what works
 */
record ClientSuite(String name, String tool, List<List<String>> prepare, List<String> run) {
  private static final long PREPARE_MINUTES = 10;
  private static final long RUN_MINUTES = 5;
  private static final Path WORK = Path.of("target", "clients").toAbsolutePath();

  private static final Path PYTHON = WORK.resolve("python-packages");

  static final List<ClientSuite> ALL =
      List.of(
          new ClientSuite(
              "python",
              "python3",
              List.of(
                  List.of("python3", "-m", "venv", PYTHON.toString()),
                  List.of(
                      PYTHON.resolve("bin/pip").toString(),
                      "install",
                      "--quiet",
                      "--disable-pip-version-check",
                      "-r",
                      "requirements.txt")),
              List.of(PYTHON.resolve("bin/python").toString(), "-B", "suite.py")),
          new ClientSuite(
              "node",
              "npm",
              List.of(List.of("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")),
              List.of("node", "suite.mjs")),
          new ClientSuite(
              "go",
              "go",
              List.of(List.of("go", "build", "-o", WORK.resolve("go-suite").toString(), ".")),
              List.of(WORK.resolve("go-suite").toString())),
          new ClientSuite("curl", "curl", List.of(), List.of("sh", "suite.sh")));

  /**
   * The published Go client of the management API, from a copy of its sources: no module registry
   * that builds can count on has it.
   */
  static ClientSuite ngrok(Path sources) {
    String modules = WORK.resolve("ngrok.mod").toString();
    String replacement = "github.com/ngrok/ngrok-api-go/v8=" + sources.toAbsolutePath();
    String program = WORK.resolve("ngrok-suite").toString();
    return new ClientSuite(
        "ngrok",
        "go",
        List.of(
            List.of("cp", "go.mod", modules),
            List.of("go", "mod", "edit", "-replace", replacement, modules),
            List.of("go", "build", "-mod=mod", "-modfile", modules, "-o", program, ".")),
        List.of(program));
  }

  /** One line of result. */
  record Result(String client, String version, String what, String result) {
    boolean isOk() {
      return result.equals("ok");
    }
  }

  boolean hasTool() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
  }

  /** Runs it and returns what it found; what it prints beside is kept in {@code target/clients}. */
  List<Result> results(Map<String, String> environment) throws IOException, InterruptedException {
    Files.createDirectories(WORK);
    for (int step = 0; step < prepare.size(); step++) {
      Path log = WORK.resolve(name + "-prepare-" + step + ".log");
      execute(prepare.get(step), environment, log, PREPARE_MINUTES);
    }
    Path log = WORK.resolve(name + ".log");
    execute(run, environment, log, RUN_MINUTES);
    List<Result> results = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      String[] parts = line.split("\t", 5);
      if (parts.length == 5 && parts[0].equals("RESULT")) {
        results.add(new Result(parts[1], parts[2], parts[3], parts[4]));
      }
    }
    if (results.isEmpty()) {
      throw new AssertionError(name + " reported nothing:\n" + Files.readString(log));
    }
    return results;
  }

  private void execute(
      List<String> command, Map<String, String> environment, Path log, long minutes)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("clients", name).toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(command + " took more than " + minutes + " minutes");
    }
    if (process.exitValue() != 0) {
      throw new AssertionError(
          command + " failed:\n" + Files.readString(log, StandardCharsets.UTF_8));
    }
  }
}
