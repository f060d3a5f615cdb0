package dev.turnout.console.tries;

import dev.turnout.console.page.Words;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.traffic.Ask;
import dev.turnout.gateway.traffic.AskListener;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.BoundedText;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What an LLM answers to what was tried, while it comes and afterwards. Safe for use by several
 * threads.
 *
 * <p>What holds at all times: the text has at most {@value #MOST_LETTERS} letters, and an answer
 * that grows longer is cancelled, so that nobody pays for what is not shown. It ends once, whether
 * by its outcome, a refusal, a failure, its deadline or that length, and then makes room for
 * another.
 */
public final class TriedAnswer implements AskListener {
  static final int MOST_LETTERS = 64 << 10;
  private static final int LONGEST_TROUBLE = 500;

  private final String id;
  private final String llm;
  private final Runnable room;
  private final StringBuilder text = new StringBuilder();
  private boolean ended;
  private String trouble = "";
  private double latencyMs = Double.NaN;
  private double firstTokenMs = Double.NaN;
  private double costUsd = Double.NaN;
  private double reward = Double.NaN;
  private @Nullable Ask ask;

  /**
   * An answer as it stands.
   *
   * @param text so far
   * @param ended whether nothing more comes
   * @param trouble why it is not the whole answer, in words; empty if it is, or goes on
   * @param latencyMs until its end; NaN if that is not known, like the others
   * @param reward as it was graded here
   */
  public record SoFar(
      String text,
      boolean ended,
      String trouble,
      double latencyMs,
      double firstTokenMs,
      double costUsd,
      double reward) {}

  /**
   * @param id of its query
   * @param room called once, when it has ended
   */
  public TriedAnswer(String id, String llm, Runnable room) {
    this.id = id;
    this.llm = llm;
    this.room = room;
  }

  /** Id of the query that it answers. */
  public String id() {
    return id;
  }

  /** The LLM that was asked. */
  public String llm() {
    return llm;
  }

  /** How it stands. */
  public synchronized SoFar soFar() {
    return new SoFar(text.toString(), ended, trouble, latencyMs, firstTokenMs, costUsd, reward);
  }

  /** Notes that it was graded. */
  public synchronized void graded(double asReward) {
    reward = asReward;
  }

  /** Says what can be cancelled. */
  synchronized void asked(Ask under) {
    ask = under;
    stopIfLong();
  }

  @Override
  public synchronized void chunks(Source from, List<String> chunks) {
    if (ended) {
      return;
    }
    for (String chunk : chunks) {
      Json.parse(chunk)
          .ifPresent(
              piece ->
                  text.append(
                      piece.path("choices").path(0).path("delta").path("content").asText("")));
    }
    stopIfLong();
  }

  private void stopIfLong() {
    if (text.length() > MOST_LETTERS && ask != null && !ended) {
      ask.cancel("its answer is longer than the console shows");
      text.setLength(MOST_LETTERS);
      end("cut at " + Words.count(MOST_LETTERS) + " letters and cancelled");
    }
  }

  @Override
  public synchronized void answered(Outcome outcome, @Nullable RoutingDecision decision) {
    String answer = outcome.getAnswer();
    if (answer != null) {
      // pieces may have been missed, and may be of a call that broke off
      text.setLength(0);
      text.append(BoundedText.cut(answer, MOST_LETTERS));
    }
    latencyMs = Words.orNaN(outcome.getLatencyMs());
    firstTokenMs = Words.orNaN(outcome.getFirstTokenMs());
    costUsd = Words.orNaN(outcome.getCostUsd());
    end(answer == null ? outcome.getStatus() + ": " + outcome.getError() : "");
  }

  @Override
  public synchronized void refused(String reason, String detail) {
    end("refused, " + reason + ": " + detail);
  }

  @Override
  public synchronized void failed(Throwable failure) {
    end(
        failure instanceof TimeoutException
            ? "no answer in time"
            : String.valueOf(failure.getMessage()));
  }

  private void end(String why) {
    if (!ended) {
      ended = true;
      trouble = BoundedText.cut(why, LONGEST_TROUBLE);
      room.run();
    }
  }
}
