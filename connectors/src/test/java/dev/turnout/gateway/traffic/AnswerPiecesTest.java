package dev.turnout.gateway.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Reply;
import dev.turnout.schema.ReplyKind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerPiecesTest {

  private final AnswerPieces pieces = new AnswerPieces();

  @Test
  void shouldHearEachPieceOnceAndInOrder() {
    assertThat(pieces.take(chunk("a", 0, "1", "2"))).containsExactly("1", "2");
    assertThat(pieces.take(chunk("a", 1, "2", "3"))).containsExactly("3");
    assertThat(pieces.take(chunk("a", 0, "1"))).isEmpty();
    assertThat(pieces.broken(end("a", 3), outcome(OutcomeStatus.SUCCEEDED))).isNull();
  }

  @Test
  void shouldHearNothingAfterAGap() {
    assertThat(pieces.take(chunk("a", 0, "1"))).containsExactly("1");
    assertThat(pieces.take(chunk("a", 2, "3"))).isEmpty();
    assertThat(pieces.take(chunk("a", 1, "2"))).isEmpty();
    assertThat(pieces.broken(end("a", 3), outcome(OutcomeStatus.SUCCEEDED)))
        .contains("of the answer's 3 pieces 1 arrived");
  }

  @Test
  void shouldHearACallFromItsBeginningOrNotAtAll() {
    assertThat(pieces.take(chunk("a", 4, "5"))).isEmpty();
    assertThat(pieces.take(chunk("b", 0, "x"))).containsExactly("x");
    assertThat(pieces.take(chunk("a", 0, "1"))).isEmpty();
    assertThat(pieces.broken(end("b", 1), outcome(OutcomeStatus.SUCCEEDED))).isNull();
  }

  @Test
  void shouldNotTakeTheOutcomeOfAnotherCallForTheEnd() {
    assertThat(pieces.take(chunk("a", 0, "1"))).containsExactly("1");

    assertThat(pieces.broken(end("b", 1), outcome(OutcomeStatus.SUCCEEDED)))
        .contains("broke off after 1 pieces");
    assertThat(pieces.broken(end("b", 1), outcome(OutcomeStatus.FAILED))).isNull();
  }

  @Test
  void shouldTakeAnOutcomeOfWhichNothingWasHeard() {
    assertThat(pieces.broken(end("a", 9), outcome(OutcomeStatus.SUCCEEDED))).isNull();
  }

  private static Reply chunk(String call, int sequence, String... chunks) {
    return reply(ReplyKind.CHUNK, call, sequence).setChunks(List.of(chunks)).build();
  }

  private static Reply end(String call, int pieces) {
    return reply(ReplyKind.OUTCOME, call, pieces).build();
  }

  private static Reply.Builder reply(ReplyKind kind, String call, int sequence) {
    return Reply.newBuilder()
        .setAsk("ask")
        .setQueryId("q")
        .setKind(kind)
        .setCall(call)
        .setSequence(sequence);
  }

  private static Outcome outcome(OutcomeStatus status) {
    return Outcome.newBuilder()
        .setQueryId("q")
        .setLlm("acme")
        .setStatus(status)
        .setFinishedAt(Instant.EPOCH)
        .build();
  }
}
