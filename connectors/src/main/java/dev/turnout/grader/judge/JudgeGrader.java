package dev.turnout.grader.judge;

import dev.turnout.grader.GradingFunction;
import dev.turnout.grader.Judgement;
import dev.turnout.grader.check.ExpectedText;
import dev.turnout.grader.check.TextAnswer;
import dev.turnout.kafka.LoopState;
import dev.turnout.llm.UnroutedRequest;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.topic.BoundedText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks other LLMs to mark the answer from 0 to 10, with the whole conversation and a rubric.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>What is marked is material, never an instruction ({@link JudgePrompt}), and only the
 *       judge's own mark counts ({@link JudgeMark}). A judge can be talked into good marks all the
 *       same, and likes answers that resemble its own: give it a weight below 1 in the learner, and
 *       do not let it judge itself alone.
 *   <li>A reference answer is shown before the answer to one call and behind it to another, since
 *       judges favour a place; the marks are averaged.
 *   <li>Marks of several judges are averaged; one that has none, or is away, is left out. The
 *       comment says who gave which mark, and how far they are apart.
 *   <li>There is no opinion without a readable mark, and a failure when no judge could be asked.
 * </ul>
 */
public final class JudgeGrader implements GradingFunction {
  private static final Duration TOLERATED = LoopState.TOLERATED;
  private static final int LONGEST_WORDS = 2_000;

  private final List<JudgeCalls> judges;
  private final JudgePrompt prompt;
  private final boolean bothOrders;
  private final ExpectedText expected;
  private final Clock clock;

  /**
   * How judges are asked.
   *
   * @param rubric what makes a good answer, in words
   * @param bothOrders whether a reference answer is compared in both orders, by two calls
   * @param mostAtOnce calls of a judge under way at a time
   * @param patience how long a judge that is away is waited for
   * @param promptBytes how much of the material a judge is shown, in bytes
   */
  public record Asking(
      String rubric, boolean bothOrders, int mostAtOnce, Duration patience, int promptBytes) {}

  /** A call and what came of it. */
  private record Marked(String judge, OptionalDouble mark, String words) {}

  private record Asked(@Nullable Marked marked, @Nullable Throwable failure) {}

  /**
   * A grader that asks judges.
   *
   * @param judges at least one; closed with this
   * @param expected where a query says what a good answer is
   */
  public JudgeGrader(List<Judge> judges, Asking asking, ExpectedText expected, Clock clock) {
    if (judges.isEmpty()) {
      throw new IllegalArgumentException("there is no judge; name at least one");
    }
    this.judges =
        judges.stream()
            .map(judge -> new JudgeCalls(judge, asking.mostAtOnce(), asking.patience(), clock))
            .toList();
    this.prompt = new JudgePrompt(asking.rubric(), asking.promptBytes());
    this.bothOrders = asking.bothOrders();
    this.expected = expected;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<Optional<Judgement>> grade(Outcome outcome) {
    String question = outcome.getQueryText();
    Optional<String> answer = TextAnswer.of(outcome);
    if (question == null || answer.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    String reference = expected.of(outcome).orElse(null);
    List<Boolean> orders = reference != null && bothOrders ? List.of(true, false) : List.of(true);
    List<CompletableFuture<Asked>> calls = new ArrayList<>();
    for (JudgeCalls judge : judges) {
      for (boolean referenceFirst : orders) {
        String text = prompt.of(outcome, question, answer.get(), reference, referenceFirst);
        RoutedRequest request = request(outcome, judge.name(), text);
        calls.add(
            judge
                .ask(request)
                .thenApply(reply -> new Marked(judge.name(), JudgeMark.of(reply), words(reply)))
                .handle(Asked::new));
      }
    }
    return CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new))
        .thenCompose(done -> together(calls.stream().map(CompletableFuture::join).toList()));
  }

  private static String words(String reply) {
    return BoundedText.cut(reply.strip(), LONGEST_WORDS);
  }

  private static CompletableFuture<Optional<Judgement>> together(List<Asked> calls) {
    List<Marked> marked = calls.stream().map(Asked::marked).filter(Objects::nonNull).toList();
    List<Marked> readable = marked.stream().filter(each -> each.mark().isPresent()).toList();
    if (readable.isEmpty()) {
      Optional<Throwable> failure =
          calls.stream().map(Asked::failure).filter(Objects::nonNull).findFirst();
      return failure.isPresent()
          ? CompletableFuture.failedFuture(failure.get())
          : CompletableFuture.completedFuture(Optional.empty());
    }
    double sum = 0;
    double lowest = 1;
    double highest = 0;
    StringBuilder marks = new StringBuilder();
    for (Marked each : readable) {
      double mark = each.mark().getAsDouble();
      sum += mark;
      lowest = Math.min(lowest, mark);
      highest = Math.max(highest, mark);
      marks.append(marks.isEmpty() ? "" : ", ").append(each.judge()).append(' ').append(two(mark));
    }
    double mean = Math.max(0, Math.min(1, sum / readable.size()));
    StringBuilder comment = new StringBuilder();
    if (calls.size() == 1) {
      comment.append("marked ").append(two(mean)).append(" by ").append(readable.get(0).judge());
    } else {
      comment.append("mean ").append(two(mean)).append(" of ").append(marks);
      comment.append("; spread ").append(two(highest - lowest));
      if (readable.size() < calls.size()) {
        comment.append("; without a mark: ").append(calls.size() - readable.size());
      }
    }
    for (Marked each : readable) {
      comment.append("\n").append(each.judge()).append(": ").append(each.words());
    }
    return CompletableFuture.completedFuture(Optional.of(Judgement.of(mean, comment.toString())));
  }

  private static String two(double mark) {
    return String.format(Locale.ROOT, "%.2f", mark);
  }

  private RoutedRequest request(Outcome outcome, String judge, String text) {
    Query query = Query.newBuilder().setId(outcome.getQueryId() + "/judge").setText(text).build();
    return UnroutedRequest.of(query, judge, "judge", "asked to judge", clock.instant());
  }

  @Override
  public @Nullable String problem(Instant now) {
    return judges.stream()
        .map(judge -> judge.problem(now, TOLERATED))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    judges.forEach(JudgeCalls::close);
  }
}
