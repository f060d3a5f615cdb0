package dev.turnout.app.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The router role.
 *
 * @param costWeight predicted success a saved US cent is worth
 * @param latencyWeight predicted success a saved second is worth
 * @param exploration least share of queries an exploring policy explores, 0..1
 * @param batch most queries encoded together
 */
public record RouterConfig(
    String applicationId,
    boolean exactlyOnce,
    String policy,
    double costWeight,
    double latencyWeight,
    double exploration,
    Optional<String> fallbackLlm,
    int threads,
    int batch,
    Duration modelWait,
    Optional<String> stateDir) {

  static RouterConfig from(ConfigValues values) {
    return new RouterConfig(
        values.text("router.application-id"),
        values.text("router.guarantee").equals("exactly-once"),
        values.text("router.policy"),
        values.number("router.cost-weight"),
        values.number("router.latency-weight"),
        values.number("router.exploration"),
        values.optional("router.fallback-llm"),
        values.whole("router.threads"),
        values.whole("router.batch"),
        values.duration("router.model-wait"),
        values.optional("router.state-dir"));
  }
}
