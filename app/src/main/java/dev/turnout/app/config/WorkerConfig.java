package dev.turnout.app.config;

import java.time.Duration;
import java.util.Optional;

/** The worker role: one pool that answers the requests of one LLM through an HTTP endpoint. */
public record WorkerConfig(
    Optional<String> llm,
    Optional<String> url,
    Optional<String> model,
    Optional<Secret> apiKey,
    int concurrency,
    Duration timeout,
    int attempts,
    int maxOutputTokens) {

  static WorkerConfig from(ConfigValues values) {
    return new WorkerConfig(
        values.optional("worker.llm"),
        values.optional("worker.url"),
        values.optional("worker.model"),
        values.optional("worker.api-key").map(Secret::new),
        values.whole("worker.concurrency"),
        values.duration("worker.timeout"),
        values.whole("worker.attempts"),
        values.whole("worker.max-output-tokens"));
  }
}
