package dev.turnout.gateway.access;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which ids of queries clients have chosen of late, and for what: an id stands for one query of one
 * key. Bounded in number and bytes, the oldest go first. Each gateway remembers what it was asked
 * itself. Thread-safe.
 */
public final class ClaimedIds {
  private static final int MOST = 100_000;
  private static final long MOST_CHARS = 16L * 1024 * 1024;

  private final Map<String, Claim> claims = new LinkedHashMap<>();
  private long chars;

  private record Claim(String key, String digest) {}

  /**
   * Claims an id for a query.
   *
   * @param id with its tenant, as {@link Caller#queryId} makes it
   * @param content all that makes the query what it is
   * @return true if it is new; false if the same key has asked the same under it, so that what
   *     became of that is the answer
   * @throws AccessException with 409 if the id stands for something else
   */
  public synchronized boolean claim(Caller caller, String id, String content) {
    Claim claim = new Claim(caller.key(), KeySecret.hash(content));
    Claim earlier = claims.putIfAbsent(id, claim);
    if (earlier == null) {
      chars += id.length();
      evict();
      return true;
    }
    if (!earlier.equals(claim)) {
      throw AccessException.conflict(
          "the id \"" + id + "\" stands for another query already; choose another id");
    }
    return false;
  }

  /** Lets an id be claimed again: its query was not routed, so there is no answer to it. */
  public synchronized void release(String id) {
    if (claims.remove(id) != null) {
      chars -= id.length();
    }
  }

  private void evict() {
    Iterator<String> oldest = claims.keySet().iterator();
    while (claims.size() > MOST || chars > MOST_CHARS) {
      chars -= oldest.next().length();
      oldest.remove();
    }
  }
}
