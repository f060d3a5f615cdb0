package dev.turnout.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final byte[] KEY = "q1".getBytes(StandardCharsets.UTF_8);

  @Test
  void shouldCarryAWholeRecordWithReasonAndOrigin() {
    // given
    Headers headers = new RecordHeaders().add("trace", new byte[] {1});

    // when
    DeadLetterRecord letter = letter(refused(KEY, new byte[] {1, 2, 3}, headers));

    // then
    assertThat(letter.key()).isEqualTo(KEY);
    assertThat(letter.value()).containsExactly(1, 2, 3);
    assertThat(header(letter, DeadLetters.REASON)).isEqualTo("UNDECODABLE");
    assertThat(header(letter, DeadLetters.DETAIL)).isEqualTo("why");
    assertThat(header(letter, DeadLetters.STAGE)).isEqualTo("intake");
    assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo("turnout.queries");
    assertThat(header(letter, DeadLetters.PARTITION)).isEqualTo("3");
    assertThat(header(letter, DeadLetters.OFFSET)).isEqualTo("17");
    assertThat(letter.headers().lastHeader("trace").value()).containsExactly(1);
    assertThat(letter.headers().lastHeader(DeadLetters.OMITTED)).isNull();
    assertThat(letter.headers().lastHeader(DeadLetters.SIZE)).isNull();
  }

  @Test
  void shouldReferToAValueThatIsTooLargeToCarry() throws Exception {
    // given
    byte[] value = new byte[RecordLimits.DEAD_LETTER.value() + 1];
    Arrays.fill(value, (byte) 'x');

    // when
    DeadLetterRecord letter = letter(refused(KEY, value, new RecordHeaders()));

    // then
    assertThat(letter.key()).isEqualTo(KEY);
    assertThat(letter.value()).isNull();
    assertThat(header(letter, DeadLetters.OMITTED)).isEqualTo("value");
    assertThat(header(letter, DeadLetters.SIZE)).isEqualTo(Integer.toString(value.length));
    assertThat(header(letter, DeadLetters.SHA256))
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value)));
    assertThat(header(letter, DeadLetters.HEAD)).isEqualTo("x".repeat(1024));
    assertThat(header(letter, DeadLetters.OFFSET)).isEqualTo("17");
  }

  @Test
  void shouldLeaveOutAKeyAndHeadersThatAreTooLargeToCarry() {
    // given
    Headers headers =
        new RecordHeaders()
            .add("small", new byte[] {1})
            .add("huge", new byte[RecordLimits.HEADERS])
            .add("empty", null);

    // when
    DeadLetterRecord letter =
        letter(refused(new byte[RecordLimits.KEY + 1], new byte[] {1}, headers));

    // then
    assertThat(letter.key()).isNull();
    assertThat(letter.value()).containsExactly(1);
    assertThat(header(letter, DeadLetters.OMITTED)).isEqualTo("key,headers");
    assertThat(keys(letter)).contains("small", "empty").doesNotContain("huge");
  }

  @Test
  void shouldCarryNothingInTheSmallestReference() {
    // given
    Headers headers = new RecordHeaders().add("trace", new byte[] {1});

    // when
    DeadLetterRecord letter =
        DeadLetters.reference(
            refused(KEY, new byte[] {1, 2}, headers), "TOO_LARGE", "why", "intake");

    // then
    assertThat(letter.key()).isEqualTo(KEY);
    assertThat(letter.value()).isNull();
    assertThat(header(letter, DeadLetters.OMITTED)).isEqualTo("value,headers");
    assertThat(header(letter, DeadLetters.SIZE)).isEqualTo("2");
    assertThat(keys(letter)).doesNotContain("trace");
  }

  @Test
  void shouldNotBelieveAProducerThatMakesUpTheLettersHeaders() {
    // given
    Headers headers =
        new RecordHeaders()
            .add(DeadLetters.SIZE, "7".getBytes(StandardCharsets.UTF_8))
            .add(DeadLetters.REASON, "FORGED".getBytes(StandardCharsets.UTF_8));

    // when
    DeadLetterRecord letter = letter(refused(KEY, new byte[] {1}, headers));

    // then
    assertThat(letter.headers().lastHeader(DeadLetters.SIZE)).isNull();
    assertThat(letter.headers().headers(DeadLetters.REASON)).hasSize(1);
    assertThat(header(letter, DeadLetters.REASON)).isEqualTo("UNDECODABLE");
  }

  @Test
  void shouldKeepATombstoneATombstone() {
    DeadLetterRecord letter = letter(refused(KEY, null, new RecordHeaders()));

    assertThat(letter.value()).isNull();
    assertThat(letter.headers().lastHeader(DeadLetters.OMITTED)).isNull();
  }

  @Test
  void shouldCutADetailToItsLimit() {
    DeadLetterRecord letter =
        DeadLetters.of(
            refused(KEY, null, new RecordHeaders()), "UNDECODABLE", "é".repeat(5_000), "intake");

    assertThat(letter.headers().lastHeader(DeadLetters.DETAIL).value())
        .hasSizeLessThanOrEqualTo(1024);
  }

  private static RefusedRecord refused(byte[] key, byte @Nullable [] value, Headers headers) {
    return new RefusedRecord("turnout.queries", 3, 17, key, value, headers);
  }

  private static DeadLetterRecord letter(RefusedRecord record) {
    return DeadLetters.of(record, "UNDECODABLE", "why", "intake");
  }

  private static String header(DeadLetterRecord letter, String key) {
    Header header = letter.headers().lastHeader(key);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static Iterable<String> keys(DeadLetterRecord letter) {
    return StreamSupport.stream(letter.headers().spliterator(), false).map(Header::key).toList();
  }
}
