package dev.turnout.grader;

import dev.turnout.topic.OutcomeId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The latest outcomes that were graded, so that one that is reported again is not judged again.
 *
 * <p>What holds at all times: of several reports of one call, the first is graded. A report that is
 * not graded is done when the one that was is done, so that no offset is committed before its grade
 * is safe. Who gives one report up, because its partition went to another, gives up no other. One
 * whose grade could not be had is forgotten, and may be graded when it comes again. The longest
 * known go first; what comes again after {@value #MOST} others, or after a restart, is graded
 * again, which the learner takes for the grader's last word. Safe for use by several threads.
 */
final class GradedOutcomes {
  private static final int MOST = 50_000;

  private final Runnable repeated;
  private final Map<OutcomeId, CompletableFuture<Void>> latest = new LinkedHashMap<>();

  /**
   * Nothing is graded yet.
   *
   * @param repeated called for every report that is not graded because another was
   */
  GradedOutcomes(Runnable repeated) {
    this.repeated = repeated;
  }

  /**
   * Grades an outcome unless it was graded before.
   *
   * @param grading grades it; called at most once, on this thread. Completes with whether that is
   *     to be remembered
   * @return the end of the grading that counts; of this report only, should it be cancelled
   */
  CompletableFuture<Void> grade(OutcomeId id, Supplier<CompletableFuture<Boolean>> grading) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    synchronized (latest) {
      CompletableFuture<Void> before = latest.get(id);
      if (before != null) {
        repeated.run();
        return before.copy();
      }
      latest.put(id, mine);
      Iterator<OutcomeId> oldest = latest.keySet().iterator();
      while (latest.size() > MOST) {
        OutcomeId unusedOldest = oldest.next();
        oldest.remove();
      }
    }
    CompletableFuture<Void> unusedEnd =
        begin(grading)
            .handle(
                (remember, failure) -> {
                  if (failure != null || !remember) {
                    forget(id, mine);
                  }
                  return failure == null
                      ? mine.complete(null)
                      : mine.completeExceptionally(failure);
                })
            .thenAccept(completed -> {});
    return mine.copy();
  }

  private static CompletableFuture<Boolean> begin(Supplier<CompletableFuture<Boolean>> grading) {
    try {
      return grading.get();
    } catch (RuntimeException | Error failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private void forget(OutcomeId id, CompletableFuture<Void> graded) {
    synchronized (latest) {
      boolean unusedKnown = latest.remove(id, graded);
    }
  }
}
