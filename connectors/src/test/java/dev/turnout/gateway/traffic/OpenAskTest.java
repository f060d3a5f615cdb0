package dev.turnout.gateway.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.kafka.ByteBudget;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyKind;
import dev.turnout.schema.RoutingDecision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OpenAskTest {

  private final List<String> ends = new ArrayList<>();
  private final Queue<Runnable> calls = new ArrayDeque<>();
  private final ByteBudget memory = new ByteBudget(1_000);
  private final Clumsy listener = new Clumsy();
  private final OpenAsk ask =
      new OpenAsk(
          "ask",
          Query.newBuilder().setId("q").setText("?").build(),
          listener,
          calls::add,
          memory,
          (ended, how, cancelFor) -> ends.add(how));

  @Test
  void shouldTellAListenerThatCouldNotTakeTheEndThatItFailed() {
    // when
    ask.replied(reply(ReplyKind.REFUSAL).build(), 10);
    ask.replied(reply(ReplyKind.REFUSAL).build(), 10);
    listen();

    // then
    assertThat(listener.heard).containsExactly("refused", "failed it was too much");
    assertThat(ends).containsExactly("refused");
    assertThat(memory.held()).isZero();
  }

  @Test
  void shouldEndWhatItsListenerCouldNotTakeAPieceOf() {
    // when
    ask.replied(chunk(0), 10);
    ask.replied(chunk(1), 10);
    listen();

    // then
    assertThat(listener.heard).containsExactly("chunks", "failed it was too much");
    assertThat(ends).containsExactly("cancelled");
    assertThat(memory.held()).isZero();
  }

  private void listen() {
    for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
      call.run();
    }
  }

  private static Reply chunk(int sequence) {
    return reply(ReplyKind.CHUNK)
        .setCall("a")
        .setSequence(sequence)
        .setChunks(List.of("{}"))
        .build();
  }

  private static Reply.Builder reply(ReplyKind kind) {
    return Reply.newBuilder().setAsk("ask").setQueryId("q").setKind(kind);
  }

  /** Takes nothing but failures. */
  private static final class Clumsy implements AskListener {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void chunks(Source from, List<String> chunks) {
      drop("chunks");
    }

    @Override
    public void answered(Outcome outcome, @Nullable RoutingDecision decision) {
      drop("answered");
    }

    @Override
    public void refused(String reason, String detail) {
      drop("refused");
    }

    @Override
    public void failed(Throwable failure) {
      heard.add("failed " + failure.getMessage());
    }

    private void drop(String what) {
      heard.add(what);
      throw new IllegalStateException("it was too much");
    }
  }
}
