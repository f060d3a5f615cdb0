package dev.turnout.learner.join;

import dev.turnout.belief.GraderRateLimit;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import dev.turnout.topic.DeadLetterRecord;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.RefusedRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins decisions, outcomes and grades of a query into samples, whatever the order they come in. A
 * decision waits for grades for the window, a grade for its decision for {@code learner.patience}.
 * A grade repeated unchanged is dropped; a grader's new grade gives a new sample that replaces the
 * old one in the learner's window. What cannot be used goes to the dead letters with the reason.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>The three topics are keyed by query id and have as many partitions, so what producers with
 *       Kafka's default partitioner write comes to one task, in an order that only each topic
 *       fixes. Hence the join is symmetric: a decision looks for grades that wait, a grade for its
 *       decision, and whichever comes second makes the sample. Outcomes only add what the answer
 *       cost; a sample does not wait for them.
 *   <li>Waiting is by the records' own timestamps (stream time), not by the clock: the same log
 *       joins alike whenever it is read, also after an outage of hours. A timestamp from the future
 *       counts as now, so that one producer's wrong clock expires nothing of the others.
 *   <li>Where nothing arrives, stream time stands still. There the clock dead-letters a grade, but
 *       does not end its waiting: the silence may be an outage, and a decision that was made in
 *       time joins nevertheless. A grade is dead-lettered once, by whichever comes first.
 *   <li>All state is in changelogged stores, and samples, dead letters, stores and offsets are
 *       committed in one transaction (exactly-once, KIP-447), so a task that moves makes no sample
 *       twice. What is held in memory besides, the graders' rates, only limits; a move forgets it.
 *   <li>Memory is bounded whatever graders do: each store by {@code learner.capacity}, an answer by
 *       {@value #MOST_GRADERS} graders, a grader by its rate and the length of its name.
 *   <li>No record stops the stream. Only an outage of the registry is thrown, for Kafka Streams to
 *       abort the transaction and try again.
 * </ul>
 *
 * <p>Sources: symmetric joins by time, Kang, Naughton and Viglas, "Evaluating window joins over
 * unbounded streams" (ICDE 2003); stream time and punctuation, Kafka Streams' processor API.
 */
public final class FeedbackJoin implements Processor<byte[], byte[], byte[], Object> {
  private static final Logger LOG = LoggerFactory.getLogger(FeedbackJoin.class);
  private static final String STAGE = "learner";
  private static final char SEPARATOR = '\u0000';
  private static final int GRADERS_REMEMBERED = 10_000;
  private static final int LONGEST_GRADER_NAME = 128;
  private static final int MOST_GRADERS = 16;
  private static final Duration EXPIRE_EVERY = Duration.ofSeconds(5);

  private final FeedbackTopology.Topics topics;
  private final LearnerSettings.Join settings;
  private final Deserializer<RoutingDecision> decisions;
  private final Deserializer<Outcome> outcomes;
  private final Deserializer<Grade> grades;
  private final LearnerMetrics metrics;
  private final GraderRateLimit rate;
  private ProcessorContext<byte[], Object> context;
  private ExpiringStore decided;
  private ExpiringStore spent;
  private ExpiringStore waiting;
  private ExpiringStore given;

  /** Whether a record came since the clock last ticked, or there has been no tick. */
  private boolean busy = true;

  private long quietSince;
  private boolean announced;

  @SuppressWarnings("NullAway.Init") // set by init()
  public FeedbackJoin(
      FeedbackTopology.Topics topics,
      LearnerSettings.Join settings,
      Deserializer<RoutingDecision> decisions,
      Deserializer<Outcome> outcomes,
      Deserializer<Grade> grades,
      LearnerMetrics metrics) {
    this.topics = topics;
    this.settings = settings;
    this.decisions = decisions;
    this.outcomes = outcomes;
    this.grades = grades;
    this.metrics = metrics;
    this.rate =
        new GraderRateLimit(settings.gradesPerSecond(), settings.gradeBurst(), GRADERS_REMEMBERED);
  }

  @Override
  public void init(ProcessorContext<byte[], Object> processorContext) {
    this.context = processorContext;
    this.decided = ExpiringStore.of(context, FeedbackTopology.DECIDED);
    this.spent = ExpiringStore.of(context, FeedbackTopology.SPENT);
    this.waiting = ExpiringStore.of(context, FeedbackTopology.WAITING);
    this.given = ExpiringStore.of(context, FeedbackTopology.GIVEN);
    // the clock only asks, so that a burst within one moment of the log keeps to the capacity too
    context.schedule(EXPIRE_EVERY, PunctuationType.STREAM_TIME, unused -> expire());
    context.schedule(EXPIRE_EVERY, PunctuationType.WALL_CLOCK_TIME, this::tick);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    busy = true;
    String topic = context.recordMetadata().map(RecordMetadata::topic).orElse("");
    if (record.value() == null) {
      return;
    }
    if (topic.equals(topics.decisions())) {
      decision(record);
    } else if (topic.equals(topics.outcomes())) {
      outcome(record);
    } else {
      grade(record);
    }
  }

  private void decision(Record<byte[], byte[]> record) {
    RoutingDecision decision;
    try {
      decision = decisions.deserialize(topics.decisions(), record.value());
    } catch (RuntimeException e) {
      throwOutage(e);
      skipped("decision", record, e);
      return;
    }
    decided.put(decision.getQueryId(), record.value(), time(record));
    for (KeyValue<String, byte[]> each :
        waiting.withPrefixSince(
            decision.getQueryId() + SEPARATOR, time(record) - settings.patience().toMillis())) {
      waiting.remove(each.key);
      sample(decision, grades.deserialize(topics.feedback(), each.value), each.value, record);
    }
  }

  private void outcome(Record<byte[], byte[]> record) {
    Outcome outcome;
    try {
      outcome = outcomes.deserialize(topics.outcomes(), record.value());
    } catch (RuntimeException e) {
      throwOutage(e);
      skipped("outcome", record, e);
      return;
    }
    spent.put(
        outcome.getQueryId() + SEPARATOR + outcome.getLlm(),
        new AnswerCost(outcome.getCostUsd(), outcome.getLatencyMs()).bytes(),
        time(record));
  }

  private void grade(Record<byte[], byte[]> record) {
    Grade grade;
    try {
      grade = grades.deserialize(topics.feedback(), record.value());
    } catch (RuntimeException e) {
      throwOutage(e);
      refuse(record, record.value(), FeedbackRefusal.UNDECODABLE, String.valueOf(e.getMessage()));
      return;
    }
    String fault = fault(grade);
    if (fault != null) {
      refuse(record, record.value(), FeedbackRefusal.INVALID_GRADE, fault);
      return;
    }
    if (!rate.admit(grade.getGrader(), Instant.ofEpochMilli(now()))) {
      refuse(
          record,
          record.value(),
          FeedbackRefusal.GRADER_RATE,
          "grader \""
              + grade.getGrader()
              + "\" is above "
              + settings.gradesPerSecond()
              + " grades a second");
      return;
    }
    byte[] found = decided.getSince(grade.getQueryId(), oldest(time(record)));
    if (found == null) {
      if (crowded(waiting, grade)) {
        refuseCrowded(record, record.value(), grade);
        return;
      }
      waiting.put(key(grade), record.value(), time(record));
      return;
    }
    sample(decisions.deserialize(topics.decisions(), found), grade, record.value(), record);
  }

  /** Logged only: such a record is a router's or a worker's, which no user has sent. */
  private void skipped(String what, Record<byte[], byte[]> record, RuntimeException cause) {
    Optional<RecordMetadata> origin = context.recordMetadata();
    LOG.atError()
        .setMessage("record not learnt from: it cannot be read")
        .addKeyValue("what", what)
        .addKeyValue("partition", origin.map(RecordMetadata::partition).orElse(-1))
        .addKeyValue("offset", origin.map(RecordMetadata::offset).orElse(-1L))
        .addKeyValue("timestamp", record.timestamp())
        .setCause(cause)
        .log();
  }

  /** An outage is no fault of the record: Streams gives the transaction up and tries it again. */
  private static void throwOutage(RuntimeException failure) {
    if (Outage.isBehind(failure)) {
      throw failure;
    }
  }

  /** What makes a grade unusable whatever was decided; null if nothing does. */
  private static @Nullable String fault(Grade grade) {
    if (grade.getQueryId().isEmpty()
        || grade.getLlm().isEmpty()
        || !Double.isFinite(grade.getReward())) {
      return "a grade names a query and an LLM and has a finite reward; this one is " + grade;
    }
    if (grade.getGrader().length() > LONGEST_GRADER_NAME) {
      return "a grader's name has at most "
          + LONGEST_GRADER_NAME
          + " characters; this one has "
          + grade.getGrader().length();
    }
    if (grade.getQueryId().indexOf(SEPARATOR) >= 0 || grade.getLlm().indexOf(SEPARATOR) >= 0) {
      return "ids of queries and LLMs hold no NUL";
    }
    return null;
  }

  private static String key(Grade grade) {
    return answer(grade) + grade.getGrader();
  }

  private static String answer(Grade grade) {
    return grade.getQueryId() + SEPARATOR + grade.getLlm() + SEPARATOR;
  }

  /** Names cost nothing: without a bound, made-up ones would flush all others from the window. */
  private static boolean crowded(ExpiringStore store, Grade grade) {
    return store.get(key(grade)) == null && store.withPrefix(answer(grade)).size() >= MOST_GRADERS;
  }

  private void refuseCrowded(Record<byte[], byte[]> cause, byte[] bytes, Grade grade) {
    refuse(
        cause,
        bytes,
        FeedbackRefusal.TOO_MANY_GRADERS,
        MOST_GRADERS
            + " others graded the answer of "
            + grade.getLlm()
            + " to query \""
            + grade.getQueryId()
            + "\" before \""
            + grade.getGrader()
            + "\"");
  }

  private void sample(
      RoutingDecision decision, Grade grade, byte[] bytes, Record<byte[], byte[]> cause) {
    boolean shadow = !decision.getLlm().equals(grade.getLlm());
    if (shadow && !decision.getShadow().contains(grade.getLlm())) {
      refuse(
          cause,
          bytes,
          FeedbackRefusal.WRONG_LLM,
          "query \""
              + grade.getQueryId()
              + "\" went to "
              + decision.getLlm()
              + ", but the grade is for "
              + grade.getLlm());
      return;
    }
    ByteBuffer embedding = decision.getEmbedding();
    if (embedding == null) {
      refuse(
          cause,
          bytes,
          FeedbackRefusal.NO_EMBEDDING,
          "the decision of query \"" + grade.getQueryId() + "\" carries no embedding");
      return;
    }
    if (crowded(given, grade)) {
      refuseCrowded(cause, bytes, grade);
      return;
    }
    // winsorised: a reward beyond the scale counts as its end
    double reward = Math.max(0, Math.min(1, grade.getReward()));
    byte[] rewardBytes = ByteBuffer.allocate(Double.BYTES).putDouble(reward).array();
    if (Arrays.equals(rewardBytes, given.get(key(grade)))) {
      return;
    }
    given.put(key(grade), rewardBytes, time(cause));
    if (reward != grade.getReward()) {
      metrics.winsorised();
    }
    AnswerCost cost =
        AnswerCost.read(spent.get(grade.getQueryId() + SEPARATOR + grade.getLlm()))
            .or(new AnswerCost(grade.getCostUsd(), grade.getLatencyMs()));
    TrainingSample sample =
        TrainingSample.newBuilder()
            .setQueryId(decision.getQueryId())
            .setTenant(decision.getTenant())
            .setEmbedding(embedding)
            .setEncoderId(decision.getEncoderId())
            .setCell(decision.getCell())
            .setLlm(grade.getLlm())
            .setReward(reward)
            .setPropensity(shadow ? 1 : decision.getPropensity())
            .setPropensities(decision.getRanking().stream().map(LlmScore::getPropensity).toList())
            .setLlms(decision.getRanking().stream().map(LlmScore::getLlm).toList())
            .setCostUsd(cost.costUsd())
            .setLatencyMs(cost.latencyMs())
            .setPolicy(decision.getPolicy())
            .setModelVersion(decision.getModelVersion())
            .setGrader(grade.getGrader())
            .setShadow(shadow)
            .setDecidedAt(decision.getDecidedAt())
            .setGradedAt(grade.getGradedAt())
            .build();
    byte[] id = decision.getQueryId().getBytes(StandardCharsets.UTF_8);
    context.forward(new Record<>(id, (Object) sample, cause.timestamp()), FeedbackTopology.SAMPLES);
  }

  /**
   * A record's own time, so that a log read later joins as it did when it was live; never later
   * than the clock, so that what comes from the future neither outlives nor outdates the rest.
   */
  private long time(Record<?, ?> record) {
    return Math.min(record.timestamp(), context.currentSystemTimeMs());
  }

  /**
   * How far the records are, whatever the timestamp of a single one: a producer that sets its own
   * back or ahead gains nothing by it.
   */
  private long now() {
    return Math.min(context.currentStreamTimeMs(), context.currentSystemTimeMs());
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
    long now = now();
    long oldest = oldest(now);
    for (ExpiringStore store : List.of(decided, spent, given)) {
      store.expire(oldest, settings.capacity(), (key, value) -> {});
    }
    waiting.expire(
        now - settings.patience().toMillis(),
        settings.capacity(),
        (key, value) -> undecided(key, value, now));
  }

  private void undecided(String key, byte[] grade, long now) {
    String query = key.substring(0, key.indexOf(SEPARATOR));
    refuse(
        new Record<>(query.getBytes(StandardCharsets.UTF_8), grade, now),
        grade,
        FeedbackRefusal.NO_DECISION,
        "no decision of query \"" + query + "\" came within " + settings.patience());
  }

  private void refuse(
      Record<byte[], byte[]> record, byte[] value, FeedbackRefusal reason, String detail) {
    metrics.refused(reason);
    Optional<RecordMetadata> origin =
        context.recordMetadata().filter(seen -> topics.feedback().equals(seen.topic()));
    DeadLetterRecord letter =
        DeadLetters.of(
            new RefusedRecord(
                topics.feedback(),
                origin.map(RecordMetadata::partition).orElse(-1),
                origin.map(RecordMetadata::offset).orElse(-1L),
                record.key(),
                value,
                record.headers()),
            reason.name(),
            detail,
            STAGE);
    context.forward(
        new Record<>(letter.key(), (Object) letter.value(), record.timestamp(), letter.headers()),
        FeedbackTopology.DEAD_LETTERS);
  }
}
