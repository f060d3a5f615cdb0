package dev.turnout.app.quickstart;

import java.util.List;

/** Lines that ask the gateway, to be copied into a terminal as they stand. */
final class ClientExamples {
  private static final String QUESTION = "Why is the sky blue?";

  private ClientExamples() {}

  /**
   * Of a gateway without keys.
   *
   * @param url where it listens, e.g. {@code http://localhost:8080}
   */
  static List<String> of(String url) {
    return List.of(
        "OpenAI's clients: base URL " + url + "/v1, model auto, any key; Anthropic's: " + url,
        "curl -s "
            + url
            + "/v1/chat/completions -H 'Content-Type: application/json' -d '{\"model\": \"auto\","
            + " \"messages\": [{\"role\": \"user\", \"content\": \""
            + QUESTION
            + "\"}]}'",
        "python3 -c 'import json, urllib.request as u;"
            + " print(json.load(u.urlopen(u.Request(\""
            + url
            + "/v1/chat/completions\", json.dumps({\"model\": \"auto\", \"messages\": [{\"role\":"
            + " \"user\", \"content\": \""
            + QUESTION
            + "\"}]}).encode(), {\"Content-Type\":"
            + " \"application/json\"})))[\"choices\"][0][\"message\"][\"content\"])'");
  }
}
