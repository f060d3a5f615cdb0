package dev.turnout.gateway.memory;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the query behind the ids that answers have. Those that Turnout makes hold the query's own;
 * which one an LLM's own id belongs to is remembered for the latest. Thread-safe.
 */
public final class AnsweredIds {
  private static final int MOST = 50_000;
  private static final long MOST_BYTES = 16L * 1024 * 1024;

  /** A query's id that the gateway made, with what the APIs put around it. */
  private static final Pattern OURS =
      Pattern.compile(
          "(?:chatcmpl-|msg_|resp_|rs_|fc_|ctc_)"
              + "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:_\\d+)?");

  private final Remembered<String> queries = new Remembered<>(MOST, MOST_BYTES);

  /** Remembers which query an answer belongs to. */
  public void answered(String responseId, String queryId) {
    if (!responseId.isEmpty() && !OURS.matcher(responseId).matches()) {
      queries.put(responseId, queryId, 2L * (responseId.length() + queryId.length()));
    }
  }

  /** The query that an id stands for; ids of no other form are a query's. */
  public String queryId(String id) {
    Matcher ours = OURS.matcher(id);
    return ours.matches() ? ours.group(1) : queries.of(id).orElse(id);
  }
}
