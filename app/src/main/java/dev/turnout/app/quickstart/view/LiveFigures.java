package dev.turnout.app.quickstart.view;

import dev.turnout.app.quickstart.scenario.Scenario;
import dev.turnout.app.quickstart.scenario.StreamIds;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.OutcomeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What has happened so far, counted from the topics. Safe for use by several threads. */
public final class LiveFigures {

  /** Grades the running reward looks back on. */
  public static final int REWARD_WINDOW = 500;

  private static final int LATENCY_WINDOW = 4096;
  private static final int COUNTED_OUTCOMES = 100_000;
  private static final int SHOWN_DECISIONS = 5;
  private static final int KEPT_EVENTS = 50;
  private static final int RATE_SECONDS = 5;
  private static final int CURVE_POINTS = 60;
  private static final int FIRST_GRADES_PER_POINT = 20;

  private final List<String> llms;
  private final Scenario scenario;
  private final StreamIds ids;
  private final Map<String, Long> inFlight = new ConcurrentHashMap<>();
  private final Map<String, LlmCount> byLlm = new LinkedHashMap<>();
  private final BitSet decided = new BitSet();
  private final BitSet graded = new BitSet();
  private final BitSet deadLettered = new BitSet();
  private final Set<OutcomeId> counted = new LinkedHashSet<>();
  private final RecentValues latencies = new RecentValues(LATENCY_WINDOW);
  private final RecentValues recentRewards = new RecentValues(REWARD_WINDOW);
  private final RecentValues recentBest = new RecentValues(REWARD_WINDOW);
  private final Deque<long[]> perSecond = new ArrayDeque<>();
  private final Deque<ShownDecision> shown = new ArrayDeque<>();
  private final Deque<Event> events = new ArrayDeque<>();
  private final List<Double> rewardCurve = new ArrayList<>();
  private int gradesPerPoint = FIRST_GRADES_PER_POINT;
  private long grades;
  private int announced;
  private int promotions;
  private int rejections;
  private final RewardBaselines baselines;
  private double rewardSum;
  private long others;
  private final Map<String, Long> deadLetters = new TreeMap<>();
  private long waiting;
  private long oldestWaitingMillis;
  private String modelVersion = "";
  private double firstPublished = Double.NaN;
  private double firstDecided = Double.NaN;
  private double lastDecided = Double.NaN;

  private static final class LlmCount {
    private long chosen;
    private long graded;
    private double reward;
    private double costUsd;
    private long answered;
  }

  /** One LLM's line in the view. */
  public record LlmFigures(String llm, long chosen, double success, double meanCostUsd) {}

  /**
   * Something worth telling.
   *
   * @param number counted from 1
   * @param learnt true when a model that was learnt here was promoted
   */
  public record Event(int number, boolean learnt, String text) {}

  /** One decision as the view shows it. */
  record ShownDecision(String text, String llm, double predictedSuccess, boolean own) {}

  /**
   * Everything a view shows at one moment; rewards are means, NaN before the first grade.
   *
   * @param waiting queries on their topic, whoever published them, with neither a decision nor a
   *     dead letter
   * @param oldestWaitingMillis how long the oldest of them waits
   * @param deadLetters dead letters by reason
   * @param perSecond decisions a second over the last seconds
   * @param latencyP50 from publishing a query to reading its committed decision, in milliseconds
   * @param recentReward mean of the last {@value #REWARD_WINDOW} grades
   * @param recentBestSingle what the best single LLM would have earned on these
   * @param promotions models that were learnt here and promoted
   * @param rejections models that were learnt here and not promoted
   * @param events the latest first
   * @param rewardCurve mean of the last {@value #REWARD_WINDOW} grades over the whole run, at most
   *     60 points, oldest first
   */
  public record Snapshot(
      long routed,
      long graded,
      long inFlight,
      long waiting,
      long oldestWaitingMillis,
      Map<String, Long> deadLetters,
      double perSecond,
      double latencyP50,
      double latencyP99,
      List<LlmFigures> llms,
      double reward,
      double recentReward,
      double recentBestSingle,
      String bestSingleLlm,
      double bestSingle,
      double random,
      double oracle,
      String modelVersion,
      List<ShownDecision> shown,
      int promotions,
      int rejections,
      List<Event> events,
      List<Double> rewardCurve) {}

  public LiveFigures(Scenario scenario, StreamIds ids) {
    this.scenario = scenario;
    this.ids = ids;
    this.llms = scenario.llms().stream().map(llm -> llm.getId()).toList();
    this.baselines = new RewardBaselines(llms);
    llms.forEach(llm -> byLlm.put(llm, new LlmCount()));
  }

  public synchronized void published(int position, long millis) {
    firstPublished = Double.isNaN(firstPublished) ? millis : firstPublished;
    inFlight.put(ids.of(position), millis);
  }

  /** Queries published and not yet seen decided. */
  public int inFlight() {
    return inFlight.size();
  }

  synchronized void decided(RoutingDecision decision, long millis) {
    Long since = inFlight.remove(decision.getQueryId());
    if (since != null) {
      latencies.add((double) (millis - since));
    }
    OptionalInt position = ids.position(decision.getQueryId());
    if (position.isPresent()) {
      decided.set(position.getAsInt());
    } else {
      others++;
    }
    byLlm.computeIfAbsent(decision.getLlm(), llm -> new LlmCount()).chosen++;
    modelVersion = decision.getModelVersion();
    firstDecided = Double.isNaN(firstDecided) ? millis : firstDecided;
    lastDecided = millis;
    long second = millis / 1000;
    long[] last = perSecond.peekLast();
    if (last == null || last[0] != second) {
      perSecond.addLast(new long[] {second, 1});
      while (perSecond.size() > RATE_SECONDS + 1) {
        perSecond.removeFirst();
      }
    } else {
      last[1]++;
    }
    String text =
        position.isPresent() ? scenario.at(position.getAsInt()).text() : decision.getQueryId();
    shown.addFirst(
        new ShownDecision(text, decision.getLlm(), predictedSuccess(decision), position.isEmpty()));
    while (shown.size() > SHOWN_DECISIONS) {
      shown.removeLast();
    }
  }

  private static double predictedSuccess(RoutingDecision decision) {
    for (LlmScore score : decision.getRanking()) {
      if (score.getLlm().equals(decision.getLlm())) {
        return score.getPredictedSuccess();
      }
    }
    return Double.NaN;
  }

  /** Counts what an answer cost, once however often its worker reports it. */
  synchronized void answered(Outcome outcome) {
    LlmCount count = byLlm.computeIfAbsent(outcome.getLlm(), llm -> new LlmCount());
    Double cost = outcome.getCostUsd();
    if (cost == null || !(cost >= 0 && Double.isFinite(cost))) {
      return;
    }
    if (counted.add(OutcomeId.of(outcome))) {
      count.answered++;
      count.costUsd += cost;
    }
    while (counted.size() > COUNTED_OUTCOMES) {
      counted.remove(counted.iterator().next());
    }
  }

  synchronized void graded(Grade grade) {
    OptionalInt position = ids.position(grade.getQueryId());
    if (position.isEmpty() || graded.get(position.getAsInt())) {
      return;
    }
    graded.set(position.getAsInt());
    LlmCount count = byLlm.computeIfAbsent(grade.getLlm(), llm -> new LlmCount());
    count.graded++;
    count.reward += grade.getReward();
    rewardSum += grade.getReward();
    double[] rewards = scenario.at(position.getAsInt()).rewards();
    baselines.add(rewards);
    recentRewards.add(grade.getReward());
    int best = llms.indexOf(baselines.bestSingle());
    if (best >= 0 && !Double.isNaN(rewards[best])) {
      recentBest.add(rewards[best]);
    }
    if (++grades >= REWARD_WINDOW && grades % gradesPerPoint == 0) {
      addToCurve(recentRewards.mean());
    }
  }

  /** The curve spans the whole run: a full one keeps every second point and goes on as coarsely. */
  private void addToCurve(double reward) {
    rewardCurve.add(reward);
    if (rewardCurve.size() == CURVE_POINTS) {
      for (int i = 0; i < CURVE_POINTS / 2; i++) {
        rewardCurve.remove(i);
      }
      gradesPerPoint *= 2;
    }
  }

  /** A record that is no query was refused. */
  synchronized void deadLettered(String reason) {
    deadLetters.merge(reason, 1L, Long::sum);
  }

  /** A query was refused. */
  synchronized void deadLettered(String reason, String queryId) {
    deadLettered(reason);
    inFlight.remove(queryId);
    ids.position(queryId).ifPresent(deadLettered::set);
  }

  /** How many queries wait, whoever published them, and how long the oldest does. */
  synchronized void waiting(long count, long oldestMillis) {
    waiting = count;
    oldestWaitingMillis = oldestMillis;
  }

  /** A model that was learnt here has been promoted. */
  synchronized void promoted(String text) {
    promotions++;
    announce(true, text);
  }

  /** A model that was learnt here has been rejected. */
  synchronized void rejected(String text) {
    rejections++;
    announce(false, text);
  }

  /** Anything else worth telling. */
  synchronized void announce(String text) {
    announce(false, text);
  }

  private void announce(boolean learnt, String text) {
    events.addFirst(new Event(++announced, learnt, text));
    while (events.size() > KEPT_EVENTS) {
      events.removeLast();
    }
  }

  /** When the first query was published, in milliseconds since 1970; NaN before. */
  public synchronized double firstPublishedMillis() {
    return firstPublished;
  }

  /** When the first committed decision was read, in milliseconds since 1970; NaN before. */
  public synchronized double firstDecidedMillis() {
    return firstDecided;
  }

  /** When the latest committed decision was read, in milliseconds since 1970; NaN before. */
  public synchronized double lastDecidedMillis() {
    return lastDecided;
  }

  /** Positions of this run that have a decision or a dead letter. */
  public synchronized int settled() {
    BitSet all = (BitSet) decided.clone();
    all.or(deadLettered);
    return all.cardinality();
  }

  /** Positions of this run that have a decision but no grade yet. */
  public synchronized int awaitingGrade() {
    BitSet open = (BitSet) decided.clone();
    open.andNot(graded);
    return open.cardinality();
  }

  public synchronized Snapshot snapshot(long millis) {
    List<LlmFigures> lines = new ArrayList<>();
    byLlm.forEach(
        (llm, count) ->
            lines.add(
                new LlmFigures(
                    llm,
                    count.chosen,
                    count.graded == 0 ? Double.NaN : count.reward / count.graded,
                    count.answered == 0 ? Double.NaN : count.costUsd / count.answered)));
    long second = millis / 1000;
    double rate =
        perSecond.stream()
                .filter(entry -> entry[0] < second && entry[0] >= second - RATE_SECONDS)
                .mapToLong(entry -> entry[1])
                .sum()
            / (double) RATE_SECONDS;
    return new Snapshot(
        decided.cardinality() + others,
        grades,
        inFlight.size(),
        waiting,
        oldestWaitingMillis,
        Collections.unmodifiableMap(new TreeMap<>(deadLetters)),
        rate,
        latencies.percentile(50),
        latencies.percentile(99),
        List.copyOf(lines),
        grades == 0 ? Double.NaN : rewardSum / grades,
        recentRewards.mean(),
        recentBest.mean(),
        baselines.bestSingle(),
        baselines.bestSingleReward(),
        baselines.random(),
        baselines.oracle(),
        modelVersion,
        List.copyOf(shown),
        promotions,
        rejections,
        List.copyOf(events),
        List.copyOf(rewardCurve));
  }
}
