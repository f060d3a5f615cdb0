package dev.turnout.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.router.SetClock;
import dev.turnout.topic.DeadLetterRecord;
import dev.turnout.topic.DeadLetters;
import dev.turnout.topic.RefusedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLetterSizeTest {
  private final SetClock clock = new SetClock();
  private final DeadLetterSize size = new DeadLetterSize(clock);

  private static DeadLetterRecord letter(byte @Nullable [] value) {
    return DeadLetters.of(
        new RefusedRecord(
            "queries",
            3,
            17,
            new byte[] {1},
            value,
            new RecordHeaders().add("theirs", new byte[2_000])),
        "UNDECODABLE",
        "no Avro",
        "intake");
  }

  private static long bytes(DeadLetterRecord letter) {
    return DeadLetterSize.of(letter.value() == null ? -1 : letter.value().length, letter.headers());
  }

  private static String header(DeadLetterRecord letter, String key) {
    return new String(
        Objects.requireNonNull(letter.headers().lastHeader(key)).value(), StandardCharsets.UTF_8);
  }

  @Test
  void shouldLeaveLettersAloneBeforeAnyWasRefused() {
    DeadLetterRecord letter = letter(new byte[5_000_000]);

    assertThat(size.fit(letter)).isSameAs(letter);
  }

  @Test
  void shouldReferToWhatIsAsLargeAsARefusedOneUnderItsOwnReason() {
    // given
    DeadLetterRecord refused = letter(new byte[9_000]);

    // when
    assertThat(size.refused(bytes(refused), false)).isTrue();
    DeadLetterRecord reference = size.fit(refused);

    // then
    assertThat(reference.value()).isNull();
    assertThat(header(reference, DeadLetters.REASON)).isEqualTo("UNDECODABLE");
    assertThat(header(reference, DeadLetters.STAGE)).isEqualTo("intake");
    assertThat(header(reference, DeadLetters.PARTITION)).isEqualTo("3");
    assertThat(header(reference, DeadLetters.OFFSET)).isEqualTo("17");
    assertThat(header(reference, DeadLetters.SIZE)).isEqualTo("9000");
    assertThat(reference.headers().lastHeader("theirs")).isNull();

    // and a smaller one still goes whole
    DeadLetterRecord smaller = letter(new byte[8_000]);
    assertThat(size.fit(smaller)).isSameAs(smaller);
  }

  @Test
  void shouldLeaveOutTheHeadersOfALetterWithoutAValue() {
    // given
    DeadLetterRecord tombstone = letter(null);

    // when
    assertThat(size.refused(bytes(tombstone), true)).isTrue();

    // then
    assertThat(size.fit(tombstone).headers().lastHeader("theirs")).isNull();
    assertThat(header(size.fit(tombstone), DeadLetters.REASON)).isEqualTo("UNDECODABLE");
  }

  @Test
  void shouldSayWhenTheTopicTakesNotEvenAReference() {
    // given
    DeadLetterRecord refused = letter(new byte[9_000]);
    size.refused(bytes(refused), false);
    DeadLetterRecord reference = size.fit(refused);

    // when
    size.refused(bytes(reference), true);

    // then
    assertThat(size.refused(bytes(size.fit(refused)), true)).isFalse();
  }

  @Test
  void shouldTryWholeLettersAgainLater() {
    // given
    DeadLetterRecord refused = letter(new byte[9_000]);
    size.refused(bytes(refused), false);

    // when
    clock.advance(DeadLetterSize.AGAIN);

    // then
    assertThat(size.fit(refused)).isSameAs(refused);
  }
}
