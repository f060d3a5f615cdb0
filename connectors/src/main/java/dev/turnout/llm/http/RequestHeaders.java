package dev.turnout.llm.http;

import dev.turnout.config.SettingKind;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Headers that an operator adds to each request to an LLM. */
public final class RequestHeaders {

  /** Lines or entries of {@code Name: value}; never printed, since one may be a key. */
  public static final SettingKind<Map<String, String>> KIND =
      new SettingKind<>(
          "headers such as \"X-Team: search\", separated by commas", RequestHeaders::read, true);

  /** A comma belongs to a value unless another name follows. */
  private static final Pattern HEADER =
      Pattern.compile(
          "\\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\\s*:(.*?)(?=,\\s*[A-Za-z0-9-]+\\s*:\\s|$)");

  private RequestHeaders() {}

  private static Map<String, String> read(String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    Matcher matcher = HEADER.matcher(text);
    int at = 0;
    while (at < text.length()) {
      matcher.region(at, text.length());
      if (!matcher.lookingAt()) {
        throw new IllegalArgumentException("no header at character " + at);
      }
      // the client refuses names that are its own, such as Host, and values with line breaks
      HttpRequest.Builder trial = HttpRequest.newBuilder(URI.create("http://localhost/"));
      trial.header(matcher.group(1), matcher.group(2).strip());
      headers.put(matcher.group(1), matcher.group(2).strip());
      at = matcher.end() + 1;
    }
    return headers;
  }
}
