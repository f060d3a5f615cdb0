package dev.turnout.learner;

import dev.turnout.feedback.Posteriors;
import dev.turnout.ope.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The learner's metrics; names begin with {@code turnout.learner}. */
final class LearnerMetrics {
  private final MeterRegistry registry;
  private final Counter samples;
  private final Counter otherEncoder;
  private final Timer fit;
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicInteger window = new AtomicInteger();
  private final Map<String, Double> trust = new ConcurrentHashMap<>();

  LearnerMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.samples = registry.counter("turnout.learner.samples");
    this.otherEncoder = registry.counter("turnout.learner.samples.other.encoder");
    this.fit = registry.timer("turnout.learner.fit");
    Gauge.builder("turnout.learner.changes", changes, AtomicInteger::get).register(registry);
    Gauge.builder("turnout.learner.window", window, AtomicInteger::get).register(registry);
  }

  void sample() {
    samples.increment();
  }

  void otherEncoder() {
    otherEncoder.increment();
  }

  void verdict(Verdict verdict) {
    registry
        .counter("turnout.learner.verdicts", "promoted", Boolean.toString(verdict.promote()))
        .increment();
  }

  /** A training or trial ended: done, failed or late. */
  void computed(String how) {
    registry.counter("turnout.learner.computed", "how", how).increment();
  }

  /** A model was staged, promoted, rejected or rolled back. */
  void rollout(String event) {
    registry.counter("turnout.learner.rollout", "event", event).increment();
  }

  void learnt(Posteriors posteriors, long nanos) {
    fit.record(nanos, TimeUnit.NANOSECONDS);
    changes.set(posteriors.changes().size());
    window.set(posteriors.samples());
    posteriors
        .trust()
        .forEach(
            (grader, value) -> {
              if (trust.put(grader, value) == null) {
                Gauge.builder("turnout.learner.trust", trust, all -> all.getOrDefault(grader, 1.0))
                    .tag("grader", grader)
                    .register(registry);
              }
            });
  }
}
