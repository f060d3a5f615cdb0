package dev.turnout.learner.join;

import dev.turnout.belief.GraderRateLimit;
import dev.turnout.learner.LearnerMetrics;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.LogText;
import dev.turnout.topic.RecordLimits;
import dev.turnout.topic.RefusedRecord;
import dev.turnout.topic.ValueLimit;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads decisions, outcomes and grades from whatever partition their producers chose, and sends
 * each on to the partition of its query's id.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>The id comes from the record's value. Its key may be missing, hashed by another client's
 *       partitioner, or lie where it does because the topic had fewer partitions when it was
 *       written: none of that is looked at.
 *   <li>What cannot be read, or names nothing that could be joined, is dead-lettered here with its
 *       key, headers and origin; what goes on carries its origin and no headers. Of an outcome only
 *       what it cost goes on, so no answer is copied.
 *   <li>Nothing here is stored, so the three topics may have any numbers of partitions, and more of
 *       them later: a task takes the partitions of its number, of each topic that has it.
 *   <li>Timestamps from the future count as now from here on: no later topic or store sees one.
 *   <li>No record stops the stream. Only an outage of the registry is thrown, for Kafka Streams to
 *       abort the transaction and try again.
 * </ul>
 */
public final class FeedbackIntake implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(FeedbackIntake.class);
  private static final int GRADERS_REMEMBERED = 10_000;

  private final FeedbackTopology.Topics topics;
  private final LearnerSettings.Join settings;
  private final Deserializer<RoutingDecision> decisions;
  private final Deserializer<Outcome> outcomes;
  private final Deserializer<Grade> grades;
  private final LearnerMetrics metrics;
  private final FeedbackDeadLetters deadLetters;
  private final GraderRateLimit rate;
  private ProcessorContext<byte[], byte[]> context;

  /** What becomes of a record: it is joined by a query's id, or refused. */
  private sealed interface Reading {
    record Joinable(String queryId, JoinRecord.Kind kind, byte[] payload) implements Reading {}

    record Refused(FeedbackRefusal reason, String detail) implements Reading {}
  }

  @SuppressWarnings("NullAway.Init") // set by init()
  public FeedbackIntake(
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
    this.deadLetters = new FeedbackDeadLetters(metrics);
    this.rate =
        new GraderRateLimit(settings.gradesPerSecond(), settings.gradeBurst(), GRADERS_REMEMBERED);
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> processorContext) {
    this.context = processorContext;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata origin =
        context
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("a source's record has its origin"));
    long time = Math.min(record.timestamp(), context.currentSystemTimeMs());
    Reading reading = read(origin.topic(), record.value());
    if (reading instanceof Reading.Joinable joinable) {
      JoinRecord joined =
          new JoinRecord(joinable.kind(), origin.partition(), origin.offset(), joinable.payload());
      context.forward(
          new Record<>(
              joinable.queryId().getBytes(StandardCharsets.UTF_8),
              joined.bytes(),
              time,
              new RecordHeaders()),
          FeedbackTopology.JOINABLE);
    } else if (reading instanceof Reading.Refused refused) {
      RefusedRecord letter =
          new RefusedRecord(
              origin.topic(),
              origin.partition(),
              origin.offset(),
              record.key(),
              record.value(),
              record.headers());
      context.forward(
          deadLetters.of(letter, refused.reason(), refused.detail(), time),
          FeedbackTopology.UNREADABLE);
    }
  }

  private Reading read(String topic, byte @Nullable [] value) {
    if (value == null) {
      return new Reading.Refused(FeedbackRefusal.NULL_VALUE, "the record has no value");
    }
    String excess = limit(topic).excess(value);
    if (excess != null) {
      return new Reading.Refused(FeedbackRefusal.TOO_LARGE, excess);
    }
    try {
      if (topic.equals(topics.decisions())) {
        RoutingDecision decision = decisions.deserialize(topic, value);
        return within("decision", decision, () -> decision(decision, value));
      } else if (topic.equals(topics.outcomes())) {
        Outcome outcome = outcomes.deserialize(topic, value);
        return within("outcome", outcome, () -> outcome(outcome));
      }
      Grade grade = grades.deserialize(topic, value);
      return within("grade", grade, () -> grade(grade, value));
    } catch (RuntimeException e) {
      if (Outage.isBehind(e)) {
        throw e; // no fault of the record: Streams gives the transaction up and tries it again
      }
      return new Reading.Refused(FeedbackRefusal.UNDECODABLE, String.valueOf(e.getMessage()));
    }
  }

  private ValueLimit limit(String topic) {
    if (topic.equals(topics.decisions())) {
      return RecordLimits.DECISION;
    }
    return topic.equals(topics.outcomes()) ? RecordLimits.OUTCOME : RecordLimits.GRADE;
  }

  private static Reading within(String what, IndexedRecord record, Supplier<Reading> reading) {
    String excess = FieldLimits.excess(record);
    return excess == null
        ? reading.get()
        : new Reading.Refused(FeedbackRefusal.TOO_LARGE, "the " + what + "'s " + excess);
  }

  private static Reading decision(RoutingDecision decision, byte[] value) {
    String id = decision.getQueryId();
    String fault = JoinKeys.fault("a decision", id, decision.getLlm());
    return fault == null
        ? new Reading.Joinable(id, JoinRecord.Kind.DECISION, value)
        : new Reading.Refused(FeedbackRefusal.INVALID_RECORD, fault);
  }

  private Reading outcome(Outcome outcome) {
    String id = outcome.getQueryId();
    String fault = JoinKeys.fault("an outcome", id, outcome.getLlm());
    if (fault != null) {
      return new Reading.Refused(FeedbackRefusal.INVALID_RECORD, fault);
    }
    AnswerReport report = AnswerReport.of(outcome);
    warnOfImpossible(outcome, report.cost());
    return new Reading.Joinable(id, JoinRecord.Kind.OUTCOME, report.bytes());
  }

  private void warnOfImpossible(Outcome outcome, AnswerCost believed) {
    boolean cost = outcome.getCostUsd() != null && believed.costUsd() == null;
    boolean latency = outcome.getLatencyMs() != null && believed.latencyMs() == null;
    if (cost || latency) {
      metrics.impossibleCost();
      LOG.atWarn()
          .setMessage("cost or latency refused, it counts as unknown; correct the worker")
          .addKeyValue("query", LogText.of(outcome.getQueryId()))
          .addKeyValue("llm", LogText.of(outcome.getLlm()))
          .addKeyValue("worker", LogText.of(outcome.getWorker()))
          .addKeyValue("usd", outcome.getCostUsd())
          .addKeyValue("latencyMs", outcome.getLatencyMs())
          .log();
    }
  }

  private Reading grade(Grade grade, byte[] value) {
    String fault = JoinKeys.fault(grade);
    if (fault != null) {
      return new Reading.Refused(FeedbackRefusal.INVALID_GRADE, fault);
    }
    if (!rate.admit(grade.getGrader(), Instant.ofEpochMilli(now()))) {
      return new Reading.Refused(
          FeedbackRefusal.GRADER_RATE,
          "grader \""
              + grade.getGrader()
              + "\" is above "
              + settings.gradesPerSecond()
              + " grades a second");
    }
    return new Reading.Joinable(grade.getQueryId(), JoinRecord.Kind.GRADE, value);
  }

  /**
   * How far the records are, whatever the timestamp of a single one: a producer that sets its own
   * back or ahead gains nothing by it.
   */
  private long now() {
    return Math.min(context.currentStreamTimeMs(), context.currentSystemTimeMs());
  }
}
