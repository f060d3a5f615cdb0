package dev.turnout.grader.traffic;

import dev.turnout.grader.GradingFunction;
import dev.turnout.grader.Judgement;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.Outcome;
import dev.turnout.topic.OutcomeId;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes what users do next for what they think of an answer: 0 when they leave while it is being
 * written, ask the same again, or go back and ask in other words; 1 when the session goes on with
 * something else. Where nothing follows, there is no opinion: silence is no praise.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>This is a guess about an opinion. It counts little unless the learner is told otherwise
 *       ({@code learner.grader-weights}).
 *   <li>Sessions are told apart by tenant and session id; queries without one say nothing. A step
 *       of a tool loop takes the place of the step before, and shadow answers are nobody's.
 *   <li>The answer that is graded is the one that was asked for first, whatever order the outcomes
 *       come in. Questions asked before the answer was there are no reaction to it.
 *   <li>Only the last answer of a bounded number of sessions is remembered, in memory: after a
 *       restart the first question of a session says nothing. Outcomes of a session lie on several
 *       partitions, so graders that share an id see parts of it; run one process.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
public final class ImplicitGrader implements GradingFunction {
  /** Likeness from which a question is another's new version. */
  private static final double EDITED = 0.7;

  /** Letters from which asking the same twice is no "yes" or "go on". */
  private static final int A_QUESTION = 12;

  private final Duration window;
  private final int mostSessions;
  private final Map<OutcomeId, LastAnswer> sessions = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param window how long after an answer the next question says something of it
   * @param mostSessions sessions remembered, at least 1; the longest silent are forgotten
   */
  public ImplicitGrader(Duration window, int mostSessions) {
    this.window = window;
    this.mostSessions = mostSessions;
  }

  @Override
  public boolean concerns(Outcome outcome) {
    return outcome.getSession() != null
        && outcome.getQueryText() != null
        && !outcome.getShadow()
        && (abandoned(outcome) || GradingFunction.super.concerns(outcome));
  }

  /** Nobody wanted the rest of an answer that had begun. */
  private static boolean abandoned(Outcome outcome) {
    return outcome.getCancelled() && outcome.getFirstTokenMs() != null;
  }

  @Override
  public String sampledBy(Outcome outcome) {
    return outcome.getTenant() + "/" + outcome.getSession();
  }

  @Override
  public CompletableFuture<Optional<Judgement>> grade(Outcome outcome) {
    return CompletableFuture.completedFuture(
        abandoned(outcome)
            ? Optional.of(
                Judgement.of(0, "implicit: the user left while the answer was being written"))
            : followed(outcome));
  }

  private Optional<Judgement> followed(Outcome outcome) {
    String session = outcome.getSession();
    String question = outcome.getQueryText();
    if (session == null || question == null) {
      return Optional.empty();
    }
    LastAnswer latest = LastAnswer.of(outcome, question);
    LastAnswer before = remember(OutcomeId.of(outcome.getTenant(), session), latest);
    Conversation conversation = outcome.getConversation();
    if (before == null || (conversation != null && conversation.getToolLoop())) {
      return Optional.empty();
    }
    return before.asked().isAfter(latest.asked())
        ? reaction(latest, before)
        : reaction(before, latest);
  }

  private synchronized @Nullable LastAnswer remember(OutcomeId session, LastAnswer latest) {
    LastAnswer before = sessions.get(session);
    if (before == null || !before.asked().isAfter(latest.asked())) {
      sessions.put(session, latest);
    }
    Iterator<OutcomeId> silent = sessions.keySet().iterator();
    while (sessions.size() > mostSessions) {
      OutcomeId unusedSilent = silent.next();
      silent.remove();
    }
    return before;
  }

  private Optional<Judgement> reaction(LastAnswer answer, LastAnswer next) {
    Duration gap = Duration.between(answer.finished(), next.asked());
    if (gap.isNegative() || gap.compareTo(window) > 0) {
      return Optional.empty();
    }
    String after = " after " + gap.toSeconds() + " s";
    boolean back = next.sameHistory(answer);
    if (next.sameQuestion(answer) && (back || next.likeness().length() >= A_QUESTION)) {
      return judged(answer, 0, "the same question was asked again" + after);
    }
    if (back && (next.answered() || next.likeness().to(answer.likeness()) >= EDITED)) {
      return judged(answer, 0, "the question was asked in other words" + after);
    }
    return judged(answer, 1, "the session went on with something else" + after);
  }

  private static Optional<Judgement> judged(LastAnswer answer, double reward, String why) {
    return Optional.of(Judgement.about(answer.subject(), reward, "implicit: " + why));
  }
}
