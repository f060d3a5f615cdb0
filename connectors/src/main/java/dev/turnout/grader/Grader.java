package dev.turnout.grader;

import dev.turnout.kafka.Clients;
import dev.turnout.kafka.GroupStart;
import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.RecordSender;
import dev.turnout.kafka.SupervisedLoop;
import dev.turnout.kafka.member.ConcurrentMember;
import dev.turnout.kafka.member.Slots;
import dev.turnout.registry.rest.Outage;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Priority;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.LogText;
import dev.turnout.topic.OutcomeId;
import dev.turnout.topic.RecordLimits;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads outcomes, judges them and publishes grades. What is not an LLM's answer is not graded: an
 * outage, a time-out or a refusal says nothing of how well the LLM answers.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>Only an LLM's answer is graded: what failed, came too late, was refused or was cancelled is
 *       counted and left out ({@link GradingFunction#concerns}).
 *   <li>An outcome's offset is committed when its grade or dead letter is safe, so that each is
 *       graded at least once; a grade that comes twice has the same query, LLM and grader, and the
 *       later one counts. Workers report at least once too: a call that is reported again is not
 *       judged again ({@link GradedOutcomes}).
 *   <li>A judgement that fails costs its grade and nothing else: the outcome stays ungraded, is
 *       counted, and the grader goes on. A judgement that cannot be published is waited with or
 *       dead-lettered ({@link GradePublisher}), never asked for again.
 *   <li>Whether an outcome is graded depends on its query's id alone ({@code grader.share}), so
 *       that a repetition chooses alike.
 *   <li>A group that is new starts where {@code grader.from} says, and at the end unless told: what
 *       the topic retains has mostly been graded before, and each judgement may cost.
 * </ul>
 */
public final class Grader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Grader.class);
  private static final int MOST_AT_ONCE = 100;
  private static final int HASH_RANGE = 10_000;
  private static final String TOO_LARGE = DeadLetterReason.TOO_LARGE.name();

  private final GraderSettings settings;
  private final GradingFunction function;
  private final MeterRegistry metrics;
  private final Deserializer<Outcome> outcomes;
  private final GradePublisher publisher;
  private final GradedOutcomes graded = new GradedOutcomes(() -> count("repeated"));
  private final Slots slots = new Slots(MOST_AT_ONCE);
  private final SupervisedLoop loop;

  private Grader(
      GraderSettings settings, GradingFunction function, MeterRegistry metrics, Clock clock) {
    this.settings = settings;
    this.function = function;
    this.metrics = metrics;
    this.outcomes = AvroSerdes.of(Outcome.class, settings.serde()).deserializer();
    this.publisher = new GradePublisher(settings, RecordSender.open(settings.kafka()), clock);
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

  /**
   * Starts a grader on a thread of its own; the topics must exist.
   *
   * @param function gives the opinions; the caller closes it, after the grader
   */
  public static Grader start(
      GraderSettings settings, GradingFunction function, MeterRegistry metrics) {
    // before anything is opened: what cannot be settled leaves nothing behind
    GroupStart.settle(
        settings.connection().clients(),
        settings.groupId(),
        Map.of(settings.topics().outcomes(), Duration.ZERO),
        settings.from(),
        "grader.from");
    Grader grader = new Grader(settings, function, metrics, Clock.systemUTC());
    grader.loop.start();
    return grader;
  }

  /** How the grader is doing: its loop, what it asks, and what it publishes to. */
  public LoopHealth health(Instant now) {
    LoopHealth reading = LoopHealth.of(List.of(loop.state()), now);
    List<String> problems = new ArrayList<>(reading.problems());
    Stream.of(function.problem(now), publisher.problem(now, LoopState.TOLERATED))
        .filter(Objects::nonNull)
        .forEach(problems::add);
    return new LoopHealth(reading.live(), problems.isEmpty(), problems);
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
    if (!function.concerns(outcome)) {
      count("no_answer");
      return CompletableFuture.completedFuture(null);
    }
    if (!chosen(function.sampledBy(outcome))) {
      return CompletableFuture.completedFuture(null);
    }
    return graded.grade(OutcomeId.of(outcome), () -> gradeOnce(record, outcome));
  }

  /** Completes with false when there was no judgement, so that another report may bring one. */
  private CompletableFuture<Boolean> gradeOnce(
      ConsumerRecord<byte[], byte[]> record, Outcome outcome) {
    return judge(outcome)
        .handle(
            (judgement, failure) ->
                new Judged(failure == null ? judgement : Optional.empty(), failure))
        .thenCompose(
            judged -> {
              if (judged.failure() != null) {
                noJudgement(outcome, judged.failure());
                return CompletableFuture.completedFuture(false);
              }
              Optional<Judgement> judgement = judged.judgement();
              if (judgement.isEmpty()) {
                count("no_opinion");
                return CompletableFuture.completedFuture(true);
              }
              return publisher
                  .publish(record, outcome, judgement.get())
                  .thenApply(
                      written -> {
                        count(
                            written == GradePublisher.Written.GRADE
                                ? "published"
                                : "dead_lettered");
                        return true;
                      });
            });
  }

  /** What a function said, or why it said nothing. */
  private record Judged(Optional<Judgement> judgement, @Nullable Throwable failure) {}

  private void noJudgement(Outcome outcome, Throwable failure) {
    boolean away = Outage.rootIs(failure, GraderAwayException.class);
    count(away ? "away" : "failed");
    LOG.atWarn()
        .setMessage(away ? "nobody was there to judge; the answer stays ungraded" : "no judgement")
        .addKeyValue("grader", settings.id())
        .addKeyValue("query", LogText.of(outcome.getQueryId()))
        .addKeyValue("llm", LogText.of(outcome.getLlm()))
        .setCause(failure)
        .log();
  }

  private boolean chosen(String sampledBy) {
    return Math.floorMod(sampledBy.hashCode() * 0x9e3779b1, HASH_RANGE)
        < settings.share() * HASH_RANGE;
  }

  private CompletableFuture<Optional<Judgement>> judge(Outcome outcome) {
    try {
      return function.grade(outcome);
    } catch (RuntimeException | Error failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private CompletableFuture<Void> deadLetter(
      ConsumerRecord<byte[], byte[]> record, String reason, String detail) {
    count("dead_lettered");
    return publisher.deadLetter(record, reason, detail);
  }

  private void count(String result) {
    metrics
        .counter("turnout.grader.outcomes", "grader", settings.id(), "result", result)
        .increment();
  }

  /** Stops soon; what is not yet committed is graded again by the next grader of this group. */
  @Override
  public void close() {
    publisher.stopWaiting();
    loop.close();
    publisher.close();
  }
}
