package dev.turnout.gateway.memory;

import dev.turnout.gateway.GatewayError;
import dev.turnout.schema.Query;
import dev.turnout.topic.TextDigest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The ids that clients chose for their queries: whoever repeats one must ask the same, and not
 * while it is under way, or somebody would get an answer to another question. The latest are
 * remembered, by this gateway. Thread-safe.
 */
public final class TakenIds {
  private static final int MOST = 50_000;
  private static final long MOST_BYTES = 16L * 1024 * 1024;

  private final Remembered<String> asked = new Remembered<>(MOST, MOST_BYTES);
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  /**
   * Takes an id for a query.
   *
   * @param key whose it is from now on
   * @return whether the same key has asked the same under it before
   * @throws GatewayError with 409 if it stands for another question
   */
  public synchronized boolean take(String key, Query query) {
    String chat = query.getChat() == null ? "" : query.getChat().getBody();
    String question =
        TextDigest.shortOf(String.join("\n", key, query.getTenant(), query.getText(), chat));
    Optional<String> before = asked.of(query.getId());
    if (before.isPresent() && !before.get().equals(question)) {
      throw conflict("query id \"" + query.getId() + "\" was used for another question");
    }
    asked.put(query.getId(), question, 2L * (query.getId().length() + question.length()));
    return before.isPresent();
  }

  /** Lets an id be taken for anything again: its query was never published. */
  public synchronized void forget(String id) {
    asked.forget(id);
  }

  /**
   * The same for a query whose answer is waited for, until {@link #release}.
   *
   * @return whether the same key has asked the same under it before
   * @throws GatewayError with 409 also if it is under way already
   */
  public boolean takeAndWait(String key, Query query) {
    boolean repeated = take(key, query);
    if (!underWay.add(query.getId())) {
      throw conflict("query \"" + query.getId() + "\" is under way already");
    }
    return repeated;
  }

  /** Says that nobody waits for a query any more. */
  public void release(String id) {
    underWay.remove(id);
  }

  private static GatewayError conflict(String message) {
    return new GatewayError(
        409, "invalid_request_error", "id_taken", message + "; choose another id, or none");
  }
}
