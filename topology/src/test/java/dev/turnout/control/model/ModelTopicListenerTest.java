package dev.turnout.control.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.control.RecordDecoder;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.router.RouterMetrics;
import dev.turnout.router.TinyEncoder;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.RouterModelRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelTopicListenerTest {
  private final ServingState live = new ServingState();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<String, RouterModelRecord> byKey = new HashMap<>();
  private final ModelTopicListener reader =
      new ModelTopicListener(TinyEncoder.ID, live, new RouterMetrics(meters));
  private final RecordDecoder<RouterModelRecord> decoder =
      new RecordDecoder<>(
          (topic, data) -> {
            RouterModelRecord found = byKey.get(new String(data, StandardCharsets.UTF_8));
            if (found == null) {
              throw new SerializationException("no such record");
            }
            return found;
          },
          reader);
  private long offset;

  private void read(RouterModelRecord record) {
    String key = "record-" + offset;
    byKey.put(key, record);
    readBytes(key);
  }

  private void readBytes(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    decoder.read(new ConsumerRecord<>("turnout.models", 0, offset++, bytes, bytes));
  }

  private static RouterModelRecord.Builder event(String version, ModelEvent kind) {
    return RouterModelRecord.newBuilder()
        .setVersion(version)
        .setKind(kind)
        .setCreatedAt(Instant.EPOCH);
  }

  private void upload(RouterModel model, String digest) {
    byte[] bytes = model.toBytes();
    int half = bytes.length / 2;
    read(chunk(model.version(), 0, ByteBuffer.wrap(bytes, 0, half).slice()));
    read(chunk(model.version(), 1, ByteBuffer.wrap(bytes, half, bytes.length - half).slice()));
    read(event(model.version(), ModelEvent.MANIFEST).setChunks(2).setDigest(digest).build());
  }

  private static RouterModelRecord chunk(String version, int index, ByteBuffer payload) {
    return event(version, ModelEvent.CHUNK)
        .setChunk(index)
        .setChunks(2)
        .setPayload(payload)
        .build();
  }

  private void upload(String version) {
    RouterModel model = TinyModels.model(version, TinyModels.LLMS);
    upload(model, model.digest());
  }

  private void say(String version, ModelEvent kind) {
    read(event(version, kind).build());
    reader.settle(true);
  }

  private @Nullable String serving() {
    RouterModel model = live.serving().model();
    return model == null ? null : model.version();
  }

  private double rejected() {
    return meters.counter("turnout.model.rejected").count();
  }

  @Test
  void shouldServeOnlyAfterPromotion() {
    // given
    upload("m1");
    reader.settle(true);
    assertThat(serving()).isNull();

    // when
    say("m1", ModelEvent.PROMOTED);

    // then
    assertThat(live.serving().model()).isEqualTo(TinyModels.model("m1", TinyModels.LLMS));
    assertThat(meters.get("turnout.model.info").tag("version", "m1").gauge().value()).isEqualTo(1);
    assertThat(rejected()).isZero();
  }

  @Test
  void shouldWaitUntilTheTopicIsReadToItsEnd() {
    // given
    upload("m1");
    read(event("m1", ModelEvent.PROMOTED).build());

    // when
    reader.settle(false);

    // then
    assertThat(serving()).isNull();
  }

  @Test
  void shouldKeepTheLastGoodModelWhenTheNextIsCorrupt() {
    // given
    upload("m1");
    say("m1", ModelEvent.PROMOTED);

    // when
    upload(TinyModels.model("m2", TinyModels.LLMS), "0".repeat(64));
    say("m2", ModelEvent.PROMOTED);

    // then
    assertThat(serving()).isEqualTo("m1");
    assertThat(rejected()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAModelThatLacksAChunk() {
    // given
    upload("m1");
    say("m1", ModelEvent.PROMOTED);

    // when
    read(event("m2", ModelEvent.MANIFEST).setChunks(1).setDigest("00").build());
    say("m2", ModelEvent.PROMOTED);

    // then
    assertThat(serving()).isEqualTo("m1");
    assertThat(rejected()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAModelOfAnotherEncoder() {
    // given
    RouterModel foreign =
        TinyModels.model("m2", TinyModels.LLMS, new EncoderId("other", "0000000000ff", 16));

    // when
    upload(foreign, foreign.digest());
    say("m2", ModelEvent.PROMOTED);

    // then
    assertThat(serving()).isNull();
    assertThat(rejected()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAnArtefactUnderAnotherName() {
    // given
    RouterModel model = TinyModels.model("m1", TinyModels.LLMS);
    read(chunk("m2", 0, ByteBuffer.wrap(model.toBytes())));
    read(event("m2", ModelEvent.MANIFEST).setChunks(1).setDigest(model.digest()).build());

    // when
    say("m2", ModelEvent.PROMOTED);

    // then
    assertThat(serving()).isNull();
    assertThat(rejected()).isEqualTo(1);
  }

  @Test
  void shouldServeARepublishedModelAfterAll() {
    // given
    upload(TinyModels.model("m1", TinyModels.LLMS), "0".repeat(64));
    say("m1", ModelEvent.PROMOTED);
    assertThat(serving()).isNull();

    // when
    upload("m1");
    say("m1", ModelEvent.PROMOTED);

    // then
    assertThat(serving()).isEqualTo("m1");
  }

  @Test
  void shouldReturnToTheVersionThatARollBackNames() {
    // given
    for (String version : new String[] {"m1", "m2", "m3"}) {
      upload(version);
      say(version, ModelEvent.PROMOTED);
    }

    // when
    say("m1", ModelEvent.ROLLED_BACK);

    // then
    assertThat(serving()).isEqualTo("m1");
  }

  @Test
  void shouldGoBackToNoVersionThatWasTakenBack() {
    // given
    ModelTopicState state = new ModelTopicState(ModelTopicState.KEPT_ARTEFACTS);

    // when m3 is taken back in favour of m2
    for (String version : new String[] {"m1", "m2", "m3"}) {
      state.apply(event(version, ModelEvent.PROMOTED).build());
    }
    state.apply(event("m2", ModelEvent.ROLLED_BACK).build());
    state.apply(event("m3", ModelEvent.REJECTED).build());

    // then
    assertThat(state.latestFirst()).containsExactly("m2", "m1");

    // when it is promoted all the same
    state.apply(event("m3", ModelEvent.PROMOTED).build());

    // then
    assertThat(state.latestFirst()).containsExactly("m3", "m2", "m1");
  }

  @Test
  void shouldLeaveTheVersionInChargeWhereItIsWhenItIsRejected() {
    // given
    for (String version : new String[] {"m1", "m2"}) {
      upload(version);
      say(version, ModelEvent.PROMOTED);
    }

    // when
    say("m2", ModelEvent.REJECTED);

    // then
    assertThat(serving()).isEqualTo("m2");
  }

  @Test
  void shouldStageAndUnstage() {
    // given
    upload("m1");
    say("m1", ModelEvent.PROMOTED);
    upload("m2");

    // when
    read(event("m2", ModelEvent.STAGED).setCanaryShare(0.2).build());
    reader.settle(true);

    // then
    RouterModel canary = live.serving().canary();
    assertThat(canary == null ? "" : canary.version()).isEqualTo("m2");
    assertThat(live.serving().canaryShare()).isEqualTo(0.2);
    assertThat(serving()).isEqualTo("m1");

    // when
    say("m2", ModelEvent.REJECTED);

    // then
    assertThat(live.serving().canary()).isNull();
    assertThat(serving()).isEqualTo("m1");
  }

  @Test
  void shouldFoldTheEventsIntoTheSameRolloutAtEveryReplay() {
    // given
    List<RouterModelRecord> events =
        List.of(
            event("m1", ModelEvent.PROMOTED).setCreatedAt(Instant.ofEpochMilli(1)).build(),
            event("m2", ModelEvent.STAGED)
                .setCanaryShare(0.0)
                .setCreatedAt(Instant.ofEpochMilli(2))
                .setReport(Map.of("samples.offset", "41", "samples.at", "7"))
                .build(),
            event("m2", ModelEvent.STAGED)
                .setCanaryShare(0.1)
                .setCreatedAt(Instant.ofEpochMilli(3))
                .build(),
            event("m2", ModelEvent.PROMOTED)
                .setParent("m1")
                .setCreatedAt(Instant.ofEpochMilli(4))
                .build(),
            event("m3", ModelEvent.STAGED)
                .setCanaryShare(0.1)
                .setCreatedAt(Instant.ofEpochMilli(5))
                .setReport(Map.of("samples.offset", "99", "samples.at", "8"))
                .build(),
            event("m2", ModelEvent.ROLLED_BACK).setCreatedAt(Instant.ofEpochMilli(6)).build(),
            event("m1", ModelEvent.ROLLED_BACK).setCreatedAt(Instant.ofEpochMilli(7)).build());
    ModelTopicState state = new ModelTopicState(ModelTopicState.KEPT_ARTEFACTS);
    List<Rollout> seen = new ArrayList<>();

    // when
    for (RouterModelRecord each : events) {
      state.apply(each);
      seen.add(state.rollout());
    }
    ModelTopicState replayed = new ModelTopicState(ModelTopicState.KEPT_ARTEFACTS);
    events.forEach(replayed::apply);

    // then
    assertThat(seen.get(1).stage()).isEqualTo(new Rollout.Stage("m2", 0, Instant.ofEpochMilli(2)));
    assertThat(seen.get(2).canaryShare()).isEqualTo(0.1);
    assertThat(seen.get(3).stage()).isNull();
    assertThat(seen.get(3).incumbent())
        .isEqualTo(new Rollout.Incumbent("m2", Instant.ofEpochMilli(4), "m1"));
    assertThat(seen.get(4).trained()).isEqualTo(new Rollout.TrainedTo(99, Instant.ofEpochMilli(8)));
    assertThat(seen.get(5).stage()).as("the trial of m3 ends").isNull();
    assertThat(seen.get(5).incumbent())
        .as("m2 is still watched")
        .isEqualTo(seen.get(3).incumbent());
    assertThat(seen.get(6).incumbent())
        .isEqualTo(new Rollout.Incumbent("m1", Instant.ofEpochMilli(7), null));
    assertThat(replayed.rollout()).isEqualTo(state.rollout());
  }

  @Test
  void shouldLeaveOutWhatIsNoModelRecord() {
    // given
    upload("m1");

    // when
    readBytes("garbage");
    say("m1", ModelEvent.PROMOTED);

    // then
    assertThat(serving()).isEqualTo("m1");
    assertThat(rejected()).isEqualTo(1);
  }

  @Test
  void shouldForgetOldArtefactsButNotTheServingOne() {
    // given
    upload("m0");
    say("m0", ModelEvent.PROMOTED);
    for (int i = 1; i <= 2 * ModelTopicState.KEPT_ARTEFACTS; i++) {
      upload("m" + i);
    }

    // when
    say("m1", ModelEvent.PROMOTED);

    // then
    assertThat(serving()).isEqualTo("m0");

    // when
    say("m" + 2 * ModelTopicState.KEPT_ARTEFACTS, ModelEvent.PROMOTED);

    // then
    assertThat(serving()).isEqualTo("m" + 2 * ModelTopicState.KEPT_ARTEFACTS);
  }
}
