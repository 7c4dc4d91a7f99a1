package dev.keygate.policy;

import dev.keygate.policy.document.Problem;
import java.util.List;

/** Explains what is wrong with a policy file, each problem with the line it is about. */
public final class PolicyCheck {
  private static final int MAX_LINE = 160;

  private PolicyCheck() {}

  /**
   * The report as it is printed.
   *
   * @param name what the document is called, usually its file's name
   * @param document the text that was compiled
   */
  public static String report(String name, String document, Compilation compilation) {
    StringBuilder report = new StringBuilder();
    List<String> lines = document.lines().toList();
    for (Problem problem : compilation.problems()) {
      report.append(name).append(':').append(problem.position()).append(": ");
      report.append(problem.isError() ? "error: " : "warning: ").append(problem.message());
      report.append('\n');
      if (!problem.path().isEmpty()) {
        report.append("  at ").append(problem.path()).append('\n');
      }
      excerpt(lines, problem, report);
    }
    return report.append(summary(name, compilation)).append('\n').toString();
  }

  private static void excerpt(List<String> lines, Problem problem, StringBuilder report) {
    int line = problem.position().line();
    int column = problem.position().column();
    if (line > lines.size()) {
      return;
    }
    String text = lines.get(line - 1);
    if (text.isBlank() || text.length() > MAX_LINE || column > text.length() + 1) {
      return;
    }
    report.append("  | ").append(text.replace('\t', ' ')).append('\n');
    report.append("  | ").append(" ".repeat(column - 1)).append("^\n");
  }

  private static String summary(String name, Compilation compilation) {
    int errors = compilation.errors().size();
    int warnings = compilation.warnings().size();
    String counted = count(errors, "error") + ", " + count(warnings, "warning");
    if (errors > 0) {
      return name + ": refused, " + counted;
    }
    return name + ": accepted" + (warnings > 0 ? ", " + count(warnings, "warning") : "");
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
