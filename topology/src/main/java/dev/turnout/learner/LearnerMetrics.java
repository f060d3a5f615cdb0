package dev.turnout.learner;

import dev.turnout.belief.Posteriors;
import dev.turnout.control.belief.PosteriorRecords;
import dev.turnout.learner.join.FeedbackRefusal;
import dev.turnout.offpolicy.Verdict;
import dev.turnout.streams.StateMemory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The learner's metrics; names begin with {@code turnout.learner}. */
public final class LearnerMetrics {
  private final MeterRegistry registry;
  private final Counter samples;
  private final Counter otherEncoder;
  private final Counter winsorised;
  private final Counter impossibleCosts;
  private final Timer fit;
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicInteger window = new AtomicInteger();
  private final MultiGauge trust;
  private final MultiGauge shifts;

  /** Registers the metrics. */
  public LearnerMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.samples = registry.counter("turnout.learner.samples");
    this.otherEncoder = registry.counter("turnout.learner.samples.other.encoder");
    this.winsorised = registry.counter("turnout.learner.winsorised");
    this.impossibleCosts = registry.counter("turnout.learner.impossible.costs");
    this.fit = registry.timer("turnout.learner.fit");
    this.trust = MultiGauge.builder("turnout.learner.trust").register(registry);
    this.shifts = MultiGauge.builder("turnout.learner.shift").register(registry);
    Gauge.builder("turnout.learner.changes", changes, AtomicInteger::get).register(registry);
    Gauge.builder("turnout.learner.window", window, AtomicInteger::get).register(registry);
  }

  /** A sample was taken in. */
  public void sample(String llm, double reward) {
    samples.increment();
    DistributionSummary.builder("turnout.learner.reward")
        .description("rewards of the samples taken in, by LLM; sum by count is their mean")
        .tag("llm", llm)
        .register(registry)
        .record(Math.max(0, reward));
  }

  /** Where to ask how many decisions, outcomes and grades have not been polled yet. */
  public void watchLag(Supplier<Number> lag) {
    Gauge.builder("turnout.learner.lag.records", lag)
        .description("decisions, outcomes and grades that this learner has not polled yet")
        .register(registry);
  }

  /** A sample of another encoder was skipped. */
  public void otherEncoder() {
    otherEncoder.increment();
  }

  /** A decision, outcome or grade went to the dead letters. */
  public void refused(FeedbackRefusal reason) {
    registry.counter("turnout.learner.refused", "reason", reason.name()).increment();
  }

  /** A worker reported a cost or latency that no answer can take; it counts as unknown. */
  public void impossibleCost() {
    impossibleCosts.increment();
  }

  /** Where to ask how much memory the state stores take, outside the heap. */
  public void stateMemory(StateMemory memory) {
    Gauge.builder("turnout.learner.state.bytes", memory, StateMemory::usedBytes).register(registry);
  }

  /** A reward beyond the scale counted as its end. */
  public void winsorised() {
    winsorised.increment();
  }

  /** The gate judged a candidate. */
  public void verdict(Verdict verdict) {
    registry
        .counter("turnout.learner.verdicts", "promoted", Boolean.toString(verdict.promote()))
        .increment();
  }

  /** A training or trial ended: done, failed or late. */
  public void computed(String how) {
    registry.counter("turnout.learner.computed", "how", how).increment();
  }

  /** A model was staged, promoted, rejected or rolled back. */
  public void rollout(String event) {
    registry.counter("turnout.learner.rollout", "event", event).increment();
  }

  /** The posteriors of the serving model were fitted, in so many nanoseconds. */
  public void learnt(Posteriors posteriors, long nanos) {
    fit.record(nanos, TimeUnit.NANOSECONDS);
    changes.set(posteriors.changes().size());
    window.set(posteriors.samples());
    trust.register(
        posteriors.distrusted(PosteriorRecords.MOST_GRADERS).entrySet().stream()
            .<MultiGauge.Row<?>>map(
                grader -> MultiGauge.Row.of(Tags.of("grader", grader.getKey()), grader.getValue()))
            .toList(),
        true);
    shifts.register(
        posteriors.changes().stream()
            .<MultiGauge.Row<?>>map(
                change ->
                    MultiGauge.Row.of(
                        Tags.of(
                            "llm",
                            change.llm(),
                            "cell",
                            change.cell() < 0 ? "all" : Integer.toString(change.cell())),
                        change.shift()))
            .toList(),
        true);
  }
}
