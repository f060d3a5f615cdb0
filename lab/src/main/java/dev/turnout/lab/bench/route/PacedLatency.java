package dev.turnout.lab.bench.route;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.TopicTail;
import dev.turnout.lab.bench.Quantile;
import dev.turnout.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends queries at a steady pace and watches the decisions as a read_committed consumer does. The
 * first part warms up and is left out.
 *
 * @param p50Millis median from send to decision, in milliseconds
 * @param p99Millis 99th percentile, in milliseconds
 */
record PacedLatency(double p50Millis, double p99Millis) {
  private static final double WARM_SHARE = 0.3;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * Measures whatever is routing the topics at the moment.
   *
   * @param run name that no other measurement on these topics has
   * @param pacePerSecond queries a second
   * @param texts one query each
   */
  static PacedLatency measure(
      RouteArena arena, TopicCatalogue topics, String run, double pacePerSecond, List<String> texts)
      throws InterruptedException {
    AtomicLongArray sent = new AtomicLongArray(texts.size());
    double[] millis = new double[texts.size()];
    Arrays.fill(millis, Double.NaN);
    int[] seen = {0};
    try (TopicTail<byte[], byte[]> tail =
        TopicTail.fromEnd(Clients.reader(arena.clientConfig()), List.of(topics.decisions()))) {
      tail.begin();
      Thread sender =
          new Thread(() -> send(arena, topics, run, pacePerSecond, texts, sent), "paced-sender");
      sender.start();
      long end =
          System.nanoTime() + PATIENCE.toNanos() + (long) (1e9 * texts.size() / pacePerSecond);
      while (seen[0] < texts.size() && System.nanoTime() < end) {
        tail.poll(
            Duration.ofMillis(50),
            record -> {
              String id = new String(record.key(), StandardCharsets.UTF_8);
              if (id.startsWith(run + "/")) {
                int index = Integer.parseInt(id.substring(run.length() + 1));
                millis[index] = (System.nanoTime() - sent.get(index)) / 1e6;
                seen[0]++;
              }
            });
      }
      sender.join();
      if (seen[0] < texts.size()) {
        throw new IllegalStateException(
            "only " + seen[0] + " of " + texts.size() + " paced queries were decided in time");
      }
    }
    return of(millis);
  }

  private static void send(
      RouteArena arena,
      TopicCatalogue topics,
      String run,
      double pacePerSecond,
      List<String> texts,
      AtomicLongArray sent) {
    long start = System.nanoTime();
    for (int i = 0; i < texts.size(); i++) {
      long due = start + (long) (1e9 * i / pacePerSecond);
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      sent.set(i, System.nanoTime());
      arena.send(topics, run + "/" + i, texts.get(i));
    }
  }

  static PacedLatency of(double[] millis) {
    double[] kept = Arrays.copyOfRange(millis, (int) (millis.length * WARM_SHARE), millis.length);
    Arrays.sort(kept);
    return new PacedLatency(Quantile.of(kept, 0.5), Quantile.of(kept, 0.99));
  }
}
