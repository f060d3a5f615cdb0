package dev.turnout.dlq;

import dev.turnout.topic.DeadLetterMark;
import dev.turnout.topic.DeadLetterState;
import dev.turnout.topic.TopicCatalogue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Replays letters or drops them, each at most once; {@link LetterTransactions} says why.
 *
 * <p>Letters go through in transactions of many, since a transaction takes longer than a record.
 * When one fails, its letters are tried one by one, so that a record that its topic does not take
 * keeps no other back. Used once, by one thread.
 */
public final class Resolution {
  private static final int MOST_LETTERS = 100;
  private static final long MOST_BYTES = 4L << 20;

  private final DeadLetterTopic letters;
  private final LetterSelection selection;
  private final DeadLetterState target;
  private final long limit;
  private final ReplayPlan plan;
  private final Listener listener;
  private final LetterMarks marks;
  private final Set<LetterPosition> missing;
  private final List<Step> batch = new ArrayList<>();
  private final Set<String> recordsInBatch = new HashSet<>();
  private long bytesInBatch;
  private long taken;

  /** Is told what became of each letter of the selection. */
  public interface Listener {
    /**
     * The letter has the wanted state now, or would have.
     *
     * @param what in words, e.g. where its record was sent
     */
    void done(Letter letter, String what);

    /** The letter had been dealt with before, so nothing was done. */
    void before(Letter letter);

    /** Nothing was done, and why. */
    void failed(LetterPosition position, String why);
  }

  /** What is written for one letter, its mark the last. */
  private record Step(
      Letter letter,
      DeadLetterMark mark,
      List<ProducerRecord<byte[], byte[]>> records,
      String what) {
    long bytes() {
      return records.stream()
          .mapToLong(record -> record.value() == null ? 0 : record.value().length)
          .sum();
    }
  }

  private Resolution(
      DeadLetterTopic letters,
      LetterSelection selection,
      DeadLetterState target,
      long limit,
      ReplayPlan plan,
      Listener listener) {
    this.letters = letters;
    this.selection = selection;
    this.target = target;
    this.limit = limit;
    this.plan = plan;
    this.listener = listener;
    this.marks = letters.marks();
    this.missing = new HashSet<>(selection.positions());
  }

  /**
   * Deals with the waiting letters of a selection.
   *
   * @param selection of any state: those that do not wait are only told of, if they are named
   * @param target REPLAYED or DROPPED
   * @param limit most letters to deal with
   * @param dryRun whether only to say what would be done
   */
  public static void run(
      Map<String, Object> client,
      TopicCatalogue topics,
      LetterSelection selection,
      DeadLetterState target,
      long limit,
      boolean dryRun,
      Listener listener) {
    DeadLetterTopic letters = new DeadLetterTopic(client, topics.dlq());
    try (ReplayPlan plan = new ReplayPlan(client, topics)) {
      if (dryRun) {
        new Resolution(letters, selection, target, limit, plan, listener).run(null);
        return;
      }
      try (LetterTransactions transactions = LetterTransactions.open(client, topics)) {
        transactions.awaitMarks();
        new Resolution(letters, selection, target, limit, plan, listener).run(transactions);
      }
    }
  }

  /**
   * @param transactions null to write nothing
   */
  private void run(@Nullable LetterTransactions transactions) {
    letters.read(
        marks,
        letter -> {
          missing.remove(letter.position());
          if (!selection.has(letter)) {
            return;
          }
          if (letter.refused().filter(recordsInBatch::contains).isPresent()) {
            flush(transactions);
          }
          take(new Letter(letter.record(), marks.of(letter)));
          if (batch.size() >= MOST_LETTERS || bytesInBatch >= MOST_BYTES) {
            flush(transactions);
          }
        });
    flush(transactions);
    missing.forEach(
        position -> listener.failed(position, "there is no dead letter at this position"));
  }

  private void take(Letter letter) {
    if (letter.state() != DeadLetterState.WAITING) {
      if (!selection.positions().isEmpty()) {
        listener.before(letter);
      }
      return;
    }
    if (taken >= limit) {
      return;
    }
    taken++;
    LetterPosition at = letter.position();
    DeadLetterMark mark =
        new DeadLetterMark(at.partition(), at.offset(), target, letter.refused().orElse(null));
    Step step = step(letter, mark);
    if (step != null) {
      batch.add(step);
      bytesInBatch += step.bytes();
      letter.refused().ifPresent(recordsInBatch::add);
    }
  }

  private @Nullable Step step(Letter letter, DeadLetterMark mark) {
    if (target == DeadLetterState.DROPPED) {
      return new Step(letter, mark, List.of(mark.on(letters.name())), "dropped");
    }
    ReplayPlan.Step planned = plan.of(letter);
    if (planned instanceof ReplayPlan.Step.Send send) {
      return new Step(
          letter,
          mark,
          List.of(send.record(), mark.on(letters.name())),
          "sent to " + send.record().topic());
    }
    if (planned instanceof ReplayPlan.Step.Refuse refused) {
      listener.failed(letter.position(), refused.why());
    }
    return null;
  }

  private void flush(@Nullable LetterTransactions transactions) {
    if (transactions == null || together(transactions)) {
      batch.forEach(this::done);
    } else {
      batch.forEach(step -> alone(transactions, step));
    }
    batch.clear();
    recordsInBatch.clear();
    bytesInBatch = 0;
  }

  private boolean together(LetterTransactions transactions) {
    if (batch.isEmpty()) {
      return true;
    }
    try {
      transactions.commit(batch.stream().flatMap(step -> step.records().stream()).toList());
      return true;
    } catch (LetterTransactions.RefusedException one) {
      return false;
    }
  }

  private void alone(LetterTransactions transactions, Step step) {
    try {
      transactions.commit(step.records());
      done(step);
    } catch (LetterTransactions.RefusedException refused) {
      listener.failed(
          step.letter().position(), "it could not be " + step.what() + ": " + refused.getMessage());
    }
  }

  private void done(Step step) {
    marks.add(step.mark());
    listener.done(step.letter(), step.what());
  }
}
