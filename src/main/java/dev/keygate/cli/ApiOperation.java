package dev.keygate.cli;

import java.util.List;

/**
 * One operation of the control API, as a command: {@code keygate api <resource> <verb>}.
 *
 * @param resource with dashes, for example {@code ai-gateway-api-keys}
 * @param path with its parameters in braces
 * @param summary one sentence
 * @param pathParameters in the order of the path; the command's arguments
 * @param body fields of the JSON object it takes; empty for no body
 * @param columns of a table of the objects that it answers with
 */
record ApiOperation(
    String resource,
    String verb,
    String method,
    String path,
    String summary,
    List<ApiField> pathParameters,
    List<ApiField> query,
    List<ApiField> headers,
    List<ApiField> body,
    List<String> columns) {

  boolean deletes() {
    return method.equals("DELETE");
  }

  boolean takesBody() {
    return method.equals("POST") || method.equals("PATCH") || method.equals("PUT");
  }

  String commandName() {
    return "keygate api " + resource + " " + verb;
  }
}
