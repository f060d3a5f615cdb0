package dev.turnout.router.intake;

import static dev.turnout.router.DrivenRouter.header;
import static dev.turnout.router.DrivenRouter.query;
import static dev.turnout.router.DrivenRouter.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.router.DrivenRouter;
import dev.turnout.router.encode.EncodedQueryHeader;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeadLetterTest {

  /** A bad record and the reason it must be given. */
  record Bad(DeadLetterReason reason, Function<DrivenRouter, byte @Nullable []> value) {
    @Override
    public String toString() {
      return reason.name();
    }
  }

  static Stream<Bad> badInput() {
    return Stream.of(
        new Bad(DeadLetterReason.NULL_VALUE, router -> null),
        new Bad(DeadLetterReason.UNDECODABLE, router -> "no avro".getBytes(StandardCharsets.UTF_8)),
        new Bad(DeadLetterReason.UNDECODABLE, router -> new byte[0]),
        new Bad(
            DeadLetterReason.UNDECODABLE,
            router -> {
              byte[] whole = router.bytes(query("q", "cut off in the middle").build());
              return Arrays.copyOf(whole, whole.length / 2);
            }),
        new Bad(
            DeadLetterReason.UNKNOWN_SCHEMA,
            router -> {
              byte[] bytes = router.bytes(query("q", "of the future").build());
              bytes[1] = 0x7f;
              return bytes;
            }),
        new Bad(DeadLetterReason.MISSING_ID, router -> router.bytes(query("", "text").build())),
        new Bad(
            DeadLetterReason.ID_TOO_LONG,
            router -> router.bytes(query("é".repeat(513), "text").build())),
        new Bad(DeadLetterReason.EMPTY_TEXT, router -> router.bytes(query("q", " \n").build())),
        new Bad(
            DeadLetterReason.TOO_LARGE,
            router -> router.bytes(query("q", "x".repeat((1 << 20) + 1)).build())),
        new Bad(
            DeadLetterReason.NOT_TEXT,
            router -> router.bytes(query("q", "\u0000\u0001\u0002PNG\u0000").build())),
        new Bad(
            DeadLetterReason.DEADLINE_PASSED,
            router -> router.bytes(query("q", "late").setDeadline(Instant.EPOCH).build())),
        new Bad(
            DeadLetterReason.REPLY_TO_NOT_ALLOWED,
            router -> router.bytes(query("q", "text").setReplyTo("someone-elses").build())),
        new Bad(
            DeadLetterReason.INVALID_CONSTRAINTS,
            router ->
                router.bytes(
                    query("q", "text")
                        .setConstraints(QueryConstraints.newBuilder().setCostWeight(-1.0).build())
                        .build())));
  }

  @ParameterizedTest
  @MethodSource("badInput")
  void shouldDeadLetterBadInputWithReasonAndOriginAndGoOn(Bad bad) {
    for (boolean prepared : List.of(true, false)) {
      try (DrivenRouter router = new DrivenRouter(settings()).withModel("m1").withAllLlms()) {
        // given
        byte[] value = bad.value().apply(router);
        byte[] good = router.bytes(query("good", "a good one").build());

        // when
        if (prepared) {
          router.publish(Arrays.asList(value, good));
        } else {
          router.publishUnprepared(Arrays.asList(value, good));
        }

        // then
        List<TestRecord<String, byte[]>> letters = router.deadLetters();
        assertThat(letters).hasSize(1);
        TestRecord<String, byte[]> letter = letters.get(0);
        assertThat(letter.value()).isEqualTo(value);
        assertThat(letter.key()).isEqualTo("key");
        assertThat(header(letter, DeadLetters.REASON)).isEqualTo(bad.reason().name());
        assertThat(header(letter, DeadLetters.DETAIL)).isNotBlank();
        assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo("turnout.queries");
        assertThat(header(letter, DeadLetters.PARTITION)).isEqualTo("0");
        assertThat(header(letter, DeadLetters.OFFSET)).isEqualTo("0");
        assertThat(header(letter, DeadLetters.STAGE)).isIn("intake", "route");
        assertThat(letter.headers().lastHeader(EncodedQueryHeader.KEY)).isNull();
        assertThat(letter.headers().lastHeader("producers-own")).isNotNull();
        assertThat(router.decisions()).extracting(TestRecord::key).containsExactly("good");
        assertThat(router.count("turnout.dead.letter")).isEqualTo(1);
      }
    }
  }
}
