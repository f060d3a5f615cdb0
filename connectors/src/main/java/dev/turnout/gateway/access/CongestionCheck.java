package dev.turnout.gateway.access;

import dev.turnout.gateway.limit.BackPressure;
import dev.turnout.gateway.limit.QueueWait;
import dev.turnout.schema.Priority;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Refuses what would wait longer than its client does, or where too much waits already.
 *
 * @param maxBacklog most requests that may wait for an LLM
 */
record CongestionCheck(BackPressure pressure, int maxBacklog) {
  private static final long LONGEST_RETRY_MILLIS = 60_000;

  /**
   * Looks at routers, at this gateway, and at the LLMs that may answer.
   *
   * @param patience how long the client waits
   * @throws AccessException with 429 or 503
   */
  void check(Query.Builder query, Duration patience) {
    QueueWait wait = pressure.waiting();
    if (wait.millis() == QueueWait.UNENDING) {
      throw AccessException.busy(
          503, wait.waiting() + " queries wait and no router reads them", 5_000);
    }
    if (wait.millis() > patience.toMillis()) {
      throw AccessException.busy(
          429,
          String.format(
              Locale.ROOT,
              "%d requests wait before this one, about %d s; the answer would come too late",
              wait.waiting(),
              wait.millis() / 1_000),
          Math.max(1_000, wait.millis() - patience.toMillis() / 2));
    }
    if (!query.getDecideOnly()) {
      checkLlms(query, patience);
    }
  }

  private void checkLlms(Query.Builder query, Duration patience) {
    QueryConstraints constraints = query.getConstraints();
    List<String> allowed = constraints == null ? List.of() : constraints.getAllowedLlms();
    // a builder does not fill in the default
    Priority priority = query.hasPriority() ? query.getPriority() : Priority.INTERACTIVE;
    QueueWait wait = pressure.waitingFor(allowed, priority, maxBacklog);
    boolean full = wait.waiting() >= maxBacklog;
    if (!full && wait.millis() <= patience.toMillis()) {
      return;
    }
    String llms = allowed.size() == 1 ? allowed.get(0) : "every LLM that may answer";
    String why =
        full
            ? "no more may"
            : "about " + wait.millis() / 1_000 + " s or longer; the answer would come too late";
    throw AccessException.busy(
        429,
        String.format(Locale.ROOT, "%d requests wait for %s, %s", wait.waiting(), llms, why),
        Math.min(LONGEST_RETRY_MILLIS, Math.max(1_000, wait.millis() - patience.toMillis() / 2)));
  }
}
