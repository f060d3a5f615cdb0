package dev.turnout.app.config;

import dev.turnout.worker.Delivery;
import java.time.Duration;
import java.util.Optional;

/**
 * The worker role: one pool that answers the requests of one LLM through an HTTP endpoint.
 *
 * @param delivery how the pool's members share the requests
 * @param concurrency requests in flight per consumer
 * @param attempts HTTP attempts within one delivery
 * @param maxDeliveries deliveries after which a request has failed
 */
public record WorkerConfig(
    Optional<String> llm,
    Optional<String> url,
    Optional<String> model,
    Optional<Secret> apiKey,
    Delivery delivery,
    int consumers,
    int concurrency,
    Duration timeout,
    int attempts,
    int maxDeliveries,
    Duration retryDelay,
    int maxOutputTokens) {

  static WorkerConfig from(ConfigValues values) {
    return new WorkerConfig(
        values.optional("worker.llm"),
        values.optional("worker.url"),
        values.optional("worker.model"),
        values.optional("worker.api-key").map(Secret::new),
        values.text("worker.delivery").equals("share-group")
            ? Delivery.SHARE_GROUP
            : Delivery.CONSUMER_GROUP,
        values.whole("worker.consumers"),
        values.whole("worker.concurrency"),
        values.duration("worker.timeout"),
        values.whole("worker.attempts"),
        values.whole("worker.max-deliveries"),
        values.duration("worker.retry-delay"),
        values.whole("worker.max-output-tokens"));
  }
}
