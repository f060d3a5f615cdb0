package dev.turnout.control.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.RouterModelRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelTopicStateTest {
  private static final int KEPT = 3;

  private final ModelTopicState state = new ModelTopicState(KEPT);

  private static RouterModelRecord.Builder event(String version, ModelEvent kind) {
    return RouterModelRecord.newBuilder()
        .setVersion(version)
        .setKind(kind)
        .setCreatedAt(Instant.EPOCH);
  }

  private void upload(String version) {
    state.apply(
        event(version, ModelEvent.CHUNK)
            .setChunk(0)
            .setChunks(1)
            .setPayload(ByteBuffer.wrap(new byte[] {1}))
            .build());
    state.apply(event(version, ModelEvent.MANIFEST).setChunks(1).setDigest("any").build());
  }

  private void promote(String version, String replaces) {
    upload(version);
    state.apply(event(version, ModelEvent.PROMOTED).setParent(replaces).build());
  }

  private void reject(String version, int offset) {
    state.apply(
        event(version, ModelEvent.REJECTED)
            .setReport(
                Map.of(
                    Rollout.TrainedTo.OFFSET, Integer.toString(offset), Rollout.TrainedTo.AT, "0"))
            .build());
  }

  @Test
  void shouldNameTheRecordsOfVersionsThatNobodyCanGoBackTo() {
    // given
    promote("m1", "none");
    promote("m2", "m1");
    assertThat(state.obsoleteKeys()).isEmpty();

    // when two more than are kept were promoted
    promote("m3", "m2");
    promote("m4", "m3");
    promote("m5", "m4");

    // then
    assertThat(state.obsoleteKeys())
        .containsExactly(
            "m1/0", "m1/MANIFEST", "m1/PROMOTED", "m2/0", "m2/MANIFEST", "m2/PROMOTED");
  }

  @Test
  void shouldForgetWhatTombstonesTookAway() {
    // given
    promote("m1", "none");
    promote("m2", "m1");
    promote("m3", "m2");
    promote("m4", "m3");

    // when
    state.obsoleteKeys().forEach(state::remove);

    // then
    assertThat(state.obsoleteKeys()).isEmpty();
    assertThat(state.latestFirst()).containsExactly("m4", "m3", "m2");
  }

  @Test
  void shouldKeepWhatServesAndWhatItReplacedHoweverManyCameSince() {
    // given
    promote("m1", "none");
    promote("m2", "m1");

    // when many candidates are refused
    for (int i = 0; i < 10; i++) {
      reject("candidate-" + i, i);
    }

    // then only refusals go, but for the latest ones, the last of which says what was trained on
    assertThat(state.obsoleteKeys())
        .hasSize(10 - KEPT)
        .allMatch(key -> key.startsWith("candidate-"))
        .doesNotContain("candidate-9/REJECTED");
    assertThat(state.rollout().trained()).isNotNull();
  }

  @Test
  void shouldRemoveNothingThatIsNeededWhateverATombstoneSays() {
    // given
    promote("m1", "none");

    // when
    state.remove("m1/PROMOTED");
    state.remove("m1/MANIFEST");
    state.remove("m1/0");
    state.remove("no such key");

    // then
    assertThat(state.latestFirst()).containsExactly("m1");
  }
}
