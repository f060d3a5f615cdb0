package dev.turnout.learner.join;

import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Grade;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.streams.ExpiringStore;
import dev.turnout.topic.RefusedRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Joins decisions, outcomes and grades of a query into samples, whatever the order they come in. A
 * decision waits for grades for the window, a grade for its decision for {@code learner.patience}.
 * A grade repeated unchanged is dropped; a grader's new grade gives a new sample that replaces the
 * old one in the learner's window. What cannot be used goes to the dead letters with the reason.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>All that belongs to a query comes to one task. {@link FeedbackIntake} sends each record on
 *       by the query's id, through a topic of the learner's own with a fixed number of partitions,
 *       so neither the partitions of the three topics nor their producers' partitioners matter. The
 *       order of arrival is fixed for one partition of one topic, no further. Hence the join is
 *       symmetric: a decision looks for grades that wait, a grade for its decision, and whichever
 *       comes second makes the sample.
 *   <li>A grade for another LLM than the decided one and its shadows waits for the outcome which
 *       says that this LLM answered after the first had failed. Otherwise outcomes only add what
 *       the answer cost; a sample does not wait for them, and one that comes later does not correct
 *       it. Graders hand the outcome's cost on, so that only a grade from elsewhere that overtakes
 *       the outcome makes a sample without a cost. Such a sample says what the answer was worth and
 *       nothing of its cost; means of costs are over samples that have one.
 *   <li>However often a worker reports a call, the answer has one cost: which report counts is
 *       {@link AnswerReport}'s.
 *   <li>Waiting is by the records' own timestamps (stream time), not by the clock: the same log
 *       joins alike whenever it is read, also after an outage of hours. A timestamp from the future
 *       counts as now, so that one producer's wrong clock expires nothing of the others.
 *   <li>Where nothing arrives, stream time stands still. There the clock dead-letters a grade, but
 *       does not end its waiting: the silence may be an outage, and a decision that was made in
 *       time joins nevertheless. A grade is dead-lettered once, by whichever comes first.
 *   <li>All state is in changelogged stores, and samples, dead letters, stores and offsets are
 *       committed in one transaction (exactly-once, KIP-447), so a task that moves makes no sample
 *       twice.
 *   <li>Memory is bounded whatever graders do: each store by {@code learner.capacity}, an answer by
 *       {@value #MOST_GRADERS} graders, a grader by its rate and the length of its name, and the
 *       stores of all tasks by {@link dev.turnout.streams.StateMemory}.
 *   <li>No record stops the stream. Only an outage of the registry is thrown, for Kafka Streams to
 *       abort the transaction and try again.
 * </ul>
 *
 * <p>Sources: symmetric joins by time, Kang, Naughton and Viglas, "Evaluating window joins over
 * unbounded streams" (ICDE 2003); stream time and punctuation, Kafka Streams' processor API.
 */
final class FeedbackJoin implements Processor<byte[], byte[], byte[], Object> {
  private static final int MOST_GRADERS = 16;
  private static final Duration EXPIRE_EVERY = Duration.ofSeconds(5);

  private final FeedbackTopology.Topics topics;
  private final LearnerSettings.Join settings;
  private final Deserializer<RoutingDecision> decisions;
  private final Deserializer<Grade> grades;
  private final LearnerMetrics metrics;
  private final FeedbackDeadLetters deadLetters;
  private ProcessorContext<byte[], Object> context;
  private ExpiringStore decided;
  private ExpiringStore answers;
  private ExpiringStore waiting;
  private ExpiringStore given;

  /** Whether a record came since the clock last ticked, or there has been no tick. */
  private boolean busy = true;

  private long quietSince;
  private boolean announced;

  @SuppressWarnings("NullAway.Init") // set by init()
  FeedbackJoin(
      FeedbackTopology.Topics topics,
      LearnerSettings.Join settings,
      Deserializer<RoutingDecision> decisions,
      Deserializer<Grade> grades,
      LearnerMetrics metrics) {
    this.topics = topics;
    this.settings = settings;
    this.decisions = decisions;
    this.grades = grades;
    this.metrics = metrics;
    this.deadLetters = new FeedbackDeadLetters(metrics);
  }

  @Override
  public void init(ProcessorContext<byte[], Object> processorContext) {
    this.context = processorContext;
    this.decided = ExpiringStore.of(context, FeedbackTopology.DECIDED);
    this.answers = ExpiringStore.of(context, FeedbackTopology.ANSWERS);
    this.waiting = ExpiringStore.of(context, FeedbackTopology.WAITING);
    this.given = ExpiringStore.of(context, FeedbackTopology.GIVEN);
    // the clock only asks, so that a burst within one moment of the log keeps to the capacity too
    context.schedule(EXPIRE_EVERY, PunctuationType.STREAM_TIME, unused -> expire());
    context.schedule(EXPIRE_EVERY, PunctuationType.WALL_CLOCK_TIME, this::tick);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    busy = true;
    String queryId = new String(record.key(), StandardCharsets.UTF_8);
    JoinRecord joined = JoinRecord.read(record.value());
    long time = time(record);
    switch (joined.kind()) {
      case DECISION -> decision(queryId, joined, time);
      case OUTCOME -> outcome(queryId, AnswerReport.read(joined.payload()), time);
      case GRADE -> grade(queryId, joined, time);
    }
  }

  private void decision(String queryId, JoinRecord joined, long time) {
    decided.put(queryId, joined.payload(), time);
    pairWaiting(JoinKeys.queries(queryId), joined.payload(), queryId, time);
  }

  private void outcome(String queryId, AnswerReport report, long time) {
    String key = JoinKeys.answer(queryId, report.llm());
    byte[] before = answers.get(key);
    if (before == null || report.supersedes(AnswerReport.read(before))) {
      answers.put(key, report.bytes(), time);
    }
    byte[] decision = report.insteadOfAnother() ? decided.getSince(queryId, oldest(time)) : null;
    if (decision != null) {
      pairWaiting(key, decision, queryId, time);
    }
  }

  private void pairWaiting(String prefix, byte[] decision, String queryId, long time) {
    for (KeyValue<String, byte[]> each :
        waiting.withPrefixSince(prefix, time - settings.patience().toMillis())) {
      waiting.remove(each.key);
      JoinRecord waited = JoinRecord.read(each.value);
      Grade grade = readable(queryId, waited, time);
      if (grade != null) {
        sample(decision, grade, waited, time);
      }
    }
  }

  private void grade(String queryId, JoinRecord joined, long time) {
    Grade grade = readable(queryId, joined, time);
    if (grade == null) {
      return;
    }
    byte[] found = decided.getSince(grade.getQueryId(), oldest(time));
    if (found != null) {
      sample(found, grade, joined, time);
    } else {
      await(grade, joined, time);
    }
  }

  private void await(Grade grade, JoinRecord joined, long time) {
    if (crowded(waiting, grade)) {
      refuse(grade.getQueryId(), joined, FeedbackRefusal.TOO_MANY_GRADERS, crowd(grade), time);
    } else {
      waiting.put(JoinKeys.of(grade), joined.bytes(), time);
    }
  }

  /** The grade of a record that the intake could read; null if its schema has gone meanwhile. */
  private @Nullable Grade readable(String queryId, JoinRecord joined, long time) {
    try {
      return grades.deserialize(topics.feedback(), joined.payload());
    } catch (RuntimeException e) {
      refuseUnreadable(queryId, joined, "", e, time);
      return null;
    }
  }

  private void refuseUnreadable(
      String queryId, JoinRecord joined, String what, RuntimeException failure, long time) {
    if (Outage.isBehind(failure)) {
      throw failure; // no fault of the record: Streams gives the transaction up and tries again
    }
    refuse(queryId, joined, FeedbackRefusal.UNDECODABLE, what + failure.getMessage(), time);
  }

  /** Names cost nothing: without a bound, made-up ones would flush all others from the window. */
  private static boolean crowded(ExpiringStore store, Grade grade) {
    return store.get(JoinKeys.of(grade)) == null
        && store.withPrefix(JoinKeys.answer(grade.getQueryId(), grade.getLlm())).size()
            >= MOST_GRADERS;
  }

  private static String crowd(Grade grade) {
    return MOST_GRADERS
        + " others graded the answer of "
        + grade.getLlm()
        + " to query \""
        + grade.getQueryId()
        + "\" before \""
        + grade.getGrader()
        + "\"";
  }

  private void sample(byte[] decisionBytes, Grade grade, JoinRecord origin, long time) {
    RoutingDecision decision;
    try {
      decision = decisions.deserialize(topics.decisions(), decisionBytes);
    } catch (RuntimeException e) {
      refuseUnreadable(
          grade.getQueryId(), origin, "its decision cannot be read any more: ", e, time);
      return;
    }
    byte[] known = answers.get(JoinKeys.answer(grade.getQueryId(), grade.getLlm()));
    AnswerReport report = known == null ? null : AnswerReport.read(known);
    boolean instead = report != null && report.insteadOfAnother();
    JoinedSample.Pairing pairing = JoinedSample.of(decision, grade, instead);
    if (pairing instanceof JoinedSample.Pairing.Refused refused) {
      refuse(grade.getQueryId(), origin, refused.reason(), refused.detail(), time);
    } else if (pairing instanceof JoinedSample.Pairing.Open) {
      await(grade, origin, time);
    } else if (pairing instanceof JoinedSample.Pairing.Fits fits) {
      give(fits.sample(), report, origin, time);
    }
  }

  private void give(
      JoinedSample sample, @Nullable AnswerReport report, JoinRecord origin, long time) {
    Grade grade = sample.grade();
    if (crowded(given, grade)) {
      refuse(grade.getQueryId(), origin, FeedbackRefusal.TOO_MANY_GRADERS, crowd(grade), time);
      return;
    }
    byte[] reward = ByteBuffer.allocate(Double.BYTES).putDouble(sample.reward()).array();
    if (Arrays.equals(reward, given.get(JoinKeys.of(grade)))) {
      return;
    }
    given.put(JoinKeys.of(grade), reward, time);
    if (sample.reward() != grade.getReward()) {
      metrics.winsorised();
    }
    context.forward(
        new Record<>(
            grade.getQueryId().getBytes(StandardCharsets.UTF_8),
            (Object) sample.record(cost(grade, report)),
            time),
        FeedbackTopology.SAMPLES);
  }

  /** What the worker said it cost; what the grader says only where the worker said nothing. */
  private static AnswerCost cost(Grade grade, @Nullable AnswerReport report) {
    AnswerCost worker = report == null ? AnswerCost.UNKNOWN : report.cost();
    return worker.or(new AnswerCost(grade.getCostUsd(), grade.getLatencyMs(), null));
  }

  /**
   * A record's own time, so that a log read later joins as it did when it was live; never later
   * than the clock, so that what comes from the future neither outlives nor outdates the rest.
   */
  private long time(Record<?, ?> record) {
    return Math.min(record.timestamp(), context.currentSystemTimeMs());
  }

  private long oldest(long time) {
    return time - settings.window().toMillis();
  }

  private void tick(long now) {
    expire();
    if (busy) {
      // silence is counted from here, so that a thread that was held up does not count as silence
      quietSince = now;
      busy = false;
      announced = false;
    } else if (!announced && now - quietSince >= settings.patience().toMillis()) {
      waiting.announce((key, value) -> undecided(key, value, now));
      announced = true;
    }
  }

  private void expire() {
    long now = Math.min(context.currentStreamTimeMs(), context.currentSystemTimeMs());
    for (ExpiringStore store : List.of(decided, answers, given)) {
      store.expire(oldest(now), settings.capacity(), (key, value) -> {});
    }
    waiting.expire(
        now - settings.patience().toMillis(),
        settings.capacity(),
        (key, value) -> undecided(key, value, now));
  }

  private void undecided(String key, byte[] waited, long now) {
    String queryId = JoinKeys.queryOf(key);
    boolean decidedOn = decided.get(queryId) != null;
    refuse(
        queryId,
        JoinRecord.read(waited),
        decidedOn ? FeedbackRefusal.WRONG_LLM : FeedbackRefusal.NO_DECISION,
        decidedOn
            ? "query \""
                + queryId
                + "\" went to another LLM, and no outcome came within "
                + settings.patience()
                + " which says that this one answered in its place"
            : "no decision of query \"" + queryId + "\" came within " + settings.patience(),
        now);
  }

  private void refuse(
      String queryId, JoinRecord grade, FeedbackRefusal reason, String detail, long time) {
    RefusedRecord refused =
        new RefusedRecord(
            topics.feedback(),
            grade.partition(),
            grade.offset(),
            queryId.getBytes(StandardCharsets.UTF_8),
            grade.payload(),
            new RecordHeaders());
    Record<byte[], byte[]> letter = deadLetters.of(refused, reason, detail, time);
    context.forward(letter.withValue((Object) letter.value()), FeedbackTopology.DEAD_LETTERS);
  }
}
