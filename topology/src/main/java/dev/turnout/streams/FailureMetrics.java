package dev.turnout.streams;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/**
 * What failed in one Kafka Streams client: {@code
 * turnout_failed_record_total{client,step="process|serialize|send",reason}}, records that could not
 * be processed and are dead-lettered, and {@code
 * turnout_thread_replaced_total{client,cause="record|outage|unknown"}}; each dead letter also
 * counts in {@code turnout_dead_letter_total{reason}}. Safe for use by several threads.
 */
final class FailureMetrics {
  private final MeterRegistry registry;
  private final String client;

  /**
   * @param client the Kafka Streams client, e.g. router
   */
  FailureMetrics(MeterRegistry registry, String client) {
    this.registry = registry;
    this.client = client;
    // from the start, so that a rate can be taken of the first one
    for (FailureCause cause : FailureCause.values()) {
      replacements(cause);
    }
  }

  void failed(FailedRecord record) {
    Counter.builder("turnout.failed.record")
        .description("records that could not be processed, each dead-lettered at the retry")
        .tag("client", client)
        .tag("step", lower(record.step()))
        .tag("reason", record.reason().name())
        .register(registry)
        .increment();
  }

  /** Counted with the other dead letters of the role. */
  void deadLettered(FailedRecord record) {
    Counter.builder("turnout.dead.letter")
        .description("records dead-lettered")
        .tag("reason", record.reason().name())
        .register(registry)
        .increment();
  }

  void threadReplaced(FailureCause cause) {
    replacements(cause).increment();
  }

  private Counter replacements(FailureCause cause) {
    return Counter.builder("turnout.thread.replaced")
        .description("stream threads replaced after a failure, by what is to blame")
        .tag("client", client)
        .tag("cause", lower(cause))
        .register(registry);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
