package dev.turnout.grader;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.kafka.RecordSender;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.member.ConcurrentMember;
import dev.turnout.kafka.member.Slots;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Priority;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.LogText;
import dev.turnout.topic.OutcomeId;
import dev.turnout.topic.RecordLimits;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads outcomes, judges the answers and publishes a grade for each.
 *
 * <p>What is not an LLM's answer is not graded: an outage, a time-out, a refusal or a cancelled
 * call says nothing of how well the LLM answers.
 *
 * <p>An outcome's offset is committed when its grade or dead letter is safe, so that each outcome
 * is graded at least once; a grade that comes twice has the same query, LLM and grader, and the
 * later one counts. Workers report at least once too: a call that is reported again is not judged
 * again ({@link GradedOutcomes}). A judgement that fails costs its grade and nothing else: the
 * outcome stays ungraded and the grader goes on. Whether an outcome is graded depends on its
 * query's id alone ({@code grader.share}), so that a repetition chooses alike.
 */
public final class Grader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Grader.class);
  private static final int MOST_AT_ONCE = 100;
  private static final int HASH_RANGE = 10_000;
  private static final String TOO_LARGE = DeadLetterReason.TOO_LARGE.name();

  private final GraderSettings settings;
  private final GradingFunction function;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final Deserializer<Outcome> outcomes;
  private final Serializer<Grade> grades;
  private final RecordSender sender;
  private final GradedOutcomes graded = new GradedOutcomes(() -> count("repeated"));
  private final Slots slots = new Slots(MOST_AT_ONCE);
  private final SupervisedLoop loop;

  private Grader(
      GraderSettings settings, GradingFunction function, MeterRegistry metrics, Clock clock) {
    this.settings = settings;
    this.function = function;
    this.metrics = metrics;
    this.clock = clock;
    this.outcomes = AvroSerdes.of(Outcome.class, settings.serde()).deserializer();
    this.grades = AvroSerdes.of(Grade.class, settings.serde()).serializer();
    this.sender = RecordSender.open(settings.kafka());
    this.loop =
        new SupervisedLoop(
            "grader-" + settings.id(),
            LoopBody.reopened(
                () ->
                    new ConcurrentMember(
                        Clients.cooperativeMember(
                            settings.kafka(), settings.groupId(), MOST_AT_ONCE),
                        settings.topics().outcomes(),
                        Duration.ZERO,
                        slots,
                        Priority.INTERACTIVE,
                        (record, closing) -> grade(record))),
            SupervisedLoop.Pacing.standard().closingWithin(Duration.ofSeconds(10)));
  }

  /** Starts a grader on a thread of its own. */
  public static Grader start(
      GraderSettings settings, GradingFunction function, MeterRegistry metrics) {
    Grader grader = new Grader(settings, function, metrics, Clock.systemUTC());
    grader.loop.start();
    return grader;
  }

  /** How the grader's loop is doing. */
  public LoopHealth health(Instant now) {
    return LoopHealth.of(List.of(loop.state()), now);
  }

  /** Completes when the grade, or the dead letter, is safe; exceptionally only when it is not. */
  private CompletableFuture<Void> grade(ConsumerRecord<byte[], byte[]> record) {
    String excess = RecordLimits.OUTCOME.excess(record.value());
    if (excess != null) {
      return deadLetter(record, TOO_LARGE, excess);
    }
    Outcome outcome;
    try {
      outcome = outcomes.deserialize(record.topic(), record.value());
      if (outcome == null) {
        return deadLetter(record, "NULL_VALUE", "the record has no value");
      }
    } catch (RuntimeException failure) {
      if (Outage.isBehind(failure)) {
        throw failure; // the record is not to blame and is read again
      }
      return deadLetter(record, "UNDECODABLE", String.valueOf(failure.getMessage()));
    }
    excess = FieldLimits.excess(outcome);
    if (excess != null) {
      return deadLetter(record, TOO_LARGE, "the outcome's " + excess);
    }
    if (outcome.getStatus() != OutcomeStatus.SUCCEEDED) {
      count("no_answer");
      return CompletableFuture.completedFuture(null);
    }
    if (!chosen(outcome.getQueryId())) {
      return CompletableFuture.completedFuture(null);
    }
    return graded.grade(OutcomeId.of(outcome), () -> gradeOnce(outcome));
  }

  /** Completes with false when there was no judgement, so that another report may bring one. */
  private CompletableFuture<Boolean> gradeOnce(Outcome outcome) {
    return judge(outcome)
        .handle(
            (judgement, failure) ->
                failure == null
                    ? new Judged(judgement, null)
                    : new Judged(Optional.empty(), failure))
        .thenCompose(
            judged -> {
              if (judged.failure() != null) {
                noJudgement(outcome, judged.failure());
                return CompletableFuture.completedFuture(false);
              }
              return judged.judgement().isPresent()
                  ? publish(outcome, judged.judgement().get()).thenApply(safe -> true)
                  : CompletableFuture.completedFuture(true);
            });
  }

  /** What a judge said, or why it said nothing. */
  private record Judged(Optional<Judgement> judgement, @Nullable Throwable failure) {}

  private void noJudgement(Outcome outcome, Throwable failure) {
    count("failed");
    LOG.atWarn()
        .setMessage("no judgement")
        .addKeyValue("grader", settings.id())
        .addKeyValue("query", LogText.of(outcome.getQueryId()))
        .addKeyValue("llm", LogText.of(outcome.getLlm()))
        .setCause(failure)
        .log();
  }

  private boolean chosen(String queryId) {
    return Math.floorMod(queryId.hashCode() * 0x9e3779b1, HASH_RANGE)
        < settings.share() * HASH_RANGE;
  }

  private CompletableFuture<Optional<Judgement>> judge(Outcome outcome) {
    try {
      return function.grade(outcome);
    } catch (RuntimeException | Error failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private CompletableFuture<Void> publish(Outcome outcome, Judgement judgement) {
    count("published");
    String comment = judgement.comment();
    Grade grade =
        Grade.newBuilder()
            .setQueryId(outcome.getQueryId())
            .setLlm(outcome.getLlm())
            .setGrader(settings.id())
            .setReward(judgement.reward())
            .setComment(comment == null ? null : BoundedText.cut(comment, FieldLimits.COMMENT))
            .setCostUsd(judgement.costUsd() == null ? outcome.getCostUsd() : judgement.costUsd())
            .setLatencyMs(outcome.getLatencyMs())
            .setGradedAt(clock.instant())
            .build();
    return sender.send(settings.topics().feedback(), outcome.getQueryId(), grades, grade);
  }

  private CompletableFuture<Void> deadLetter(
      ConsumerRecord<byte[], byte[]> record, String reason, String detail) {
    count("dead_lettered");
    return sender.send(DeadLetters.of(record, settings.topics().dlq(), reason, detail, "grader"));
  }

  private void count(String result) {
    metrics
        .counter("turnout.grader.outcomes", "grader", settings.id(), "result", result)
        .increment();
  }

  /** Stops soon; what is not yet committed is graded again by the next grader of this group. */
  @Override
  public void close() {
    loop.close();
    sender.close();
  }
}
