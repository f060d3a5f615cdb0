package dev.turnout.router.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.RecordLimits;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class QueryIntakeTest {
  private static final byte[] ANY = {1, 2, 3};

  private static QueryIntake failingWith(RuntimeException failure) {
    Deserializer<Query> deserializer =
        (topic, data) -> {
          throw failure;
        };
    return new QueryIntake("queries", deserializer, new TextCheck(100));
  }

  @Test
  void shouldNotBlameTheRecordForAnUnreachableRegistry() {
    assertThatThrownBy(
            () ->
                failingWith(new RegistryUnavailableException("down", null))
                    .read(ANY, new RecordHeaders()))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void shouldSeeAnOutageBehindAnotherSerdesException() {
    RuntimeException wrapped =
        new SerializationException("cannot fetch schema", new ConnectException("refused"));
    assertThatThrownBy(() -> failingWith(wrapped).read(ANY, new RecordHeaders()))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("cannot fetch schema");
  }

  @Test
  void shouldTellUnknownSchemasFromBrokenBytes() {
    assertThat(failingWith(new UnknownSchemaException("id 7")).read(ANY, new RecordHeaders()))
        .isEqualTo(IntakeResult.refused(DeadLetterReason.UNKNOWN_SCHEMA, "id 7"));
    assertThat(failingWith(new SerializationException("broken")).read(ANY, new RecordHeaders()))
        .isEqualTo(IntakeResult.refused(DeadLetterReason.UNDECODABLE, "broken"));
  }

  @Test
  void shouldRefuseTooLargeARecordBeforeDecodingIt() {
    // given a deserializer that fails whatever it is given
    QueryIntake intake = failingWith(new IllegalStateException("decoded"));
    byte[] huge = new byte[RecordLimits.QUERY.value() + 1];
    Headers headers = new RecordHeaders().add("blob", new byte[RecordLimits.HEADERS]);

    // when, then
    assertThat(letter(intake.read(huge, new RecordHeaders())))
        .satisfies(letter -> assertThat(letter.reason()).isEqualTo(DeadLetterReason.TOO_LARGE))
        .satisfies(
            letter ->
                assertThat(letter.detail())
                    .contains(
                        "the value has "
                            + huge.length
                            + " bytes, the limit is "
                            + RecordLimits.QUERY.value()));
    assertThat(letter(intake.read(ANY, headers)).detail())
        .contains("the headers have 65550 bytes, the limit is 65536");
  }

  static Stream<Arguments> tooLarge() {
    Query.Builder query = Query.newBuilder().setId("q").setText("text");
    QueryConstraints.Builder constraints = QueryConstraints.newBuilder();
    List<String> llms = IntStream.range(0, 201).mapToObj(i -> "llm-" + i).toList();
    return Stream.of(
        Arguments.of("metadata has 1048577 bytes", query.setMetadata(blob(1_048_573)).build()),
        Arguments.of(
            "tenant has 257 bytes", query.setMetadata(Map.of()).setTenant(text(257)).build()),
        Arguments.of(
            "session has 1025 bytes", query.setTenant("t").setSession(text(1_025)).build()),
        Arguments.of("replyTo has 250 bytes", query.setSession(null).setReplyTo(text(250)).build()),
        Arguments.of(
            "constraints.policy has 129 bytes",
            query
                .setReplyTo(null)
                .setConstraints(constraints.setPolicy(text(129)).build())
                .build()),
        Arguments.of(
            "constraints.allowedLlms has 201 entries",
            query
                .setConstraints(constraints.setPolicy(null).setAllowedLlms(llms).build())
                .build()));
  }

  @ParameterizedTest
  @MethodSource("tooLarge")
  void shouldNameTheFieldThatIsTooLargeWithItsSizeAndLimit(String named, Query query) {
    // given
    QueryIntake intake = new QueryIntake("queries", (topic, data) -> query, new TextCheck(100));

    // when
    DeadLetter letter = letter(intake.read(ANY, new RecordHeaders()));

    // then
    assertThat(letter.reason()).isEqualTo(DeadLetterReason.TOO_LARGE);
    assertThat(letter.detail()).contains("the query's " + named + ", the limit is ");
  }

  private static Map<String, String> blob(int bytes) {
    return Map.of("blob", text(bytes));
  }

  private static String text(int bytes) {
    return "x".repeat(bytes);
  }

  private static DeadLetter letter(IntakeResult result) {
    return ((IntakeResult.Refused) result).letter();
  }
}
