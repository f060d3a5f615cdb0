package dev.turnout.control.llm;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/**
 * Which topics there are. A listing answers for a second, so that a router that starts asks once
 * and not for each topic of each LLM. Confined to one thread.
 */
final class TopicListing {
  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

  private final Admin admin;
  private Set<String> names = Set.of();
  private long listedAt;

  TopicListing(Admin admin) {
    this.admin = admin;
  }

  /** Whether a topic is there; one that a listing lacks is looked for anew. */
  boolean has(String topic) throws InterruptedException, ExecutionException, TimeoutException {
    if (names.contains(topic) && System.nanoTime() - listedAt < FRESH_NANOS) {
      return true;
    }
    names = admin.listTopics().names().get(10, TimeUnit.SECONDS);
    listedAt = System.nanoTime();
    return names.contains(topic);
  }
}
