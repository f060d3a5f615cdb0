package dev.turnout.control.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.belief.LearningSettings;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.RouterModelRecord;
import dev.turnout.train.feedback.FeedbackTraining;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelHistoryTest {
  private final ModelHistory history = new ModelHistory();

  private static RouterModelRecord.Builder event(String version, ModelEvent kind) {
    return RouterModelRecord.newBuilder()
        .setVersion(version)
        .setKind(kind)
        .setCreatedAt(Instant.EPOCH);
  }

  private void say(String version, ModelEvent kind) {
    history.apply(event(version, kind).build());
  }

  private void upload(String version, byte[] artefact) {
    int half = artefact.length / 2;
    ByteBuffer[] chunks = {
      ByteBuffer.wrap(artefact, 0, half).slice(),
      ByteBuffer.wrap(artefact, half, artefact.length - half).slice()
    };
    for (int i = 0; i < chunks.length; i++) {
      history.apply(
          event(version, ModelEvent.CHUNK)
              .setChunk(i)
              .setChunks(chunks.length)
              .setPayload(chunks[i])
              .build());
    }
    history.apply(
        event(version, ModelEvent.MANIFEST)
            .setChunks(chunks.length)
            .setDigest(RouterModel.fromBytes(artefact).digest())
            .build());
  }

  @Test
  void shouldGoBackToNoVersionThatWasTakenBack() {
    // given m3 that the learner took back in favour of m2
    say("m1", ModelEvent.PROMOTED);
    say("m2", ModelEvent.PROMOTED);
    say("m3", ModelEvent.PROMOTED);
    say("m2", ModelEvent.ROLLED_BACK);
    say("m3", ModelEvent.REJECTED);

    // then
    assertThat(history.serving()).hasValue("m2");
    assertThat(history.previous()).hasValue("m1");
    assertThat(history.find("m3").orElseThrow().status()).isEqualTo("rejected");
  }

  @Test
  void shouldHaveNothingToGoBackToWhenAllElseWasTakenBack() {
    // given
    say("m1", ModelEvent.PROMOTED);
    say("m2", ModelEvent.PROMOTED);
    say("m1", ModelEvent.ROLLED_BACK);
    say("m2", ModelEvent.REJECTED);

    // then
    assertThat(history.serving()).hasValue("m1");
    assertThat(history.previous()).isEmpty();

    // when it is promoted all the same
    say("m2", ModelEvent.PROMOTED);

    // then
    assertThat(history.serving()).hasValue("m2");
    assertThat(history.previous()).hasValue("m1");
  }

  @Test
  void shouldLoadAVersionThatWasPublishedTwice() {
    // given
    RouterModel model =
        new FeedbackTraining(
                new EncoderId("tiny", "000000000001", 8),
                List.of("first", "second"),
                2,
                LearningSettings.defaults(),
                2)
            .cold();
    byte[] artefact = model.toBytes();

    // when
    upload("m1", artefact);
    upload("m1", artefact);

    // then
    assertThat(history.load("m1")).isEqualTo(model);
    assertThat(history.find("m1").orElseThrow().bytes()).isEqualTo(artefact.length);
  }
}
