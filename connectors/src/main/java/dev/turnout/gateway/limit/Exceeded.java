package dev.turnout.gateway.limit;

/**
 * A limit that leaves nothing at the moment.
 *
 * @param whose e.g. {@code key "crm"}
 * @param what e.g. {@code requests a minute}
 * @param limit how many there may be
 * @param retryAfterMillis when to try again
 */
public record Exceeded(String whose, What what, long limit, long retryAfterMillis) {

  /** What is limited. */
  public enum What {
    REQUESTS("requests a minute"),
    TOKENS("tokens a minute"),
    CONCURRENCY("open requests");

    private final String words;

    What(String words) {
      this.words = words;
    }
  }

  /** In words, without the time. */
  public String words() {
    return whose + " has used up its limit of " + limit + " " + what.words;
  }
}
