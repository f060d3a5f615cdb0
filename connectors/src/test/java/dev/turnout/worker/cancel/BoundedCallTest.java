package dev.turnout.worker.cancel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmException;
import dev.turnout.schema.Cancellation;
import dev.turnout.schema.Query;
import dev.turnout.schema.ReplyAddress;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoundedCallTest {

  private final CancelledAsks asks = new CancelledAsks();
  private final CompletableFuture<Completion> call = new CompletableFuture<>();

  @Test
  void shouldEndACallThatIsCancelled() {
    CompletableFuture<Completion> result = bounded(query("q", "ask-1").build());

    asks.cancel(cancellation("q", "ask-1"));

    assertThat(call).isCancelled();
    assertThatThrownBy(() -> result.get(1, TimeUnit.MINUTES))
        .isInstanceOf(ExecutionException.class)
        .hasCause(new LlmException(LlmException.Kind.CANCELLED, "cancelled: gone", null));
    assertThat(asks.watched()).isZero();
  }

  @Test
  void shouldEndACallWhoseCancellationCameFirst() {
    asks.cancel(cancellation("q", "ask-1"));

    CompletableFuture<Completion> result = bounded(query("q", "ask-1").build());

    assertThat(call).isCancelled();
    assertThat(result).isCompletedExceptionally();
    assertThat(asks.reason(query("q", "ask-1").build())).contains("gone");
    assertThat(asks.watched()).isZero();
  }

  @Test
  void shouldNotHeedACancellationOfAnotherAskOrQuery() {
    CompletableFuture<Completion> result = bounded(query("q", "ask-1").build());

    asks.cancel(cancellation("q", "ask-2"));
    asks.cancel(cancellation("other", "ask-1"));

    assertThat(call).isNotDone();
    assertThat(asks.reason(query("q", "ask-1").build())).isEmpty();
    call.complete(new Completion("yes", null, null, null, null));
    assertThat(result).isCompleted();
    assertThat(asks.watched()).isZero();
  }

  @Test
  void shouldEndTheCallOfWhoeverGivesItUp() {
    CompletableFuture<Completion> result = bounded(query("q", "ask-1").build());

    boolean unusedOpen = result.cancel(true);

    assertThat(call).isCancelled();
    assertThat(asks.watched()).isZero();
  }

  @Test
  void shouldPassOnWhatTheCallBrings() {
    CompletableFuture<Completion> result = bounded(query("q", "ask-1").setReply(null).build());

    call.completeExceptionally(new LlmException(LlmException.Kind.REJECTED, "too long", null));

    assertThatThrownBy(() -> result.get(1, TimeUnit.MINUTES)).hasMessageContaining("too long");
  }

  private CompletableFuture<Completion> bounded(Query query) {
    return BoundedCall.of(call, query, asks);
  }

  private static Query.Builder query(String id, String ask) {
    return Query.newBuilder().setId(id).setText("?").setReply(new ReplyAddress(0, ask));
  }

  private static Cancellation cancellation(String id, String ask) {
    return new Cancellation(id, ask, "gone", Instant.EPOCH);
  }
}
