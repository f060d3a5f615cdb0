package dev.turnout.app.quickstart;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.app.console.ResidentMemory;
import dev.turnout.app.quickstart.view.LiveFigures;
import dev.turnout.encoder.EncoderId;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a quickstart ended; the JSON keys are part of the program's contract.
 *
 * @param routed published queries with a committed decision
 * @param lost published queries with neither decision nor dead letter
 * @param duplicated committed decisions beyond a query's first
 * @param waiting queries on their topic, whoever published them, with neither decision nor dead
 *     letter
 * @param deadLettered dead letters, of queries and of anything else
 * @param deadLetterReasons how many of each reason
 * @param reward mean reward of the graded answers, 0..1
 * @param graded answers that were graded
 * @param seconds from the first published query to the last settled one
 * @param firstRoutedSeconds from the start of the process to the first committed decision read
 * @param promotions models learnt from the grades that the gate let serve
 * @param rejections models learnt from the grades that it did not
 * @param recentReward mean reward of the last 500 graded answers
 * @param recentBestSingle what the best single LLM would have earned on these
 * @param learning the settings that the learning ran with
 * @param residentMib peak resident memory of the process
 */
public record QuickstartSummary(
    long published,
    long routed,
    long lost,
    long duplicated,
    long waiting,
    @JsonProperty("dead_lettered") long deadLettered,
    @JsonProperty("dead_letter_reasons") Map<String, Long> deadLetterReasons,
    double reward,
    Baseline baselines,
    long graded,
    double seconds,
    @JsonProperty("queries_per_second") double queriesPerSecond,
    @JsonProperty("latency_ms") Latency latency,
    @JsonProperty("model_version") String modelVersion,
    String encoder,
    @JsonProperty("first_routed_seconds") double firstRoutedSeconds,
    @JsonProperty("resident_mib") double residentMib,
    Map<String, Llm> llms,
    int promotions,
    int rejections,
    @JsonProperty("recent_reward") double recentReward,
    @JsonProperty("recent_best_single") double recentBestSingle,
    @Nullable Learning learning,
    List<String> events) {
  private static final double MILLIS_PER_SECOND = 1000;

  /**
   * Sums up.
   *
   * @param tally what was counted on the topics at the end
   * @param last what was seen on the way
   */
  static QuickstartSummary of(
      int published,
      CommittedTally tally,
      LiveFigures figures,
      LiveFigures.Snapshot last,
      EncoderId encoder,
      @Nullable Learning learning) {
    double seconds =
        (figures.lastDecidedMillis() - figures.firstPublishedMillis()) / MILLIS_PER_SECOND;
    double firstRouted =
        (figures.firstDecidedMillis() - ManagementFactory.getRuntimeMXBean().getStartTime())
            / MILLIS_PER_SECOND;
    Map<String, Llm> llms = new LinkedHashMap<>();
    long chosen = Math.max(1, last.llms().stream().mapToLong(llm -> llm.chosen()).sum());
    last.llms()
        .forEach(
            llm -> llms.put(llm.llm(), new Llm((double) llm.chosen() / chosen, llm.success())));
    return new QuickstartSummary(
        published,
        tally.routed(),
        tally.lost(),
        tally.duplicated(),
        tally.waiting(),
        tally.deadLettered().values().stream().mapToLong(Long::longValue).sum(),
        tally.deadLettered(),
        last.reward(),
        new Baseline(last.bestSingle(), last.random(), last.oracle(), last.bestSingleLlm()),
        last.graded(),
        seconds,
        tally.routed() / seconds,
        new Latency(last.latencyP50(), last.latencyP99()),
        last.modelVersion(),
        encoder.toString(),
        firstRouted,
        ResidentMemory.peakMib(),
        llms,
        last.promotions(),
        last.rejections(),
        last.recentReward(),
        last.recentBestSingle(),
        learning,
        last.events().stream().map(LiveFigures.Event::text).toList());
  }

  /**
   * What the learning ran with.
   *
   * @param explorationFloor share of the queries spread evenly over the LLMs
   * @param trainAfterGrades grades between two candidates
   * @param heldOut share of the grades, the latest, that candidates are judged on
   * @param cells cells of a candidate
   * @param gateMargin a candidate's advantage must be above this at the confidence, in reward
   * @param gateConfidence one-sided confidence
   */
  public record Learning(
      @JsonProperty("exploration_floor") double explorationFloor,
      @JsonProperty("train_after_grades") int trainAfterGrades,
      @JsonProperty("held_out") double heldOut,
      int cells,
      @JsonProperty("gate_margin") double gateMargin,
      @JsonProperty("gate_confidence") double gateConfidence) {}

  /** What other ways of choosing would have earned on the same queries. */
  public record Baseline(
      @JsonProperty("best_single") double bestSingle,
      double random,
      double oracle,
      @JsonProperty("best_single_llm") String bestSingleLlm) {}

  /** From publishing a query to reading its committed decision, in milliseconds. */
  public record Latency(double p50, double p99) {}

  /** One LLM's part; success is NaN when none of its answers was graded. */
  public record Llm(double share, double success) {}
}
