package dev.turnout.control.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.control.RecordDecoder;
import dev.turnout.control.model.Rollout;
import dev.turnout.control.model.ServingState;
import dev.turnout.model.RouterModel;
import dev.turnout.router.TinyModels;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlmTopicListenerTest {
  private final ServingState live = new ServingState();
  private final List<String> created = new ArrayList<>();
  private @Nullable String obstacle;
  private @Nullable Error failure;
  private @Nullable LlmProfile next;
  private long offset;

  private final LlmTopicListener reader =
      new LlmTopicListener(
          (llm, topic) -> {
            if (failure != null) {
              throw failure;
            }
            created.add(topic);
            return obstacle;
          },
          live);
  private final RecordDecoder<LlmProfile> decoder =
      new RecordDecoder<>((topic, data) -> next, reader);

  private void read(String key, @Nullable LlmProfile profile) {
    next = profile;
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    decoder.read(new ConsumerRecord<>("turnout.llms", 0, offset++, bytes, bytes));
    reader.settle(true);
  }

  private List<String> eligible() {
    return live.serving().directory().all().stream()
        .filter(llm -> llm.ineligibleReason() == null)
        .map(llm -> llm.profile().getId())
        .toList();
  }

  @Test
  void shouldCreateTheRequestTopicBeforeAnLlmBecomesEligible() {
    // when
    read("acme/alpha", TinyModels.profile("acme/alpha").build());
    read("acme/alpha", TinyModels.profile("acme/alpha").setDescription("again").build());

    // then
    assertThat(eligible()).containsExactly("acme/alpha");
    assertThat(created)
        .containsExactly("turnout.requests.acme-alpha", "turnout.requests.acme-alpha.batch");
  }

  @Test
  void shouldNotSendToAnLlmWhoseTopicCannotBeCreated() {
    // given
    obstacle = "no rights";

    // when
    read("acme/alpha", TinyModels.profile("acme/alpha").build());

    // then
    assertThat(eligible()).isEmpty();
    assertThat(live.serving().directory().find("acme/alpha"))
        .isNotNull()
        .extracting(llm -> llm.ineligibleReason())
        .isEqualTo("no rights");
  }

  @Test
  void shouldNotLetTwoLlmsShareARequestTopic() {
    // when: published past the command, which refuses the second
    read("acme/alpha", TinyModels.profile("acme/alpha").build());
    read("acme-alpha", TinyModels.profile("acme-alpha").build());

    // then
    assertThat(eligible()).containsExactly("acme-alpha");
    assertThat(live.serving().directory().find("acme/alpha"))
        .isNotNull()
        .extracting(llm -> llm.ineligibleReason())
        .asString()
        .contains("turnout.requests.acme-alpha", "that of acme-alpha");
  }

  @Test
  void shouldDrainAndRetire() {
    // given
    read("acme/alpha", TinyModels.profile("acme/alpha").build());
    read("acme/beta", TinyModels.profile("acme/beta").build());

    // when
    read("acme/alpha", TinyModels.profile("acme/alpha").setStatus(LlmStatus.DRAINING).build());

    // then
    assertThat(eligible()).containsExactly("acme/beta");
    assertThat(live.serving().directory().find("acme/alpha")).isNotNull();

    // when
    read("acme/beta", TinyModels.profile("acme/beta").setStatus(LlmStatus.RETIRED).build());
    read("acme/alpha", null);

    // then
    assertThat(live.serving().directory().isEmpty()).isTrue();
  }

  @Test
  void shouldPlaceAnOnboardedLlmInTheModelItWasPlacedFor() {
    // given
    RouterModel model = TinyModels.model("m1", TinyModels.LLMS);
    live.serve(model, null, Rollout.nothing());
    ByteBuffer embedding =
        ByteBuffer.allocate(Float.BYTES * model.projectedDimension())
            .order(ByteOrder.LITTLE_ENDIAN);

    // when
    read(
        "acme/new",
        TinyModels.profile("acme/new")
            .setEmbedding(embedding)
            .setEmbeddingModelVersion("m1")
            .build());

    // then
    RouterModel extended = live.serving().model();
    assertThat(extended == null ? List.of() : extended.llms())
        .containsExactly("acme/alpha", "acme/beta", "acme/gamma", "acme/new");

    // when
    live.serve(TinyModels.model("m2", TinyModels.LLMS), null, Rollout.nothing());

    // then
    RouterModel other = live.serving().model();
    assertThat(other == null ? List.of() : other.llms()).doesNotContain("acme/new");
  }

  @Test
  void shouldGoOnWithoutAnLlmWhoseEmbeddingIsNoNumber() {
    // given a model, and an LLM whose embedding holds NaN
    RouterModel model = TinyModels.model("m1", TinyModels.LLMS);
    live.serve(model, null, Rollout.nothing());
    ByteBuffer broken =
        ByteBuffer.allocate(Float.BYTES * model.projectedDimension())
            .order(ByteOrder.LITTLE_ENDIAN);
    broken.putFloat(0, Float.NaN);

    // when
    read(
        "acme/new",
        TinyModels.profile("acme/new").setEmbedding(broken).setEmbeddingModelVersion("m1").build());

    // then it is left out and told of, and what comes later is taken
    assertThat(live.serving().model()).isEqualTo(model);
    assertThat(live.problems()).containsOnlyKeys("acme/new");
    assertThat(live.problems().get("acme/new")).contains("does not fit model m1", "NaN");
    read("acme/later", TinyModels.profile("acme/later").build());
    assertThat(live.serving().directory().find("acme/later")).isNotNull();
    RouterModel next = TinyModels.model("m2", TinyModels.LLMS);
    live.serve(next, null, Rollout.nothing());
    assertThat(live.serving().model()).isEqualTo(next);
    assertThat(live.problems()).isEmpty();
  }

  @Test
  void shouldGoOnWithoutAnLlmWhoseEmbeddingHasAnotherLength() {
    // given
    RouterModel model = TinyModels.model("m1", TinyModels.LLMS);
    live.serve(model, null, Rollout.nothing());

    // when
    read(
        "acme/new",
        TinyModels.profile("acme/new")
            .setEmbedding(ByteBuffer.allocate(Float.BYTES * model.projectedDimension() - 1))
            .setEmbeddingModelVersion("m1")
            .build());

    // then
    assertThat(live.serving().model()).isEqualTo(model);
    assertThat(live.problems().get("acme/new")).contains("does not fit model m1", "are needed");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void shouldKeepTheLastProfileWhenALaterOneHoldsNumbersThatCannotBe(double number) {
    // given
    LlmProfile good = TinyModels.profile("acme/alpha").build();
    read("acme/alpha", good);

    // when
    read(
        "acme/alpha", TinyModels.profile("acme/alpha").setInputUsdPerMillionTokens(number).build());
    read("acme/alpha", TinyModels.profile("acme/alpha").setExpectedLatencyMs(number).build());
    read("acme/beta", TinyModels.profile("acme/beta").build());

    // then
    assertThat(eligible()).containsExactly("acme/alpha", "acme/beta");
    assertThat(live.serving().directory().all())
        .filteredOn(llm -> llm.profile().getId().equals("acme/alpha"))
        .singleElement()
        .satisfies(llm -> assertThat(llm.profile()).isEqualTo(good));
  }

  @Test
  void shouldSwapTheDirectoryInAgainWhenItFailed() {
    // given a request topic whose creation ends in an Error, once
    failure = new NoClassDefFoundError("of the admin client");
    next = TinyModels.profile("acme/alpha").build();
    byte[] bytes = "acme/alpha".getBytes(StandardCharsets.UTF_8);
    decoder.read(new ConsumerRecord<>("turnout.llms", 0, offset++, bytes, bytes));
    assertThatThrownBy(() -> reader.settle(true)).isInstanceOf(NoClassDefFoundError.class);
    assertThat(eligible()).isEmpty();

    // when the next poll brings nothing
    failure = null;
    reader.settle(true);

    // then
    assertThat(eligible()).containsExactly("acme/alpha");
  }
}
