package dev.turnout.grader;

import dev.turnout.kafka.DaemonThreads;
import dev.turnout.kafka.FutureFailure;
import dev.turnout.kafka.RecordSender;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.LogText;
import dev.turnout.topic.RefusedRecord;
import dev.turnout.worker.OutageWait;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes grades and dead letters.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>An outage of broker or registry is waited for with the judgement in hand: it was paid for,
 *       and is not asked for again.
 *   <li>A grade that its topic will never take becomes a dead letter of its outcome, and a dead
 *       letter that does not fit becomes a mere reference to the record, so that no record holds up
 *       the others for ever. Should even that be refused, the record is named in the log and stands
 *       on its topic still.
 *   <li>Sending may block, so it has a thread of its own.
 * </ul>
 */
final class GradePublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GradePublisher.class);
  private static final String STAGE = "grader";

  private final GraderSettings settings;
  private final Serializer<Grade> grades;
  private final RecordSender sender;
  private final Clock clock;
  private final OutageWait outages;
  private final ExecutorService sending =
      Executors.newSingleThreadExecutor(DaemonThreads.named("grader-sending"));

  GradePublisher(GraderSettings settings, RecordSender sender, Clock clock) {
    this.settings = settings;
    this.grades = AvroSerdes.of(Grade.class, settings.serde()).serializer();
    this.sender = sender;
    this.clock = clock;
    this.outages = new OutageWait(clock);
  }

  /** What was written. */
  enum Written {
    GRADE,
    DEAD_LETTER
  }

  /**
   * Writes a grade.
   *
   * @param record the outcome's, for the dead letter
   * @return completes when the grade or a dead letter is safe; fails only when this is closed
   */
  CompletableFuture<Written> publish(
      ConsumerRecord<byte[], byte[]> record, Outcome outcome, Judgement judgement) {
    Grade grade = grade(outcome, judgement);
    return outlast(
            () -> sender.send(settings.topics().feedback(), grade.getQueryId(), grades, grade))
        .thenApply(safe -> Written.GRADE)
        .exceptionallyCompose(
            failure ->
                outages.closed() && OutageWait.isOutage(failure)
                    ? CompletableFuture.failedFuture(failure)
                    : deadLetter(
                            record,
                            "UNPUBLISHABLE",
                            "its grade cannot be published: "
                                + FutureFailure.cause(failure).getMessage())
                        .thenApply(safe -> Written.DEAD_LETTER));
  }

  private Grade grade(Outcome outcome, Judgement judgement) {
    Judgement.Subject subject = judgement.subject();
    if (subject == null) {
      subject = Judgement.Subject.of(outcome);
    }
    String comment = judgement.comment();
    return Grade.newBuilder()
        .setQueryId(subject.queryId())
        .setLlm(subject.llm())
        .setGrader(settings.id())
        .setReward(judgement.reward())
        .setComment(comment == null ? null : BoundedText.cut(comment, FieldLimits.COMMENT))
        .setCostUsd(judgement.costUsd() == null ? subject.costUsd() : judgement.costUsd())
        .setLatencyMs(subject.latencyMs())
        .setGradedAt(clock.instant())
        .build();
  }

  /**
   * Writes a dead letter.
   *
   * @return completes when it is safe, or the record is named in the log since no letter of it can
   *     be written; fails only when this is closed
   */
  CompletableFuture<Void> deadLetter(
      ConsumerRecord<byte[], byte[]> record, String reason, String detail) {
    String dlq = settings.topics().dlq();
    return outlast(() -> sender.send(DeadLetters.of(record, dlq, reason, detail, STAGE)))
        .exceptionallyCompose(
            failure ->
                outages.closed() && OutageWait.isOutage(failure)
                    ? CompletableFuture.failedFuture(failure)
                    : outlast(
                        () ->
                            sender.send(
                                DeadLetters.reference(
                                        RefusedRecord.of(record), reason, detail, STAGE)
                                    .on(dlq))))
        .exceptionallyCompose(
            failure -> {
              if (outages.closed() && OutageWait.isOutage(failure)) {
                return CompletableFuture.failedFuture(failure);
              }
              LOG.atError()
                  .setMessage("no dead letter can be written; the record stands on its topic")
                  .addKeyValue("topic", record.topic())
                  .addKeyValue("partition", record.partition())
                  .addKeyValue("offset", record.offset())
                  .addKeyValue("reason", reason)
                  .addKeyValue("detail", LogText.of(detail))
                  .setCause(FutureFailure.cause(failure))
                  .log();
              return CompletableFuture.completedFuture(null);
            });
  }

  private CompletableFuture<Void> outlast(Supplier<CompletableFuture<Void>> attempt) {
    return outages.outlast(attempt, sending, outages::closed);
  }

  /** What grades wait for, in words; null while none has waited for so long. */
  @Nullable String problem(Instant now, Duration tolerated) {
    return outages.problem(now, tolerated);
  }

  /** Ends every wait for an outage. */
  void stopWaiting() {
    outages.close();
  }

  @Override
  public void close() {
    outages.close();
    sending.shutdownNow();
    sender.close();
  }
}
