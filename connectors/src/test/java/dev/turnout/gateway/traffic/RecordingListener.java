package dev.turnout.gateway.traffic;

import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps what an ask hears, as words. */
public final class RecordingListener implements AskListener {

  private final List<String> heard = new CopyOnWriteArrayList<>();
  private volatile @Nullable RoutingDecision decision;
  private final CompletableFuture<String> end = new CompletableFuture<>();

  @Override
  public void decided(RoutingDecision decision) {
    end("decided " + decision.getLlm());
  }

  @Override
  public void chunks(Source from, List<String> chunks) {
    chunks.forEach(chunk -> heard.add(from.llm() + from.attempt() + ":" + chunk));
  }

  @Override
  public void answered(Outcome outcome, @Nullable RoutingDecision of) {
    decision = of;
    end("answered " + outcome.getStatus() + " " + outcome.getAnswer());
  }

  @Override
  public void refused(String reason, String detail) {
    end("refused " + reason + " " + detail);
  }

  @Override
  public void failed(Throwable failure) {
    end("failed " + failure.getClass().getSimpleName() + " " + failure.getMessage());
  }

  private void end(String how) {
    if (!end.complete(how)) {
      heard.add("after the end: " + how);
    }
  }

  /** The pieces so far, each with LLM and attempt. */
  public List<String> pieces() {
    return List.copyOf(heard);
  }

  /** The decision that came with the answer. */
  public @Nullable RoutingDecision decision() {
    return decision;
  }

  /** How it ended; waits for that. */
  public String end() throws Exception {
    return end.get(2, TimeUnit.MINUTES);
  }

  /** Whether it has ended. */
  public boolean hasEnded() {
    return end.isDone();
  }
}
